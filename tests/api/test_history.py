"""The history reads like sentences, is complete, and tells nobody more than he may know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core import history, joins, links, merging, participants, second_thoughts, snoozing, splitting, tickets
from core.events import KINDS
from core.models.people import User
from core.models.record import Event
from core.models.tickets import Priority, Status, Tag, Ticket, Via
from core.models.ties import JoinRequest
from core.runtime import SYSTEM, Actor
from tests.api.desk_client import Served
from tests.support.desk import Desk


async def read(api: Served, viewer: User, number: int) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = (await api.client(viewer).get(f"/tickets/{number}/events?limit=100")).json["items"]
    return events


async def texts(api: Served, viewer: User, number: int) -> list[str]:
    return [event["text"] for event in await read(api, viewer, number)]


async def test_what_happens_is_told_in_sentences(desk: Desk, api: Served) -> None:
    number, other = await desk.ticket(), await desk.ticket()
    queue = (await api.client(desk.admin).post("/queues", {"name": "Hardware"})).json["id"]
    await Tag.create(name="fire", created_at=desk.rt.clock.now(), updated_at=desk.rt.clock.now())
    until = desk.rt.clock.now() + timedelta(days=1)
    async with desk.rt.transaction(Actor(desk.anna.id, Via.SLACK)) as tx:
        await tickets.take(tx, number)
        await tickets.set_priority(tx, number, Priority.URGENT)
        await tickets.set_subject(tx, number, "Fire!")
        await tickets.set_tags(tx, number, ["fire"])
        await tickets.assign(tx, number, desk.boris.id)
        await tickets.move(tx, number, queue)
        await snoozing.snooze(tx, number, until)
        await participants.add(tx, number, desk.admin.id)
        await links.link(tx, number, "duplicate", other)
    await desk.says(desk.anna, number, "Look, @boris.", public=False)
    await desk.says(desk.eva, number, "And?")
    assert await texts(api, desk.anna, number) == [
        "Eva Meyer opened the ticket by mail.",
        "Anna Berg took the ticket in Slack.",
        "Anna Berg changed the status from new to open in Slack.",
        "Anna Berg changed the priority from normal to urgent in Slack.",
        "Anna Berg changed the subject from “Printer on fire” to “Fire!” in Slack.",
        "Anna Berg added the tag fire in Slack.",
        "Anna Berg handed the ticket from Anna Berg to Boris Lund in Slack.",
        "Anna Berg moved the ticket from Support to Hardware in Slack.",
        f"Anna Berg put the ticket to sleep until {until:%Y-%m-%d %H:%M} UTC in Slack.",
        "Anna Berg put Ada Admin in copy in Slack.",
        f"Anna Berg said that this ticket is a duplicate of #{other} in Slack.",
        "Anna Berg wrote an internal note and mentioned Boris Lund through the API.",
        "Eva Meyer answered through the API.",
        "Eva Meyer woke the ticket by answering through the API.",
    ]


async def test_requesters_read_of_what_concerns_them_and_no_more(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        await tickets.take(tx, number)
        await tickets.move(tx, number, (await desk.private_queue("Secret", [desk.anna])).id)
    note = await desk.says(desk.anna, number, "He is a nuisance.", public=False)
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        await second_thoughts.edit(tx, note, "He is a customer.")
        await tickets.set_status(tx, number, Status.RESOLVED)
    assert await texts(api, desk.eva, number) == [
        "Eva Meyer opened the ticket by mail.",
        "Anna Berg took the ticket.",
        "Anna Berg changed the status from new to open.",
        "Anna Berg changed the status from open to resolved.",
    ]


async def test_where_a_ticket_goes_on_is_told_to_who_sees_it_there(desk: Desk, api: Served) -> None:
    otto = await desk.person("otto@customer.test")
    source, target, own = await desk.ticket(otto), await desk.ticket(), await desk.ticket()
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        await merging.merge(tx, source, target, confirmed=True)
        await merging.merge(tx, own, target)
    assert await texts(api, otto, source) == ["otto opened the ticket by mail."]
    for_eva = [event for event in await read(api, desk.eva, target) if event["kind"] == "ticket.merged"]
    assert [(event["text"], event["data"]) for event in for_eva] == [(f"Anna Berg merged this ticket into #{target}.", {"into": target})]
    for_anna = await texts(api, desk.anna, target)
    assert f"Anna Berg merged #{source} into this ticket." in for_anna and f"Anna Berg merged this ticket into #{target}." in for_anna


async def test_ties_and_clocks_are_told(desk: Desk, api: Served) -> None:
    number, otto = await desk.ticket(), await desk.person("otto@customer.test", name="Otto Gast")
    wish = await JoinRequest.create(ticket_id=number, own_ticket_id=await desk.ticket(otto), user=otto, created_at=desk.rt.clock.now())
    said = await desk.says(desk.eva, number, "Also, my chair squeaks.")
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        split = await splitting.split(tx, said)
        await joins.decline(tx, wish.id)
    async with desk.rt.transaction(SYSTEM) as tx:
        ticket = await Ticket.get(id=number)
        await tickets.change_status(tx, ticket, Status.CLOSED, by_clock=True)
    told = await texts(api, desk.anna, number)
    assert told[-3:] == [
        f"Anna Berg split ticket #{split.ticket_id} off.",
        "Anna Berg did not let Otto Gast join.",
        "The desk closed the ticket, for its requester was silent: it was new.",
    ]


async def test_what_has_no_name_any_more_still_reads_well(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    async with desk.rt.transaction(SYSTEM) as tx:
        await tickets.assign(tx, number, desk.boris.id)
    await Event.filter(ticket_id=number, kind="ticket.assigned").update(data={"before": None, "after": 4711})
    hidden = await desk.private_queue("Secret", [desk.boris])
    await Event.create(
        ticket_id=number,
        kind="ticket.queue",
        data={"before": desk.queue.id, "after": hidden.id},
        via=Via.API,
        created_at=desk.rt.clock.now(),
    )
    assert (await texts(api, desk.anna, number))[1:] == [
        "The desk assigned the ticket to somebody who left.",
        "The desk changed the status from new to open.",
        "The desk moved the ticket from Support to another queue.",
    ]


def test_every_event_has_its_sentence_and_public_ones_say_what_they_show() -> None:
    assert history.PHRASES.keys() == KINDS.keys()
    fields = {kind: set(cls.__dataclass_fields__) for kind, cls in KINDS.items()}
    assert all(set(shown) <= fields[kind] for kind, shown in history.PUBLIC_DATA.items())
