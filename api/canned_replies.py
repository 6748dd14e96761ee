"""Texts kept for answers, filled in for a ticket: for staff, by the queues they work in."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.auth import actor
from api.binding import Body, Input, Query
from api.call import JSON, Call
from api.etags import etag_for, require_match
from api.routing import API, Routes
from api.schemas import Given, Id, Instant, Out, PageOut, PageQuery, Patch
from core import canned_replies
from core.canned_replies import CannedFields, CannedFilter
from core.models.queues import CannedReply
from core.runtime import Tx

routes = Routes(
    "/canned-replies", tag="Canned replies", about="Texts kept for answers, with named places that a ticket fills.", scope="canned_replies"
)

Title = Annotated[str, Field(min_length=1, max_length=150, examples=["Have you tried water?"])]
Text = Annotated[
    str, Field(min_length=1, max_length=20_000, examples=["Hello {{requester_first_name}}, have you tried water? {{agent_name}}"])
]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z][A-Za-z]{1,3})?$", examples=["en"])]


class CannedOut(Out):
    """A text; without `queue_id` it is for all queues."""

    id: int = Field(examples=[4])
    title: str
    body: str
    queue_id: int | None
    language: str
    version: int
    created_at: Instant
    updated_at: Instant


class CannedIn(Input):
    """A new text. Places are written {{requester_name}}; others than those that exist are refused."""

    title: Title
    body: Text
    queue_id: Id | None = None
    language: Language = "en"


class CannedPatch(Patch):
    """What to change; `queue_id` null makes it one for all queues."""

    title: Given[Title] = None
    body: Given[Text] = None
    queue_id: Id | None = None
    language: Given[Language] = None


class CannedQuery(PageQuery):
    """Which texts."""

    queue: Id | None = Field(default=None, description="Those for this queue, and those for all.")
    language: str | None = Field(default=None, max_length=20)
    q: str | None = Field(default=None, max_length=100, description="Part of title or text.")
    ticket: Id | None = Field(default=None, description="Those fit for this ticket, its language first.")


class FilledQuery(Input):
    """For which ticket."""

    ticket: Id


class FilledOut(Out):
    """A text with its places filled in."""

    body: str = Field(examples=["Hello Eva, have you tried water? Anna Berg"])


@routes.get("", who="staff", answer=PageOut[CannedOut])
async def find(call: Call, query: Query[CannedQuery]) -> JSON:
    """List texts by title."""
    wanted = CannedFilter(query.queue, query.language, query.q, query.ticket)
    page = await canned_replies.page(call.runtime.database, call.user.user_id, wanted, limit=query.limit, cursor=query.cursor)
    return JSON(page.json())


@routes.post("", who="staff", answer=CannedOut, status=201, errors=(404,))
async def add(call: Call, body: Body[CannedIn]) -> JSON:
    """Keep a text.

    For a queue by those who work in it, for all queues by admins.
    """
    async with call.runtime.transaction(actor(call)) as tx:
        canned_id = await canned_replies.add(tx, CannedFields(**body.model_dump()))
        return await _shown(call, tx, canned_id, {"Location": f"{API}/canned-replies/{canned_id}"})


@routes.get("/{canned_id}", who="staff", answer=CannedOut, headers=("If-None-Match",))
async def show(call: Call, canned_id: int) -> JSON:
    """Read a text."""
    found = await canned_replies.get(call.runtime.database, call.user.user_id, canned_id)
    return JSON(found.json, etag=etag_for("canned", found.id, found.version))


@routes.get("/{canned_id}/filled", who="staff", answer=FilledOut)
async def filled(call: Call, canned_id: int, query: Query[FilledQuery]) -> JSON:
    """Read a text as it is for a ticket you work on."""
    async with call.runtime.transaction(actor(call)) as tx:
        return JSON(FilledOut(body=await canned_replies.filled(tx, canned_id, query.ticket)))


@routes.patch("/{canned_id}", who="staff", answer=CannedOut, headers=("If-Match",))
async def change(call: Call, canned_id: int, body: Body[CannedPatch]) -> JSON:
    """Change a text."""
    async with call.runtime.transaction(actor(call)) as tx:
        kept = await _locked(call, tx, canned_id)
        before = {name: getattr(kept, name) for name in CannedFields.__dataclass_fields__}
        await canned_replies.change(tx, canned_id, CannedFields(**{**before, **body.model_dump(include=body.model_fields_set)}))
        return await _shown(call, tx, canned_id)


@routes.delete("/{canned_id}", who="staff", headers=("If-Match",))
async def remove(call: Call, canned_id: int) -> None:
    """Keep a text no longer."""
    async with call.runtime.transaction(actor(call)) as tx:
        await _locked(call, tx, canned_id)
        await canned_replies.remove(tx, canned_id)


async def _locked(call: Call, tx: Tx, canned_id: int) -> CannedReply:
    kept = await canned_replies.locked(tx, canned_id)
    require_match(call.request, etag_for("canned", kept.id, kept.version))
    return kept


async def _shown(call: Call, tx: Tx, canned_id: int, headers: dict[str, str] | None = None) -> JSON:
    found = await canned_replies.get(tx, call.user.user_id, canned_id)
    return JSON(found.json, etag=etag_for("canned", found.id, found.version), headers=headers)
