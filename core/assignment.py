"""Giving out tickets by a queue's rule: in turn, or to whoever has the least to do.

The choices of one queue are made one after another, so that two tickets that come at once go to two people.
"""

from __future__ import annotations

from core import events
from core.runtime import Tx

RULES = ("none", "round_robin", "least_loaded")


async def give_out(tx: Tx, ticket_id: int, queue_id: int, rule: str) -> int | None:
    """Assign a ticket that nobody has by a rule of RULES; returns to whom, None when there is nobody it could go to.

    The ticket is new or locked by the caller. It keeps its status: nobody has looked at it yet.
    """
    if rule == "none":
        return None
    await tx.rows("assignment.one_at_a_time", queue_id)
    user_id: int | None = await tx.value(f"assignment.{rule}", ticket_id, queue_id)
    if user_id is not None:
        await tx.rows("assignment.give", ticket_id, queue_id, user_id, tx.now)
        await tx.emit(events.TicketAssigned(ticket_id, None, user_id, by_rule=True))
    return user_id
