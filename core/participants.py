"""Commands on who is in copy of a ticket: participants see its public part, answer, and get its answers."""

from __future__ import annotations

from core import events, policy, tickets, users
from core.errors import Forbidden, Invalid, NotFound
from core.mail.addresses import Address
from core.policy import Standing
from core.runtime import Tx

MOST = 50


async def add(tx: Tx, ticket_id: int, user_id: int) -> None:
    """Put somebody in copy; again is no error. Invalid for the requester himself, for nobody, and beyond MOST.

    Being in copy comes before being staff: an assignee gives the ticket back, a watcher stops watching. So a requester puts nobody in
    copy who works on his ticket; and he names people by their address (`invite`), for numbers would tell him names: Forbidden.
    """
    if (await policy.ticket_for(tx, ticket_id, "add_participant")).standing is Standing.REQUESTER:
        raise Forbidden("Name whom you want in copy by mail address.")
    await _add(tx, ticket_id, user_id)


async def _add(tx: Tx, ticket_id: int, user_id: int) -> None:
    access = await policy.ticket_for(tx, ticket_id, "add_participant")
    ticket = access.ticket
    if access.standing is Standing.REQUESTER and await tx.value("tickets.may_be_assigned", ticket.id, user_id):
        raise Invalid("This person works here, and sees your ticket already.", {"email": "must not be of the desk's staff"})
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
    [user_id] = await users.ids_for(tx, [Address(await users.persons_email(tx, email), name)])
    await _add(tx, ticket_id, user_id)


async def remove(tx: Tx, ticket_id: int, user_id: int) -> None:
    """Take somebody out of copy; who is in copy may leave by himself, but no colleague: he would see notes about his own case then.

    Where a ticket goes on in another, people are in copy of either. NotFound when he is not.
    """
    access = await policy.ticket_for(tx, ticket_id, "see")
    leaves = user_id == tx.actor.user_id and access.standing is Standing.PARTICIPANT
    access = await policy.ticket_for(tx, ticket_id, "leave" if leaves else "remove_participant")
    if leaves and await tx.value("users.is_staff", user_id):
        raise Forbidden("Ask a colleague to take you out of copy: whoever works on this ticket.")
    for number in dict.fromkeys((access.ticket.id, access.said_on, ticket_id)):
        if await tx.value("participants.remove", number, user_id):
            await tx.rows("tickets.touch", number, tx.now)
            await tx.emit(events.ParticipantRemoved(number, user_id))
            return
    raise NotFound("This person is not in copy of the ticket.")
