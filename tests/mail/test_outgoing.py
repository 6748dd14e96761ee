"""Mail out: who gets what, as which message, what happens while the relay is down, and what never leaves."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from core import attachments, comments, events, tickets, tokens
from core.attachments import StoredFile
from core.errors import PermanentFailure, TemporaryFailure
from core.mail.reading import Reader
from core.models.mail import Delivery, OutboundMessage, Suppression
from core.models.people import User
from core.models.queues import Mailbox
from core.models.record import Event
from core.models.tickets import Comment, Status
from core.runtime import SYSTEM, Actor, open_runtime
from core.settings import Settings
from tests.support.desk import Desk
from tests.support.mail import EVA, SUPPORT, MailDesk, execute, letter, mail_desk, until

ANNA, BORIS = "anna@example.org", "boris@example.org"
SENT, WAITS, HELD, FAILED, CANCELLED = "sent", "pending", "held", "failed", "cancelled"


async def answer(post: MailDesk, ticket_id: int, body: str = "Use water.") -> int:
    return await post.desk.says(post.desk.anna, ticket_id, body)


async def assign(post: MailDesk, ticket_id: int, to: User | None, by: User | None = None) -> None:
    async with post.rt.transaction(Actor(by.id) if by else SYSTEM) as tx:
        await tickets.assign(tx, ticket_id, to.id if to else None)


async def set_status(post: MailDesk, ticket_id: int, status: Status, by: User | None = None) -> None:
    async with post.rt.transaction(Actor(by.id) if by else SYSTEM) as tx:
        await tickets.set_status(tx, ticket_id, status)


async def opened(post: MailDesk, **kwargs: str) -> int:
    """A ticket of eva's whose receipt has left and been put away."""
    ticket_id = await post.ticket(**kwargs)
    assert await post.post() == []
    post.relay.arrived.clear()
    return ticket_id


# --- receipts


async def test_a_receipt_goes_to_the_requester_alone_and_says_that_a_machine_wrote_it(post: MailDesk) -> None:
    ticket_id = await post.ticket(message_id="first@customer.test", cc="ina@customer.test")
    assert await post.post() == []
    (receipt,) = post.relay.arrived
    message = receipt.message
    assert (receipt.recipient, message["To"], message["Cc"]) == (EVA, f"Eva Meyer <{EVA}>", None)
    assert (message["Auto-Submitted"], message["Precedence"], message["X-Auto-Response-Suppress"]) == ("auto-replied", "bulk", "All")
    assert (message["In-Reply-To"], message["X-Ticket-ID"]) == ("<first@customer.test>", str(ticket_id))
    assert message["References"].split()[-1] == "<first@customer.test>"
    assert tokens.ticket_of_message_id(post.rt.keys, message["Message-ID"]) == ticket_id
    assert tokens.ticket_of_address(post.rt.keys, message["Reply-To"]) == ticket_id
    assert tokens.delivery_of_address(post.rt.keys, receipt.sender) == (await Delivery.get()).id
    assert (message["From"].addresses[0].addr_spec, f"[#{ticket_id}]" in message["Subject"]) == (SUPPORT, True)


async def test_a_receipt_leaves_once_however_often_its_job_runs(post: MailDesk) -> None:
    await post.ticket()
    event = await Event.get()
    for _ in range(3):
        await post.postman.tell_people(event.id)
    assert len(post.relay.arrived) == 1


@pytest.mark.parametrize(
    "headers", [{"auto_submitted": "auto-generated"}, {"precedence": "list"}, {"list_id": "<news.test>"}, {"sender": "noreply@shop.test"}]
)
async def test_machines_and_lists_get_no_receipt(post: MailDesk, headers: dict[str, str]) -> None:
    await post.receive(letter(**headers), sender=headers.get("sender", EVA))
    assert (await post.post(), post.relay.arrived) == ([], [])


async def test_mail_with_the_null_sender_gets_no_receipt(post: MailDesk) -> None:
    await post.receive(letter(), sender="")
    assert (await post.post(), post.relay.arrived) == ([], [])


async def test_the_fourth_receipt_within_an_hour_is_not_sent_but_every_ticket_is_opened(post: MailDesk) -> None:
    for number in range(5):
        await post.ticket(subject=f"Question {number}")
        await post.post()
    assert len(post.relay.to(EVA)) == 3
    post.rt.clock.advance(timedelta(minutes=61))
    await post.ticket(subject="Another hour")
    await post.post()
    assert len(post.relay.to(EVA)) == 4


async def test_the_same_subject_gets_one_receipt_in_a_quarter_of_an_hour(post: MailDesk) -> None:
    await post.ticket(subject="Printer")
    await post.post()
    await post.ticket(subject="Printer")
    await post.post()
    assert len(post.relay.to(EVA)) == 1


# --- answers


async def test_an_answer_goes_to_requester_and_participants_as_one_message_with_an_envelope_each(post: MailDesk) -> None:
    ticket_id = await opened(post, message_id="first@customer.test", cc="Ina <ina@customer.test>")
    await answer(post, ticket_id)
    assert await post.post() == []
    hers, inas = post.relay.to(EVA)[0], post.relay.to("ina@customer.test")[0]
    assert len(post.relay.arrived) == 2 and hers.content == inas.content
    assert (hers.message["To"], hers.message["Cc"]) == (f"Eva Meyer <{EVA}>", "Ina <ina@customer.test>")
    assert hers.message["From"] == f'"Anna Berg (Support)" <{SUPPORT}>'
    assert hers.message["Auto-Submitted"] is None and hers.message["Precedence"] is None
    planned = {one.recipient: one.id for one in await Delivery.filter(message_id=hers.message["Message-ID"].strip("<>"))}
    assert {one.recipient: tokens.delivery_of_address(post.rt.keys, one.sender) for one in (hers, inas)} == planned
    assert "Use water." in hers.text and "It burns." in hers.text


async def test_mail_programs_thread_an_answer_below_what_its_reader_has_seen(post: MailDesk) -> None:
    ticket_id = await post.ticket(message_id="first@customer.test")
    await post.post()
    receipt = post.relay.arrived[0].message["Message-ID"]
    await answer(post, ticket_id)
    await post.post()
    message = post.relay.arrived[1].message
    root = tokens.thread_root(post.rt.keys, ticket_id, "example.org")
    assert message["In-Reply-To"] == receipt
    assert message["References"].split() == [f"<{root}>", "<first@customer.test>", receipt]


async def test_nothing_overtakes_an_answer_that_can_still_be_taken_back(settings: Settings, database_url: str, reader: Reader) -> None:
    patient = settings.model_copy(update={"undo_seconds": 10})
    async with open_runtime(patient, database_url) as rt, mail_desk(await Desk.seeded(rt), reader) as post:
        ticket_id = await opened(post)
        await answer(post, ticket_id)
        await set_status(post, ticket_id, Status.CLOSED)
        pauses = await execute(rt, "SELECT execute_after - created AS pause FROM pgqueuer WHERE entrypoint = 'tell_people'")
        assert timedelta(seconds=10) in [row["pause"] for row in pauses]
        failures = await post.post()
        assert len(failures) == 2 and all(isinstance(one, TemporaryFailure) and one.retry_after for one in failures)
        assert post.relay.arrived == []
        rt.clock.advance(timedelta(seconds=11))
        assert await post.post() == []
        assert [one.message["Auto-Submitted"] for one in post.relay.arrived] == [None, "auto-generated"]


async def test_an_answer_that_was_taken_back_never_leaves(post: MailDesk) -> None:
    ticket_id = await opened(post)
    comment_id = await answer(post, ticket_id, "Oops, wrong customer.")
    await Comment.filter(id=comment_id).update(deleted_at=post.rt.clock.now())
    assert await post.post() == []
    assert post.relay.arrived == []


async def test_internal_notes_appear_in_nothing_a_requester_gets(post: MailDesk) -> None:
    ticket_id = await post.ticket(cc="ina@customer.test", message_id="first@customer.test")
    await assign(post, ticket_id, post.desk.boris)
    await post.desk.says(post.desk.anna, ticket_id, "XSECRETX customer is difficult", public=False)
    await answer(post, ticket_id)
    await post.receive(letter("Thanks.", in_reply_to="<first@customer.test>"))
    await post.desk.says(post.desk.boris, ticket_id, "XSECRETX still", public=False)
    async with post.rt.transaction(Actor(post.desk.boris.id)) as tx:
        await comments.resolve(tx, ticket_id, "It is out.")
    await set_status(post, ticket_id, Status.CLOSED)
    assert await post.post() == []
    theirs = [*post.relay.to(EVA), *post.relay.to("ina@customer.test")]
    assert len(theirs) == 5
    assert all("XSECRETX" not in one.everything and b"XSECRETX" not in one.content for one in theirs)
    assert any("XSECRETX" in one.everything for one in post.relay.to(BORIS))


async def test_files_of_an_answer_travel_and_big_ones_go_as_links_that_end(post: MailDesk) -> None:
    limit = post.rt.settings.mail_attach_limit
    ticket_id = await opened(post)
    small, big = await post.rt.blobs.put(b"pdf"), await post.rt.blobs.put(b"film")
    async with post.rt.transaction(Actor(post.desk.anna.id)) as tx:
        files = [StoredFile(small, "how to.pdf", "application/pdf", 3), StoredFile(big, "film.mp4", "video/mp4", limit + 1)]
        await comments.reply(tx, ticket_id, "See the files.", await attachments.record(tx, files))
    await post.post()
    (mail,) = post.relay.arrived
    (file,) = mail.message.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("how to.pdf", b"pdf")
    token = mail.text.partition("film.mp4: http://127.0.0.1:8080/api/v1/files/")[2].split()[0]
    now = post.rt.clock.now()
    assert tokens.attachment_of_file_token(post.rt.keys, token, now) is not None
    assert tokens.attachment_of_file_token(post.rt.keys, token, now + timedelta(days=8)) is None


async def test_no_name_and_no_subject_can_add_a_header(post: MailDesk) -> None:
    eve = await post.desk.person("eve@customer.test", name="Eve")
    await User.filter(id=eve.id).update(name="Eve\r\nBcc: victim@elsewhere.test\r\n\r\nBody")
    await User.filter(id=post.desk.anna.id).update(name='Anna"\r\nBcc: victim@elsewhere.test')
    ticket_id = await post.desk.ticket(eve, subject="Hi")
    await execute(post.rt, "UPDATE tickets SET subject = $1", "Hi\r\nBcc: victim@elsewhere.test\n\n<b>")
    await answer(post, ticket_id)
    await post.post()
    (mail,) = post.relay.arrived
    assert (mail.recipient, mail.message["Bcc"]) == ("eve@customer.test", None)
    assert [address.addr_spec for address in mail.message["To"].addresses] == ["eve@customer.test"]


async def test_an_address_that_cannot_be_written_keeps_the_answer_from_nobody_else(post: MailDesk) -> None:
    ticket_id = await opened(post, cc="ina@customer.test, broken@-bad..domain-.test")
    await answer(post, ticket_id)
    assert await post.post() == []
    assert {one.recipient for one in post.relay.arrived} == {EVA, "ina@customer.test"}
    states = {one.recipient: one.state for one in await Delivery.filter(message__template="reply")}
    assert states == {EVA: SENT, "ina@customer.test": SENT, "broken@-bad..domain-.test": FAILED}


async def test_a_requester_who_cannot_be_written_to_gets_no_receipt_and_holds_no_job(post: MailDesk) -> None:
    await post.receive(letter(sender="broken@-bad..domain-.test"), sender="broken@-bad..domain-.test")
    assert (await post.post(), post.relay.arrived) == ([], [])


async def test_foreign_letters_before_the_at_need_a_relay_that_knows_them(post: MailDesk) -> None:
    jose = await post.desk.person("josé@customer.test", name="José")
    ticket_id = await post.desk.ticket(jose)
    await answer(post, ticket_id)
    await post.post()
    assert [one.recipient for one in post.relay.arrived] == ["josé@customer.test"]
    post.relay.smtputf8 = False
    await post.transport.close()
    await answer(post, ticket_id, "Again.")
    assert await post.post() == []
    assert await post.deliveries("josé@customer.test") == [SENT, FAILED]


async def test_a_mailbox_without_plus_addresses_writes_none(post: MailDesk) -> None:
    await Mailbox.filter(id=post.desk.mailbox.id).update(plus_addressing=False)
    await post.ticket()
    await post.post()
    (receipt,) = post.relay.arrived
    assert (receipt.sender, receipt.message["Reply-To"]) == (SUPPORT, None)
    assert b"+t" not in receipt.content.partition(b"\r\n\r\n")[0]


# --- notices: who is told, and who is not


async def told(post: MailDesk) -> list[tuple[str, str]]:
    """Who got what since the last look: recipient and template."""
    assert await post.post() == []
    by_id = {message.message_id: message.template for message in await OutboundMessage.all()}
    found = [(one.recipient, by_id[one.message["Message-ID"].strip("<>")]) for one in post.relay.arrived]
    post.relay.arrived.clear()
    return found


async def test_old_and_new_assignees_are_told_and_who_did_it_is_not(post: MailDesk) -> None:
    ticket_id = await opened(post)
    await assign(post, ticket_id, post.desk.anna, by=post.desk.anna)
    assert await told(post) == []  # she took it herself
    await assign(post, ticket_id, post.desk.boris, by=post.desk.admin)
    assert sorted(await told(post)) == [(ANNA, "unassigned"), (BORIS, "assigned")]
    await assign(post, ticket_id, None, by=post.desk.boris)
    assert await told(post) == []


async def test_the_assignee_learns_of_a_reply_and_nobody_else_does(post: MailDesk) -> None:
    ticket_id = await opened(post, message_id="first@customer.test", cc="ina@customer.test")
    await assign(post, ticket_id, post.desk.anna)
    await told(post)
    await post.receive(letter("More.", in_reply_to="<first@customer.test>"))
    assert await told(post) == [(ANNA, "requester_replied")]


async def test_reopening_is_told_once_with_the_words_that_did_it(post: MailDesk) -> None:
    ticket_id = await opened(post, message_id="first@customer.test")
    await assign(post, ticket_id, post.desk.anna)
    await set_status(post, ticket_id, Status.RESOLVED, by=post.desk.anna)
    assert sorted(await told(post)) == [(ANNA, "assigned"), (EVA, "resolved")]
    await post.receive(letter("Still burning.", in_reply_to="<first@customer.test>"))
    await post.post()
    (notice,) = post.relay.arrived
    assert (await told(post), "Still burning." in notice.text) == ([(ANNA, "reopened")], True)


async def test_a_solution_is_one_mail_and_closing_soon_after_says_nothing_more(post: MailDesk) -> None:
    ticket_id = await opened(post, cc="ina@customer.test")
    async with post.rt.transaction(Actor(post.desk.anna.id)) as tx:
        await comments.resolve(tx, ticket_id, "It is out.")
    await set_status(post, ticket_id, Status.CLOSED, by=post.desk.anna)
    assert sorted(await told(post)) == [(EVA, "resolved"), ("ina@customer.test", "resolved")]


async def test_a_ticket_closed_days_later_is_told_to_the_requester(post: MailDesk) -> None:
    ticket_id = await opened(post)
    await set_status(post, ticket_id, Status.RESOLVED)
    assert await told(post) == [(EVA, "resolved")]
    post.rt.clock.advance(timedelta(days=3))
    await set_status(post, ticket_id, Status.CLOSED)
    assert await told(post) == [(EVA, "closed")]


async def test_a_requester_who_closes_his_own_ticket_is_not_told_of_it(post: MailDesk) -> None:
    ticket_id = await opened(post)
    await set_status(post, ticket_id, Status.CLOSED, by=post.desk.eva)
    assert await told(post) == []


async def test_a_ticket_opened_for_somebody_is_told_to_him(post: MailDesk) -> None:
    async with post.rt.transaction(Actor(post.desk.anna.id)) as tx:
        await tickets.open(tx, tickets.NewTicket("Badge", "She lost it.", post.desk.eva.id))
    assert await told(post) == [(EVA, "opened_for_you")]


async def test_people_who_muted_the_ticket_or_are_gone_are_not_told(post: MailDesk) -> None:
    ticket_id = await opened(post, message_id="first@customer.test")
    await assign(post, ticket_id, post.desk.anna)
    await told(post)
    await execute(post.rt, "INSERT INTO ticket_mutes (ticket_id, user_id, muted_at) VALUES ($1, $2, now())", ticket_id, post.desk.anna.id)
    await post.receive(letter("More.", in_reply_to="<first@customer.test>"))
    assert await told(post) == []
    await User.filter(id=post.desk.eva.id).update(active=False)
    await answer(post, ticket_id)
    assert await told(post) == []


async def test_quiet_events_tell_nobody(post: MailDesk) -> None:
    await post.desk.ticket(quiet=True)
    assert await told(post) == []


# --- trouble


async def test_while_the_relay_is_down_mail_waits_and_leaves_in_order_when_it_is_back(post: MailDesk) -> None:
    ticket_id = await opened(post)
    await post.relay.stop()
    for body in ("One.", "Two.", "Three."):
        await answer(post, ticket_id, body)
    failures = await post.post()
    assert len(failures) == 3 and all(isinstance(one, TemporaryFailure) for one in failures)
    assert await post.deliveries() == [SENT, WAITS, WAITS, WAITS]
    planned = [bytes(m.content or b"") for m in await OutboundMessage.filter(template="reply").order_by("created_at")]
    await post.relay.start()
    assert await post.post() == []
    assert [one.content for one in post.relay.arrived] == planned  # the same bytes, in order


@pytest.mark.parametrize("answered", ["451 4.3.0 later", "421 4.3.2 closing", "530 5.7.0 authenticate"])
async def test_what_can_pass_is_tried_again_with_the_same_bytes_and_message_id(post: MailDesk, answered: str) -> None:
    await post.ticket()
    post.relay.after_data = answered
    (failure,) = await post.post()
    assert isinstance(failure, TemporaryFailure) and answered[:3] in str(failure)
    frozen = (await OutboundMessage.get()).content
    post.relay.after_data = None
    post.rt.clock.advance(timedelta(hours=3))
    assert await post.post() == []
    assert [one.content for one in post.relay.arrived] == [frozen]
    assert (await Delivery.get()).attempts == 2


async def test_a_connection_cut_before_the_answer_sends_the_same_message_again(post: MailDesk) -> None:
    await post.ticket()
    post.relay.cut = True
    assert len(await post.post()) == 1
    post.relay.cut = False
    assert await post.post() == []
    first, second = post.relay.arrived
    assert first.content == second.content and await post.deliveries() == [SENT]


@pytest.mark.parametrize("greeting", [b"554 5.7.1 your address is blocked\r\n", b"421 too busy\r\n", b""])
async def test_a_relay_that_lets_nobody_in_refuses_no_mail(post: MailDesk, greeting: bytes) -> None:
    await post.ticket()
    post.relay.greeting = greeting
    (failure,) = await post.post()
    assert isinstance(failure, TemporaryFailure)
    post.relay.greeting = None
    assert await post.post() == [] and await post.deliveries() == [SENT]


async def test_one_recipient_who_has_to_wait_keeps_nobody_else_waiting(post: MailDesk) -> None:
    ticket_id = await opened(post, cc="ina@customer.test")
    post.relay.refused["ina@customer.test"] = "450 4.2.0 greylisted"
    await answer(post, ticket_id, "One.")
    await answer(post, ticket_id, "Two.")
    assert len(await post.post()) == 2
    assert [len(post.relay.to(EVA)), len(post.relay.to("ina@customer.test"))] == [2, 0]
    del post.relay.refused["ina@customer.test"]
    assert await post.post() == []
    assert len(post.relay.to(EVA)) == 2
    assert ["One." in one.text.splitlines()[0] for one in post.relay.to("ina@customer.test")] == [True, False]


async def test_a_permanent_refusal_is_a_failure_seen_on_the_ticket_and_not_tried_again(post: MailDesk) -> None:
    ticket_id = await opened(post)
    post.relay.refused[EVA] = "550 5.1.1 nobody here"
    await answer(post, ticket_id)
    assert await post.post() == []
    delivery = await Delivery.get(message__template="reply")
    assert delivery.state == FAILED and "nobody here" in (delivery.last_error or "")
    event = await Event.get(kind=events.DeliveryFailed.kind)
    assert (event.ticket_id, event.data["delivery_id"], "nobody here" in str(event.data["reason"])) == (ticket_id, delivery.id, True)
    assert post.relay.arrived == []


async def test_an_answer_is_held_after_four_days_and_leaves_when_a_person_says_so(post: MailDesk) -> None:
    ticket_id = await opened(post)
    await post.relay.stop()
    await answer(post, ticket_id)
    assert isinstance((await post.post())[0], TemporaryFailure)
    post.rt.clock.advance(timedelta(days=4, minutes=1))
    (failure,) = await post.post()
    assert isinstance(failure, PermanentFailure) and "4 days" in str(failure)
    assert await post.deliveries() == [SENT, HELD]
    await post.relay.start()
    assert await post.post() == []  # as `helpdesk jobs retry` does
    assert await post.deliveries() == [SENT, SENT] and len(post.relay.arrived) == 1


async def test_a_held_answer_keeps_a_younger_one_neither_waiting_nor_held(post: MailDesk) -> None:
    ticket_id = await opened(post)
    await post.relay.stop()
    await answer(post, ticket_id, "Old.")
    await post.post()
    post.rt.clock.advance(timedelta(days=4, minutes=1))
    await answer(post, ticket_id, "Young.")
    old, young = await post.post()
    assert isinstance(old, PermanentFailure) and isinstance(young, TemporaryFailure)
    assert await post.deliveries() == [SENT, HELD, WAITS]


async def test_a_relay_back_after_a_week_gets_nothing_automatic_and_no_flood(post: MailDesk) -> None:
    ticket_id = await opened(post)
    await post.relay.stop()
    await post.ticket(subject="Week")
    await answer(post, ticket_id)
    await assign(post, ticket_id, post.desk.boris)
    assert len(await post.post()) == 3
    post.rt.clock.advance(timedelta(days=7))
    await post.relay.start()
    await post.ticket(subject="Fresh")
    await post.post()
    arrived = [(one.recipient, one.message["Auto-Submitted"]) for one in post.relay.arrived]
    assert arrived == [(EVA, None), (EVA, "auto-replied")]  # a person's answer, and the receipt of today
    assert await post.deliveries(BORIS) == [CANCELLED]


async def test_events_that_no_worker_saw_for_a_week_cause_nothing_automatic(post: MailDesk) -> None:
    ticket_id = await post.ticket()
    await answer(post, ticket_id)
    await assign(post, ticket_id, post.desk.boris)
    post.rt.clock.advance(timedelta(days=7))
    assert await post.post() == []
    assert [(one.recipient, one.message["Auto-Submitted"]) for one in post.relay.arrived] == [(EVA, None)]


async def test_what_was_being_sent_when_its_worker_was_killed_is_sent_again_unchanged(post: MailDesk) -> None:
    await post.ticket()
    post.relay.after_data = "451 later"
    await post.post()
    frozen = (await OutboundMessage.get()).content
    await Delivery.all().update(state="sending")  # as a killed worker leaves it
    post.relay.after_data = None
    assert await post.post() == []
    assert [one.content for one in post.relay.arrived] == [frozen] and await post.deliveries() == [SENT]


async def test_a_slow_relay_is_asked_by_a_few_connections_that_are_used_again(post: MailDesk) -> None:
    await asyncio.gather(*(post.transport.send("", f"{n}@customer.test", b"Subject: x\r\n\r\nx\r\n") for n in range(30)))
    assert len(post.relay.arrived) == 30 and post.relay.connections <= 8


async def test_mails_that_find_every_connection_busy_come_again_one_by_one_and_soon(post: MailDesk) -> None:
    post.relay.released.clear()
    sending = [asyncio.create_task(post.transport.send(SUPPORT, EVA, letter())) for _ in range(8)]
    await until(lambda: post.relay.connections == 8)
    found_busy = await asyncio.gather(*(post.transport.send(SUPPORT, EVA, letter()) for _ in range(12)), return_exceptions=True)
    pauses = [failure.retry_after for failure in found_busy if isinstance(failure, TemporaryFailure) and failure.retry_after]
    assert len(pauses) == 12 and pauses == sorted(pauses) and timedelta(seconds=1) < pauses[-1] < timedelta(seconds=3)
    post.relay.released.set()
    await asyncio.gather(*sending)


async def test_a_connection_that_the_relay_closed_meanwhile_is_replaced(post: MailDesk) -> None:
    await post.transport.send("", EVA, b"Subject: x\r\n\r\nx\r\n")
    await post.relay.stop()
    await post.relay.start()
    await post.transport.send("", EVA, b"Subject: y\r\n\r\ny\r\n")
    assert len(post.relay.arrived) == 2


@pytest.mark.parametrize(
    ("answered", "failure"),
    [
        ("250-\r\nfoo", TemporaryFailure),
        ("foo", TemporaryFailure),
        ("999 what", TemporaryFailure),
        ("999 ÿ", TemporaryFailure),
        ("250 OK\r\n250 OK", TemporaryFailure),
        ("550 nobody here\r\n550 really\r\n550 go away", PermanentFailure),
    ],
)
async def test_an_answer_of_the_relay_that_makes_no_sense_costs_one_mail_a_try_and_that_connection(
    post: MailDesk, answered: str, failure: type[Exception]
) -> None:
    post.relay.refused["ina@customer.test"] = answered
    with pytest.raises(failure):
        await post.transport.send(SUPPORT, "ina@customer.test", letter())
    for _ in range(3):
        await post.transport.send(SUPPORT, EVA, letter())
    assert len(post.relay.arrived) == 3 and post.relay.connections == 2


async def test_a_relay_may_speak_of_a_recipient_in_its_own_letters(post: MailDesk) -> None:
    post.relay.refused[EVA] = "550 5.1.1 Empfänger unbekannt"
    await post.ticket()
    assert await post.post() == []
    assert (await post.deliveries(), await Suppression.filter(email=EVA).count()) == (["failed"], 1)


async def test_a_refused_mail_keeps_its_connection_for_the_next(post: MailDesk) -> None:
    post.relay.refused["ina@customer.test"] = "550 5.1.1 nobody here"
    for _ in range(3):
        with pytest.raises(PermanentFailure, match="nobody here"):
            await post.transport.send(SUPPORT, "ina@customer.test", letter())
    await post.transport.send(SUPPORT, EVA, letter())
    assert len(post.relay.arrived) == 1 and post.relay.connections == 1
