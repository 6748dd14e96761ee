"""Files on their way out: saved by the browser, never run by it; whole or in part (RFC 9110 §14), piece by piece.

What people send one another is hostile. Everything is an attachment that no browser interprets (`nosniff`, a sandboxing policy); only
raster images may be shown in place, and only when asked for. With an object store that browsers reach, they are sent there.
"""

from __future__ import annotations

import re
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from api.call import Call
from api.etags import etag_for, is_unchanged
from api.problems import Problem
from core.blobs import content_disposition
from core.blobs.disposition import media_type

_LINK_LASTS = timedelta(minutes=5)
_RASTER = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_SANDBOX = "default-src 'none'; frame-ancestors 'none'; sandbox"
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class File:
    """What is to be sent: its blob, what its sender called it, and its size in bytes."""

    blob: str
    filename: str
    content_type: str
    size: int


async def send_file(call: Call, file: File, *, inline: bool = False) -> web.StreamResponse:
    """Send a file, or the way to it. Raises the 416 problem for a range outside of it, NotFound when its bytes are gone."""
    media = media_type(file.content_type)
    inline = inline and media in _RASTER
    if not inline:
        link = await call.runtime.blobs.link(file.blob, filename=file.filename, content_type=media, expires=_LINK_LASTS)
        if link is not None:
            return web.Response(status=302, headers={"Location": link})
    etag = etag_for(file.blob)
    if is_unchanged(call.request, etag):
        return web.Response(status=304, headers={"ETag": etag})
    disposition = content_disposition(file.filename)
    headers = {
        "Content-Disposition": "inline" + disposition.removeprefix("attachment") if inline else disposition,
        "Content-Security-Policy": _SANDBOX,
        "Accept-Ranges": "bytes",
        "ETag": etag,
    }
    return await _stream(call, file, media, headers)


async def _stream(call: Call, file: File, media: str, headers: dict[str, str]) -> web.StreamResponse:
    part = _part_wanted(call.request, file.size, headers["ETag"])
    start, end = part or (0, file.size)
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    async with aclosing(call.runtime.blobs.stream(file.blob, start, end)) as pieces:
        # The first piece before the headers: a blob that is gone is still a 404.
        piece = await anext(pieces, b"")
        response = call.stream(media, status=206 if part else 200, headers=headers)
        response.content_length = end - start
        await response.prepare(call.request)
        while piece and call.request.method != "HEAD":
            await response.write(piece)
            piece = await anext(pieces, b"")
    return response


def _part_wanted(request: web.Request, size: int, etag: str) -> tuple[int, int] | None:
    """The range asked for as (start, end), end not included; None for everything, which also answers what is not understood."""
    found = _RANGE.fullmatch(request.headers.get("Range", ""))
    if found is None or request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = found.groups()
    if not first and not last:
        return None
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last) + 1, size) if first and last else size
    if first and last and int(last) < int(first):
        return None
    if start >= size or (not first and int(last) == 0):
        raise Problem(416, f"The file has {size} bytes; the range begins behind them.", headers={"Content-Range": f"bytes */{size}"})
    return start, end
