"""One mail, one place: what comes twice, out of order, or as a copy of what is known already."""

from __future__ import annotations

import asyncio

import pytest

from bot.mailroom import Mailroom
from core import comments
from core.errors import TemporaryFailure
from core.mail.reading import Reader
from core.mail.replay import Replay
from core.models.mail import Disposition, InboundMail, OutboundMessage
from core.models.tickets import Comment, Ticket
from core.runtime import Actor
from tests.support.mail import EVA, SUPPORT, MailDesk, execute, letter, mail_with_file, until


async def test_a_mail_is_filed_once_however_often_its_job_runs(post: MailDesk) -> None:
    row = await post.receive(letter())
    await post.mailroom.file_mail({"inbound_mail": row.id})
    assert await Ticket.all().count() == 1


async def test_the_same_mail_twice_is_one_ticket_and_the_duplicate_is_linked(post: MailDesk) -> None:
    raw = letter(message_id="same@customer.test")
    first = await post.receive(raw)
    second = await post.receive(b"Received: by another way\r\n" + raw)
    assert (second.disposition, second.duplicate_of_id, second.ticket_id) == (Disposition.DUPLICATE, first.id, None)
    assert await Comment.all().count() == 1


async def test_two_copies_filed_at_the_same_moment_are_one_ticket(post: MailDesk) -> None:
    raw = letter()
    ids = [await post.accept(raw), await post.accept(b"Received: by another way\r\n" + raw)]
    reader = Reader(2)
    await reader.start()
    try:
        mailroom = Mailroom(post.rt, reader)
        outcomes = await asyncio.gather(*(mailroom.file_mail({"inbound_mail": i}) for i in ids), return_exceptions=True)
        for outcome, inbound_mail_id in zip(outcomes, ids, strict=True):
            if isinstance(outcome, TemporaryFailure):
                await mailroom.file_mail({"inbound_mail": inbound_mail_id})
            else:
                assert outcome is None
    finally:
        await reader.close()
    assert {row.disposition for row in await InboundMail.all()} == {Disposition.NEW_TICKET, Disposition.DUPLICATE}
    assert await Ticket.all().count() == 1


async def test_a_message_id_used_again_for_another_mail_is_filed_and_flagged(post: MailDesk) -> None:
    await post.receive(letter("One.", message_id="broken-client@customer.test"))
    second = await post.receive(letter("Two.", message_id="broken-client@customer.test"))
    assert second.disposition == Disposition.NEW_TICKET
    comment = await Comment.get(id=second.comment_id)
    assert comment.flagged and "Message-ID" in comment.flagged


async def test_mail_without_a_message_id_is_filed_and_known_again_by_its_content(post: MailDesk) -> None:
    first = await post.receive(letter("One.", message_id=None))
    other = await post.receive(letter("Two.", message_id=None))
    again = await post.receive(letter("One.", message_id=None))
    assert first.disposition == other.disposition == Disposition.NEW_TICKET
    assert (again.disposition, again.duplicate_of_id) == (Disposition.DUPLICATE, first.id)


async def test_a_reply_that_overtakes_its_original_waits_for_it(post: MailDesk) -> None:
    original = await post.accept(letter(message_id="first@customer.test"))
    reply = await post.accept(letter("And it smells.", subject="Re: Printer", in_reply_to="<first@customer.test>"))
    with pytest.raises(TemporaryFailure):
        await post.mailroom.file_mail({"inbound_mail": reply})
    await post.mailroom.file_mail({"inbound_mail": original})
    await post.mailroom.file_mail({"inbound_mail": reply})
    rows = {row.id: row for row in await InboundMail.all()}
    assert (rows[reply].disposition, rows[reply].ticket_id) == (Disposition.REPLY, rows[original].ticket_id)


async def test_a_mail_sent_from_our_own_mailbox_is_no_answer_to_itself(post: MailDesk) -> None:
    row = await post.receive(letter("Round and round.", sender=SUPPORT), sender=SUPPORT)
    assert row.disposition == Disposition.NEW_TICKET
    await post.post()
    assert await OutboundMessage.all().count() == 0


async def test_a_device_that_says_the_same_every_day_is_heard_every_day(post: MailDesk) -> None:
    raw = b"From: printer@customer.test\r\nTo: support@example.org\r\nSubject: Toner low\r\n\r\nToner low.\r\n"
    assert [(await post.receive(raw)).disposition for _ in range(2)] == [Disposition.NEW_TICKET] * 2


async def test_a_thread_that_came_backwards_is_one_ticket(post: MailDesk, reader: Reader) -> None:
    third = await post.receive(
        letter("Third.", message_id="3@customer.test", in_reply_to="<2@customer.test>", references="<1@customer.test> <2@customer.test>")
    )
    second = await post.receive(letter("Second.", message_id="2@customer.test", in_reply_to="<1@customer.test>"))
    first = await post.receive(letter("First.", message_id="1@customer.test"))
    assert [row.disposition for row in (third, second, first)] == [Disposition.NEW_TICKET, Disposition.REPLY, Disposition.REPLY]
    assert {row.ticket_id for row in (third, second, first)} == {third.ticket_id}
    assert first.reason == "found by answered_already"
    assert [one async for one in Replay(post.rt, reader).run()] == []


async def test_a_device_that_gives_all_its_mail_one_id_joins_no_answer_to_it(post: MailDesk) -> None:
    device = {"sender": "ups@customer.test", "message_id": "alert@ups"}
    await post.receive(letter("On battery.", subject="UPS", **device), sender="ups@customer.test")
    answer = await post.receive(letter("What is it?", in_reply_to="<alert@ups>", to=f"ups@customer.test, {SUPPORT}"))
    again = await post.receive(letter("Empty.", subject="UPS empty", **device), sender="ups@customer.test")
    assert (again.disposition, again.ticket_id != answer.ticket_id) == (Disposition.NEW_TICKET, True)


async def test_a_mail_that_somebody_else_answered_first_is_his_own_matter(post: MailDesk) -> None:
    answer = await post.receive(letter("I told you.", in_reply_to="<1@mallory.test>"))
    asked = await post.receive(letter("What?", sender="mallory@mallory.test", message_id="1@mallory.test"), sender="mallory@mallory.test")
    assert (asked.disposition, asked.ticket_id != answer.ticket_id) == (Disposition.NEW_TICKET, True)


async def test_an_answer_and_its_original_that_are_read_at_the_same_time_become_one_ticket(post: MailDesk) -> None:
    first = await post.accept(mail_with_file("log.txt", b"x" * 3_000_000, **{"Message-ID": "<first@customer.test>"}))
    answer = await post.accept(letter("P.S. It is the red one.", in_reply_to="<first@customer.test>"))
    await execute(post.rt, "UPDATE inbound_mails SET received_at = received_at - interval '3 hours'")  # as after an outage
    with pytest.raises(TemporaryFailure):
        await asyncio.gather(*(post.mailroom.file_mail({"inbound_mail": i}) for i in (first, answer)))
    await until(lambda: InboundMail.filter(id=first, disposition__isnull=False).exists())
    await post.mailroom.file_mail({"inbound_mail": answer})
    assert len({(await InboundMail.get(id=i)).ticket_id for i in (first, answer)}) == 1


async def test_our_own_mail_that_comes_back_under_another_id_opens_nothing(post: MailDesk) -> None:
    number = await post.ticket()
    async with post.rt.transaction(Actor(post.desk.anna.id)) as tx:
        await comments.reply(tx, number, "Answer")
    await post.post()
    back = post.relay.to(EVA)[-1].message
    back.replace_header("Message-ID", "<rewritten@outlook.test>")
    row = await post.receive(back.as_bytes(), sender="x@other.test")
    assert (row.disposition, await Ticket.all().count()) == (Disposition.REFUSED, 1)


@pytest.mark.settings(spam_mail="set_aside")
async def test_a_copy_of_what_was_not_let_in_is_no_duplicate(post: MailDesk) -> None:
    raw = letter("A real matter", message_id="q@customer.test")
    assert (await post.receive(b"X-Spam-Flag: YES\r\n" + raw)).disposition == Disposition.SPAM
    assert (await post.receive(raw)).ticket_id is not None
