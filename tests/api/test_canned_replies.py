"""Texts kept for answers: who writes and reads them, and what fills their places."""

from __future__ import annotations

from typing import Any

import pytest

from core.models.people import User
from core.models.tickets import Ticket
from tests.api.desk_client import Client, Served
from tests.support.desk import Desk

ALL = (
    "{{requester_name}} {{ requester_first_name }} {{ticket_number}} {{ticket_subject}} {{queue_name}} {{agent_name}} {{agent_first_name}}"
)


async def keep(client: Client, title: str = "Water", body: str = "Use water.", **fields: Any) -> int:
    kept = await client.post("/canned-replies", {"title": title, "body": body, **fields})
    assert kept.status == 201, kept.json
    return int(kept.json["id"])


async def titles(client: Client, query: str = "") -> list[str]:
    return [one["title"] for one in (await client.get(f"/canned-replies?{query}")).json["items"]]


async def test_places_are_filled_for_a_ticket(desk: Desk, api: Served) -> None:
    number, kept = await desk.ticket(), await keep(api.client(desk.admin), body=ALL)
    filled = await api.client(desk.anna).get(f"/canned-replies/{kept}/filled?ticket={number}")
    assert filled.json["body"] == f"Eva Meyer Eva {number} Printer on fire Support Anna Berg Anna"


async def test_what_is_filled_in_is_never_looked_at_again(desk: Desk, api: Served) -> None:
    number, kept = await desk.ticket(), await keep(api.client(desk.admin), body="Dear {{requester_name}}: {{ticket_subject}}")
    await User.filter(id=desk.eva.id).update(name="{{agent_name}} {% x %} ${y}")
    await Ticket.filter(id=number).update(subject="{{requester_name}}")
    filled = await api.client(desk.anna).get(f"/canned-replies/{kept}/filled?ticket={number}")
    assert filled.json["body"] == "Dear {{agent_name}} {% x %} ${y}: {{requester_name}}"


@pytest.mark.parametrize("place", ["password", "requester.__class__", "7*7", "", "config", "REQUESTER_NAME"])
async def test_a_place_that_there_is_not_is_refused_with_those_there_are(desk: Desk, api: Served, place: str) -> None:
    answer = await api.client(desk.admin).post("/canned-replies", {"title": "x", "body": f"Dear {{{{{place}}}}}"})
    assert (answer.status, "{{requester_name}}" in answer.json["errors"][0]["message"]) == (422, True)


async def test_texts_are_written_where_one_works_and_for_all_by_admins(desk: Desk, api: Served) -> None:
    private = await desk.private_queue("People", [desk.boris])
    anna, boris = api.client(desk.anna), api.client(desk.boris)
    assert (await anna.post("/canned-replies", {"title": "All", "body": "x"})).status == 403
    assert (await anna.post("/canned-replies", {"title": "People", "body": "x", "queue_id": private.id})).status == 404
    hidden, own = await keep(boris, "People", queue_id=private.id), await keep(anna, "Support", queue_id=desk.queue.id)
    for_all = await keep(api.client(desk.admin), "All")
    assert (await titles(anna), await titles(boris)) == (["All", "Support"], ["All", "People", "Support"])
    number = await desk.ticket()
    for act in (anna.get(f"/canned-replies/{hidden}"), anna.patch(f"/canned-replies/{hidden}", {"title": "x"}), anna.delete(f"/canned-replies/{hidden}"),
                anna.get(f"/canned-replies/{hidden}/filled?ticket={number}")):  # fmt: skip
        answer = await act
        assert (answer.status, answer.json["detail"]) == (404, "There is no such canned reply.")
    assert (await anna.patch(f"/canned-replies/{own}", {"queue_id": None})).status == 403
    assert (await anna.delete(f"/canned-replies/{for_all}")).status == 403
    assert (await api.client(desk.eva).get("/canned-replies")).status == 403


async def test_a_ticket_one_may_not_see_fills_nothing(desk: Desk, api: Served) -> None:
    kept = await keep(api.client(desk.admin), body=ALL)
    hidden = await desk.ticket(queue=await desk.private_queue("People", [desk.boris]))
    assert (await api.client(desk.anna).get(f"/canned-replies/{kept}/filled?ticket={hidden}")).status == 404


async def test_texts_are_found_by_queue_language_words_and_ticket(desk: Desk, api: Served) -> None:
    admin = api.client(desk.admin)
    other = (await admin.post("/queues", {"name": "Other"})).json["id"]
    for title, language, queue in (("Water", "en", None), ("Wasser", "de", None), ("Other", "en", other), ("Sand", "en", desk.queue.id)):
        await keep(admin, title, f"Use {title.lower()}.", language=language, queue_id=queue)
    number = await desk.ticket()
    await Ticket.filter(id=number).update(language="de-AT")
    assert await titles(admin, f"queue={other}") == ["Other", "Wasser", "Water"]
    assert await titles(admin, "language=de") == ["Wasser"]
    assert await titles(admin, "q=USE WAT") == ["Water"]
    assert await titles(admin, f"ticket={number}") == ["Wasser", "Sand", "Water"]
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = (await admin.get(f"/canned-replies?ticket={number}&limit=1{cursor and f'&cursor={cursor}'}")).json
        seen += [one["title"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert seen == ["Wasser", "Sand", "Water"]


async def test_a_change_needs_the_version_it_is_about(desk: Desk, api: Served) -> None:
    admin = api.client(desk.admin)
    kept = await keep(admin)
    tag = (await admin.get(f"/canned-replies/{kept}")).headers["ETag"]
    assert (await admin.patch(f"/canned-replies/{kept}", {"body": "Use sand."}, headers={"If-Match": tag})).json["body"] == "Use sand."
    assert (await admin.patch(f"/canned-replies/{kept}", {"body": "x"}, headers={"If-Match": tag})).status == 412


async def test_admins_choose_what_staff_may(desk: Desk, api: Served) -> None:
    admin, anna = api.client(desk.admin), api.client(desk.anna)
    assert (await admin.get("/settings")).json == {"staff_write_tags": False, "staff_write_faqs": False}
    assert (await anna.post("/tags", {"name": "vpn"})).status == 403
    assert (await admin.patch("/settings", {"staff_write_tags": True})).json == {"staff_write_tags": True, "staff_write_faqs": False}
    assert (await anna.post("/tags", {"name": "vpn"})).status == 201
    assert (await anna.get("/settings")).status == (await anna.patch("/settings", {"staff_write_faqs": True})).status == 403
    assert (await admin.patch("/settings", {"staff_write_tags": "perhaps"})).status == 422
