"""Mail that cannot be read, or filed where it belongs: it is kept, and becomes a ticket all the same."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.mailroom import Mailroom
from core.errors import Conflict, HelpdeskError, TemporaryFailure
from core.mail import inbound
from core.mail.reading import Reader, read_file
from core.mail.screen import Own
from core.models.mail import Disposition, InboundMail
from core.models.tickets import Attachment, Status, Ticket
from tests.support.crossing import meanwhile
from tests.support.mail import EVA, SUPPORT, MailDesk, execute, letter


async def test_waiting_for_an_original_never_makes_a_mail_unreadable(post: MailDesk) -> None:
    await post.accept(letter(message_id="first@customer.test"))
    reply = await post.accept(letter("And it smells.", subject="Re: Printer", in_reply_to="<first@customer.test>"))
    for _ in range(20):
        with pytest.raises(TemporaryFailure):
            await post.mailroom.file_mail({"inbound_mail": reply})
    post.rt.clock.advance(timedelta(minutes=2))  # an hour of backlog does not part them
    with pytest.raises(TemporaryFailure):
        await post.mailroom.file_mail({"inbound_mail": reply})
    await execute(
        post.rt, "UPDATE pgqueuer SET status = 'failed' WHERE id = (SELECT min(id) FROM pgqueuer)"
    )  # but nobody waits for a held one
    await post.mailroom.file_mail({"inbound_mail": reply})
    ticket = await Ticket.get(id=(await InboundMail.get(id=reply)).ticket_id)
    assert ticket.subject == "Re: Printer"


async def test_trouble_with_the_blobs_never_makes_a_mail_unreadable(post: MailDesk, tmp_path: Path) -> None:
    mail = await post.accept(letter())
    blob = (await InboundMail.get(id=mail)).blob
    (path,) = (tmp_path / "blobs").rglob(blob)
    hidden = path.rename(tmp_path / "hidden")
    for _ in range(10):
        with pytest.raises(HelpdeskError):
            await post.mailroom.file_mail({"inbound_mail": mail})
    hidden.rename(path)
    await post.mailroom.file_mail({"inbound_mail": mail})
    assert (await Ticket.get(id=(await InboundMail.get(id=mail)).ticket_id)).subject == "Printer on fire"


GARBAGE = bytes(range(256)) * 20


@pytest.mark.parametrize(
    "raw",
    [
        GARBAGE,
        b"\xff\xfe\r\n\r\n\x00\x00",
        letter(GARBAGE, subject="x"),
        b"From: \xff\xfe <\xc3(\x00@\xed\xa0\x80.test>\r\nTo: \x00\r\nSubject: \xed\xa0\x80 \x00 =?utf-8?b?7aCA?=\r\n"
        b"Message-ID: <\xed\xa0\x80\x00@x>\r\nIn-Reply-To: <\xed\xa0\x80\xff@x>\r\n"
        b"References: <\x00\xed\xb0\x80@y> [#\xd9\xa1]\r\n\r\n\xed\xa0\x80\x00",
        letter("x" * 200_000, subject="y" * 5_000),
        letter(sender="x" * 400 + "@customer.test", subject="long sender"),
        letter(subject="[#99999999999999999999999] [#999999999999999999] big numbers"),
    ],
    ids=["all-bytes", "no-header", "garbage-body", "garbage-header", "endless-lines", "long-sender", "big-numbers"],
)
async def test_garbage_is_filed_like_any_other_mail(post: MailDesk, raw: bytes) -> None:
    row = await post.receive(raw, sender="odd@customer.test")
    assert row.disposition in (Disposition.NEW_TICKET, Disposition.AUTOMATIC)
    assert await Ticket.exists(id=row.ticket_id)


async def test_mail_that_cannot_be_read_becomes_a_ticket_with_the_raw_mail_attached(post: MailDesk) -> None:
    reader = Reader(1, memory=4 << 20)
    await reader.start()
    try:
        raw = [letter(f"{n} words " * 400_000, message_id=None) for n in range(2)]
        ids = [await post.accept(one) for one in raw]
        for inbound_mail_id in ids:
            await Mailroom(post.rt, reader).file_mail({"inbound_mail": inbound_mail_id})
    finally:
        await reader.close()
    rows = await InboundMail.all().order_by("id")
    assert [row.disposition for row in rows] == [Disposition.NEW_TICKET] * 2  # neither is the other's duplicate
    for row, mail in zip(rows, raw, strict=True):
        ticket, file = await Ticket.get(id=row.ticket_id), await Attachment.get(ticket_id=row.ticket_id)
        assert (ticket.requester_id, file.filename, await post.rt.blobs.read(file.blob)) == (post.desk.eva.id, "mail.eml", mail)
    await post.post()
    assert post.relay.arrived == []  # whether it may be answered is not known


async def test_a_mail_whose_workers_died_reading_it_is_not_read_for_ever(post: MailDesk) -> None:
    mail = await post.accept(letter())
    await execute(post.rt, "UPDATE inbound_mails SET reads = 6 WHERE id = $1", mail)
    await post.mailroom.file_mail({"inbound_mail": mail})
    row = await InboundMail.get(id=mail)
    assert (await Attachment.get(ticket_id=row.ticket_id)).filename == "mail.eml"


async def test_what_is_refused_where_it_belongs_is_judged_anew_and_opens_a_ticket(post: MailDesk) -> None:
    number = await post.ticket(message_id="first@customer.test")
    late = await post.accept(letter("Still burning.", in_reply_to="<first@customer.test>"))
    async with meanwhile(post.desk, post.mailroom.file_mail({"inbound_mail": late})) as tx:
        await Ticket.filter(id=number).update(status=Status.CLOSED, closed_at=tx.now - timedelta(days=30))
    row = await InboundMail.get(id=late)
    assert (row.disposition, row.ticket_id != number, row.trace["rule"]) == (Disposition.NEW_TICKET, True, "answer_too_late")


async def test_what_is_refused_again_and_again_opens_a_ticket_with_the_reason(post: MailDesk, tmp_path: Path) -> None:
    number = await post.ticket(message_id="first@customer.test")
    raw = letter("Still burning.", in_reply_to="<first@customer.test>")
    mail = await post.accept(raw)
    (tmp_path / "mail").write_bytes(raw)
    reading = read_file(tmp_path / "mail", tmp_path, EVA, Own(frozenset({SUPPORT}), "x"))
    async with post.rt.transaction(inbound.DESK) as tx:
        (filed,) = await inbound.file(tx, [inbound.ReadMail(mail, reading, [])], Conflict("It is not taken here."))
    assert filed is not None and (filed.disposition, filed.rule) == (Disposition.NEW_TICKET, "filed_apart")
    assert filed.reason == f"it could not be added to ticket #{number}: It is not taken here."
