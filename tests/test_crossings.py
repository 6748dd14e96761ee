"""What two people do at the same moment: whoever comes second waits, sees what the first has done, and nothing is lost or misplaced."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from core import merging, policy, splitting, tickets, users
from core.errors import Conflict, NotFound, TemporaryFailure
from core.models.people import Role
from core.models.tickets import Comment, Ticket
from core.runtime import SYSTEM, Actor
from tests.support.crossing import meanwhile
from tests.support.desk import Desk
from tests.support.mail import execute


async def test_what_is_said_while_a_ticket_is_moved_is_said_on_it(desk: Desk) -> None:
    number, second = await desk.ticket(), (await desk.another_queue("Second")).id
    async with meanwhile(desk, desk.says(desk.eva, number, "More smoke.")) as tx:
        await tickets.move(tx, number, second)
    assert await Comment.filter(ticket_id=number, body="More smoke.").exists()


async def test_what_is_said_while_a_merge_is_taken_back_stays_on_the_ticket_it_was_said_on(desk: Desk) -> None:
    source, target = await desk.ticket(), await desk.ticket()
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        await merging.merge(tx, source, target)
    async with meanwhile(desk, desk.says(desk.eva, source, "About the first.")) as tx:
        await merging.undo(tx, source)
    assert (await Comment.get(body="About the first.")).ticket_id == source


async def test_words_that_are_taken_back_at_this_moment_are_not_split_off(desk: Desk) -> None:
    number = await desk.ticket()
    said = await desk.says(desk.anna, number, "Never mind.", public=True)

    async def split() -> None:
        with pytest.raises(NotFound):
            async with desk.rt.transaction(Actor(desk.boris.id)) as tx:
                await splitting.split(tx, said)

    async with meanwhile(desk, split()) as tx:
        await policy.lock(tx, number)
        await Comment.filter(id=said).update(deleted_at=tx.now)
    assert await Ticket.all().count() == 1


async def test_nobody_is_given_a_ticket_at_the_moment_he_leaves(desk: Desk) -> None:
    number = await desk.ticket()

    async def assign() -> None:
        with pytest.raises(Exception, match="cannot work"):
            async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
                await tickets.assign(tx, number, desk.boris.id)

    async with meanwhile(desk, assign(), SYSTEM) as tx:
        await users.change(tx, desk.boris.id, users.Change(active=False))
    assert (await Ticket.get(id=number)).assignee_id is None


async def test_a_connection_lost_in_a_transaction_is_trouble_that_passes(desk: Desk) -> None:
    with pytest.raises(TemporaryFailure):
        async with desk.rt.transaction(SYSTEM) as tx:
            await execute(
                desk.rt,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()",
            )
            await tx.value("policy.chosen", "anything")


async def test_the_same_person_added_by_several_at_once_is_a_conflict_and_no_mistake(desk: Desk) -> None:
    async def add() -> None:
        async with desk.rt.transaction(Actor(desk.admin.id)) as tx:
            await users.add(tx, "nora@example.org", "Nora", Role.STAFF)

    found = await asyncio.gather(*(add() for _ in range(4)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in found if one is not None) in (["AlreadyThere"] * 3, ["AlreadyThere", "AlreadyThere", "Conflict"],
                                                                             ["AlreadyThere", "Conflict", "Conflict"], ["Conflict"] * 3)  # fmt: skip


async def test_what_is_taken_back_holds_no_ticket_any_longer(desk: Desk) -> None:
    number = await desk.ticket()
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        with suppress(Conflict):
            async with tx.attempt():
                await policy.lock(tx, number)
                raise Conflict("No.")
        await asyncio.wait_for(desk.says(desk.eva, number, "More."), 5)
        assert not tx.locked
