"""The rules, walked: every verb with everybody who can stand to a ticket in some way, and every right with every role."""

from __future__ import annotations

import pytest

from core import policy
from core.errors import Forbidden, NotFound
from core.models.people import Role, User
from core.models.queues import Queue
from core.models.ties import TicketParticipant
from core.policy import DESK_RULES, TICKET_RULES, Chosen, Standing
from core.runtime import SYSTEM, Actor
from tests.support.desk import Desk


async def may(desk: Desk, actor: Actor, ticket_id: int, verb: str) -> bool | None:
    """Whether he may; None when the ticket does not exist for him."""
    try:
        async with desk.rt.transaction(actor) as tx:
            await policy.ticket_for(tx, ticket_id, verb)
    except Forbidden:
        return False
    except NotFound:
        return None
    return True


async def people_of(desk: Desk, ticket_id: int) -> dict[Standing, Actor]:
    ina = await desk.person("ina@customer.test")
    await TicketParticipant.create(ticket_id=ticket_id, user=ina, added_at=desk.rt.clock.now())
    return {
        Standing.REQUESTER: Actor(desk.eva.id), Standing.PARTICIPANT: Actor(ina.id), Standing.STAFF: Actor(desk.anna.id), Standing.SYSTEM: SYSTEM,
    }  # fmt: skip


async def test_every_verb_is_for_those_whom_its_rule_names(desk: Desk) -> None:
    number = await desk.ticket()
    people = await people_of(desk, number)
    for verb, allowed in TICKET_RULES.items():
        for standing, actor in people.items():
            assert await may(desk, actor, number, verb) is (standing in allowed), (verb, standing)


async def test_for_everybody_else_the_ticket_does_not_exist_whatever_the_verb(desk: Desk) -> None:
    number = await desk.ticket()
    await Queue.filter(id=desk.queue.id).update(private=True)
    stranger = await desk.person("otto@customer.test")
    await User.filter(id=desk.boris.id).update(active=False)
    for verb in TICKET_RULES:
        for user in (stranger, desk.anna, desk.admin, desk.boris):
            assert await may(desk, Actor(user.id), number, verb) is None, (verb, user.email)


@pytest.mark.parametrize("standing", [Standing.REQUESTER, Standing.PARTICIPANT])
async def test_being_asked_comes_before_being_staff(desk: Desk, standing: Standing) -> None:
    number = await desk.ticket(desk.anna if standing is Standing.REQUESTER else desk.eva)
    if standing is Standing.PARTICIPANT:
        await TicketParticipant.create(ticket_id=number, user=desk.anna, added_at=desk.rt.clock.now())
    for verb, allowed in TICKET_RULES.items():
        assert await may(desk, Actor(desk.anna.id), number, verb) is (standing in allowed), verb


async def test_every_right_is_for_its_role_and_those_above(desk: Desk) -> None:
    rank = {Role.USER: 0, Role.STAFF: 1, Role.ADMIN: 2}
    for right, rule in DESK_RULES.items():
        least = Role.ADMIN if isinstance(rule, Chosen) else rule
        for user in (desk.eva, desk.anna, desk.admin):
            async with desk.rt.transaction(Actor(user.id)) as tx:
                if rank[user.role] >= rank[least]:
                    await policy.require(tx, right)
                else:
                    with pytest.raises(Forbidden):
                        await policy.require(tx, right)


async def test_nobody_who_is_switched_off_has_any_right(desk: Desk) -> None:
    await User.all().update(active=False)
    for right in DESK_RULES:
        async with desk.rt.transaction(Actor(desk.admin.id)) as tx:
            with pytest.raises(Forbidden):
                await policy.require(tx, right)
