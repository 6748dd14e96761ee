"""Putting a ticket to sleep until an instant, and waking it: by word, by an answer (`comments.py`), or by the clock (`clocks.py`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core import events, policy, tickets
from core.errors import Conflict, Invalid
from core.models.tickets import Status, Ticket
from core.runtime import Tx

LONGEST = timedelta(days=2 * 365)


async def snooze(tx: Tx, ticket_id: int, until: datetime) -> Ticket:
    """Let the ticket sleep until then, also when it slept until another time. Invalid for a time that is past or years away, Conflict for
    a ticket that is done."""
    ticket = (await policy.ticket_for(tx, ticket_id, "snooze")).ticket
    if not tx.now < until <= tx.now + LONGEST:
        raise Invalid("A ticket sleeps until a time to come, at most two years away.", {"snoozed_until": "must be in the future"})
    if ticket.status in tickets.DONE:
        raise Conflict(f"Ticket #{ticket.id} is {ticket.status.value}: there is nothing to wait for.")
    if until != ticket.snoozed_until:
        ticket.snoozed_until = until
        await tickets.save(tx, ticket, "snoozed_until")
        await tx.emit(events.TicketSnoozed(ticket.id, until.astimezone(UTC).isoformat()))
    return ticket


async def wake(tx: Tx, ticket_id: int) -> Ticket:
    """Wake it; one that is awake already stays so."""
    ticket = (await policy.ticket_for(tx, ticket_id, "snooze")).ticket
    if ticket.snoozed_until is not None:
        await wake_up(tx, ticket, "word")
    return ticket


async def wake_up(tx: Tx, ticket: Ticket, why: str) -> None:
    """Wake a locked ticket; what only waited for a time is open again when that has come."""
    ticket.snoozed_until = None
    await tickets.save(tx, ticket, "snoozed_until")
    await tx.emit(events.TicketWoke(ticket.id, why))
    if why == "time" and ticket.status == Status.PENDING:
        await tickets.change_status(tx, ticket, Status.OPEN)
