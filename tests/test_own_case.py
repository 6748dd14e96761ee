"""Nobody works on his own case: whoever asks, or is in copy, reads no notes about it, wherever it goes on."""

from __future__ import annotations

import pytest

from core import merging, participants, people_merging, tickets, users
from core.errors import Forbidden, Invalid, NotFound
from core.models.people import Role, User
from core.models.record import Notification
from core.models.tickets import Ticket
from core.runtime import SYSTEM, Actor
from tests.support.desk import Desk
from tests.test_merging import merge, read


async def see(desk: Desk, viewer: User, number: int) -> list[str]:
    """What somebody reads there; nothing when he does not see it."""
    try:
        return (await read(desk, viewer, number))[1]
    except NotFound:
        return []


async def complaint(desk: Desk, about: User) -> int:
    """Somebody's own ticket with a note about him, which goes on in another ticket; returns that one."""
    own, target = await desk.ticket(about), await desk.ticket()
    await desk.says(desk.boris, own, "To be fired.", public=False)
    await merge(desk, own, target, by=desk.boris)
    return target


async def test_a_colleague_in_copy_does_not_leave_by_himself(desk: Desk) -> None:
    target = await complaint(desk, desk.anna)
    with pytest.raises(Forbidden, match="Ask a colleague"):
        async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
            await participants.remove(tx, target, desk.anna.id)
    assert "To be fired." not in await see(desk, desk.anna, target)


async def test_taken_out_of_copy_he_is_still_no_staff_where_his_case_goes_on(desk: Desk) -> None:
    target = await complaint(desk, desk.anna)
    async with desk.rt.transaction(Actor(desk.boris.id)) as tx:
        await participants.remove(tx, target, desk.anna.id)
    assert "To be fired." not in await see(desk, desk.anna, target)
    with pytest.raises(Invalid):
        async with desk.rt.transaction(Actor(desk.boris.id)) as tx:
            await tickets.assign(tx, target, desk.anna.id)


async def test_who_becomes_staff_later_reads_no_notes_about_himself(desk: Desk) -> None:
    otto = await desk.person("otto@customer.test")
    target = await complaint(desk, otto)
    async with desk.rt.transaction(SYSTEM) as tx:
        await users.change(tx, otto.id, users.Change(role=Role.STAFF))
    assert "To be fired." not in await see(desk, otto, target)


async def test_nor_does_a_colleague_whom_the_requester_turns_out_to_be(desk: Desk) -> None:
    otto = await desk.person("otto@customer.test")
    target = await complaint(desk, otto)
    async with desk.rt.transaction(Actor(desk.admin.id)) as tx:
        await people_merging.merge(tx, otto.id, desk.anna.id)
    assert "To be fired." not in await see(desk, desk.anna, target)


async def test_a_note_rewritten_after_he_was_put_in_copy_is_not_shown_in_his_notices(desk: Desk) -> None:
    number = await desk.ticket()
    note = await desk.says(desk.boris, number, "Anna, please look.", public=False)
    [event_id] = [row["id"] for row in await desk.rt.database.rows("events.insert", [number], ["comment.added"], [f'{{"comment_id": {note}}}'],
                                                                   [desk.boris.id], ["api"], True, desk.rt.clock.now())]  # fmt: skip
    await Notification.create(user=desk.anna, event_id=event_id, ticket_id=number, reason="note", created_at=desk.rt.clock.now())
    from core import notifications

    assert b"please look" in (await notifications.page(desk.rt.database, desk.anna.id, unread=False, limit=5, cursor=None)).items
    async with desk.rt.transaction(Actor(desk.boris.id)) as tx:
        await participants.add(tx, number, desk.anna.id)
    assert b"please look" not in (await notifications.page(desk.rt.database, desk.anna.id, unread=False, limit=5, cursor=None)).items


async def test_a_requester_takes_no_ticket_from_those_who_work_on_it(desk: Desk) -> None:
    number = await desk.ticket()
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        await tickets.assign(tx, number, desk.anna.id)
    for wish in (participants.invite, participants.add):
        with pytest.raises((Invalid, Forbidden), match=r"works here|by mail address"):
            async with desk.rt.transaction(Actor(desk.eva.id)) as tx:
                await (wish(tx, number, "anna@example.org") if wish is participants.invite else wish(tx, number, desk.boris.id))
    assert (await Ticket.get(id=number)).assignee_id == desk.anna.id


async def test_people_in_copy_of_a_merged_ticket_can_leave_it(desk: Desk) -> None:
    pia, otto = await desk.person("pia@customer.test"), await desk.person("otto@customer.test")
    source, target = await desk.ticket(otto), await desk.ticket()
    async with desk.rt.transaction(Actor(desk.anna.id)) as tx:
        await participants.add(tx, source, pia.id)
        await merging.merge(tx, source, target, confirmed=True)
    async with desk.rt.transaction(Actor(pia.id)) as tx:
        await participants.remove(tx, source, pia.id)
    assert await see(desk, pia, source) == []
