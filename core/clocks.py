"""What happens to tickets because time passes: sleepers wake, silent requesters are reminded, and what stays silent is closed.

Every worker sweeps; rows that another one holds are passed over, and each row is judged again under its lock, so that everything
happens once. Tickets are locked in the order of their numbers, as by every command that needs several.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from core import events, snoozing, tickets
from core.db import Row
from core.models.tickets import Status, Ticket
from core.runtime import SYSTEM, Runtime, Tx

log = structlog.get_logger()

_BATCH = 50
_NOTICE = timedelta(days=1)  # between a reminder and the end, however long the desk was down


async def sweep(rt: Runtime) -> dict[str, int]:
    """Do all that is due; returns how many tickets were woken, reminded and closed."""
    done = {
        "woken": await _all(rt, "clocks.sleepers_due", _wake),
        "closed": await _all(rt, "clocks.closings_due", _close),
        "reminded": await _all(rt, "clocks.reminders_due", _remind),
    }
    if any(done.values()):
        log.info("clocks.swept", **done)
    return done


async def _all(rt: Runtime, due: str, act: Callable[[Tx, Ticket, Row], Awaitable[None]]) -> int:
    """Batch by batch, each a transaction of its own, until nothing is due."""
    count = 0
    while True:
        async with rt.transaction(SYSTEM) as tx:
            rows = await tx.rows(due, tx.now, _BATCH)
            for row in rows:
                await act(tx, await Ticket.get(id=row["id"]), row)
        count += len(rows)
        if len(rows) < _BATCH:
            return count


async def _wake(tx: Tx, ticket: Ticket, _row: Row) -> None:
    await snoozing.wake_up(tx, ticket, "time")


async def _close(tx: Tx, ticket: Ticket, _row: Row) -> None:
    await tickets.change_status(tx, ticket, Status.CLOSED, by_clock=True)


async def _remind(tx: Tx, ticket: Ticket, row: Row) -> None:
    ticket.reminded_at = tx.now
    await tickets.save(tx, ticket, "reminded_at")
    if row["close_after_days"] is not None:
        told = [ticket.id, *(one["id"] for one in await tx.rows("tickets.apart", ticket.id))]
        for ticket_id in told:
            await tx.emit(events.CloseWarned(ticket_id, _closes_at(tx.now, row).isoformat()))


def _closes_at(now: datetime, row: Row) -> datetime:
    planned: datetime = row["silent_since"] + timedelta(days=row["close_after_days"])
    return max(planned, now + _NOTICE)
