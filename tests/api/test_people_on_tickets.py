"""Who is in copy, watches, mutes, or looks at a ticket at this moment."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from core import tickets
from core.models.people import User
from core.models.queues import Queue
from core.models.record import Event
from core.models.tickets import Ticket
from core.models.ties import TicketParticipant, TicketWatcher
from core.runtime import Actor
from tests.api.desk_client import Client, Served
from tests.support.desk import Desk


async def in_copy(client: Client, number: int) -> list[int]:
    return [person["id"] for person in (await client.get(f"/tickets/{number}/people")).json["participants"]]


async def test_the_requester_and_staff_put_people_in_copy_once(desk: Desk, api: Served) -> None:
    number, otto = await desk.ticket(), await desk.person("otto@customer.test")
    eva, anna = api.client(desk.eva), api.client(desk.anna)
    for _ in range(2):
        assert (await anna.post(f"/tickets/{number}/participants", {"user_id": otto.id})).status == 200
    added = await eva.post(f"/tickets/{number}/participants", {"email": "Ina@Customer.test", "name": "Ina"})
    assert [person["name"] for person in added.json["participants"]] == ["otto", "Ina"]
    assert [person["email"] for person in added.json["participants"]] == [None, None]  # addresses are for who works here
    assert await Event.filter(ticket_id=number, kind="ticket.participant_added").count() == 2
    assert (await api.client(otto).get(f"/tickets/{number}")).json["standing"] == "participant"


async def test_who_is_in_copy_leaves_and_adds_nobody(desk: Desk, api: Served) -> None:
    number, otto = await desk.ticket(), await desk.person("otto@customer.test")
    await api.client(desk.anna).post(f"/tickets/{number}/participants", {"user_id": otto.id})
    client = api.client(otto)
    assert (await client.post(f"/tickets/{number}/participants", {"user_id": desk.boris.id})).status == 403
    assert (await client.delete(f"/tickets/{number}/participants/{desk.eva.id}")).status == 403
    assert (await client.delete(f"/tickets/{number}/participants/{otto.id}")).status == 204
    assert (await client.get(f"/tickets/{number}")).status == 404
    assert (await api.client(desk.anna).delete(f"/tickets/{number}/participants/{otto.id}")).status == 404


async def test_being_in_copy_comes_before_being_staff(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    async with desk.rt.transaction(Actor(desk.boris.id)) as tx:
        await tickets.take(tx, number)
    await TicketWatcher.create(ticket_id=number, user=desk.boris, added_at=desk.rt.clock.now())
    await api.client(desk.anna).post(f"/tickets/{number}/participants", {"user_id": desk.boris.id})
    assert (await Ticket.get(id=number)).assignee_id is None
    assert await TicketWatcher.all().count() == 0
    assert (await api.client(desk.boris).put(f"/tickets/{number}/watch")).status == 403


@pytest.mark.parametrize("wrong", ["requester", "nobody", "inactive", "neither"])
async def test_only_people_who_are_not_on_it_yet_are_put_in_copy(desk: Desk, api: Served, wrong: str) -> None:
    number = await desk.ticket()
    await User.filter(id=desk.boris.id).update(active=False)
    body = {"requester": {"user_id": desk.eva.id}, "nobody": {"user_id": 4711}, "inactive": {"user_id": desk.boris.id}, "neither": {}}[
        wrong
    ]
    answer = await api.client(desk.anna).post(f"/tickets/{number}/participants", body)
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "body.user_id")


async def test_there_is_an_end_to_people_in_copy(desk: Desk, api: Served) -> None:
    number, now = await desk.ticket(), desk.rt.clock.now()
    people = [await desk.person(f"p{n}@customer.test") for n in range(51)]
    await TicketParticipant.bulk_create([TicketParticipant(ticket_id=number, user=person, added_at=now) for person in people[:50]])
    answer = await api.client(desk.anna).post(f"/tickets/{number}/participants", {"user_id": people[50].id})
    assert (answer.status, "at most 50" in answer.json["detail"]) == (422, True)


async def test_two_who_add_the_same_person_at_once_add_him_once(desk: Desk, api: Served) -> None:
    number, otto = await desk.ticket(), await desk.person("otto@customer.test")
    clients = [api.client(user) for user in (desk.anna, desk.boris, desk.admin)]
    answers = await asyncio.gather(*(client.post(f"/tickets/{number}/participants", {"user_id": otto.id}) for client in clients))
    assert {answer.status for answer in answers} == {200}
    assert await Event.filter(ticket_id=number, kind="ticket.participant_added").count() == 1


async def test_watching_and_muting_are_ones_own_and_in_no_history(desk: Desk, api: Served) -> None:
    number, anna = await desk.ticket(), api.client(desk.anna)
    before = (await anna.get(f"/tickets/{number}")).json
    for _ in range(2):
        assert (await anna.put(f"/tickets/{number}/watch")).status == 204
        assert (await anna.put(f"/tickets/{number}/mute")).status == 204
    read = (await anna.get(f"/tickets/{number}")).json
    assert (read["watching"], read["muted"], read["version"]) == (True, True, before["version"])
    assert [person["id"] for person in (await anna.get(f"/tickets/{number}/people")).json["watchers"]] == [desk.anna.id]
    assert (await api.client(desk.eva).get(f"/tickets/{number}/people")).json["watchers"] == []
    for _ in range(2):
        assert (await anna.delete(f"/tickets/{number}/watch")).status == 204
        assert (await anna.delete(f"/tickets/{number}/mute")).status == 204
    read = (await anna.get(f"/tickets/{number}")).json
    assert (read["watching"], read["muted"]) == (False, False)
    assert await Event.filter(ticket_id=number).count() == 1


async def test_a_colleague_watches_only_what_he_may_work_on(desk: Desk, api: Served) -> None:
    hidden = await desk.ticket(queue=await desk.private_queue("People", [desk.boris]))
    number, boris = await desk.ticket(), api.client(desk.boris)
    added = await boris.post(f"/tickets/{number}/watchers", {"user_id": desk.anna.id})
    assert [person["id"] for person in added.json["watchers"]] == [desk.anna.id]
    assert (await boris.delete(f"/tickets/{number}/watchers/{desk.anna.id}")).status == 204
    for person in (desk.anna, desk.eva):
        assert (await boris.post(f"/tickets/{hidden}/watchers", {"user_id": person.id})).status == 422
    assert (await api.client(desk.anna).put(f"/tickets/{hidden}/watch")).status == 404


async def test_colleagues_see_who_looks_and_who_writes(desk: Desk, api: Served) -> None:
    number, anna, boris = await desk.ticket(), api.client(desk.anna), api.client(desk.boris)
    assert (await anna.put(f"/tickets/{number}/presence", json={})).json["items"] == []
    [seen] = (await boris.put(f"/tickets/{number}/presence", json={"writing": True})).json["items"]
    assert (seen["name"], seen["writing"]) == ("Anna Berg", False)
    [seen] = (await anna.get(f"/tickets/{number}/presence")).json["items"]
    assert (seen["name"], seen["writing"]) == ("Boris Lund", True)
    assert (await boris.delete(f"/tickets/{number}/presence")).status == 204
    assert (await anna.get(f"/tickets/{number}/presence")).json["items"] == []


async def test_who_says_nothing_for_half_a_minute_is_gone(desk: Desk, api: Served) -> None:
    number, anna, boris = await desk.ticket(), api.client(desk.anna), api.client(desk.boris)
    await anna.put(f"/tickets/{number}/presence", json={})
    desk.rt.clock.advance(timedelta(seconds=20))
    [first] = (await boris.get(f"/tickets/{number}/presence")).json["items"]
    await anna.put(f"/tickets/{number}/presence", json={})
    desk.rt.clock.advance(timedelta(seconds=20))
    assert (await boris.get(f"/tickets/{number}/presence")).json["items"] == [first]  # since the first time
    desk.rt.clock.advance(timedelta(seconds=11))
    assert (await boris.get(f"/tickets/{number}/presence")).json["items"] == []


async def test_who_lost_sight_of_a_ticket_neither_sees_nor_is_seen(desk: Desk, api: Served) -> None:
    number, anna = await desk.ticket(), api.client(desk.anna)
    await anna.put(f"/tickets/{number}/presence", json={})
    queue = await desk.private_queue("People", [desk.boris])
    await Ticket.filter(id=number).update(queue_id=queue.id)
    assert (await anna.get(f"/tickets/{number}/presence")).status == 404
    assert (await api.client(desk.boris).get(f"/tickets/{number}/presence")).json["items"] == []
    await Queue.filter(id=queue.id).update(private=False)
    assert (await api.client(desk.eva).get(f"/tickets/{number}/presence")).status == 403
