"""What time does to tickets: sleepers wake, silent requesters are reminded once and then closed, and all of it happens once."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from core import clocks, snoozing, tickets
from core.errors import Conflict, Forbidden, Invalid
from core.models.people import User
from core.models.queues import Queue
from core.models.record import Event
from core.models.tickets import Status, Ticket
from core.runtime import SYSTEM, Actor
from tests.support.desk import Desk

DAY = timedelta(days=1)


async def kinds(number: int) -> list[str]:
    return [event.kind for event in await Event.filter(ticket_id=number).order_by("id")]


async def snooze(desk: Desk, number: int, until: datetime, by: User | None = None) -> None:
    async with desk.rt.transaction(Actor((by or desk.anna).id)) as tx:
        await snoozing.snooze(tx, number, until)


async def set_status(desk: Desk, number: int, status: Status) -> None:
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        await tickets.set_status(tx, number, status)


async def waiting(desk: Desk, remind: int | None = 3, close: int | None = 7) -> int:
    """A ticket that was answered and waits for its requester, in a queue that reminds and closes."""
    await Queue.filter(id=desk.queue.id).update(remind_after_days=remind, close_after_days=close, reply_sets_pending=True)
    number = await desk.ticket()
    await desk.says(desk.anna, number, "Have you tried water?")
    assert (await Ticket.get(id=number)).status == Status.PENDING
    return number


# --- sleeping


async def test_a_ticket_sleeps_until_its_time_and_wakes_once(desk: Desk) -> None:
    number = await desk.ticket()
    await snooze(desk, number, desk.rt.clock.now() + DAY)
    assert (await clocks.sweep(desk.rt))["woken"] == 0
    desk.rt.clock.advance(DAY)
    assert [(await clocks.sweep(desk.rt))["woken"] for _ in range(2)] == [1, 0]
    assert (await Ticket.get(id=number)).snoozed_until is None
    assert (await kinds(number))[-2:] == ["ticket.snoozed", "ticket.woke"]


async def test_what_only_waited_for_a_time_is_open_again(desk: Desk) -> None:
    number = await desk.ticket()
    await set_status(desk, number, Status.PENDING)
    await snooze(desk, number, desk.rt.clock.now() + DAY)
    desk.rt.clock.advance(DAY)
    await clocks.sweep(desk.rt)
    assert (await Ticket.get(id=number)).status == Status.OPEN


async def test_an_answer_of_the_requester_wakes_and_a_note_does_not(desk: Desk) -> None:
    number = await desk.ticket()
    await snooze(desk, number, desk.rt.clock.now() + DAY)
    await desk.says(desk.anna, number, "Later.", public=False)
    assert (await Ticket.get(id=number)).snoozed_until is not None
    await desk.says(desk.eva, number, "And now?")
    assert (await Ticket.get(id=number)).snoozed_until is None
    woke = await Event.filter(ticket_id=number, kind="ticket.woke").get()
    assert woke.data == {"why": "answer"}


@pytest.mark.parametrize("away", [timedelta(0), -DAY, timedelta(days=3 * 365)])
async def test_nothing_sleeps_into_the_past_or_for_ever(desk: Desk, away: timedelta) -> None:
    number = await desk.ticket()
    with pytest.raises(Invalid, match="to come"):
        await snooze(desk, number, desk.rt.clock.now() + away)


async def test_what_is_done_sleeps_no_longer(desk: Desk) -> None:
    number = await desk.ticket()
    await snooze(desk, number, desk.rt.clock.now() + DAY)
    await set_status(desk, number, Status.RESOLVED)
    assert (await Ticket.get(id=number)).snoozed_until is None
    with pytest.raises(Conflict, match="resolved"):
        await snooze(desk, number, desk.rt.clock.now() + DAY)


async def test_only_staff_put_to_sleep(desk: Desk) -> None:
    number = await desk.ticket()
    with pytest.raises(Forbidden):
        await snooze(desk, number, desk.rt.clock.now() + DAY, by=desk.eva)


async def test_waking_by_word_is_no_event_when_nothing_sleeps(desk: Desk) -> None:
    number = await desk.ticket()
    for _ in range(2):
        async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
            await snoozing.wake(tx, number)
    assert "ticket.woke" not in await kinds(number)


# --- silence


async def test_a_silent_requester_is_reminded_once_and_then_closed(desk: Desk) -> None:
    number = await waiting(desk)
    assert await clocks.sweep(desk.rt) == {"woken": 0, "closed": 0, "reminded": 0}
    desk.rt.clock.advance(3 * DAY)
    assert [(await clocks.sweep(desk.rt))["reminded"] for _ in range(2)] == [1, 0]
    warned = await Event.filter(ticket_id=number, kind="ticket.close_warned").get()
    left = datetime.fromisoformat(str(warned.data["closes_at"])) - desk.rt.clock.now()
    assert abs(left - 4 * DAY) < timedelta(minutes=1)
    desk.rt.clock.advance(4 * DAY)
    assert [(await clocks.sweep(desk.rt))["closed"] for _ in range(2)] == [1, 0]
    ticket = await Ticket.get(id=number)
    closed = await Event.filter(ticket_id=number, kind="ticket.status").order_by("-id").first()
    assert closed is not None
    assert (ticket.status, closed.data["by_clock"], closed.actor_id) == (Status.CLOSED, True, None)


async def test_nobody_is_closed_without_a_day_to_answer_the_reminder(desk: Desk) -> None:
    number = await waiting(desk)
    desk.rt.clock.advance(30 * DAY)  # the desk was down
    assert await clocks.sweep(desk.rt) == {"woken": 0, "closed": 0, "reminded": 1}
    desk.rt.clock.advance(DAY - timedelta(minutes=1))
    assert (await clocks.sweep(desk.rt))["closed"] == 0
    desk.rt.clock.advance(timedelta(minutes=1))
    assert (await clocks.sweep(desk.rt))["closed"] == 1
    assert (await Ticket.get(id=number)).status == Status.CLOSED


async def test_a_queue_that_does_not_remind_closes_all_the_same(desk: Desk) -> None:
    await waiting(desk, remind=None)
    desk.rt.clock.advance(7 * DAY)
    assert await clocks.sweep(desk.rt) == {"woken": 0, "closed": 1, "reminded": 0}


@pytest.mark.parametrize("speaker", ["eva", "anna"])
async def test_a_word_begins_the_count_anew(desk: Desk, speaker: str) -> None:
    number = await waiting(desk)
    desk.rt.clock.advance(3 * DAY)
    await clocks.sweep(desk.rt)
    await desk.says(getattr(desk, speaker), number, "Another word.")
    await set_status(desk, number, Status.PENDING)
    desk.rt.clock.advance(3 * DAY - timedelta(minutes=1))
    assert await clocks.sweep(desk.rt) == {"woken": 0, "closed": 0, "reminded": 0}


async def test_waiting_counts_from_when_the_status_says_so(desk: Desk) -> None:
    await Queue.filter(id=desk.queue.id).update(remind_after_days=3, close_after_days=7)
    number = await desk.ticket()
    await desk.says(desk.anna, number, "I will look into it.")
    desk.rt.clock.advance(10 * DAY)
    await set_status(desk, number, Status.PENDING)
    assert (await clocks.sweep(desk.rt))["reminded"] == 0
    desk.rt.clock.advance(3 * DAY)
    assert (await clocks.sweep(desk.rt))["reminded"] == 1


@pytest.mark.parametrize("spared", ["open", "asleep", "requester spoke last", "spam", "merged", "no rule"])
async def test_what_does_not_wait_for_its_requester_is_left_alone(desk: Desk, spared: str) -> None:
    number = await waiting(desk)
    match spared:
        case "open":
            await set_status(desk, number, Status.OPEN)
        case "asleep":
            await snooze(desk, number, desk.rt.clock.now() + 300 * DAY)
        case "requester spoke last":
            await Ticket.filter(id=number).update(requester_spoke_at=desk.rt.clock.now() + timedelta(seconds=1))
        case "spam":
            await Ticket.filter(id=number).update(spam=True)
        case "merged":
            await Ticket.filter(id=number).update(merged_into_id=await desk.ticket())
        case "no rule":
            await Queue.filter(id=desk.queue.id).update(remind_after_days=None, close_after_days=None)
    desk.rt.clock.advance(100 * DAY)
    assert await clocks.sweep(desk.rt) == {"woken": 0, "closed": 0, "reminded": 0}


# --- at the same time


async def test_two_processes_that_sweep_at_once_do_everything_once(desk: Desk) -> None:
    numbers = [await waiting(desk, remind=None) for _ in range(6)]
    sleepers = [await desk.ticket() for _ in range(6)]
    for number in sleepers:
        await snooze(desk, number, desk.rt.clock.now() + DAY)
    desk.rt.clock.advance(8 * DAY)
    swept = await asyncio.gather(*(clocks.sweep(desk.rt) for _ in range(3)))
    assert (sum(one["closed"] for one in swept), sum(one["woken"] for one in swept)) == (6, 6)
    for number in numbers:
        assert await Event.filter(ticket_id=number, kind="ticket.status", data__contains={"after": "closed"}).count() == 1
    for number in sleepers:
        assert (await kinds(number)).count("ticket.woke") == 1


async def test_an_answer_that_meets_the_clock_is_never_lost(desk: Desk) -> None:
    numbers = [await waiting(desk, remind=None) for _ in range(5)]
    desk.rt.clock.advance(8 * DAY)
    await asyncio.gather(clocks.sweep(desk.rt), *(desk.says(desk.eva, number, "I am here!") for number in numbers))
    assert {(await Ticket.get(id=number)).status for number in numbers} == {Status.OPEN}


async def test_snoozing_waking_and_answering_at_once_end_awake(desk: Desk) -> None:
    number = await desk.ticket()
    until = desk.rt.clock.now() + DAY

    async def wake() -> None:
        async with desk.rt.transaction(SYSTEM) as tx:
            await snoozing.wake(tx, number)

    await snooze(desk, number, until)
    await asyncio.gather(wake(), desk.says(desk.eva, number, "Hello?"), clocks.sweep(desk.rt))
    assert (await Ticket.get(id=number)).snoozed_until is None
    assert (await kinds(number)).count("ticket.woke") == 1
