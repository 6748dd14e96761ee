"""Commands: what happens to a ticket, and what follows from it."""

from __future__ import annotations

import pytest

from core import comments, tickets
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.models.record import Event
from core.models.tickets import Status, Ticket, Via
from core.runtime import Actor
from tests.support.desk import Desk


async def test_taking_a_new_ticket_opens_it(desk: Desk) -> None:
    number = await desk.ticket()
    async with desk.rt.transaction(Actor(desk.anna.id, Via.API)) as tx:
        await tickets.take(tx, number)
    ticket = await Ticket.get(id=number)
    assert (ticket.assignee_id, ticket.status) == (desk.anna.id, Status.OPEN)
    kinds = [event.kind for event in await Event.filter(ticket_id=number).order_by("id")]
    assert kinds == ["ticket.opened", "ticket.assigned", "ticket.status"]


async def test_a_ticket_that_a_colleague_has_is_not_taken_away(desk: Desk) -> None:
    number = await desk.ticket()
    async with desk.rt.transaction(Actor(desk.anna.id, Via.API)) as tx:
        await tickets.take(tx, number)
    with pytest.raises(Conflict, match="Anna Berg"):
        async with desk.rt.transaction(Actor(desk.boris.id, Via.API)) as tx:
            await tickets.take(tx, number)


@pytest.mark.parametrize("status", [Status.PENDING, Status.RESOLVED, Status.CLOSED])
async def test_when_the_requester_answers_the_ticket_reopens(desk: Desk, status: Status) -> None:
    number = await desk.ticket()
    async with desk.rt.transaction(Actor(desk.anna.id, Via.API)) as tx:
        await tickets.set_status(tx, number, status)
    await desk.says(desk.eva, number, "It burns again.")
    ticket = await Ticket.get(id=number)
    assert (ticket.status, ticket.resolved_at, ticket.closed_at) == (Status.OPEN, None, None)


async def test_a_note_moves_nothing(desk: Desk) -> None:
    number = await desk.ticket()
    await desk.says(desk.anna, number, "Between us.", public=False)
    assert (await Ticket.get(id=number)).status == Status.NEW


async def test_an_empty_comment_is_refused_in_words(desk: Desk) -> None:
    number = await desk.ticket()
    with pytest.raises(Invalid, match="empty"):
        await desk.says(desk.anna, number, "  \n ")


async def test_a_requester_writes_no_notes_and_assigns_nobody(desk: Desk) -> None:
    number = await desk.ticket()
    with pytest.raises(Forbidden):
        await desk.says(desk.eva, number, "note", public=False)
    with pytest.raises(Forbidden):
        async with desk.rt.transaction(Actor(desk.eva.id, Via.API)) as tx:
            await tickets.assign(tx, number, desk.anna.id)


async def test_staff_who_ask_are_requesters_of_their_own_ticket(desk: Desk) -> None:
    number = await desk.ticket(desk.anna)
    with pytest.raises(Forbidden):
        await desk.says(desk.anna, number, "note about me", public=False)


async def test_a_ticket_of_a_private_queue_does_not_exist_for_others_admins_included(desk: Desk) -> None:
    queue = await desk.private_queue("People", [desk.anna])
    number = await desk.ticket(queue=queue)
    await desk.says(desk.anna, number, "A member may.")
    for outsider in (desk.boris, desk.admin):
        with pytest.raises(NotFound):
            await desk.says(outsider, number, "Hello?")


async def test_after_a_failure_nothing_exists(desk: Desk) -> None:
    number = await desk.ticket()
    before = await Event.filter(ticket_id=number).count()
    with pytest.raises(Invalid):
        async with desk.rt.transaction(Actor(desk.anna.id, Via.API)) as tx:
            await tickets.take(tx, number)
            await comments.reply(tx, number, "")
    assert await Event.filter(ticket_id=number).count() == before
    assert (await Ticket.get(id=number)).assignee_id is None
    assert await desk.rt.database.rows("jobs.backlog") == []


async def test_moving_to_a_private_queue_takes_the_ticket_from_who_may_not_see_it(desk: Desk) -> None:
    number = await desk.ticket()
    queue = await desk.private_queue("People", [desk.boris])
    async with desk.rt.transaction(Actor(desk.anna.id, Via.API)) as tx:
        await tickets.take(tx, number)
        await tickets.move(tx, number, queue.id)
    ticket = await Ticket.get(id=number)
    assert (ticket.queue_id, ticket.assignee_id) == (queue.id, None)
