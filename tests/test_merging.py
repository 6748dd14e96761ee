"""Two tickets become one and, within a day, two again; each requester goes on seeing his own part only."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from core import comments, links, merging, queries, splitting, tickets
from core.errors import Conflict, Forbidden, HelpdeskError, Invalid, NeedsConfirmation, NotFound
from core.models.people import Role, User
from core.models.record import Event
from core.models.tickets import Comment, Status, Ticket, Via
from core.models.ties import TicketParticipant, TicketWatcher
from core.runtime import Actor
from tests.support.desk import Desk


async def merge(desk: Desk, source: int, target: int, *, by: User | None = None, confirmed: bool = True, share: bool | None = None) -> None:
    async with desk.rt.transaction(Actor((by or desk.anna).id)) as tx:
        await merging.merge(tx, source, target, confirmed=confirmed, share=share)


async def undo(desk: Desk, source: int, by: User | None = None) -> None:
    async with desk.rt.transaction(Actor((by or desk.anna).id)) as tx:
        await merging.undo(tx, source)


async def read(desk: Desk, viewer: User, number: int) -> tuple[int, list[str]]:
    """The number that is shown, and what is read there."""
    import orjson

    found = await queries.ticket(desk.rt.database, viewer.id, number)
    return found.id, [comment["body"] for comment in orjson.loads(found.json)["comments"]]


async def test_what_was_said_is_read_where_it_goes_on_and_all_numbers_lead_there(desk: Desk) -> None:
    source, target = await desk.ticket(body="Smoke."), await desk.ticket(body="Fire.")
    await merge(desk, source, target)
    for viewer in (desk.anna, desk.eva):
        for number in (source, target):
            assert await read(desk, viewer, number) == (target, ["Smoke.", "Fire."])
    assert [event.kind for event in await Event.filter(ticket_id=source).order_by("-id").limit(1)] == ["ticket.merged"]


async def test_tickets_of_different_requesters_are_merged_only_when_confirmed(desk: Desk) -> None:
    otto = await desk.person("otto@customer.test")
    source, target = await desk.ticket(otto), await desk.ticket()
    with pytest.raises(NeedsConfirmation, match="different requesters"):
        await merge(desk, source, target, confirmed=False)
    assert (await Ticket.get(id=source)).merged_into_id is None
    await merge(desk, source, target)
    assert (await Ticket.get(id=source)).merged_into_id == target


async def test_each_requester_goes_on_seeing_his_own_part_only(desk: Desk) -> None:
    otto = await desk.person("otto@customer.test")
    source, target = await desk.ticket(otto, body="Otto's."), await desk.ticket(body="Eva's.")
    await merge(desk, source, target)
    assert await read(desk, desk.anna, source) == (target, ["Otto's.", "Eva's."])
    assert await read(desk, desk.eva, target) == (target, ["Eva's."])
    assert await read(desk, otto, source) == (source, ["Otto's."])
    for viewer, number in ((otto, target), (desk.eva, source)):
        with pytest.raises(NotFound):
            await read(desk, viewer, number)


async def test_what_is_said_to_a_merged_ticket_is_read_by_its_own_people_alone(desk: Desk) -> None:
    otto = await desk.person("otto@customer.test")
    source, target = await desk.ticket(otto, body="Otto's."), await desk.ticket(body="Eva's.")
    await merge(desk, source, target)
    await desk.says(otto, source, "Still burns.")
    await desk.says(desk.anna, source, "For Otto.")
    await desk.says(desk.anna, target, "For Eva.")
    assert (await read(desk, otto, source))[1] == ["Otto's.", "Still burns.", "For Otto."]
    assert (await read(desk, desk.eva, target))[1] == ["Eva's.", "For Eva."]
    assert (await read(desk, desk.anna, target))[1] == ["Otto's.", "Eva's.", "Still burns.", "For Otto.", "For Eva."]


async def test_a_merged_tickets_requester_speaks_on_the_case_but_does_not_end_it(desk: Desk) -> None:
    otto = await desk.person("otto@customer.test")
    source, target = await desk.ticket(otto), await desk.ticket()
    await merge(desk, source, target)
    with pytest.raises(Forbidden):
        async with desk.rt.transaction(Actor(otto.id)) as tx:
            await tickets.set_status(tx, source, Status.CLOSED)
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        await tickets.set_status(tx, target, Status.RESOLVED)
    assert (await Ticket.get(id=source)).status == Status.RESOLVED  # his part stands where the whole stands
    await desk.says(otto, source, "No, it burns.")
    assert {(await Ticket.get(id=number)).status for number in (source, target)} == {Status.OPEN}


async def test_sharing_lets_the_people_of_the_source_in(desk: Desk) -> None:
    otto, ina = await desk.person("otto@customer.test"), await desk.person("ina@customer.test")
    source, target = await desk.ticket(otto, body="Otto's."), await desk.ticket(body="Eva's.")
    await TicketParticipant.create(ticket_id=source, user=ina, added_at=desk.rt.clock.now())
    await merge(desk, source, target, share=True)
    for viewer in (otto, ina):
        assert await read(desk, viewer, source) == (target, ["Otto's.", "Eva's."])


async def test_staff_who_asked_themselves_are_no_staff_where_their_case_goes_on(desk: Desk) -> None:
    source, target = await desk.ticket(desk.boris), await desk.ticket()
    async with desk.rt.transaction(Actor(desk.boris.id)) as tx:
        await tickets.take(tx, target)
    await merge(desk, source, target)
    await desk.says(desk.anna, target, "Boris did it.", public=False)
    assert "Boris did it." not in (await read(desk, desk.boris, target))[1]
    assert (await Ticket.get(id=target)).assignee_id is None


@pytest.mark.parametrize("wrong", ["itself", "its child", "its grandchild", "again", "the other way", "closed"])
async def test_what_makes_no_sense_is_refused_in_words(desk: Desk, wrong: str) -> None:
    first, second, third = [await desk.ticket() for _ in range(3)]
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        match wrong:
            case "its child":
                await links.link(tx, first, "parent", second)
            case "its grandchild":
                await links.link(tx, first, "parent", third)
                await links.link(tx, third, "parent", second)
            case "again" | "the other way":
                await merging.merge(tx, first, second)
            case "closed":
                await tickets.set_status(tx, second, Status.CLOSED)
    pair = {"itself": (first, first), "the other way": (second, first), "again": (first, third)}.get(wrong, (first, second))
    with pytest.raises((Invalid, Conflict), match=r"itself|child|merged into|closed"):
        await merge(desk, *pair)


async def test_a_merge_is_undone_exactly(desk: Desk) -> None:
    otto = await desk.person("otto@customer.test")
    inner, source, target = await desk.ticket(otto, body="1"), await desk.ticket(otto, body="2"), await desk.ticket(body="3")
    await merge(desk, inner, source)
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        await tickets.set_status(tx, source, Status.PENDING)
    await merge(desk, source, target, share=True)
    assert (await read(desk, desk.anna, inner))[1] == ["1", "2", "3"]
    await undo(desk, source)
    assert await read(desk, desk.anna, inner) == (source, ["1", "2"])
    assert await read(desk, desk.anna, target) == (target, ["3"])
    assert (await Ticket.get(id=source)).status == Status.PENDING
    with pytest.raises(NotFound):
        await read(desk, otto, target)
    kinds = [event.kind for event in await Event.filter(ticket_id=target).order_by("id")]
    assert kinds[-2:] == ["ticket.participant_removed", "ticket.merge_undone"]


async def test_a_merge_is_undone_within_a_day_only_and_by_its_own_number(desk: Desk) -> None:
    inner, source, target = await desk.ticket(), await desk.ticket(), await desk.ticket()
    await merge(desk, inner, source)
    await merge(desk, source, target)
    with pytest.raises(Conflict, match="together with another"):
        await undo(desk, inner)
    with pytest.raises(Conflict, match="not merged"):
        await undo(desk, target)
    desk.rt.clock.advance(timedelta(days=1, minutes=1))
    with pytest.raises(Conflict, match="within a day"):
        await undo(desk, source)


async def test_only_staff_who_see_both_merge(desk: Desk) -> None:
    hidden = await desk.ticket(queue=await desk.private_queue("People", [desk.boris]))
    number = await desk.ticket()
    with pytest.raises(Forbidden):
        await merge(desk, number, await desk.ticket(), by=desk.eva)
    for pair in ((number, hidden), (hidden, number)):
        with pytest.raises(NotFound):
            await merge(desk, *pair)


async def test_watchers_follow_where_they_may(desk: Desk) -> None:
    source = await desk.ticket()
    for user in (desk.anna, desk.boris):
        await TicketWatcher.create(ticket_id=source, user=user, added_at=desk.rt.clock.now())
    target = await desk.ticket(queue=await desk.private_queue("People", [desk.boris]))
    async with desk.rt.transaction(Actor(desk.boris.id)) as tx:
        await merging.merge(tx, source, target)
    assert await TicketWatcher.filter(ticket_id=target).values_list("user_id", flat=True) == [desk.boris.id]


async def outcomes(*acts: object) -> list[object]:
    return list(await asyncio.gather(*acts, return_exceptions=True))  # type: ignore[call-overload]  # coroutines


async def test_of_two_merges_that_cross_one_wins(desk: Desk) -> None:
    first, second = await desk.ticket(), await desk.ticket()
    found = await outcomes(merge(desk, first, second), merge(desk, second, first, by=desk.boris))
    assert sum(outcome is None for outcome in found) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in found) == 1
    merged = [number for number in (first, second) if (await Ticket.get(id=number)).merged_into_id is not None]
    assert len(merged) == 1


async def test_merges_in_a_ring_leave_one_ticket_standing_and_no_circle(desk: Desk) -> None:
    ring = [await desk.ticket() for _ in range(4)]
    pairs = [(ring[i], ring[(i + 1) % 4]) for i in range(4)]
    found = await outcomes(*(merge(desk, *pair) for pair in pairs))
    assert all(outcome is None or isinstance(outcome, HelpdeskError) for outcome in found)
    pointers = {number: (await Ticket.get(id=number)).merged_into_id for number in ring}
    standing = {number for number, into in pointers.items() if into is None}
    assert standing and all(into in standing for into in pointers.values() if into is not None)


async def test_answers_to_both_tickets_of_a_merge_wait_for_it_and_none_in_vain(desk: Desk) -> None:
    for _ in range(5):
        both = [await desk.ticket(), await desk.ticket()]
        found = await outcomes(merge(desk, *both), *(desk.says(desk.eva, both[n % 2], f"Answer {n}.") for n in range(12)))
        assert not [outcome for outcome in found if isinstance(outcome, BaseException)]


async def test_an_answer_that_meets_a_merge_is_kept_and_read(desk: Desk) -> None:
    source, target = await desk.ticket(), await desk.ticket()
    found = await outcomes(merge(desk, source, target), *(desk.says(desk.eva, source, f"Answer {n}.") for n in range(5)))
    assert not [outcome for outcome in found if isinstance(outcome, BaseException)]
    number, said = await read(desk, desk.eva, source)
    assert number == target and {f"Answer {n}." for n in range(5)} <= set(said)


async def test_two_colleagues_who_take_one_ticket_at_once_are_one_assignee(desk: Desk) -> None:
    number = await desk.ticket()

    async def take(user: User) -> None:
        async with desk.rt.transaction(Actor(user.id)) as tx:
            await tickets.take(tx, number)

    found = await outcomes(take(desk.anna), take(desk.boris))
    assert [type(outcome) for outcome in found if outcome is not None] == [Conflict]
    assert await Event.filter(ticket_id=number, kind="ticket.assigned").count() == 1


async def test_an_undo_that_meets_an_answer_loses_nothing(desk: Desk) -> None:
    source, target = await desk.ticket(body="1"), await desk.ticket(body="2")
    await merge(desk, source, target)
    found = await outcomes(undo(desk, source), desk.says(desk.anna, source, "Answer."))
    assert not [outcome for outcome in found if isinstance(outcome, BaseException)]
    said = [body for number in (source, target) for body in (await read(desk, desk.anna, number))[1]]
    assert sorted(said) == ["1", "2", "Answer."]


async def test_a_note_on_a_merged_ticket_is_never_read_by_its_requester(desk: Desk) -> None:
    otto = await desk.person("otto@customer.test", Role.USER)
    source, target = await desk.ticket(otto), await desk.ticket()
    await merge(desk, source, target)
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        await comments.note(tx, source, "He is a nuisance.")
    assert "He is a nuisance." not in (await read(desk, otto, source))[1]
    assert "He is a nuisance." in (await read(desk, desk.anna, target))[1]


async def test_who_asks_anew_in_a_second_ticket_is_not_closed_for_silence(desk: Desk) -> None:
    target = await desk.ticket()
    await desk.says(desk.anna, target, "Which one?")
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        await tickets.set_status(tx, target, Status.PENDING)
    source = await desk.ticket(body="The red one.")
    await merge(desk, source, target)
    live, answered = await Ticket.get(id=target), await Ticket.get(id=source)
    assert (live.status, answered.status, live.requester_spoke_at) == (Status.OPEN, Status.OPEN, answered.requester_spoke_at)


async def test_undoing_one_of_two_merges_leaves_the_other_as_it_was(desk: Desk) -> None:
    otto = await desk.person("otto@customer.test")
    first, second, target = await desk.ticket(otto), await desk.ticket(otto), await desk.ticket()
    await merge(desk, first, target, share=True)
    await merge(desk, second, target, share=True)
    await undo(desk, first)
    assert await TicketParticipant.filter(ticket_id=target, user_id=otto.id).exists()
    await undo(desk, second)
    assert not await TicketParticipant.filter(ticket_id=target, user_id=otto.id).exists()


async def test_an_undo_knows_what_was_said_on_the_ticket_meanwhile(desk: Desk) -> None:
    source, target = await desk.ticket(), await desk.ticket(await desk.person("otto@customer.test"))
    await desk.says(desk.anna, source, "Which one?")
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        await tickets.set_status(tx, source, Status.PENDING)
    await merge(desk, source, target)
    await desk.says(desk.eva, source, "The red one.")
    await undo(desk, source)
    ticket = await Ticket.get(id=source)
    assert ticket.staff_spoke_at is not None and ticket.requester_spoke_at is not None
    assert (ticket.status, ticket.requester_spoke_at > ticket.staff_spoke_at) == (Status.OPEN, True)


async def test_an_undo_restores_when_it_was_closed(desk: Desk) -> None:
    source, target = await desk.ticket(), await desk.ticket()
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        await tickets.set_status(tx, source, Status.CLOSED)
    closed_at = desk.rt.clock.now() - timedelta(days=800)
    await Ticket.filter(id=source).update(closed_at=closed_at)
    await merge(desk, source, target)
    await undo(desk, source)
    assert (await Ticket.get(id=source)).closed_at == closed_at


async def test_a_requester_does_not_reopen_what_was_closed_long_ago_by_its_status_either(desk: Desk) -> None:
    number = await desk.ticket()
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        await tickets.set_status(tx, number, Status.CLOSED)
    await Ticket.filter(id=number).update(closed_at=desk.rt.clock.now() - timedelta(days=800))
    with pytest.raises(Conflict, match="too long ago"):
        async with desk.rt.transaction(Actor(desk.eva.id)) as tx:
            await tickets.set_status(tx, number, Status.OPEN)


async def test_links_of_a_merged_ticket_are_seen_and_taken_away_where_it_goes_on(desk: Desk) -> None:
    first, target, child = await desk.ticket(), await desk.ticket(), await desk.ticket()
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        await links.link(tx, first, "parent", child)
    await merge(desk, first, target)
    assert await linked(desk, target) == [("parent", child)]
    with pytest.raises(Invalid, match="circle"):
        async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
            await links.link(tx, child, "parent", target)
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        await links.unlink(tx, child, *(await linked(desk, child))[0])
    assert await linked(desk, target) == []


async def linked(desk: Desk, number: int) -> list[tuple[str, int]]:
    """The links shown on a ticket."""
    import orjson

    shown = orjson.loads((await queries.ticket(desk.rt.database, desk.anna.id, number)).json)["links"]
    return [(link["relation"], link["ticket_id"]) for link in shown]


async def test_a_strangers_words_are_split_off_as_his_own_and_a_machine_is_not_answered(desk: Desk) -> None:
    otto, number = await desk.person("otto@customer.test"), await desk.ticket()
    async with desk.rt.transaction(Actor(None, Via.EMAIL)) as tx:
        strange = await comments.add(tx, number, comments.Said("Mine too.", author_id=otto.id, flagged="Not a participant."))
        machine = await comments.add(tx, number, comments.Said("Toner low.", author_id=otto.id, automatic=True))
    for said in (strange, machine):
        async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
            opened = await splitting.split(tx, said)
        comment, event = await Comment.get(id=opened.comment_id), await Event.get(ticket_id=opened.ticket_id, kind="ticket.opened")
        assert (await Ticket.get(id=opened.ticket_id)).requester_id == otto.id
        assert (comment.flagged, comment.automatic, event.data["answerable"]) == (
            ("Not a participant.", False, True) if said == strange else (None, True, False)
        )
