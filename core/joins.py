"""Strangers who named a ticket and wait to be let in: what they wrote is in a ticket of their own until staff decides."""

from __future__ import annotations

from core import events, merging, policy
from core.db import Row
from core.errors import Conflict, NotFound
from core.models.tickets import Ticket
from core.runtime import Tx


async def accept(tx: Tx, join_request_id: int) -> Ticket:
    """Let him in: he becomes a participant, and his own ticket is merged into this one, where nothing else became of it meanwhile."""
    row, ticket = await _open_request(tx, join_request_id)
    if await tx.value("joins.let_in", ticket.id, row["user_id"], tx.now):
        await tx.emit(events.ParticipantAdded(ticket.id, row["user_id"]))
    await _decided(tx, row, ticket, accepted=True)
    is_above = await tx.value("links.is_below", ticket.id, row["own_ticket_id"])
    if not is_above and await tx.value("joins.can_be_merged", row["own_ticket_id"], row["user_id"], ticket.id, tx.actor.user_id):
        return await merging.merge(tx, row["own_ticket_id"], ticket.id, confirmed=True, share=True)
    return ticket


async def decline(tx: Tx, join_request_id: int) -> Ticket:
    """Do not let him in: his own ticket stays, and he is answered there."""
    row, ticket = await _open_request(tx, join_request_id)
    await _decided(tx, row, ticket, accepted=False)
    return ticket


async def _open_request(tx: Tx, join_request_id: int) -> tuple[Row, Ticket]:
    """The request and its ticket, both locked. NotFound, or Conflict when somebody has decided already."""
    row = await tx.row("joins.request", join_request_id)
    if row is None:
        raise NotFound("There is no such request.")
    await policy.lock(tx, row["ticket_id"], row["own_ticket_id"])
    try:
        ticket = (await policy.ticket_for(tx, row["ticket_id"], "decide_join")).ticket
    except NotFound:
        raise NotFound("There is no such request.") from None
    if await tx.value("joins.state_locked", join_request_id) != "open":
        raise Conflict("Somebody has decided about this request already.")
    return row, ticket


async def _decided(tx: Tx, row: Row, ticket: Ticket, *, accepted: bool) -> None:
    await tx.rows("joins.decide", row["id"], "accepted" if accepted else "declined", tx.now)
    await tx.emit(events.JoinDecided(ticket.id, row["user_id"], row["own_ticket_id"], accepted))
