"""Queues: who keeps them, who works in them, what becomes of their tickets, and how they give tickets out."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from core import tickets
from core.models.people import User
from core.models.queues import Mailbox, Queue, QueueMember
from core.models.record import Event
from core.models.tickets import Ticket
from core.models.ties import TicketWatcher
from core.runtime import SYSTEM, Actor
from core.tickets import NewTicket
from tests.api.desk_client import Served
from tests.support.desk import Desk


async def test_admins_make_and_change_queues(desk: Desk, api: Served) -> None:
    admin = api.client(desk.admin)
    made = await admin.post("/queues", {"name": "IT Hardware", "language": "de", "members": [desk.anna.id]})
    assert (made.status, made.json["slug"], [m["name"] for m in made.json["members"]]) == (201, "it-hardware", ["Anna Berg"])
    path = f"/queues/{made.json['id']}"
    changed = await admin.patch(
        path, {"name": "Hardware", "close_after_days": 7, "remind_after_days": 3}, headers={"If-Match": made.headers["ETag"]}
    )
    assert (changed.json["name"], changed.json["slug"], changed.json["close_after_days"]) == ("Hardware", "it-hardware", 7)
    assert (await admin.patch(path, {"name": "x"}, headers={"If-Match": made.headers["ETag"]})).status == 412
    assert (await admin.post("/queues", {"name": "IT hardware"})).status == 409
    for client in (api.client(desk.anna), api.client(desk.eva)):
        assert (await client.post("/queues", {"name": "Mine"})).status == 403


@pytest.mark.parametrize("wrong", [{"remind_after_days": 3}, {"remind_after_days": 7, "close_after_days": 7}, {"close_after_days": 0}, {"name": " "},
                                   {"assignment": "by chance"}, {"language": "Klingon"}, {"members": [4]}])  # fmt: skip
async def test_what_is_no_queue_is_refused(desk: Desk, api: Served, wrong: dict[str, object]) -> None:
    assert (await api.client(desk.admin).post("/queues", {"name": "New", **wrong})).status == 422
    assert await Queue.all().count() == 1


async def test_admins_keep_private_queues_without_reading_them(desk: Desk, api: Served) -> None:
    queue = await desk.private_queue("People", [desk.boris])
    number = await desk.ticket(queue=queue)
    admin, anna = api.client(desk.admin), api.client(desk.anna)
    assert [q["slug"] for q in (await admin.get("/queues")).json["items"]] == ["support"]
    assert [q["slug"] for q in (await admin.get("/queues?all=true")).json["items"]] == ["people", "support"]
    assert [q["slug"] for q in (await anna.get("/queues?all=true")).json["items"]] == ["support"]
    assert (await admin.get(f"/queues/{queue.id}")).json["members"][0]["name"] == "Boris Lund"
    assert (await anna.get(f"/queues/{queue.id}")).status == 404
    assert (await admin.get(f"/tickets/{number}")).status == 404
    assert (await admin.put(f"/queues/{queue.id}/members/{desk.admin.id}", json={"lead": True})).json["members"][1]["lead"] is True
    assert (await admin.get(f"/tickets/{number}")).status == 200


async def test_making_a_queue_private_looks_at_everybody_anew(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        await tickets.take(tx, number)
    for user in (desk.anna, desk.boris):
        await TicketWatcher.create(ticket_id=number, user=user, added_at=desk.rt.clock.now())
    admin = api.client(desk.admin)
    await admin.put(f"/queues/{desk.queue.id}/members/{desk.boris.id}", json={})
    assert (await admin.patch(f"/queues/{desk.queue.id}", {"private": True})).status == 200
    assert (await Ticket.get(id=number)).assignee_id is None
    assert await TicketWatcher.all().values_list("user_id", flat=True) == [desk.boris.id]


async def test_who_leaves_a_private_queue_leaves_its_tickets(desk: Desk, api: Served) -> None:
    queue = await desk.private_queue("People", [desk.anna, desk.boris])
    number = await desk.ticket(queue=queue)
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        await tickets.take(tx, number)
    admin = api.client(desk.admin)
    assert (await admin.delete(f"/queues/{queue.id}/members/{desk.anna.id}")).status == 204
    assert (await Ticket.get(id=number)).assignee_id is None
    last = await admin.delete(f"/queues/{queue.id}/members/{desk.boris.id}")
    assert (last.status, "last who sees" in last.json["detail"]) == (409, True)
    assert (await admin.delete(f"/queues/{queue.id}/members/{desk.anna.id}")).status == 404


async def test_a_queue_with_tickets_a_mailbox_or_no_other_beside_it_stays(desk: Desk, api: Served) -> None:
    admin = api.client(desk.admin)
    other = (await admin.post("/queues", {"name": "Other"})).json["id"]
    assert "mailbox" in (await admin.delete(f"/queues/{desk.queue.id}")).json["detail"]
    number = await desk.ticket(queue=await Queue.get(id=other))
    refused = await admin.delete(f"/queues/{other}")
    assert (refused.status, "archive it" in refused.json["detail"]) == (409, True)
    await Ticket.filter(id=number).delete()
    assert (await admin.delete(f"/queues/{other}")).status == 204
    await Mailbox.all().delete()
    assert "last queue" in (await admin.delete(f"/queues/{desk.queue.id}")).json["detail"]
    assert (await admin.delete("/queues/4711")).status == 404


async def test_an_archived_queue_takes_nothing_new_and_can_be_restored(desk: Desk, api: Served) -> None:
    admin, anna = api.client(desk.admin), api.client(desk.anna)
    queue = (await admin.post("/queues", {"name": "Old"})).json["id"]
    kept, number = await desk.ticket(queue=await Queue.get(id=queue)), await desk.ticket()
    assert (await admin.patch(f"/queues/{queue}", {"archived": True})).json["archived_at"] is not None
    assert (await anna.patch(f"/tickets/{number}", {"queue_id": queue})).status == 422
    assert (await anna.post("/tickets", {"subject": "x", "body": "y", "queue_id": queue})).status == 404
    assert (await anna.get(f"/tickets/{kept}")).status == 200
    assert (await admin.patch(f"/queues/{queue}", {"archived": False})).json["archived_at"] is None


@pytest.mark.parametrize("who", ["eva", "nobody", "inactive"])
async def test_only_active_staff_work_in_a_queue(desk: Desk, api: Served, who: str) -> None:
    await User.filter(id=desk.boris.id).update(active=False)
    user = {"eva": desk.eva.id, "nobody": 4711, "inactive": desk.boris.id}[who]
    assert (await api.client(desk.admin).put(f"/queues/{desk.queue.id}/members/{user}", json={})).status == 422


async def test_a_mailbox_feeds_another_queue_from_now_on(desk: Desk, api: Served) -> None:
    admin = api.client(desk.admin)
    other = (await admin.post("/queues", {"name": "Other"})).json["id"]
    changed = await admin.patch(f"/mailboxes/{desk.mailbox.id}", {"queue_id": other, "name": "Help  desk"})
    assert (changed.json["queue"]["slug"], changed.json["name"], changed.json["address"]) == ("other", "Help desk", "support@example.org")
    async with desk.rt.transaction(SYSTEM) as tx:
        opened = await tickets.open(tx, NewTicket("Printer", "It burns.", desk.eva.id, mailbox_id=desk.mailbox.id))
    assert (await Ticket.get(id=opened.ticket_id)).queue_id == other
    for wrong in ({"queue_id": 4711}, {"name": "  "}):
        assert (await admin.patch(f"/mailboxes/{desk.mailbox.id}", wrong)).status == 422
    assert (await admin.get("/mailboxes/4711")).status == 404
    assert (await api.client(desk.anna).get("/mailboxes")).status == 403


# --- giving out


async def ruled(desk: Desk, rule: str, *members: User) -> None:
    await Queue.filter(id=desk.queue.id).update(assignment=rule)
    for member in members:
        await QueueMember.create(queue=desk.queue, user=member)


async def holders(numbers: list[int]) -> list[int | None]:
    return [(await Ticket.get(id=number)).assignee_id for number in numbers]


async def test_tickets_go_round(desk: Desk) -> None:
    await ruled(desk, "round_robin", desk.anna, desk.boris)
    anna, boris = desk.anna.id, desk.boris.id
    assert await holders([await desk.ticket() for _ in range(4)]) == [anna, boris, anna, boris]
    event = await Event.filter(kind="ticket.assigned").first()
    assert event is not None
    assert event.data == {"before": None, "after": anna, "by_rule": True}


async def test_tickets_go_to_who_has_the_least_to_do(desk: Desk) -> None:
    busy = [await desk.ticket() for _ in range(2)]
    await Ticket.filter(id__in=busy).update(assignee_id=desk.anna.id)
    await ruled(desk, "least_loaded", desk.anna, desk.boris)
    anna, boris = desk.anna.id, desk.boris.id
    numbers = [await desk.ticket() for _ in range(3)]
    assert await holders(numbers) == [boris, boris, anna]
    await Ticket.filter(id__in=[*busy, numbers[2]]).update(status="closed")
    assert await holders([await desk.ticket()]) == [anna]


@pytest.mark.parametrize("rule", ["round_robin", "least_loaded"])
async def test_nobody_gets_what_he_cannot_work_on(desk: Desk, rule: str) -> None:
    await ruled(desk, rule, desk.anna, desk.boris)
    await User.filter(id=desk.boris.id).update(active=False)
    numbers = [await desk.ticket(desk.anna), await desk.ticket()]
    assert await holders(numbers) == [None, desk.anna.id]


async def test_tickets_that_come_at_once_go_to_different_people(desk: Desk) -> None:
    carl, dora = [await desk.person(f"{name}@example.org", "staff") for name in ("carl", "dora")]  # type: ignore[arg-type]  # a role by its word
    await ruled(desk, "round_robin", desk.anna, desk.boris, carl, dora)
    numbers = await asyncio.gather(*(desk.ticket() for _ in range(8)))
    assert set(Counter(await holders(list(numbers))).values()) == {2}


async def test_a_ticket_moved_without_an_assignee_is_given_out_there(desk: Desk) -> None:
    number = await desk.ticket(queue=await desk.private_queue("People", [desk.anna]))
    await ruled(desk, "round_robin", desk.boris)
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        await tickets.move(tx, number, desk.queue.id)
    assert await holders([number]) == [desk.boris.id]


async def test_a_rule_without_anybody_to_follow_it_leaves_the_ticket_in_its_queue(desk: Desk) -> None:
    await ruled(desk, "least_loaded")
    async with desk.rt.transaction(SYSTEM) as tx:
        opened = await tickets.open(tx, NewTicket("Printer", "It burns.", desk.eva.id))
    assert await holders([opened.ticket_id]) == [None]
