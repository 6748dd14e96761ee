"""Older mail of a connected mailbox: it comes when it is asked for, quietly, and only what was asked for, also when the folder was made anew."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.imap.fetcher import Fetcher
from bot.intake import Intake
from core import mailboxes
from core.imap.audit import look_for_gaps
from core.imap.box import Box, begin, box_for
from core.imap.client import connected
from core.mail import ledger
from core.mail.inbound import Envelope
from core.models.mail import InboundMail
from core.models.record import Event
from core.models.tickets import Ticket
from core.runtime import Actor
from tests.fakes.dovecot import Dovecot, dovecot_running, needs_dovecot
from tests.support.desk import Desk
from tests.support.imap import box_of, connection, fetched
from tests.support.mail import SUPPORT, MailDesk, execute, letter

DAY = timedelta(days=1)


@pytest.fixture
def dovecot(unused_tcp_port: int) -> Iterator[Dovecot]:
    with dovecot_running(unused_tcp_port) as server:
        client = server.login(SUPPORT)
        client.create("Support")
        client.logout()
        yield server


def lies_there(dovecot: Dovecot, subject: str, came: datetime, folder: str = "INBOX", written: datetime | None = None) -> None:
    """A mail that came at an instant, and was written then unless told otherwise."""
    dovecot.deliver(SUPPORT, letter(subject=subject, Date=format_datetime(written or came)), folder, came)


async def asked_for(desk: Desk, dovecot: Dovecot, since: datetime, **values: object) -> tuple[Box, int]:
    """The mailbox, connected as `helpdesk mailbox add --since` does it, and how many mails that found."""
    box = Box(desk.mailbox.id, SUPPORT, connection(dovecot, **values).since(since))
    async with desk.rt.transaction(Actor(desk.admin.id)) as tx:
        await mailboxes.connect(tx, box.id, box.connection)
    return box, await begin(desk.rt, box, since)


async def subjects(post: MailDesk) -> list[str]:
    """File what was taken; the subjects of the tickets, in the order they were opened."""
    for row in await InboundMail.filter(disposition=None).order_by("id"):
        await post.mailroom.file_mail({"inbound_mail": row.id})
    return [ticket.subject for ticket in await Ticket.all().order_by("id")]


async def told(post: MailDesk) -> list[str]:
    """The subjects of the tickets of which anybody is told."""
    rows = await execute(post.rt, "SELECT payload FROM pgqueuer WHERE entrypoint <> 'file_mail'")
    tickets = {json.loads(row["payload"])["ticket"] for row in rows}
    return sorted([ticket.subject for ticket in await Ticket.filter(id__in=tickets)])


class Then(Intake):
    """Something happens as soon as the first mail was taken."""

    def __init__(self, desk: Desk, happens: Callable[[], Awaitable[object]]) -> None:
        super().__init__(desk.rt)
        self._happens: Callable[[], Awaitable[object]] | None = happens

    async def take(self, envelope: Envelope, raw: bytes) -> int:
        taken = await super().take(envelope, raw)
        if (happens := self._happens) is not None:
            self._happens = None
            await happens()
        return taken


@needs_dovecot
async def test_older_mail_that_is_asked_for_opens_tickets_and_nobody_is_told(post: MailDesk, dovecot: Dovecot) -> None:
    today = post.rt.clock.now()
    for days in (30, 3, 0):
        lies_there(dovecot, f"{days} days ago", today - days * DAY - timedelta(minutes=1))
    box, found = await asked_for(post.desk, dovecot, today - 40 * DAY)
    lies_there(dovecot, "After that", today)
    assert (found, await fetched(post.desk, box)) == (3, 4)
    assert await subjects(post) == ["30 days ago", "3 days ago", "0 days ago", "After that"]
    assert await told(post) == ["After that"]
    assert await post.post() == [] and [mail.recipient for mail in post.relay.arrived if "After that" not in mail.everything] == []
    quiet = await Ticket.get(subject="3 days ago")
    assert {event.quiet for event in await Event.filter(ticket_id=quiet.id)} == {True}


@needs_dovecot
async def test_an_answer_in_older_mail_is_filed_and_nobody_is_told_beside_mail_of_which_people_are(
    post: MailDesk, dovecot: Dovecot
) -> None:
    today = post.rt.clock.now()
    number = await post.ticket(subject="Known", message_id="known@customer.test")
    await post.post()
    answer = letter("More of it.", in_reply_to="<known@customer.test>", Date=format_datetime(today - 3 * DAY))
    dovecot.deliver(SUPPORT, answer, came=today - 3 * DAY)
    box, _ = await asked_for(post.desk, dovecot, today - 5 * DAY)
    await fetched(post.desk, box)
    assert await subjects(post) == ["Known"]
    row = await InboundMail.get(door="imap")
    assert (row.ticket_id, row.trace["quiet"], await told(post)) == (number, True, [])


@needs_dovecot
async def test_only_mail_that_came_on_that_day_or_later_is_taken_in_whatever_order_it_lies(post: MailDesk, dovecot: Dovecot) -> None:
    since = (post.rt.clock.now() - 10 * DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    lies_there(dovecot, "On that day", since)
    lies_there(dovecot, "Long before", since - 700 * DAY)
    lies_there(dovecot, "A second before", since - timedelta(seconds=1))
    lies_there(dovecot, "Later", since + 2 * DAY)
    box, found = await asked_for(post.desk, dovecot, since)
    assert (found, await fetched(post.desk, box), await fetched(post.desk, box)) == (2, 2, 0)
    assert await subjects(post) == ["On that day", "Later"]
    looked = await look_for_gaps(post.rt, box)
    assert (looked.waiting, looked.gaps) == (0, [])


@needs_dovecot
async def test_a_mail_that_somebody_moves_here_later_is_taken_however_old_it_is(post: MailDesk, dovecot: Dovecot) -> None:
    box, _ = await asked_for(post.desk, dovecot, post.rt.clock.now() - DAY)
    lies_there(dovecot, "Was taken for spam", post.rt.clock.now() - 9 * DAY)
    assert await fetched(post.desk, box) == 1
    assert await subjects(post) == await told(post) == ["Was taken for spam"]


@needs_dovecot
async def test_older_mail_that_is_asked_for_while_mail_is_fetched_is_not_passed_over(post: MailDesk, dovecot: Dovecot) -> None:
    today = post.rt.clock.now()
    lies_there(dovecot, "Old", today - 3 * DAY)
    box = await box_of(post.desk, dovecot)
    lies_there(dovecot, "New", today)

    async def asks() -> None:
        assert (await asked_for(post.desk, dovecot, today - 5 * DAY))[1] == 2

    async with connected(box.connection) as client:
        await Fetcher(post.rt, Then(post.desk, asks), box).fetch_new(client)
    await fetched(post.desk, box)
    assert await subjects(post) == ["New", "Old"] and await told(post) == ["New"]


@needs_dovecot
async def test_a_folder_made_anew_gives_nothing_of_before_and_what_is_old_is_filed_quietly(post: MailDesk, dovecot: Dovecot) -> None:
    today = post.rt.clock.now()
    lies_there(dovecot, "Before the desk", today - 30 * DAY, "Support")
    post.rt.clock.advance(-10 * DAY)
    box = await box_of(post.desk, dovecot, folder="Support")
    post.rt.clock.advance(10 * DAY)
    lies_there(dovecot, "Days ago", today - 5 * DAY, "Support")
    lies_there(dovecot, "Copied by a tool that knows no dates", today, "Support", written=today - 5 * DAY)
    lies_there(dovecot, "Today", today, "Support")
    dovecot.recreate(SUPPORT, "Support")
    before = await look_for_gaps(post.rt, box)
    assert (before.waiting, before.gaps) == (3, [])
    assert await fetched(post.desk, box) == 3
    lies_there(dovecot, "After that", today, "Support")
    assert await fetched(post.desk, box) == 1
    assert await subjects(post) == ["Days ago", "Copied by a tool that knows no dates", "Today", "After that"]
    assert await told(post) == ["After that", "Today"]
    after = await look_for_gaps(post.rt, box)
    assert (after.waiting, after.gaps) == (0, [])


@needs_dovecot
async def test_a_look_at_a_folder_made_anew_that_was_broken_off_goes_on_as_carefully(post: MailDesk, dovecot: Dovecot) -> None:
    today = post.rt.clock.now()
    post.rt.clock.advance(-10 * DAY)
    box = await box_of(post.desk, dovecot, folder="Support")
    post.rt.clock.advance(10 * DAY)
    for subject, days in (("One", 5), ("Two", 4), ("Before the desk", 30)):
        lies_there(dovecot, subject, today - days * DAY, "Support")
    dovecot.recreate(SUPPORT, "Support")

    async def hangs_up() -> None:
        raise ConnectionResetError

    async with connected(box.connection) as client:
        with pytest.raises(ConnectionResetError):
            await Fetcher(post.rt, Then(post.desk, hangs_up), box).fetch_new(client)
    assert await fetched(post.desk, box) == 2
    assert await subjects(post) == ["One", "Two"] and await told(post) == []


@needs_dovecot
async def test_mail_that_comes_before_the_first_look_into_a_connected_mailbox_is_taken(post: MailDesk, dovecot: Dovecot) -> None:
    today = post.rt.clock.now()
    lies_there(dovecot, "Before the desk", today - timedelta(minutes=1))
    box = Box(post.desk.mailbox.id, SUPPORT, connection(dovecot))
    async with post.rt.transaction(Actor(post.desk.admin.id)) as tx:  # as the API does it: no bot may run
        await mailboxes.connect(tx, box.id, box.connection)
    box = box_for(post.rt, await mailboxes.by_id(box.id))
    lies_there(dovecot, "After that", post.rt.clock.now() + timedelta(seconds=2))
    assert (await look_for_gaps(post.rt, box)).waiting == 1
    assert (await fetched(post.desk, box), await fetched(post.desk, box)) == (1, 0)
    assert await subjects(post) == await told(post) == ["After that"]


@needs_dovecot
async def test_why_a_mail_was_filed_quietly_is_told(post: MailDesk, dovecot: Dovecot) -> None:
    lies_there(dovecot, "Old", post.rt.clock.now() - 3 * DAY)
    box, _ = await asked_for(post.desk, dovecot, datetime(2020, 1, 1, tzinfo=UTC))
    await fetched(post.desk, box)
    await subjects(post)
    entry = await ledger.why(post.rt.database, (await InboundMail.get()).id)
    assert any("nobody was told" in line for line in ledger.told(entry))
