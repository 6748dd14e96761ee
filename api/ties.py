"""What ties tickets to one another: merged into one, split in two, linked; and strangers who wait to be let in."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.auth import actor
from api.binding import Body, Input
from api.call import JSON, Call
from api.etags import etag_for
from api.idempotency import once
from api.routing import API, Routes
from api.schemas import ContactOut, Given, Id, Instant, Out, Patch
from api.ticket_models import LinkOut, Subject, TicketDetail
from core import joins, links, merging, queries, splitting
from core.queries import Reader
from core.runtime import Tx

routes = Routes("", tag="Ties", about="What ties a ticket to other tickets, and to people who want to join it.", scope="tickets")

Relation = Literal["parent", "child", "related", "duplicate", "original", "follow_up", "followed_up"]


class MergeIn(Input):
    """Where the ticket goes on. Tickets of different requesters need `confirm`; `share` lets the people of this one read the other."""

    into: Id = Field(examples=[1043])
    confirm: bool = False
    share: bool | None = Field(default=None, description="By default: where both are of one requester.")


class SplitIn(Patch):
    """The subject of the new ticket; by default the first words of what was said."""

    subject: Given[Subject] = None


class LinkIn(Input):
    """What this ticket is to another one."""

    relation: Relation = Field(examples=["duplicate"])
    ticket_id: Id = Field(examples=[1041])


class LinksOut(Out):
    """The links of a ticket, as far as you may see the other ones."""

    items: list[LinkOut]


class JoinOut(Out):
    """Somebody who named the ticket in a mail, is no part of it, and waits to be let in. What he wrote is in `own_ticket_id`."""

    id: int = Field(examples=[5])
    state: Literal["open", "accepted", "declined"]
    user: ContactOut
    own_ticket_id: int = Field(examples=[1044])
    created_at: Instant
    decided_at: Instant | None


class JoinsOut(Out):
    """All who ever waited, oldest first."""

    items: list[JoinOut]


@routes.post("/tickets/{ticket_id}/merge", who="staff", answer=TicketDetail, status=200, errors=(409,))
async def merge(call: Call, ticket_id: int, body: Body[MergeIn]) -> JSON:
    """Merge a ticket into another one.

    What was said stays on the ticket it was said on and is read on the other; numbers and mails of the merged one lead there. Each
    requester goes on seeing his own part only, unless you `share`. The answer is the ticket where it goes on.
    """
    async with call.runtime.transaction(actor(call)) as tx:
        target = await merging.merge(tx, ticket_id, body.into, confirmed=body.confirm, share=body.share)
        return await _shown(call, tx, target.id)


@routes.post("/tickets/{ticket_id}/unmerge", who="staff", answer=TicketDetail, status=200, errors=(409,))
async def unmerge(call: Call, ticket_id: int) -> JSON:
    """Take a merge back, within a day.

    The ticket goes on by itself again, in the state it had, with what it had brought along.
    """
    async with call.runtime.transaction(actor(call)) as tx:
        ticket = await merging.undo(tx, ticket_id)
        return await _shown(call, tx, ticket.id)


@routes.post("/comments/{comment_id}/split", who="staff", answer=TicketDetail, status=201, headers=("Idempotency-Key",), errors=(409,))
async def split(call: Call, comment_id: int, body: Body[SplitIn]) -> JSON:
    """Open a ticket of its own with something that was said.

    Its files go with it, and its author becomes the requester, unless it was staff: then it is the requester of this ticket.
    """

    async def act(tx: Tx) -> JSON:
        opened = await splitting.split(tx, comment_id, body.subject)
        return await _shown(call, tx, opened.ticket_id, {"Location": f"{API}/tickets/{opened.ticket_id}"})

    return await once(call, 201, act)


@routes.post("/tickets/{ticket_id}/links", who="staff", answer=TicketDetail, status=200)
async def link(call: Call, ticket_id: int, body: Body[LinkIn]) -> JSON:
    """Link a ticket to another one; saying it again is no error."""
    async with call.runtime.transaction(actor(call)) as tx:
        await links.link(tx, ticket_id, body.relation, body.ticket_id)
        return await _shown(call, tx, ticket_id)


@routes.delete("/tickets/{ticket_id}/links/{relation}/{other_id}", who="staff")
async def unlink(call: Call, ticket_id: int, relation: Relation, other_id: int) -> None:
    """Take a link away."""
    async with call.runtime.transaction(actor(call)) as tx:
        await links.unlink(tx, ticket_id, relation, other_id)


@routes.get("/tickets/{ticket_id}/join-requests", who="staff", answer=JoinsOut)
async def waiting(call: Call, ticket_id: int) -> JSON:
    """List who wanted to join a ticket."""
    return JSON(b'{"items":%b}' % await queries.join_requests(call.runtime.database, call.user.user_id, ticket_id))


@routes.post("/join-requests/{join_request_id}/accept", who="staff", answer=TicketDetail, status=200, errors=(409,))
async def accept(call: Call, join_request_id: int) -> JSON:
    """Let somebody in: he becomes a participant, and what he wrote is read here."""
    async with call.runtime.transaction(actor(call)) as tx:
        ticket = await joins.accept(tx, join_request_id)
        return await _shown(call, tx, ticket.id)


@routes.post("/join-requests/{join_request_id}/decline", who="staff", answer=TicketDetail, status=200, errors=(409,))
async def decline(call: Call, join_request_id: int) -> JSON:
    """Do not let somebody in: his own ticket stays, and he is answered there."""
    async with call.runtime.transaction(actor(call)) as tx:
        ticket = await joins.decline(tx, join_request_id)
        return await _shown(call, tx, ticket.id)


async def _shown(call: Call, db: Reader, ticket_id: int, headers: dict[str, str] | None = None) -> JSON:
    found = await queries.ticket(db, call.user.user_id, ticket_id)
    return JSON(found.json, etag=etag_for(found.id, found.version), headers=headers)
