"""The IMAP door against a real server: each mail once, in order, also when the server, the connection or the folder goes and comes back."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.imap.fetcher import Fetcher, Left
from bot.intake import Intake
from core import mailboxes, queues
from core.errors import Invalid, PermanentFailure, TemporaryFailure
from core.imap.audit import look_for_gaps
from core.imap.box import Box, begin
from core.imap.client import connected
from core.imap.names import quoted
from core.imap.trial import comes_back, look
from core.mail.connection import Connection, checked
from core.mail.header_ids import addressees
from core.mail.inbound import Envelope
from core.models.alarms import Alarm
from core.models.mail import Disposition, ImapPosition, InboundMail
from core.models.queues import Mailbox
from core.models.tickets import Comment, Ticket
from core.runtime import SYSTEM, Actor
from tests.fakes.dovecot import PASSWORD, Dovecot, dovecot_running, needs_dovecot
from tests.fakes.imap_hanging_up import imap_hanging_up
from tests.support.desk import Desk
from tests.support.imap import box_of, connection, count, door_open, fetched
from tests.support.mail import SUPPORT, MailDesk, letter, until


@pytest.fixture
def dovecot(unused_tcp_port: int) -> Iterator[Dovecot]:
    with dovecot_running(unused_tcp_port) as server:
        yield server


class PausesAfter(Intake):
    """Somebody pauses the mailbox as soon as so many mails were taken."""

    def __init__(self, desk: Desk, mails: int) -> None:
        super().__init__(desk.rt)
        self._desk, self._left = desk, mails

    async def take(self, envelope: Envelope, raw: bytes) -> int:
        taken = await super().take(envelope, raw)
        self._left -= 1
        if not self._left:
            async with self._desk.rt.transaction(Actor(self._desk.admin.id)) as tx:
                await mailboxes.pause(tx, self._desk.mailbox.id, paused=True)
        return taken


@needs_dovecot
async def test_a_new_mailbox_begins_with_what_comes_from_now_on(desk: Desk, dovecot: Dovecot) -> None:
    dovecot.deliver(SUPPORT, letter("Of last year."))
    box = await box_of(desk, dovecot)
    assert await fetched(desk, box) == 0
    raw = letter("Of today.")
    dovecot.deliver(SUPPORT, raw)
    assert (await fetched(desk, box), await fetched(desk, box)) == (1, 0)
    row = await InboundMail.get()
    assert (row.door, row.mailbox_id, row.envelope_from, row.envelope_to, await desk.rt.blobs.read(row.blob)) == (
        "imap",
        box.id,
        None,
        [SUPPORT],
        raw,
    )
    [(flags, _), (after, _)] = dovecot.mails(SUPPORT)
    assert b"Seen" not in flags + after


@needs_dovecot
async def test_older_mail_comes_when_it_is_asked_for(desk: Desk, dovecot: Dovecot) -> None:
    for number in range(3):
        dovecot.deliver(SUPPORT, letter(f"Of before, {number}."))
    box = Box(desk.mailbox.id, SUPPORT, connection(dovecot))
    async with desk.rt.transaction(Actor(desk.admin.id)) as tx:
        await mailboxes.connect(tx, box.id, box.connection.since(datetime(2020, 1, 1, tzinfo=UTC)))
    assert await begin(desk.rt, box, datetime(2020, 1, 1, tzinfo=UTC)) == 3
    assert await fetched(desk, box) == 3


@needs_dovecot
@pytest.mark.parametrize(("afterwards", "left", "moved"), [("leave", 1, 0), ("flag", 1, 0), ("move", 0, 1)])
async def test_what_the_desk_has_is_left_flagged_or_moved_there(
    desk: Desk, dovecot: Dovecot, afterwards: str, left: int, moved: int
) -> None:
    client = dovecot.login(SUPPORT)
    client.create('"At the desk"')
    client.logout()
    box = await box_of(desk, dovecot, afterwards=afterwards, move_to="At the desk" if moved else "")
    dovecot.deliver(SUPPORT, letter())
    await fetched(desk, box)
    assert (len(dovecot.mails(SUPPORT)), len(dovecot.mails(SUPPORT, '"At the desk"'))) == (left, moved)
    if afterwards == "flag":
        assert b"\\Flagged" in dovecot.mails(SUPPORT)[0][0]


@needs_dovecot
async def test_a_folder_made_anew_is_read_again_and_nothing_is_filed_twice(post: MailDesk, dovecot: Dovecot) -> None:
    client = dovecot.login(SUPPORT)
    client.create("Support")
    client.logout()
    box = await box_of(post.desk, dovecot, folder="Support")
    dovecot.deliver(SUPPORT, letter("One."), "Support")
    assert await fetched(post.desk, box) == 1
    dovecot.recreate(SUPPORT, "Support")
    dovecot.deliver(SUPPORT, letter("Two."), "Support")
    assert await fetched(post.desk, box) == 2
    for row in await InboundMail.all().order_by("id"):
        await post.mailroom.file_mail({"inbound_mail": row.id})
    assert [row.disposition for row in await InboundMail.all().order_by("id")] == [
        Disposition.NEW_TICKET,
        Disposition.DUPLICATE,
        Disposition.NEW_TICKET,
    ]
    assert await fetched(post.desk, box) == 0


@needs_dovecot
async def test_a_mail_whose_place_was_not_noted_is_taken_once_all_the_same(desk: Desk, dovecot: Dovecot) -> None:
    box = await box_of(desk, dovecot)
    dovecot.deliver(SUPPORT, letter())
    assert await fetched(desk, box) == 1
    await ImapPosition.all().update(last_uid=0)  # as after a crash between the two
    assert await fetched(desk, box) == 1
    assert await InboundMail.all().count() == 1


@needs_dovecot
async def test_a_mail_that_is_too_large_is_told_of_and_stays_there(post: MailDesk, dovecot: Dovecot) -> None:
    box = await box_of(post.desk, dovecot)
    rt = replace(post.rt, settings=post.rt.settings.model_copy(update={"mail_size_limit": 65536}))
    dovecot.deliver(SUPPORT, letter("x" * 100_000, subject="Scans"))
    async with connected(box.connection) as client:
        await Fetcher(rt, Intake(rt), box).fetch_new(client)
    row = await InboundMail.get()
    await post.mailroom.file_mail({"inbound_mail": row.id})
    row = await InboundMail.get(id=row.id)
    ticket, comment = await Ticket.get(id=row.ticket_id), await Comment.get(id=row.comment_id)
    assert (ticket.subject, "larger than 65536" in comment.body, ticket.requester_id) == ("Scans", True, post.desk.eva.id)


@needs_dovecot
async def test_the_door_is_told_at_once_and_survives_a_server_that_goes_and_comes(desk: Desk, dovecot: Dovecot) -> None:
    await box_of(desk, dovecot)
    async with door_open(desk):
        dovecot.deliver(SUPPORT, letter("One."))
        await until(count(1))
        dovecot.deliver(SUPPORT, letter("Two."))
        await until(count(2))
        dovecot.stop()

        async def alarmed() -> bool:
            return await Alarm.filter(cleared_at=None).exists()

        await until(alarmed, 30)
        assert (await Mailbox.get(id=desk.mailbox.id)).last_error
        dovecot.start()
        dovecot.deliver(SUPPORT, letter("Three."))
        await until(count(3))

        async def over() -> bool:
            return not await alarmed()

        await until(over, 30)
    assert [await desk.rt.blobs.read(row.blob) for row in await InboundMail.all().order_by("id")] == [
        raw for _, raw in dovecot.mails(SUPPORT)
    ]


@pytest.mark.parametrize("at", ["GREETING", "LOGIN", "SELECT", "UID", "IDLE", "DONE"])
async def test_a_server_that_hangs_up_is_noticed_at_once_whatever_was_asked(desk: Desk, at: str) -> None:
    async with imap_hanging_up(at) as port:
        box = Box(desk.mailbox.id, SUPPORT, Connection("127.0.0.1", SUPPORT, port, "none", password=PASSWORD))
        async with desk.rt.transaction(Actor(desk.admin.id)) as tx:
            await mailboxes.connect(tx, box.id, box.connection)
        with pytest.raises(TemporaryFailure):
            async with asyncio.timeout(5):
                await Fetcher(desk.rt, Intake(desk.rt), box).run()


@needs_dovecot
async def test_of_many_processes_one_fetches_and_another_goes_on_when_it_ends(desk: Desk, dovecot: Dovecot) -> None:
    await box_of(desk, dovecot)
    async with door_open(desk) as first:
        dovecot.deliver(SUPPORT, letter("One."))
        await until(count(1))
        async with door_open(desk):
            dovecot.deliver(SUPPORT, letter("Two."))
            await until(count(2))
            await first.close()
            dovecot.deliver(SUPPORT, letter("Three."))
            await until(count(3))
    assert await InboundMail.all().count() == 3


@needs_dovecot
async def test_a_paused_mailbox_is_left_alone_and_goes_on_where_it_stopped(desk: Desk, dovecot: Dovecot) -> None:
    box = await box_of(desk, dovecot)
    for paused in (True, False):
        async with desk.rt.transaction(Actor(desk.admin.id)) as tx:
            await mailboxes.pause(tx, box.id, paused=paused)
        if paused:
            dovecot.deliver(SUPPORT, letter())
            assert await desk.rt.database.rows("imap.boxes") == []
    async with door_open(desk):
        await until(count(1))


@needs_dovecot
async def test_a_mailbox_that_is_paused_is_left_alone_at_once(desk: Desk, dovecot: Dovecot) -> None:
    box = await box_of(desk, dovecot)
    for number in range(2):
        dovecot.deliver(SUPPORT, letter(f"Mail {number}."))
    fetcher = Fetcher(desk.rt, PausesAfter(desk, 1), box)
    with pytest.raises(Left):
        await fetcher.run()
    assert await InboundMail.all().count() == 1
    with pytest.raises(Left):
        await fetched(desk, box)
    async with desk.rt.transaction(Actor(desk.admin.id)) as tx:
        await mailboxes.pause(tx, box.id, paused=False)
    assert await fetched(desk, box) == 1
    assert await InboundMail.all().count() == 2


@needs_dovecot
@pytest.mark.parametrize("how", ["disconnected", "connected elsewhere"])
async def test_a_mailbox_that_is_fetched_no_longer_is_left_alone_at_once(desk: Desk, dovecot: Dovecot, how: str) -> None:
    box = await box_of(desk, dovecot)
    dovecot.deliver(SUPPORT, letter())
    async with desk.rt.transaction(Actor(desk.admin.id)) as tx:
        if how == "disconnected":
            await mailboxes.disconnect(tx, box.id)
        else:
            await mailboxes.connect(tx, box.id, replace(box.connection, user="other@example.org"))
    with pytest.raises(Left):
        await fetched(desk, box)
    assert not await InboundMail.all().exists()
    assert await ImapPosition.all().count() == (how == "disconnected")  # what was read there says nothing of another place


@needs_dovecot
async def test_a_mailbox_that_is_resumed_is_fetched_again_by_the_same_door_and_pausing_is_no_failure(desk: Desk, dovecot: Dovecot) -> None:
    box = await box_of(desk, dovecot)
    async with door_open(desk):
        dovecot.deliver(SUPPORT, letter("One."))
        await until(count(1))
        async with desk.rt.transaction(Actor(desk.admin.id)) as tx:
            await mailboxes.pause(tx, box.id, paused=True)
        dovecot.deliver(SUPPORT, letter("Two."))
        async with desk.rt.transaction(Actor(desk.admin.id)) as tx:
            await mailboxes.pause(tx, box.id, paused=False)
        await until(count(2))
    assert (await Mailbox.get(id=box.id)).last_error is None and not await Alarm.all().exists()


@needs_dovecot
async def test_a_mailbox_that_is_connected_anew_goes_on_where_it_stopped(desk: Desk, dovecot: Dovecot) -> None:
    box = await box_of(desk, dovecot)
    for words in ("One.", "Two."):
        dovecot.deliver(SUPPORT, letter(words))
    async with desk.rt.transaction(Actor(desk.admin.id)) as tx:
        await mailboxes.connect(tx, desk.mailbox.id, connection(dovecot))
    await begin(desk.rt, box)
    assert await fetched(desk, box) == 2


@needs_dovecot
async def test_older_mail_is_fetched_later_when_it_is_asked_for_and_nothing_twice(desk: Desk, dovecot: Dovecot) -> None:
    dovecot.deliver(SUPPORT, letter("Old."))
    box = await box_of(desk, dovecot)
    dovecot.deliver(SUPPORT, letter("New."))
    assert await fetched(desk, box) == 1
    assert await begin(desk.rt, box, desk.rt.clock.now() - timedelta(days=3)) == 2
    assert await fetched(desk, box) == 2
    assert await InboundMail.all().count() == 2


@needs_dovecot
async def test_mail_that_arrives_while_another_is_put_away_is_taken_at_once(desk: Desk, dovecot: Dovecot) -> None:
    client = dovecot.login(SUPPORT)
    client.create("Done")
    client.logout()
    await box_of(desk, dovecot, afterwards="move", move_to="Done")
    async with door_open(desk):
        for number in range(40):
            await asyncio.to_thread(dovecot.deliver, SUPPORT, letter(f"Mail {number}."))
        await until(count(40))


@needs_dovecot
async def test_a_mail_that_the_server_cannot_give_is_stepped_over_and_told(desk: Desk, dovecot: Dovecot) -> None:
    box, stumbles = await box_of(desk, dovecot), Counter[int]()
    for words in ("One.", "Bad.", "Two."):
        dovecot.deliver(SUPPORT, letter(words))
    async with connected(box.connection) as client:
        await client.select()  # now the server knows of them all
    dovecot.spoil(SUPPORT, b"Bad.")
    for _ in range(5):
        with pytest.raises(TemporaryFailure):
            await Fetcher(desk.rt, Intake(desk.rt), box, stumbles=stumbles).run()
    at_last = asyncio.create_task(Fetcher(desk.rt, Intake(desk.rt), box, stumbles=stumbles).run())
    await until(Alarm.all().exists)
    at_last.cancel()
    await asyncio.gather(at_last, return_exceptions=True)
    assert await InboundMail.all().count() == 2
    assert [gap.partition(": ")[2] for gap in (await look_for_gaps(desk.rt, box)).gaps] == ["UID 2 lies in INBOX and was never taken"]
    (alarm,) = await Alarm.all()
    assert "UID 2" in alarm.detail


@needs_dovecot
async def test_the_audit_tells_what_waits_and_what_waits_in_vain(desk: Desk, dovecot: Dovecot) -> None:
    box = await box_of(desk, dovecot)
    dovecot.deliver(SUPPORT, letter())
    found = await look_for_gaps(desk.rt, box)
    assert (found.waiting, found.gaps) == (1, [])
    await Mailbox.filter(id=box.id).update(last_error="The folder cannot be opened.")
    found = await look_for_gaps(desk.rt, box)
    assert (found.waiting, len(found.gaps)) == (0, 1)
    dovecot.stop()
    assert "nobody can look into it" in (await look_for_gaps(desk.rt, box)).gaps[0]


@needs_dovecot
async def test_a_folder_that_mail_should_move_to_is_there_before_and_when_it_goes_mail_is_taken_all_the_same(
    desk: Desk, dovecot: Dovecot
) -> None:
    box = await box_of(desk, dovecot, afterwards="move", move_to="Done")
    with pytest.raises(PermanentFailure, match="no folder Done"):
        await look(box)
    for words in ("One.", "Two."):
        dovecot.deliver(SUPPORT, letter(words))
    assert await fetched(desk, box) == 2
    assert await InboundMail.all().count() == 2
    assert "stays where it was" in ((await Mailbox.get(id=desk.mailbox.id)).last_error or "")


async def test_a_connection_that_did_its_work_and_ended_is_no_failure(desk: Desk) -> None:
    ended: list[str] = []
    async with imap_hanging_up("DONE", ended) as port:
        async with desk.rt.transaction(Actor(desk.admin.id)) as tx:
            await mailboxes.connect(tx, desk.mailbox.id, Connection("127.0.0.1", SUPPORT, port, "none", password=PASSWORD))
        async with door_open(desk):
            await until(lambda: len(ended) > 5)
    assert not await Alarm.all().exists() and not (await Mailbox.get(id=desk.mailbox.id)).last_error


@needs_dovecot
async def test_a_folder_may_have_any_name(desk: Desk, dovecot: Dovecot) -> None:
    folder = 'Büro & "Post" \U0001f4ec 日本語'
    client = dovecot.login(SUPPORT)
    client.create(quoted(folder))
    client.logout()
    box = await box_of(desk, dovecot, folder=folder)
    dovecot.deliver(SUPPORT, letter(), quoted(folder))
    assert await fetched(desk, box) == 1


@pytest.mark.parametrize(
    ("folder", "written"), [("INBOX", '"INBOX"'), ("Büro & Co", '"B&APw-ro &- Co"'), ('a"b\\c', '"a\\"b\\\\c"'), ("台北", '"&U,BTFw-"')]
)
def test_a_folder_is_written_as_the_standard_wants(folder: str, written: str) -> None:
    assert quoted(folder) == written


@needs_dovecot
async def test_a_trial_is_seen_though_the_desk_moved_it_away(desk: Desk, dovecot: Dovecot) -> None:
    client = dovecot.login(SUPPORT)
    client.create("Done")
    client.logout()
    box = await box_of(desk, dovecot, afterwards="move", move_to="Done")

    class Relay:
        async def send(self, _sender: str, _recipient: str, content: bytes) -> None:
            dovecot.deliver(SUPPORT, content)
            assert await fetched(desk, box) == 1

        async def close(self) -> None: ...

    assert await comes_back(desk.rt, box, Relay(), 10)


@needs_dovecot
async def test_a_trial_shows_what_is_there_and_changes_nothing(desk: Desk, dovecot: Dovecot) -> None:
    for number in range(7):
        dovecot.deliver(SUPPORT, letter(subject=f"Matter {number}"))
    found = await look(Box(desk.mailbox.id, SUPPORT, connection(dovecot)))
    assert (found.count, list(found.newest)) == (7, [f"Matter {n}" for n in (6, 5, 4, 3, 2)])
    assert await InboundMail.all().count() == 0


@needs_dovecot
async def test_another_account_with_the_same_numbers_begins_anew(desk: Desk, dovecot: Dovecot) -> None:
    box = await box_of(desk, dovecot)
    dovecot.deliver(SUPPORT, letter("One."))
    await fetched(desk, box)
    other = replace(box, connection=replace(box.connection, user="other@example.org"))
    async with desk.rt.transaction(Actor(desk.admin.id)) as tx:
        await mailboxes.connect(tx, box.id, other.connection)
    assert await ImapPosition.all().count() == 0
    assert other.names(1) != box.names(1)


@needs_dovecot
async def test_a_mail_that_nobody_can_address_stops_no_other(desk: Desk, dovecot: Dovecot) -> None:
    box = await box_of(desk, dovecot)
    dovecot.deliver(SUPPORT, letter(to="(" * 5000))
    dovecot.deliver(SUPPORT, letter("Behind it."))
    assert await fetched(desk, box) == 2


@needs_dovecot
async def test_an_audit_finds_what_was_left_in_the_mailbox(desk: Desk, dovecot: Dovecot) -> None:
    dovecot.deliver(SUPPORT, letter("Of last year."))
    box = await box_of(desk, dovecot)
    for number in range(3):
        dovecot.deliver(SUPPORT, letter(f"Mail {number}"))
    await fetched(desk, box)
    assert (await look_for_gaps(desk.rt, box)).gaps == []
    row = (await InboundMail.all().order_by("id"))[1]
    await row.delete()
    assert ["UID 3 " in gap for gap in (await look_for_gaps(desk.rt, box)).gaps] == [True]


class Route:
    """The way of a mail from our relay into the mailbox; `leads` is False when it is lost on it."""

    def __init__(self, dovecot: Dovecot, *, leads: bool) -> None:
        self.dovecot, self.leads = dovecot, leads

    async def send(self, _sender: str, recipient: str, content: bytes) -> None:
        if self.leads:
            await asyncio.to_thread(self.dovecot.deliver, recipient, content)

    async def close(self) -> None:
        return None


@needs_dovecot
@pytest.mark.parametrize("leads", [True, False])
async def test_a_trial_sends_a_mail_to_itself_and_sees_whether_it_comes_back(post: MailDesk, dovecot: Dovecot, leads: bool) -> None:
    box = await box_of(post.desk, dovecot)
    assert await comes_back(post.rt, box, Route(dovecot, leads=leads), seconds=3 if leads else 0.2) is leads
    if leads:  # what comes back opens nothing
        await fetched(post.desk, box)
        row = await InboundMail.get()
        await post.mailroom.file_mail({"inbound_mail": row.id})
        assert (await InboundMail.get(id=row.id)).disposition == Disposition.REFUSED


@needs_dovecot
async def test_who_is_not_let_in_hears_what_to_do(dovecot: Dovecot) -> None:
    with pytest.raises(PermanentFailure, match="is the password right"):
        await look(Box(1, SUPPORT, connection(dovecot, password="wrong")))
    with pytest.raises(TemporaryFailure, match="cannot be opened"):
        await look(Box(1, SUPPORT, connection(dovecot, folder="Nowhere")))


async def test_a_server_that_is_not_there_is_told_in_a_sentence(unused_tcp_port: int) -> None:
    with pytest.raises(TemporaryFailure, match="does not answer as an IMAP server"):
        await look(Box(1, SUPPORT, Connection("127.0.0.1", SUPPORT, unused_tcp_port, "none", password="x")))


async def test_secrets_lie_sealed_in_the_database_and_come_back(desk: Desk) -> None:
    kept = Connection("imap.example.org", SUPPORT, password="s3cret", client_secret="hush")
    stored = kept.stored(desk.rt.keys)
    assert "s3cret" not in str(stored) and "hush" not in str(stored)
    assert Connection.restored(desk.rt.keys, stored) == kept


@pytest.mark.parametrize("wrong", [{"host": ""}, {"host": "http://x"}, {"user": ""}, {"password": ""}, {"refresh_token": "x"}, {"port": 0},
                                   {"folder": ""}, {"folder": "a\r\nb"}, {"afterwards": "move"}, {"move_to": "Done"},
                                   {"afterwards": "move", "move_to": "INBOX"}, {"afterwards": "move", "move_to": "inbox"},
                                   {"afterwards": "move", "folder": "Post", "move_to": "Post"},
                                   {"afterwards": "move", "folder": "Post", "move_to": "POST "}])  # fmt: skip
def test_a_connection_that_makes_no_sense_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        checked(Connection(**{"host": "imap.example.org", "user": SUPPORT, "password": "x", **wrong}))  # type: ignore[arg-type]
    assert refused.value.fields


@pytest.mark.parametrize("address", ["support@example.org", "anna@example.org", "sales+x@example.org", "nonsense"])
async def test_an_address_becomes_a_mailbox_only_when_it_is_free(desk: Desk, address: str) -> None:
    with pytest.raises(Exception, match=r"already|no \+|not a mail"):
        async with desk.rt.transaction(SYSTEM) as tx:
            await mailboxes.add(tx, address, mailboxes.MailboxFields(desk.queue.id, "Sales", "en", 100, plus_addressing=True))
    async with desk.rt.transaction(SYSTEM) as tx:
        other = await queues.add(tx, "Sales")
        box = await mailboxes.add(tx, "sales@example.org", mailboxes.MailboxFields(other.id, "Sales", "en", 100, plus_addressing=True))
    assert await Intake(desk.rt).mailbox_of(["sales+t7-x@example.org"]) == box.id


def test_whom_a_mail_was_delivered_to_is_read_from_what_delivery_wrote_first() -> None:
    raw = b"To: Team <team@lists.test>, b@x\r\nDelivered-To: support@example.org\r\nX-Gm-Original-To: sales@example.org\r\nCc: c@x\r\n\r\nTo: no@x\r\n"
    assert addressees(raw) == ["sales@example.org", "support@example.org", "team@lists.test", "b@x", "c@x"]
    assert addressees(b"") == addressees(b"\0\xff\r\n\r\n") == []
