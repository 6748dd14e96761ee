"""Commands on tickets: open, assign, status, priority, subject, tags, queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import assignment, attachments, events, policy
from core.errors import Conflict, Invalid, NotFound
from core.models.tickets import Priority, Status, Ticket
from core.runtime import Tx
from core.text import one_line

DONE = frozenset({Status.RESOLVED, Status.CLOSED})
TOO_OLD = "Ticket #{} was closed too long ago to be reopened: open a new one that follows it up."


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What a door knows of a ticket to be opened. `full_body`, `html` and `message_id` come with mail; files are attachment ids.

    `answerable` is False when nothing automatic may be sent back (see `core/mail/screen/`). `author_id` wrote the first comment, by
    default the actor, or the requester where a door speaks for him.
    """

    subject: str
    body: str
    requester_id: int
    queue_id: int | None = None
    mailbox_id: int | None = None
    priority: Priority = Priority.NORMAL
    language: str | None = None
    participants: Sequence[int] = ()
    attachments: Sequence[int] = ()
    full_body: str | None = None
    html: str | None = None
    message_id: str | None = None
    said_at: datetime | None = None
    automatic: bool = False
    flagged: str | None = None
    answerable: bool = True
    author_id: int | None = None
    split_from: int | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    ticket_id: int
    comment_id: int


async def open(tx: Tx, new: NewTicket) -> Opened:  # noqa: A001 - the field's word for it
    """Open a ticket; its text is the first comment, its requester gets a receipt after commit.

    Somebody else's ticket may be opened by staff only, and a queue be chosen by those who may work in it; without one it goes to
    the mailbox's queue or the first of the desk. Raises Invalid for an empty subject and text.
    """
    await _may_open(tx, new)
    subject = one_line(new.subject)[:500] or one_line(new.body)[:80]
    if not subject:
        raise Invalid("A ticket needs a subject or a text.", {"subject": "must not be empty"})
    queue_id = await _queue_for(tx, new)
    row = await tx.row("tickets.open", *_values(tx, new, subject, queue_id))
    assert row is not None
    opened = Opened(row["ticket_id"], row["comment_id"])
    await attachments.attach(tx, new.attachments, opened.ticket_id, opened.comment_id)
    on_behalf = tx.actor.user_id is not None and tx.actor.user_id != new.requester_id
    await tx.emit(events.TicketOpened(opened.ticket_id, opened.comment_id, on_behalf, new.answerable, new.split_from))
    await assignment.give_out(tx, opened.ticket_id, queue_id, row["rule"])
    return opened


async def assign(tx: Tx, ticket_id: int, assignee_id: int | None) -> Ticket:
    """Give the ticket to somebody who may work on it, or to nobody. A new ticket that is taken is open."""
    ticket = (await policy.ticket_for(tx, ticket_id, "assign")).ticket
    if assignee_id == ticket.assignee_id:
        return ticket
    if assignee_id is not None and not await tx.value("tickets.may_be_assigned", ticket.id, assignee_id):
        raise Invalid("That person cannot work on this ticket.", {"assignee_id": "must be active staff who sees the ticket's queue"})
    before, ticket.assignee_id = ticket.assignee_id, assignee_id
    await save(tx, ticket, "assignee_id")
    await tx.emit(events.TicketAssigned(ticket.id, before, assignee_id))
    if assignee_id is not None and ticket.status == Status.NEW:
        await change_status(tx, ticket, Status.OPEN)
    return ticket


async def take(tx: Tx, ticket_id: int) -> Ticket:
    """Assign the ticket to the actor. Conflict when a colleague has it already: taking over is `assign`."""
    access = await policy.ticket_for(tx, ticket_id, "assign")
    holder = access.ticket.assignee_id
    if holder is not None and holder != tx.actor.user_id:
        raise Conflict(f"Ticket #{access.ticket.id} is already taken by {await tx.value('users.name', holder)}.")
    return await assign(tx, access.ticket.id, tx.actor.user_id)


async def set_status(tx: Tx, ticket_id: int, status: Status, comment_id: int | None = None) -> Ticket:
    """Change the status. The requester may close and reopen; everything else is for staff. Nothing becomes `new` again."""
    access = await policy.ticket_for(tx, ticket_id, _verb(status))
    ticket = access.ticket
    if status == ticket.status:
        return ticket
    if status == Status.NEW:
        raise Invalid("A ticket cannot become new again.", {"status": "must be open, pending, resolved or closed"})
    if access.standing == policy.Standing.REQUESTER and status == Status.OPEN:
        _check_reopening(tx, ticket)
    await change_status(tx, ticket, status, comment_id)
    return ticket


async def set_priority(tx: Tx, ticket_id: int, priority: Priority) -> Ticket:
    ticket = (await policy.ticket_for(tx, ticket_id, "set_priority")).ticket
    if priority != ticket.priority:
        before, ticket.priority = ticket.priority, priority
        await save(tx, ticket, "priority")
        await tx.emit(events.PriorityChanged(ticket.id, before, priority))
    return ticket


async def set_subject(tx: Tx, ticket_id: int, subject: str) -> Ticket:
    ticket = (await policy.ticket_for(tx, ticket_id, "set_subject")).ticket
    subject = one_line(subject)[:500]
    if not subject:
        raise Invalid("A ticket needs a subject.", {"subject": "must not be empty"})
    if subject != ticket.subject:
        before, ticket.subject = ticket.subject, subject
        await save(tx, ticket, "subject")
        await tx.emit(events.SubjectChanged(ticket.id, before, subject))
    return ticket


async def set_tags(tx: Tx, ticket_id: int, names: Sequence[str]) -> Ticket:
    """Make these the ticket's tags, by name. Unknown names are Invalid: tags are made by those who may write them."""
    ticket = (await policy.ticket_for(tx, ticket_id, "tag")).ticket
    wanted = sorted({name.strip().lower() for name in names})
    known = {row["name"]: row["id"] for row in await tx.rows("tags.by_name", wanted)}
    if unknown := [name for name in wanted if name not in known]:
        raise Invalid(f"There is no tag {', '.join(unknown)}.", {"tags": f"unknown: {', '.join(unknown)}"})
    row = await tx.row("tags.replace", ticket.id, list(known.values()))
    assert row is not None
    if row["added"] or row["removed"]:
        await save(tx, ticket)
        await tx.emit(events.TagsChanged(ticket.id, sorted(row["added"]), sorted(row["removed"])))
    return ticket


async def move(tx: Tx, ticket_id: int, queue_id: int) -> Ticket:
    """Put the ticket into another queue. Who may not see it there stops watching it, and an assignee who may not loses it."""
    ticket = (await policy.ticket_for(tx, ticket_id, "move")).ticket
    if queue_id == ticket.queue_id:
        return ticket
    rule = await tx.value("queues.rule", queue_id)
    if rule is None:
        raise Invalid("There is no such queue.", {"queue_id": "must be a queue that is not archived"})
    before, ticket.queue_id = ticket.queue_id, queue_id
    await save(tx, ticket, "queue_id")
    await tx.emit(events.QueueChanged(ticket.id, before, queue_id))
    await tx.rows("tickets.drop_watchers_without_rights", ticket.id)
    holder = ticket.assignee_id
    if holder is not None and not await tx.value("tickets.may_be_assigned", ticket.id, holder):
        await release(tx, ticket.id, holder)
        ticket.assignee_id = None
    if ticket.assignee_id is None and ticket.status not in DONE:
        ticket.assignee_id = await assignment.give_out(tx, ticket.id, queue_id, rule)
    return ticket


async def release(tx: Tx, ticket_id: int, holder_id: int | None) -> None:
    """Put a ticket back to its queue because its assignee may not work on it any longer; the caller has checked that."""
    ticket = await Ticket.select_for_update().get(id=ticket_id)
    if ticket.assignee_id == holder_id:
        ticket.assignee_id = None
        await save(tx, ticket, "assignee_id")
        await tx.emit(events.TicketAssigned(ticket.id, holder_id, None))


async def change_status(tx: Tx, ticket: Ticket, status: Status, comment_id: int | None = None, *, by_clock: bool = False) -> None:
    """Set the status and what hangs on it, write it, and say so; what was merged into the ticket follows."""
    before = ticket.status
    set_status_in_memory(ticket, status, tx.now)
    ticket.reminded_at = None
    await save(tx, ticket, "status", "resolved_at", "closed_at", "snoozed_until", "reminded_at")
    await tx.rows("tickets.mirror", ticket.id)
    await tx.emit(events.StatusChanged(ticket.id, before, status, comment_id, by_clock))
    await tell_those_apart(tx, ticket, before, by_clock=by_clock)


async def tell_those_apart(tx: Tx, ticket: Ticket, before: Status, *, by_clock: bool = False) -> None:
    """Say on tickets that were merged into this one that its status is theirs, where their requesters do not see this one."""
    for row in await tx.rows("tickets.apart", ticket.id):
        await tx.emit(events.StatusChanged(row["id"], before, ticket.status, by_clock=by_clock, mirrored=True))


def set_status_in_memory(ticket: Ticket, status: Status, now: datetime) -> None:
    """The status, and the times that hang on it. What is done sleeps no longer."""
    ticket.status = status
    ticket.resolved_at = (ticket.resolved_at or now) if status in DONE else None
    ticket.closed_at = now if status == Status.CLOSED else None
    ticket.snoozed_until = None if status in DONE else ticket.snoozed_until


def too_old_to_reopen(ticket: Ticket, now: datetime, days: int) -> bool:
    """Whether an answer to this closed ticket opens a linked new one instead of reopening it."""
    return ticket.status == Status.CLOSED and ticket.closed_at is not None and ticket.closed_at + timedelta(days=days) < now


def _check_reopening(tx: Tx, ticket: Ticket) -> None:
    if ticket.status not in DONE:
        raise Conflict(f"Ticket #{ticket.id} is not closed.")
    if too_old_to_reopen(ticket, tx.now, tx.settings.reopen_days):
        raise Conflict(TOO_OLD.format(ticket.id))


async def save(tx: Tx, ticket: Ticket, *columns: str) -> None:
    """Write changed columns, with the version that ETags are made of."""
    ticket.updated_at = tx.now
    ticket.version += 1
    await ticket.save(update_fields=[*columns, "updated_at", "version"])


async def _may_open(tx: Tx, new: NewTicket) -> None:
    if tx.actor.user_id is None:
        return
    await policy.require(tx, "open_ticket" if tx.actor.user_id == new.requester_id else "open_ticket_for_another")
    if new.queue_id is not None:
        await policy.require_queue(tx, new.queue_id)


async def _queue_for(tx: Tx, new: NewTicket) -> int:
    if new.queue_id is not None:
        return new.queue_id
    queue_id: int | None = await tx.value("queues.for_new_ticket", new.mailbox_id)
    if queue_id is None:
        raise NotFound("There is no queue to open tickets in; an admin has to make one.")
    return queue_id


def _values(tx: Tx, new: NewTicket, subject: str, queue_id: int) -> tuple[object, ...]:
    author = new.author_id or tx.actor.user_id or new.requester_id
    return (
        subject, new.priority.value, queue_id, new.mailbox_id, new.requester_id, tx.actor.via.value, new.language, tx.now,
        author, new.body, new.full_body, new.html, new.message_id, new.automatic, new.flagged, new.said_at or tx.now,
        [user for user in dict.fromkeys(new.participants) if user != new.requester_id],
    )  # fmt: skip


def _verb(status: Status) -> str:
    return {Status.CLOSED: "close", Status.OPEN: "reopen"}.get(status, "set_status")
