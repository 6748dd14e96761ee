"""Who may call what: every route with every role, and what becomes of tokens that are no good."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from api.app import resources
from api.layer import ROUTES
from api.routing import allows
from core.models.integrations import Setting
from core.models.people import Role, User
from core.models.tickets import Ticket
from core.policy import DESK_RULES, Chosen
from tests.api.desk_client import Served
from tests.support.desk import Desk


async def test_every_route_keeps_its_rule_for_every_role(desk: Desk, api: Served) -> None:
    await desk.ticket()
    people: dict[str | None, User | None] = {None: None, "user": desk.eva, "staff": desk.anna, "admin": desk.admin}
    asked = 0
    for route in (route for group in resources(desk.rt.settings) for route in group.declared):
        for role, user in people.items():
            answer = await api.client(user).ask(route.method, re.sub(r"{\w+}", "1", route.path))
            if route.chosen and role == "staff":  # let through to the command, which asks what was chosen
                assert answer.status >= 400, (route.method, route.path)
            else:
                assert (answer.status not in (401, 403)) is allows(route.who, role), (route.method, route.path, role, answer.status)  # type: ignore[arg-type]  # keys above
            asked += 1
    assert asked == 4 * len([route for route in api.app[ROUTES] if route.described])


async def test_staff_does_what_the_desk_chose_to_let_them_do(desk: Desk, api: Served) -> None:
    declared = [route for group in resources(desk.rt.settings) for route in group.declared if route.chosen]
    assert {route.chosen for route in declared} == {rule.choice for rule in DESK_RULES.values() if isinstance(rule, Chosen)}
    for route in declared:
        await Setting.update_or_create({"value": True, "updated_at": desk.rt.clock.now()}, name=route.chosen)
        answer = await api.client(desk.anna).ask(route.method, re.sub(r"{\w+}", "1", route.path))
        assert answer.status not in (401, 403), (route.method, route.path)


async def test_who_is_switched_off_reaches_nothing_that_needs_a_login(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    await User.filter(id__in=[desk.eva.id, desk.anna.id]).update(active=False)
    for group in resources(desk.rt.settings):
        for route in group.declared:
            for user in (desk.eva, desk.anna):
                answer = await api.client(user).ask(route.method, re.sub(r"{\w+}", str(number), route.path))
                assert (answer.status == 401) is (route.who != "public"), (route.method, route.path, answer.status)


async def test_the_role_is_the_one_in_the_database_now(desk: Desk, api: Served) -> None:
    client = api.client(desk.anna)
    assert (await client.get("/users")).status == 200
    await User.filter(id=desk.anna.id).update(role=Role.USER)
    assert (await client.get("/users")).status == 403
    assert (await client.get("/tickets")).json["items"] == []


@pytest.mark.parametrize("path", ["/tickets", "/profile"])
async def test_a_token_that_is_no_good_is_refused(desk: Desk, api: Served, path: str) -> None:
    good = api.token(desk.anna)
    header, claims, signature = good.split(".")
    wrong = [
        "", "x", "Bearer", f"Bearer {api.token(desk.anna, timedelta(seconds=-1))}", f"Bearer {header}.{claims}.{signature[::-1]}",
        f"Basic {good}", f"Bearer {header}.{claims}.", f"Bearer {good}x",
    ]  # fmt: skip
    for value in wrong:
        answer = await api.client(None).get(path, headers={"Authorization": value})
        assert (answer.status, answer.json["title"]) == (401, "Nobody knows who you are"), value
        assert "invalid_token" in answer.headers["WWW-Authenticate"]
    assert (await api.client(None).get(path, headers={"Authorization": f"bearer {good}"})).status == 200


async def test_a_token_ends(desk: Desk, api: Served) -> None:
    client = api.client(desk.anna)
    assert (await client.get("/tickets")).status == 200
    desk.rt.clock.advance(timedelta(minutes=6))
    assert (await client.get("/tickets")).status == 401


async def test_what_one_may_not_see_is_not_found_whatever_one_does_to_it(desk: Desk, api: Served) -> None:
    queue = await desk.private_queue("People", [desk.boris])
    hidden = [await desk.ticket(queue=queue), await desk.ticket(desk.boris)]
    for user, number in ((desk.anna, hidden[0]), (desk.admin, hidden[0]), (desk.eva, hidden[1]), (desk.eva, 4711)):
        client = api.client(user)
        asked = [
            await client.get(f"/tickets/{number}"),
            await client.get(f"/tickets/{number}/comments"),
            await client.get(f"/tickets/{number}/events"),
            await client.patch(f"/tickets/{number}", {"subject": "Mine"}),
            await client.patch(f"/tickets/{number}", {"status": "closed"}, headers={"If-Match": '"1-1"'}),
            await client.post(f"/tickets/{number}/comments", {"body": "Hello?"}),
        ]
        assert {answer.status for answer in asked} == {404}
        assert len({answer.json["detail"] for answer in asked}) == 1
    assert (await api.client(desk.anna).post(f"/tickets/{hidden[0]}/take")).status == 404


async def test_a_ticket_that_is_not_confirmed_is_for_nobody_but_its_requester(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    await Ticket.filter(id=number).update(confirmed=False)
    assert (await api.client(desk.anna).get(f"/tickets/{number}")).status == 404
    assert (await api.client(desk.anna).get("/tickets")).json["items"] == []
    assert (await api.client(desk.eva).get(f"/tickets/{number}")).status == 200
