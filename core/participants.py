"""Commands on who is in copy of a ticket: participants see its public part, answer, and get its answers."""

from __future__ import annotations

from core import events, policy, tickets, users
from core.errors import Invalid, NotFound
from core.mail.addresses import Address
from core.policy import Standing
from core.runtime import Tx

MOST = 50


async def add(tx: Tx, ticket_id: int, user_id: int) -> None:
    """Put somebody in copy; again is no error. Invalid for the requester himself, for nobody, and beyond MOST.

    Being in copy comes before being staff: an assignee gives the ticket back, a watcher stops watching.
    """
    access = await policy.ticket_for(tx, ticket_id, "add_participant")
    ticket = access.ticket
    if user_id == ticket.requester_id:
        raise Invalid("The requester is on the ticket already.", {"user_id": "must not be the requester"})
    row = await tx.row("participants.add", ticket.id, user_id, tx.now, MOST)
    if row is None:
        raise Invalid("There is no such person.", {"user_id": "must be an active person"})
    if row["count"] >= MOST and not row["was_in"]:
        raise Invalid(f"A ticket has at most {MOST} people in copy: take somebody out first.", {"user_id": f"would be more than {MOST}"})
    if row["was_in"]:
        return
    if ticket.assignee_id == user_id:
        await tickets.release(tx, ticket.id, user_id)
    await tx.rows("tickets.touch", ticket.id, tx.now)
    await tx.emit(events.ParticipantAdded(ticket.id, user_id))


async def invite(tx: Tx, ticket_id: int, email: str, name: str = "") -> None:
    """Put whoever has this address in copy; he is made known to the desk if new."""
    await policy.ticket_for(tx, ticket_id, "add_participant")
    [user_id] = await users.ids_for(tx, [Address(users.checked_email(email), name)])
    await add(tx, ticket_id, user_id)


async def remove(tx: Tx, ticket_id: int, user_id: int) -> None:
    """Take somebody out of copy; who is in copy may leave by himself. NotFound when he is not."""
    access = await policy.ticket_for(tx, ticket_id, "see")
    leaves = user_id == tx.actor.user_id and access.standing is Standing.PARTICIPANT
    access = await policy.ticket_for(tx, ticket_id, "leave" if leaves else "remove_participant")
    if not await tx.value("participants.remove", access.ticket.id, user_id):
        raise NotFound("This person is not in copy of the ticket.")
    await tx.rows("tickets.touch", access.ticket.id, tx.now)
    await tx.emit(events.ParticipantRemoved(access.ticket.id, user_id))
