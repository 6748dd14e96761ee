"""Connected mailboxes whose password was sealed with a key that is gone: each says so itself, and the others go on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core import mailboxes
from core.keys import Keys
from core.models.alarms import Alarm
from core.models.queues import Mailbox
from core.runtime import Actor
from tests.fakes.dovecot import Dovecot, dovecot_running, needs_dovecot
from tests.support.commands import says
from tests.support.desk import Desk
from tests.support.imap import box_of, connection, count, door_open
from tests.support.mail import SUPPORT, letter, until

SALES = "sales@example.org"


@pytest.fixture
def dovecot(unused_tcp_port: int) -> Iterator[Dovecot]:
    with dovecot_running(unused_tcp_port) as server:
        yield server


async def sealed_box(desk: Desk, dovecot: Dovecot, keys: Keys) -> Mailbox:
    """One more connected mailbox, its password sealed with these keys."""
    async with desk.rt.transaction(Actor(desk.admin.id)) as tx:
        box = await mailboxes.add(tx, SALES, mailboxes.MailboxFields(desk.queue.id, "Sales", "en", 50, plus_addressing=True))
        tx.keys = keys
        await mailboxes.connect(tx, box.id, connection(dovecot, user=SALES))
    return box


@needs_dovecot
async def test_a_mailbox_whose_secret_cannot_be_opened_alarms_and_the_others_go_on(desk: Desk, dovecot: Dovecot) -> None:
    broken = await sealed_box(desk, dovecot, Keys(["of another desk" * 3]))
    await box_of(desk, dovecot)
    async with door_open(desk):
        dovecot.deliver(SUPPORT, letter())
        await until(count(1))
        await until(Alarm.filter(name=f"mailbox:{broken.id}", cleared_at=None).exists)
    (alarm,) = await Alarm.all()
    assert SALES in alarm.detail and "SECRET_KEYS" in alarm.detail and "connect the mailbox again" in alarm.detail
    assert "SECRET_KEYS" in ((await Mailbox.get(id=broken.id)).last_error or "")
    assert (await Mailbox.get(id=desk.mailbox.id)).last_error is None


@needs_dovecot
async def test_a_mailbox_that_is_connected_again_after_its_key_was_lost_is_fetched_and_the_alarm_ends(desk: Desk, dovecot: Dovecot) -> None:
    broken = await sealed_box(desk, dovecot, Keys(["of another desk" * 3]))
    async with door_open(desk):
        await until(Alarm.filter(cleared_at=None).exists)
        async with desk.rt.transaction(Actor(desk.admin.id)) as tx:
            await mailboxes.connect(tx, broken.id, connection(dovecot, user=SALES))
        await until(Alarm.filter(cleared_at__isnull=False).exists)
        dovecot.deliver(SALES, letter(to=SALES))
        await until(count(1))
    assert (await Mailbox.get(id=broken.id)).last_error is None


@needs_dovecot
async def test_the_list_and_the_audit_tell_of_the_mailbox_that_cannot_be_opened_and_go_on(
    desk: Desk, dovecot: Dovecot, database_url: str
) -> None:
    await sealed_box(desk, dovecot, Keys(["of another desk" * 3]))
    async with desk.rt.transaction(Actor(desk.admin.id)) as tx:
        by_smtp = mailboxes.MailboxFields(desk.queue.id, "Press", "en", 60, plus_addressing=True)
        await mailboxes.add(tx, "press@example.org", by_smtp)
    await box_of(desk, dovecot)
    dovecot.deliver(SUPPORT, letter())
    status, listed = says(desk.rt, database_url, "mailbox", "list")
    assert (status, "SECRET_KEYS" in listed, f"from INBOX of {SUPPORT} at 127.0.0.1" in listed) == (0, True, True)
    assert "by SMTP" in listed
    status, audited = says(desk.rt, database_url, "mail", "audit")
    assert (status, f"{SALES}: nobody can look into it." in audited, "SECRET_KEYS" in audited) == (1, True, True)
    assert f"wait in {SUPPORT}" in audited and "NOT everything is accounted for: 1 gap(s)" in audited


@needs_dovecot
async def test_a_new_key_before_the_old_one_opens_what_the_old_one_sealed(desk: Desk, dovecot: Dovecot) -> None:
    old = Keys(["the first key of this desk, years ago"])
    await sealed_box(desk, dovecot, old)
    desk.rt.keys = Keys(["the new key of this desk, from today on", old.exported()])
    async with door_open(desk):
        await until(Mailbox.filter(address=SALES, last_seen_at__isnull=False).exists)
    assert not await Alarm.all().exists()
