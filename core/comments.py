"""Commands on what is said: answer publicly, note internally, add what came through a door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import attachments, events, mentions, policy, tickets
from core.errors import Conflict, Invalid
from core.models.tickets import Status, Ticket
from core.policy import Standing
from core.runtime import Tx

LONGEST = 1_000_000  # characters; mail beyond it keeps its raw bytes in the blob store


@dataclass(frozen=True, slots=True)
class Said:
    """What was said, as a door knows it. `author_id` is set by doors that speak for somebody (mail); else the actor is the author.

    `automatic` mail is recorded without moving the ticket; `flagged` says why a reader should be careful.
    """

    body: str
    public: bool = True
    author_id: int | None = None
    attachments: Sequence[int] = ()
    full_body: str | None = None
    html: str | None = None
    message_id: str | None = None
    said_at: datetime | None = None
    automatic: bool = False
    flagged: str | None = None
    answerable: bool = True


async def reply(tx: Tx, ticket_id: int, body: str, files: Sequence[int] = ()) -> int:
    """Answer publicly; a staff answer leaves by mail after `UNDO_SECONDS`. Returns the comment's id."""
    return await add(tx, ticket_id, Said(body, attachments=files))


async def note(tx: Tx, ticket_id: int, body: str, files: Sequence[int] = ()) -> int:
    """Write an internal note, which no requester ever sees. Returns the comment's id."""
    return await add(tx, ticket_id, Said(body, public=False, attachments=files))


async def resolve(tx: Tx, ticket_id: int, body: str | None = None) -> Ticket:
    """Mark as resolved, with an answer when there is one: the requester gets one mail that holds both."""
    comment_id = await add(tx, ticket_id, Said(body)) if body and body.strip() else None
    here = comment_id is not None and await tx.value("comments.is_said_on_live", comment_id)
    return await tickets.set_status(tx, ticket_id, Status.RESOLVED, comment_id if here else None)


async def add(tx: Tx, ticket_id: int, said: Said) -> int:
    """Record something said and let the ticket follow: who asks again reopens and wakes it, an answer opens a new one.

    What is said stays on the ticket it was said on, also when that goes on in another; the state is the other's. Raises Invalid for an
    empty text without files, Conflict for a requester's word on a ticket closed too long ago; notes and automatic mail reopen
    nothing, so they are always taken.
    """
    access = await policy.ticket_for(tx, ticket_id, "comment" if said.public else "note", said.author_id)
    if not said.body.strip() and not said.attachments and said.full_body is None:
        raise Invalid("There is nothing to say: the text is empty.", {"body": "must not be empty"})
    ticket, standing = access.ticket, await _standing_of_author(tx, access, said)
    speaks = said.public and not said.automatic and standing is not Standing.STAFF
    if speaks and tickets.too_old_to_reopen(ticket, tx.now, tx.settings.reopen_days):
        raise Conflict(tickets.TOO_OLD.format(ticket.id))
    before, slept = ticket.status, ticket.snoozed_until is not None
    if said.public and not said.automatic:
        await _follow(tx, ticket, standing)
    comment_id = await _write(tx, access, said, standing)
    await attachments.attach(tx, said.attachments, access.said_on, comment_id)
    await tx.emit(await _added(tx, access, said, standing, comment_id))
    if ticket.status != before:
        # What was said on a ticket merged into this one is not for everybody here.
        await tx.emit(events.StatusChanged(ticket.id, before, ticket.status, comment_id if access.said_on == ticket.id else None))
        await tickets.tell_those_apart(tx, ticket, before)
    if slept and ticket.snoozed_until is None:
        await tx.emit(events.TicketWoke(ticket.id, "answer"))
    return comment_id


async def _added(tx: Tx, access: policy.Access, said: Said, standing: Standing, comment_id: int) -> events.CommentAdded:
    calls = not said.public and standing is Standing.STAFF
    mentioned = (await mentions.called(tx, access.ticket.id, said.body)).reached if calls else []
    live = access.ticket.id if access.ticket.id != access.said_on else None
    return events.CommentAdded(access.said_on, comment_id, said.public, standing, said.automatic, said.answerable, mentioned, live)


async def _standing_of_author(tx: Tx, access: policy.Access, said: Said) -> Standing:
    """A door speaks as the desk but for somebody: what counts is what the author is to the ticket, and never more than a requester."""
    if said.author_id is None:
        return access.standing
    return Standing.REQUESTER if said.author_id == access.ticket.requester_id else Standing.PARTICIPANT


async def _follow(tx: Tx, ticket: Ticket, standing: Standing) -> None:
    """What was publicly said moves the ticket, in memory: who is waited for, and since when."""
    wanted = ticket.status
    if standing is Standing.STAFF:
        ticket.staff_spoke_at = tx.now
        ticket.first_response_at = ticket.first_response_at or tx.now
        wanted = await _after_answer(tx, ticket)
    elif standing is not Standing.SYSTEM:
        ticket.requester_spoke_at = tx.now
        ticket.snoozed_until = None
        wanted = Status.OPEN if ticket.status in (Status.PENDING, *tickets.DONE) else ticket.status
    if wanted != ticket.status:
        tickets.set_status_in_memory(ticket, wanted, tx.now)


async def _write(tx: Tx, access: policy.Access, said: Said, standing: Standing) -> int:
    """The comment and the ticket's new state, in one statement; returns the comment's id."""
    ticket = access.ticket
    answer = said.public and standing is Standing.STAFF
    send_after = tx.now + timedelta(seconds=tx.settings.undo_seconds) if answer else None
    author = said.author_id if said.author_id is not None else tx.actor.user_id
    comment_id: int = await tx.value(
        "comments.add", access.said_on, author, said.public, said.automatic, said.flagged, tx.actor.via.value, said.body[:LONGEST], said.full_body,
        said.html, said.message_id, send_after, said.said_at or tx.now, ticket.status.value, ticket.resolved_at, ticket.closed_at,
        ticket.first_response_at, ticket.requester_spoke_at, ticket.staff_spoke_at, tx.now, ticket.id,
        ticket.snoozed_until,
    )  # fmt: skip
    return comment_id


async def _after_answer(tx: Tx, ticket: Ticket) -> Status:
    if ticket.status in (Status.NEW, Status.OPEN) and await tx.value("queues.reply_sets_pending", ticket.queue_id):
        return Status.PENDING
    return Status.OPEN if ticket.status == Status.NEW else ticket.status
