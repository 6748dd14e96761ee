"""Tickets: open, list, read, change, take, and their history. Lists and reads are one statement each, with the rights inside."""

from __future__ import annotations

from typing import Literal

from aiohttp import web

from api.auth import actor
from api.binding import Body, Query
from api.call import JSON, Call
from api.etags import etag_for, require_match
from api.idempotency import once
from api.routing import API, Routes
from api.schemas import PageOut, PageQuery
from api.ticket_models import EventOut, TicketDetail, TicketIn, TicketOut, TicketPatch, TicketQuery
from core import links, policy, queries, snoozing, ticketlists, tickets, users
from core.errors import Forbidden, Invalid, NotFound
from core.mail.addresses import Address
from core.models import tickets as models
from core.runtime import Tx
from core.ticketlists import TicketFilter

routes = Routes("/tickets", tag="Tickets", about="The cases. A ticket one may not see does not exist.", scope="tickets")


@routes.get("", who="user", answer=PageOut[TicketOut], own_rights=True)
async def find(call: Call, query: Query[TicketQuery]) -> JSON:
    """List the tickets you may see.

    Requesters and participants see their own, staff those of the queues they work in as well.
    """
    viewer = call.user.user_id
    wanted = _filter(query, viewer)
    page = await ticketlists.tickets(
        call.runtime.database, viewer, wanted, sort=query.sort, limit=query.limit, cursor=query.cursor, total=query.total
    )
    return JSON(page.json())


@routes.post("", who="user", answer=TicketDetail, status=201, headers=("Idempotency-Key",), errors=(404, 409))
async def open(call: Call, body: Body[TicketIn]) -> JSON:  # noqa: A001 - the field's word for it
    """Open a ticket.

    Its text becomes the first comment. Without `queue_id` it goes to the first queue of the desk; choosing one is for staff, and so
    are tags.
    """

    async def act(tx: Tx) -> JSON:
        opened = await tickets.open(tx, await _new_ticket(call, tx, body))
        if body.tags:
            await tickets.set_tags(tx, opened.ticket_id, body.tags)
        if body.follow_up_of is not None:
            await links.follow_up(tx, opened.ticket_id, body.follow_up_of)
        return await _shown(call, tx, opened.ticket_id, {"Location": f"{API}/tickets/{opened.ticket_id}"})

    return await once(call, 201, act)


@routes.get("/{ticket_id}", who="user", answer=TicketDetail, headers=("If-None-Match",), own_rights=True)
async def show(call: Call, ticket_id: int) -> JSON:
    """Read a ticket with its newest comments.

    A ticket that was merged leads to the one it was merged into: look at `id`.
    """
    found = await queries.ticket(call.runtime.database, call.user.user_id, ticket_id)
    return JSON(found.json, etag=etag_for(found.id, found.version))


@routes.patch("/{ticket_id}", who="user", answer=TicketDetail, headers=("If-Match",), also=(204,), errors=(409,))
async def change(call: Call, ticket_id: int, body: Body[TicketPatch]) -> JSON | web.Response:
    """Change a ticket.

    The requester may close and reopen it; everything else is for staff. All of the changes are made, or none. When you move it to a
    queue where you cannot see it any longer, the answer is 204.
    """
    async with call.runtime.transaction(actor(call)) as tx:
        ticket = (await policy.ticket_for(tx, ticket_id, "see")).ticket
        require_match(call.request, etag_for(ticket.id, ticket.version))
        await _apply(tx, ticket.id, body)
        try:
            return await _shown(call, tx, ticket.id)
        except NotFound:
            return web.Response(status=204)


@routes.post("/{ticket_id}/take", who="staff", answer=TicketDetail, status=200, errors=(409,))
async def take(call: Call, ticket_id: int) -> JSON:
    """Take a ticket: you become its assignee.

    Answers 409 when a colleague has it already; taking over is a change of `assignee_id`.
    """
    async with call.runtime.transaction(actor(call)) as tx:
        ticket = await tickets.take(tx, ticket_id)
        return await _shown(call, tx, ticket.id)


@routes.get("/{ticket_id}/events", who="user", answer=PageOut[EventOut], own_rights=True)
async def events(call: Call, ticket_id: int, query: Query[PageQuery]) -> JSON:
    """Read the history of a ticket, oldest first."""
    page = await queries.events(call.runtime.database, call.user.user_id, ticket_id, limit=query.limit, cursor=query.cursor)
    return JSON(page.json())


def _filter(query: TicketQuery, viewer: int) -> TicketFilter:
    assignee: int | Literal["none"] | None = "none" if query.assignee == "none" else _person(query.assignee, viewer)
    queue = int(query.queue) if query.queue and query.queue.isdigit() else query.queue
    return TicketFilter(
        status=frozenset(map(models.Status, query.status)),
        priority=frozenset(map(models.Priority, query.priority)),
        assignee=assignee,
        requester=_person(query.requester, viewer),
        queue=queue,
        tags=tuple(tag.strip().lower() for tag in query.tag),
        updated_since=query.updated_since,
        snoozed=query.snoozed,
    )


def _person(text: str | None, viewer: int) -> int | None:
    return viewer if text == "me" else int(text) if text else None


async def _new_ticket(call: Call, tx: Tx, body: TicketIn) -> tickets.NewTicket:
    requester = call.user.user_id
    if body.requester_email is not None:
        await policy.require(tx, "open_ticket_for_another")
        [requester] = await users.ids_for(tx, [Address(await _address(tx, body.requester_email), body.requester_name)])
    if body.tags and requester == call.user.user_id:
        raise Forbidden(
            "Of your own ticket you are the requester, and tags are for who works on it: leave them out, or name its requester."
        )
    if not body.subject.strip():
        raise Invalid("A ticket needs a subject.", {"subject": "must not be blank"})
    return tickets.NewTicket(
        body.subject, body.body, requester, body.queue_id, priority=models.Priority(body.priority), attachments=body.attachments
    )


async def _address(tx: Tx, email: str) -> str:
    try:
        return await users.persons_email(tx, email)
    except Invalid as error:
        raise Invalid(str(error), {"requester_email": error.fields["email"]}) from None


async def _apply(tx: Tx, ticket_id: int, body: TicketPatch) -> None:
    """Queue and assignee come last: who moves a ticket out of his own sight may still have changed the rest of it."""
    if body.subject is not None:
        await tickets.set_subject(tx, ticket_id, body.subject)
    if body.priority is not None:
        await tickets.set_priority(tx, ticket_id, models.Priority(body.priority))
    if body.tags is not None:
        await tickets.set_tags(tx, ticket_id, body.tags)
    if body.status is not None:
        await tickets.set_status(tx, ticket_id, models.Status(body.status))
    if "snoozed_until" in body.model_fields_set:
        await (snoozing.snooze(tx, ticket_id, body.snoozed_until) if body.snoozed_until else snoozing.wake(tx, ticket_id))
    if body.queue_id is not None:
        await tickets.move(tx, ticket_id, body.queue_id)
    if "assignee_id" in body.model_fields_set:
        await tickets.assign(tx, ticket_id, body.assignee_id)


async def _shown(call: Call, tx: Tx, ticket_id: int, headers: dict[str, str] | None = None) -> JSON:
    found = await queries.ticket(tx, call.user.user_id, ticket_id)
    return JSON(found.json, etag=etag_for(found.id, found.version), headers=headers)
