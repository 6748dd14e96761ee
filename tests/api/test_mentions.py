"""Colleagues called by name in a note: who is told, and what the writer hears of those who are not."""

from __future__ import annotations

import pytest

from core.models.people import Role
from core.models.record import Event
from tests.api.desk_client import Served
from tests.support.desk import Desk


@pytest.mark.parametrize(
    ("text", "told", "unreached"),
    [
        ("@anna, look", ["anna"], []), ("Look, @Anna.", ["anna"], []), ("@anna@example.org", ["anna"], []), ("@anna @anna", ["anna"], []),
        ("mail anna@example.org", [], []), ("@nobody", [], ["nobody"]), ("@eva", [], ["eva"]), ("@boris", [], []), ("a@b @ @- @.", [], []),
        ("@anna and @admin and @carl", ["anna", "admin"], ["carl"]),
    ],
)  # fmt: skip
async def test_a_name_calls_who_bears_it(desk: Desk, api: Served, text: str, told: list[str], unreached: list[str]) -> None:
    number = await desk.ticket()
    said = await api.client(desk.boris).post(f"/tickets/{number}/comments", {"body": text, "public": False})
    event = await Event.filter(ticket_id=number, kind="comment.added").get()
    ids = [getattr(desk, name).id for name in told]
    assert (said.json["unreached_mentions"], event.data["mentioned"]) == (unreached, ids)


async def test_who_may_not_see_the_ticket_is_not_told_and_the_writer_hears_it(desk: Desk, api: Served) -> None:
    hidden = await desk.ticket(queue=await desk.private_queue("People", [desk.boris]))
    said = await api.client(desk.boris).post(f"/tickets/{hidden}/comments", {"body": "@anna?", "public": False})
    assert said.json["unreached_mentions"] == ["anna"]
    assert (await Event.filter(ticket_id=hidden, kind="comment.added").get()).data["mentioned"] == []


async def test_a_name_of_two_calls_neither(desk: Desk, api: Served) -> None:
    await desk.person("anna@elsewhere.test", Role.STAFF)
    number = await desk.ticket()
    boris = api.client(desk.boris)
    assert (await boris.post(f"/tickets/{number}/comments", {"body": "@anna?", "public": False})).json["unreached_mentions"] == ["anna"]
    exact = await boris.post(f"/tickets/{number}/comments", {"body": "@anna@elsewhere.test?", "public": False})
    assert exact.json["unreached_mentions"] == []


async def test_a_public_answer_calls_nobody(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    said = await api.client(desk.boris).post(f"/tickets/{number}/comments", {"body": "Write to @anna or @nobody."})
    assert said.json["unreached_mentions"] == []
