"""Commands on whom a ticket keeps in touch: staff who watch it though it is not theirs, and anybody who wants to hear nothing of it.

Both are personal: no event, nothing in the history, and the ticket's version stays.
"""

from __future__ import annotations

from core import policy
from core.errors import Invalid
from core.runtime import Tx


async def watch(tx: Tx, ticket_id: int, user_id: int | None = None) -> None:
    """Let the actor, or a colleague who may work on it, hear of a ticket; again is no error. Invalid for a person who may not."""
    ticket = (await policy.ticket_for(tx, ticket_id, "watch")).ticket
    watcher = user_id if user_id is not None else tx.actor.user_id
    if watcher is None or not await tx.value("tickets.may_be_assigned", ticket.id, watcher):
        raise Invalid("That person cannot watch this ticket.", {"user_id": "must be active staff who sees the ticket's queue"})
    await tx.rows("watching.watch", ticket.id, watcher, tx.now)


async def unwatch(tx: Tx, ticket_id: int, user_id: int | None = None) -> None:
    """No longer; not watching is no error."""
    ticket = (await policy.ticket_for(tx, ticket_id, "watch")).ticket
    await tx.rows("watching.unwatch", ticket.id, user_id if user_id is not None else tx.actor.user_id)


async def mute(tx: Tx, ticket_id: int) -> None:
    """Tell the actor nothing of a ticket any more, by no channel."""
    ticket_id = (await policy.ticket_for(tx, ticket_id, "mute")).said_on
    await tx.rows("watching.mute", ticket_id, tx.actor.user_id, tx.now)


async def unmute(tx: Tx, ticket_id: int) -> None:
    """Tell him again."""
    ticket_id = (await policy.ticket_for(tx, ticket_id, "mute")).said_on
    await tx.rows("watching.unmute", ticket_id, tx.actor.user_id)
