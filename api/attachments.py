"""Files: uploaded first, then named by a ticket or a comment; downloaded by those who may read what they belong to."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import Field

from api.auth import actor
from api.binding import Input, Query
from api.bodies import check_length
from api.call import JSON, Call
from api.comments import AttachmentOut
from api.downloads import File, send_file
from api.routing import API, Routes
from api.uploads import FORM_ROOM, sent_file
from core import attachments, tokens
from core.db import Row
from core.errors import NotFound
from core.runtime import SYSTEM

Token = Annotated[str, Field(pattern=r"^[0-9a-z-]{1,120}$")]


class FileIn(Input):
    """A form with one file."""

    file: bytes = Field(json_schema_extra={"format": "binary"})


class DownloadQuery(Input):
    """How to show it."""

    inline: bool = Field(default=False, description="Show it in place, when it is a raster image.")


def routes_for(upload_limit: int) -> Routes:
    """The routes of files; `upload_limit` is the largest file in bytes."""
    routes = Routes("", tag="Attachments", about="Files of tickets.", scope="tickets")
    largest = upload_limit + FORM_ROOM
    routes.post("/attachments", who="user", answer=AttachmentOut, status=201, upload=FileIn, max_body=largest)(upload)
    routes.get("/attachments/{attachment_id}", who="user", media="*/*", headers=("Range", "If-None-Match"), also=(302,))(download)
    routes.get("/files/{token}", who="public", media="*/*", headers=("Range", "If-None-Match"), also=(302,))(download_by_link)
    return routes


async def upload(call: Call) -> JSON:
    """Upload a file.

    The form has one field, `file`. The id goes into `attachments` of a ticket or comment; until then only you can see it.
    """
    limit = call.runtime.settings.upload_limit
    check_length(call.request, limit + FORM_ROOM)
    sent = await sent_file(call.request)
    stored = await call.runtime.blobs.put_stream(sent.pieces, limit)
    async with call.runtime.transaction(actor(call)) as tx:
        file = attachments.StoredFile(stored.key, sent.filename, sent.content_type, stored.size)
        [attachment_id] = await attachments.record(tx, [file])
        row = await attachments.get(tx, attachment_id)
    shown = {name: row[name] for name in ("id", "filename", "content_type", "size", "inline")}
    answer = AttachmentOut(**shown, content_id=None)
    return JSON(answer, headers={"Location": f"{API}/attachments/{attachment_id}"})


async def download(call: Call, attachment_id: int, query: Query[DownloadQuery]) -> web.StreamResponse:
    """Download a file.

    Files of notes are for those who may read the notes. The answer may be a redirect to a signed address of the object store.
    """
    async with call.runtime.transaction(actor(call)) as tx:
        row = await attachments.get(tx, attachment_id)
    return await send_file(call, _file(row), inline=query.inline)


async def download_by_link(call: Call, token: Token) -> web.StreamResponse:
    """Download a file by the signed link of a mail.

    Whoever has the link may, until it ends.
    """
    attachment_id = tokens.attachment_of_file_token(call.runtime.keys, token, call.runtime.clock.now())
    if attachment_id is None:
        raise NotFound("This link is wrong, or it has ended. The file is still on the ticket.")
    async with call.runtime.transaction(SYSTEM) as tx:
        row = await attachments.get(tx, attachment_id)
    if row["internal"]:
        raise NotFound("This link is wrong, or it has ended. The file is still on the ticket.")
    return await send_file(call, _file(row))


def _file(row: Row) -> File:
    return File(row["blob"], row["filename"], row["content_type"], row["size"])
