"""Mails that wait are filed by one transaction, and each is filed as if it had come alone."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta

import pytest

from bot.mailroom import Mailroom
from core.errors import TemporaryFailure
from core.mail.reading import Reader
from core.models.mail import Disposition, InboundMail
from core.models.tickets import Comment
from tests.support.mail import EVA, MailDesk, execute, letter, mail_with_file


async def file_at_once(post: MailDesk, *mails: bytes) -> list[InboundMail]:
    """File mails by jobs that run at the same time, whatever they raise; their rows of the ledger, in the order given."""
    ids = [await post.accept(mail) for mail in mails]
    await asyncio.gather(*(post.mailroom.file_mail({"inbound_mail": i}) for i in ids), return_exceptions=True)
    return [await InboundMail.get(id=i) for i in ids]


async def test_answers_to_several_tickets_land_each_on_its_own_and_in_order(post: MailDesk) -> None:
    first, second = await post.ticket(message_id="1@customer.test"), await post.ticket(message_id="2@customer.test")
    mails = [letter(f"Answer {n}.", in_reply_to=f"<{n % 2 + 1}@customer.test>") for n in range(6)]
    rows = await file_at_once(post, *mails)
    assert [row.ticket_id for row in rows] == [first, second] * 3
    assert [row.disposition for row in rows] == [Disposition.REPLY] * 6
    said = await Comment.filter(ticket_id=first).order_by("id").values_list("body", flat=True)
    assert said == ["It burns.", "Answer 0.", "Answer 2.", "Answer 4."]


async def test_a_second_answer_does_not_overtake_a_first_that_takes_longer_to_read(post: MailDesk) -> None:
    ticket_id = await post.ticket(message_id="1@customer.test")
    slow = mail_with_file("big.bin", os.urandom(8_000_000), In_Reply_To="<1@customer.test>")
    await file_at_once(post, slow, letter("Second.", in_reply_to="<1@customer.test>"))
    said = await Comment.filter(ticket_id=ticket_id).order_by("id").values_list("body", flat=True)
    assert said == ["It burns.", "See the file.", "Second."]


async def test_nor_a_first_that_could_not_be_filed_yet(post: MailDesk) -> None:
    ticket_id = await post.ticket(message_id="1@customer.test")
    await execute(post.rt, "ALTER TABLE comments ADD CHECK (body <> 'First.')")
    mails = [letter(f"{n}.", in_reply_to="<1@customer.test>") for n in ("First", "Second")]
    rows = await file_at_once(post, *mails)
    assert [row.disposition for row in rows] == [None, None]
    await execute(post.rt, "ALTER TABLE comments DROP CONSTRAINT comments_body_check")
    for row in rows:
        await post.mailroom.file_mail({"inbound_mail": row.id})
    said = await Comment.filter(ticket_id=ticket_id).order_by("id").values_list("body", flat=True)
    assert said == ["It burns.", "First.", "Second."]


async def test_nor_does_it_when_another_process_is_at_the_first(post: MailDesk, reader: Reader) -> None:
    ticket_id = await post.ticket(message_id="1@customer.test")
    first, second = [{"inbound_mail": await post.accept(letter(f"{n}.", in_reply_to="<1@customer.test>"))} for n in ("First", "Second")]
    other = Mailroom(post.rt, reader)
    with pytest.raises(TemporaryFailure, match="answers or follows"):
        await other.file_mail(second)
    await post.mailroom.file_mail(first)
    await other.file_mail(second)
    said = await Comment.filter(ticket_id=ticket_id).order_by("id").values_list("body", flat=True)
    assert said == ["It burns.", "First.", "Second."]


async def test_a_mail_that_an_earlier_one_answers_waits_for_nobody(post: MailDesk) -> None:
    await post.ticket(message_id="1@customer.test")
    answer = await post.accept(letter("Answer.", in_reply_to="<2@customer.test>", references="<1@customer.test> <2@customer.test>"))
    question = await post.accept(letter("Question.", message_id="2@customer.test", in_reply_to="<1@customer.test>"))
    with pytest.raises(TemporaryFailure, match="answers or follows"):
        await post.mailroom.file_mail({"inbound_mail": answer})
    await post.mailroom.file_mail({"inbound_mail": question})
    await post.mailroom.file_mail({"inbound_mail": answer})
    assert await Comment.all().order_by("id").values_list("body", flat=True) == ["It burns.", "Question.", "Answer."]


async def test_nobody_waits_for_more_than_a_minute_behind_what_others_have_in_hand(post: MailDesk) -> None:
    await post.ticket(message_id="1@customer.test")
    _, second = [await post.accept(letter(f"{n}.", in_reply_to="<1@customer.test>")) for n in ("First", "Second")]
    post.rt.clock.advance(timedelta(minutes=2))
    await post.mailroom.file_mail({"inbound_mail": second})
    assert (await InboundMail.get(id=second)).disposition == Disposition.REPLY


async def test_strangers_who_write_at_the_same_moment_are_one_person_each(post: MailDesk) -> None:
    rows = await file_at_once(post, *(letter(sender=f"Person <person{n % 2}@new.test>", subject=f"Matter {n}") for n in range(4)))
    found = await execute(post.rt, "SELECT t.id, u.email FROM tickets t JOIN users u ON u.id = t.requester_id ORDER BY t.id")
    assert {row["id"]: row["email"] for row in found} == {row.ticket_id: f"person{n % 2}@new.test" for n, row in enumerate(rows)}
    assert len(found) == 4


async def test_one_mail_that_came_twice_at_once_is_filed_once(post: MailDesk) -> None:
    mail = letter(message_id="twice@customer.test")
    rows = await file_at_once(post, mail, b"Received: by another way\r\n" + mail)
    first, second = sorted(rows, key=lambda row: row.disposition == Disposition.DUPLICATE)  # whichever was read first
    assert (first.disposition, second.disposition, second.duplicate_of_id) == (Disposition.NEW_TICKET, Disposition.DUPLICATE, first.id)


async def test_a_mail_that_cannot_be_filed_stops_no_other(post: MailDesk) -> None:
    await execute(post.rt, "ALTER TABLE comments ADD CHECK (body <> 'Poison.')")
    rows = await file_at_once(post, letter("One."), letter("Poison."), letter("Two."))
    assert [row.disposition for row in rows] == [Disposition.NEW_TICKET, None, Disposition.NEW_TICKET]
    assert set(await Comment.filter(author__email=EVA).values_list("body", flat=True)) == {"One.", "Two."}
