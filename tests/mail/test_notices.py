"""Who is told of what, and by which channel: never of his own act, never twice, never of what he may not see, and as he chose."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import events, notices, notifications, tickets
from core.models.mail import Delivery
from core.models.people import User
from core.models.queues import Queue, QueueMember
from core.models.record import Notification
from core.models.tickets import Status
from core.models.ties import TicketMute, TicketWatcher
from core.notices import Channel
from core.notifications import Choice
from core.runtime import Actor
from tests.support.mail import EVA, MailDesk, letter

ANNA, BORIS = "anna@example.org", "boris@example.org"


async def assigned(post: MailDesk, to: User) -> int:
    """A ticket of eva's that somebody has, with everything about that told already."""
    ticket_id = await post.ticket(message_id="first@customer.test")
    async with post.rt.transaction(Actor(to.id)) as tx:
        await tickets.take(tx, ticket_id)
    await told(post)
    return ticket_id


async def told(post: MailDesk) -> dict[str, list[str]]:
    """What people have been told since the last look: `mail:address` and `app:name` → kinds."""
    assert await post.post() == []
    found: dict[str, list[str]] = {}
    for delivery in await Delivery.filter(state="sent").order_by("id").prefetch_related("message"):
        assert delivery.message is not None
        found.setdefault(f"mail:{delivery.recipient}", []).append(delivery.message.template)
    for one in await Notification.all().order_by("id").prefetch_related("user"):
        found.setdefault(f"app:{one.user.email}", []).append(one.reason)
    await Delivery.all().delete()
    await Notification.all().delete()
    return found


async def watch(post: MailDesk, ticket_id: int, user: User) -> None:
    await TicketWatcher.create(ticket_id=ticket_id, user=user, added_at=post.rt.clock.now())


async def test_an_answer_of_the_requester_is_told_to_assignee_and_watchers(post: MailDesk) -> None:
    ticket_id = await assigned(post, post.desk.anna)
    await watch(post, ticket_id, post.desk.boris)
    await post.receive(letter("And?", in_reply_to="<first@customer.test>"))
    expected = ["requester_replied"]
    assert await told(post) == {f"{channel}:{who}": expected for channel in ("mail", "app") for who in (ANNA, BORIS)}


async def test_nobody_is_told_of_his_own_act(post: MailDesk) -> None:
    ticket_id = await assigned(post, post.desk.anna)
    await post.desk.says(post.desk.anna, ticket_id, "Note to myself.", public=False)
    async with post.rt.transaction(Actor(post.desk.anna.id)) as tx:
        await tickets.assign(tx, ticket_id, None)
    assert await told(post) == {}


async def test_a_mention_is_told_once_and_as_a_mention(post: MailDesk) -> None:
    ticket_id = await assigned(post, post.desk.anna)
    await post.desk.says(post.desk.boris, ticket_id, "What do you think, @anna? And @nobody, @eva, @boris.", public=False)
    assert await told(post) == {f"mail:{ANNA}": ["mentioned"], f"app:{ANNA}": ["mentioned"]}


async def test_a_mention_in_a_public_answer_calls_nobody(post: MailDesk) -> None:
    ticket_id = await assigned(post, post.desk.anna)
    await post.desk.says(post.desk.anna, ticket_id, "Ask @boris.")
    assert f"app:{BORIS}" not in await told(post)


async def test_who_may_not_see_a_ticket_is_not_told_by_a_mention(post: MailDesk) -> None:
    queue = await post.desk.private_queue("People", [post.desk.boris])
    ticket_id = await post.desk.ticket(queue=queue)
    await post.desk.says(post.desk.boris, ticket_id, "Look, @anna.", public=False)
    assert await told(post) == {}


async def test_a_queue_hears_of_what_nobody_has(post: MailDesk) -> None:
    await QueueMember.create(queue=post.desk.queue, user=post.desk.anna)
    await post.ticket(message_id="first@customer.test")
    assert await told(post) == {f"mail:{EVA}": ["receipt"], f"app:{ANNA}": ["new_ticket"]}
    await post.receive(letter("And?", in_reply_to="<first@customer.test>"))
    assert await told(post) == {f"mail:{ANNA}": ["requester_replied"], f"app:{ANNA}": ["requester_replied"]}


@pytest.mark.parametrize("channel", ["mail", "in_app"])
async def test_everybody_chooses_for_himself(post: MailDesk, channel: Channel) -> None:
    ticket_id = await assigned(post, post.desk.anna)
    async with post.rt.transaction(Actor(post.desk.anna.id)) as tx:
        await notifications.choose(tx, [Choice("requester_replied", "mine", channel, enabled=False)])
    await watch(post, ticket_id, post.desk.boris)
    await post.receive(letter("And?", in_reply_to="<first@customer.test>"))
    kept = {"mail": f"app:{ANNA}", "in_app": f"mail:{ANNA}"}[channel]
    assert set(await told(post)) == {kept, f"mail:{BORIS}", f"app:{BORIS}"}


async def test_who_asked_to_hear_of_new_tickets_does(post: MailDesk) -> None:
    await QueueMember.create(queue=post.desk.queue, user=post.desk.anna)
    async with post.rt.transaction(Actor(post.desk.anna.id)) as tx:
        await notifications.choose(tx, [Choice("new_ticket", "queue", "mail", enabled=True)])
    await post.ticket()
    assert (await told(post))[f"mail:{ANNA}"] == ["new_ticket"]


async def test_a_muted_ticket_is_silent_for_staff_and_for_its_requester(post: MailDesk) -> None:
    ticket_id = await assigned(post, post.desk.anna)
    for user in (post.desk.anna, post.desk.eva):
        await TicketMute.create(ticket_id=ticket_id, user=user, muted_at=post.rt.clock.now())
    await post.desk.says(post.desk.boris, ticket_id, "Done?", public=False)
    await post.desk.says(post.desk.boris, ticket_id, "Have you tried water?")
    assert await told(post) == {}


async def test_in_quiet_hours_only_what_makes_no_noise_is_used(post: MailDesk) -> None:
    ticket_id = await assigned(post, post.desk.anna)
    now = post.rt.clock.now()
    await User.filter(id=post.desk.anna.id).update(
        quiet_from=(now - timedelta(hours=1)).strftime("%H:%M"), quiet_until=(now + timedelta(hours=1)).strftime("%H:%M")
    )
    await post.receive(letter("And?", in_reply_to="<first@customer.test>"))
    assert await told(post) == {f"app:{ANNA}": ["requester_replied"]}
    await post.desk.says(post.desk.boris, ticket_id, "Psst.", public=False)
    post.rt.clock.advance(timedelta(hours=2))
    assert await told(post) == {f"mail:{ANNA}": ["note"], f"app:{ANNA}": ["note"]}


@pytest.mark.parametrize(
    ("hours", "zone", "clock", "quiet"),
    [
        (("22:00", "07:00"), "UTC", "23:30", True), (("22:00", "07:00"), "UTC", "06:59", True), (("22:00", "07:00"), "UTC", "07:00", False),
        (("12:00", "13:00"), "UTC", "12:30", True), (("12:00", "13:00"), "Europe/Berlin", "12:30", False),
        (("12:00", "13:00"), "Europe/Berlin", "11:30", True), ((None, None), "UTC", "03:00", False), (("12:00", "13:00"), "Nowhere/Land", "12:30", True),
    ],
)  # fmt: skip
def test_quiet_hours_are_those_of_the_persons_clock(hours: tuple[str | None, str | None], zone: str, clock: str, quiet: bool) -> None:
    from datetime import UTC, datetime

    now = datetime.fromisoformat(f"2026-11-02T{clock}").replace(tzinfo=UTC)
    assert notices.is_quiet({"quiet_from": hours[0], "quiet_until": hours[1], "time_zone": zone}, now) is quiet


async def test_watchers_hear_of_colleagues_answers_and_of_the_end(post: MailDesk) -> None:
    ticket_id = await assigned(post, post.desk.anna)
    await watch(post, ticket_id, post.desk.boris)
    await post.desk.says(post.desk.anna, ticket_id, "Use water.")
    assert await told(post) == {
        f"mail:{EVA}": ["reply"], f"app:{EVA}": ["reply"], f"mail:{BORIS}": ["staff_replied"], f"app:{BORIS}": ["staff_replied"],
    }  # fmt: skip
    async with post.rt.transaction(Actor(post.desk.eva.id)) as tx:
        await tickets.set_status(tx, ticket_id, Status.CLOSED)
    assert await told(post) == {f"app:{ANNA}": ["finished"], f"app:{BORIS}": ["finished"]}


async def test_who_lost_sight_of_a_ticket_hears_no_more_of_it(post: MailDesk) -> None:
    ticket_id = await assigned(post, post.desk.anna)
    await watch(post, ticket_id, post.desk.boris)
    await Queue.filter(id=post.desk.queue.id).update(private=True)
    await post.receive(letter("And?", in_reply_to="<first@customer.test>"))
    assert await told(post) == {}


def test_every_notice_to_colleagues_can_be_chosen_about() -> None:
    from core.mail.templates import EVENTS

    assert set(notices.CHOICES) == {kind for kind, reader in EVENTS.items() if reader == "staff"}
    assert all(event in events.KINDS for event in ("comment.added", "ticket.woke"))
