"""What keeps a desk from flooding or being flooded: budgets, suppressed addresses, and alarms that operators are mailed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from core import alarms, blocking, health, suppressions, tickets, tokens, watching
from core.errors import Invalid
from core.mail.alarm import AlarmPostman
from core.mail.inbound import Envelope, accept, keep
from core.mail.templates import Templates
from core.models.alarms import Alarm, HourlyCount
from core.models.mail import Delivery, Disposition, Suppression
from core.models.record import Event
from core.models.tickets import Comment, Status
from core.runtime import SYSTEM, Actor
from tests.support.mail import EVA, SUPPORT, MailDesk, execute, letter

DSN = """This is the mail system. Your message could not be delivered.

<{who}>: host mx.customer.test said: {diagnostic}
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {who}
Action: failed
Status: {status}
Diagnostic-Code: smtp; {diagnostic}
--b
Content-Type: message/rfc822

Message-ID: <{original}>
Subject: Re: Printer
--b--
"""


async def bounced(post: MailDesk, *, status: str = "5.1.1", verp: bool = True, who: str = EVA, before: str = "") -> Disposition | None:
    """A report on the last mail to eva."""
    delivery = (await Delivery.filter(recipient=EVA).order_by("-id"))[0]
    text = DSN.replace("Final-Recipient", f"{before}Final-Recipient").format(
        who=who, status=status, diagnostic=f"550 {status} It cannot be", original=delivery.message_id
    )
    raw = (
        "From: MAILER-DAEMON@mx.example.net\r\nTo: support@example.org\r\nSubject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\nMessage-ID: <{status}{verp}@mx>\r\n\r\n--b\r\n\r\n'
        + text.replace("\n", "\r\n")
    )
    address = tokens.bounce_address(post.rt.keys, post.desk.mailbox.address, delivery.id) if verp else post.desk.mailbox.address
    return (await post.receive(raw.encode(), to=[address], sender="")).disposition


async def answered(post: MailDesk) -> int:
    number = await post.ticket()
    await post.desk.says(post.desk.anna, number, "Pull the plug.")
    assert await post.post() == []
    return number


async def receipts(post: MailDesk) -> int:
    await post.post()
    return len(post.relay.to(EVA))


# --- suppression


async def test_an_address_that_is_no_more_is_not_written_to_for_sixty_days(post: MailDesk) -> None:
    number = await answered(post)
    assert await bounced(post) == Disposition.BOUNCE
    until = (await Suppression.get(email=EVA)).until
    assert until is not None and until - post.rt.clock.now() > timedelta(days=59)
    post.relay.arrived.clear()
    await post.desk.says(post.desk.anna, number, "Are you there?")
    assert (await post.post(), post.relay.to(EVA)) == ([], [])
    post.rt.clock.advance(timedelta(days=61))
    await post.desk.says(post.desk.anna, number, "And now?")
    assert (await post.post(), len(post.relay.to(EVA))) == ([], 1)


async def test_that_an_answer_was_not_sent_is_told_and_seen(post: MailDesk) -> None:
    number = await answered(post)
    async with post.rt.transaction(Actor(post.desk.anna.id)) as tx:
        await tickets.assign(tx, number, post.desk.boris.id)
    await bounced(post)
    await post.post()
    post.relay.arrived.clear()
    await post.desk.says(post.desk.anna, number, "Are you there?")
    assert await post.post() == []
    assert (await post.deliveries())[-1] == "failed" and post.relay.to(EVA) == []
    said = await Comment.filter(ticket_id=number).order_by("-id").first()
    assert said is not None and said.bounced_at is not None
    assert await post.post() == []
    for colleague in ("boris@example.org", "anna@example.org"):  # whose ticket it is, and who wrote the answer
        assert sum("mail to it failed before" in one.text for one in post.relay.to(colleague)) == 1


async def test_whoever_writes_again_is_written_to_again(post: MailDesk) -> None:
    number = await answered(post)
    await bounced(post)
    for headers in ({"auto_submitted": "auto-replied"}, {}):
        assert await Suppression.all().count() == 1
        await post.receive(letter("I am back.", subject=f"Re: [#{number}] Printer", **headers))
    assert await Suppression.all().count() == 0
    await post.desk.says(post.desk.anna, number, "Welcome.")
    post.relay.arrived.clear()
    assert (await post.post(), len(post.relay.to(EVA))) == ([], 1)


async def test_older_mail_from_an_address_does_not_say_that_it_is_reached_today(post: MailDesk) -> None:
    await answered(post)
    await bounced(post)
    older = Envelope("imap", (SUPPORT,), post.desk.mailbox.id, EVA, quiet=True)
    (inbound_mail_id,) = await accept(post.rt, [await keep(post.rt, older, letter("Years ago."))])
    await post.mailroom.file_mail({"inbound_mail": inbound_mail_id})
    assert await Suppression.all().count() == 1


async def test_one_word_of_an_admin_lifts_it(post: MailDesk) -> None:
    await answered(post)
    await bounced(post)
    async with post.rt.transaction(Actor(post.desk.admin.id)) as tx:
        await suppressions.lift(tx, EVA)
    assert await Suppression.all().count() == 0


async def test_what_may_pass_or_may_be_made_up_counts_only_when_it_comes_again_and_again(post: MailDesk) -> None:
    number = await answered(post)
    for verp, status in ((False, "5.1.1"), (True, "4.4.7"), (True, "4.4.1")):
        assert not await Suppression.filter(until__isnull=False).exists()
        await bounced(post, verp=verp, status=status)
        await bounced(post, verp=verp, status=status[:-1] + "2")  # the same mail counts once
        if status != "4.4.1":
            post.relay.arrived.clear()
            await post.desk.says(post.desk.anna, number, "Once more.")
            assert (await post.post(), len(post.relay.to(EVA))) == ([], 1)
    assert (await Suppression.get(email=EVA)).until is not None


async def test_a_report_about_somebody_else_blames_nobody_here(post: MailDesk) -> None:
    await answered(post)
    assert await bounced(post, verp=False, who="someone@forward.test") == Disposition.BOUNCE
    assert await Suppression.all().count() == await Event.filter(kind="delivery.failed").count() == 0


async def test_nobody_alarms_the_operator_by_a_made_up_report(post: MailDesk) -> None:
    await answered(post)
    await bounced(post, verp=False, status="5.7.1")
    assert await Alarm.all().count() == 0


async def test_a_refusal_that_is_about_us_alarms_the_operator_and_blames_nobody(post: MailDesk) -> None:
    await answered(post)
    await bounced(post, status="5.7.1")
    assert await Suppression.all().count() == 0
    assert (await Alarm.get()).name == alarms.REFUSED_BY_POLICY
    assert await Event.filter(kind="delivery.failed").count() == 1  # the assignee hears of it all the same


async def test_a_relay_that_knows_nobody_of_that_name_suppresses_at_once(post: MailDesk) -> None:
    post.relay.refused[EVA] = "550 5.1.1 No such user"
    await post.ticket()
    await post.post()
    assert (await Suppression.get(email=EVA)).until is not None


# --- budgets


async def test_automatic_mail_about_one_ticket_ends_for_an_hour_after_two(post: MailDesk) -> None:
    number = await post.ticket()
    assert await receipts(post) == 1
    for status in (Status.CLOSED, Status.OPEN, Status.CLOSED, Status.OPEN, Status.CLOSED):
        async with post.rt.transaction(SYSTEM) as tx:
            await tickets.set_status(tx, number, status)
    assert await receipts(post) == 2
    async with post.rt.transaction(Actor(post.desk.anna.id)) as tx:  # no loop goes through staff
        await tickets.set_status(tx, number, Status.OPEN)
        await tickets.set_status(tx, number, Status.CLOSED)
    assert await receipts(post) == 3
    await post.desk.says(post.desk.anna, number, "What a person writes has no budget.")
    assert await receipts(post) == 4


async def test_a_storm_of_mails_from_one_sender_gets_no_more_receipts_than_a_slow_rain(post: MailDesk) -> None:
    for number in range(12):
        await post.receive(letter(subject=f"Disk {number} is full"))
        await post.receive(letter(subject="Disk is full", sender="monitor@customer.test"), sender="monitor@customer.test")
    await post.post_all_at_once()
    assert (await receipts(post), len(post.relay.to("monitor@customer.test"))) == (3, 1)


@pytest.mark.settings(automatic_mail_per_hour=5)
async def test_beyond_ten_times_the_usual_hour_the_breaker_opens_and_people_are_still_heard(post: MailDesk) -> None:
    for number in range(8):
        await post.receive(letter(sender=f"p{number}@customer.test", subject=f"Matter {number}"))
    await post.post()
    assert len(post.relay.arrived) == 5
    await alarms.watch(post.rt)
    assert [(one.name, one.cleared_at) for one in await Alarm.all()] == [(alarms.AUTOMATIC_MAIL, None)]
    assert (await post.receive(letter(sender="late@customer.test"))).disposition == Disposition.NEW_TICKET
    post.rt.clock.advance(timedelta(hours=2))
    await alarms.watch(post.rt)
    assert (await Alarm.get()).cleared_at is not None
    await post.receive(letter(sender="later@customer.test"))
    await post.post()
    assert len(post.relay.to("later@customer.test")) == 1


@pytest.mark.settings(automatic_mail_per_hour=1)
async def test_a_desk_that_always_writes_much_may_write_much(post: MailDesk) -> None:
    hour = post.rt.clock.now().replace(minute=0, second=0, microsecond=0)
    await HourlyCount.bulk_create([HourlyCount(kind="automatic_mail", hour=hour - timedelta(hours=n), count=2) for n in range(2, 160)])
    for number in range(5):
        await post.receive(letter(sender=f"p{number}@customer.test", subject=f"Matter {number}"))
    await post.post()
    assert len(post.relay.arrived) == 5


# --- alarms


async def told(post: MailDesk) -> list[str]:
    postman = AlarmPostman(post.rt, post.transport, Templates(None, ("en", "de")))
    for row in await execute(
        post.rt,
        "SELECT convert_from(payload, 'UTF8')::json ->> 'alarm' AS id FROM pgqueuer WHERE entrypoint = 'tell_operators' ORDER BY id",
    ):
        for _ in range(2):  # a job may run twice
            await postman.tell_operators(int(row["id"]))
    await execute(post.rt, "DELETE FROM pgqueuer WHERE entrypoint = 'tell_operators'")
    return [f"{mail.recipient}: {mail.message['Subject']}" for mail in post.relay.arrived]


async def test_every_admin_is_mailed_once_when_it_begins_and_once_when_it_is_over(post: MailDesk) -> None:
    for detail in ("Three wait.", "Four wait.", None, None):
        async with post.rt.transaction(SYSTEM) as tx:
            await alarms.sound(tx, alarms.MAIL_LATE, detail)
        await told(post)
    assert [mail.recipient for mail in post.relay.arrived] == ["admin@example.org"] * 2
    first, second = post.relay.arrived
    assert ("Three wait." in first.text, first.message["Subject"]) == (True, "Alarm of Support (mail_late)")
    assert second.message["Subject"] == "Over: alarm of Support (mail_late)"
    assert first.message["Auto-Submitted"] == "auto-generated"


async def test_mail_that_cannot_leave_for_a_quarter_of_an_hour_is_an_alarm_without_addresses_and_makes_no_process_unfit(
    post: MailDesk,
) -> None:
    post.relay.refused[EVA] = f"451 4.2.0 <{EVA}>: the queue is full"
    await post.ticket()
    await post.post()
    for minutes in (5, 9):
        post.rt.clock.advance(timedelta(minutes=minutes))
        await alarms.watch(post.rt)
        assert await Alarm.all().count() == 0
    post.rt.clock.advance(timedelta(minutes=2))
    await alarms.watch(post.rt)
    alarm = await Alarm.get(name=alarms.OUTGOING_LATE)
    assert (
        alarm.detail.startswith("1 mail(s) wait for more than 15 minutes")
        and "451 4.2.0 <…@customer.test>: the queue is full" in alarm.detail
    )
    assert await health.problems(post.rt) == {}
    assert REGISTRY.get_sample_value("helpdesk_mail_waiting") == 1
    post.relay.refused.clear()
    assert await post.post() == []
    await alarms.watch(post.rt)
    assert (await Alarm.get()).cleared_at is not None and await health.problems(post.rt) == {}
    assert REGISTRY.get_sample_value("helpdesk_mail_waiting") == 0


async def test_mail_that_waits_for_a_dead_relay_alarms_with_what_is_known_of_it(post: MailDesk) -> None:
    await post.relay.stop()
    await post.ticket()
    await post.post()
    post.rt.clock.advance(timedelta(minutes=16))
    await alarms.watch(post.rt)
    assert f"The mail relay 127.0.0.1:{post.relay.port} cannot be reached" in (await Alarm.get()).detail


# --- blocking


@pytest.mark.parametrize("pattern", ["Evil.TEST", "@evil.test", "*.evil.test", ".evil.test", "evil.test."])
async def test_a_domain_is_blocked_and_heard_again_however_it_is_written(post: MailDesk, pattern: str) -> None:
    for change, wanted in ((blocking.block, Disposition.REFUSED), (blocking.unblock, Disposition.NEW_TICKET)):
        async with post.rt.transaction(Actor(post.desk.admin.id)) as tx:
            await change(tx, pattern)
        assert (await post.receive(letter(sender='"a@b"@mail.evil.test'))).disposition == wanted


@pytest.mark.parametrize("pattern", ["", "nonsense", "a b.test", "example.org", "anna@example.org", "org"])
async def test_nobody_blocks_nonsense_or_his_own_desk(post: MailDesk, pattern: str) -> None:
    with pytest.raises(Invalid):
        async with post.rt.transaction(Actor(post.desk.admin.id)) as tx:
            await blocking.block(tx, pattern)


async def test_two_colleagues_whose_rules_forward_to_the_desk_go_round_for_an_hour_at_most(post: MailDesk) -> None:
    number = await post.ticket()
    async with post.rt.transaction(Actor(post.desk.admin.id)) as tx:
        await tickets.assign(tx, number, post.desk.anna.id)
    async with post.rt.transaction(Actor(post.desk.boris.id)) as tx:
        await watching.watch(tx, number)
    await post.post()
    post.relay.arrived.clear()
    await post.receive(letter("More", subject=f"[#{number}]"))
    for _ in range(30):
        await post.post()
        notices, post.relay.arrived = [mail for mail in post.relay.arrived if mail.recipient.endswith("@example.org")], []
        for one in notices:
            forwarded = letter(
                f"FW\n{one.text}", sender=one.recipient, subject=f"FW: {one.message['Subject']}", references=str(one.message["Message-ID"])
            )
            await post.receive(forwarded, sender=one.recipient)
    await post.post()
    assert not post.relay.arrived


async def test_a_colleague_who_asks_for_something_has_a_budget_as_well(post: MailDesk) -> None:
    await post.receive(letter("Hi", sender="anna@example.org", subject="Need a mouse"), sender="anna@example.org")
    for _ in range(8):
        await post.post()
        receipts, post.relay.arrived = post.relay.to("anna@example.org"), []
        for _ in receipts:
            await post.receive(
                letter("At the sea.", sender="anna@example.org", subject="At the sea until 3 December"), sender="anna@example.org"
            )
    await post.post()
    assert not post.relay.to("anna@example.org")


async def test_of_several_people_in_a_report_the_one_who_was_not_reached_counts(post: MailDesk) -> None:
    await answered(post)
    reached = "Final-Recipient: rfc822; a@int.test\nAction: delivered\nStatus: 2.0.0\nDiagnostic-Code: smtp; 250 fine\n\n"
    await bounced(post, status="4.4.7", who="b@int.test", before=reached)
    told = await Suppression.get(email=EVA)
    assert (told.until, "fine" in told.reason) == (None, False)
