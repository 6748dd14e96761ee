"""Each accepted mail ends with exactly one disposition: what is filed where, and what is never filed twice, dropped or leaked."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.mailroom import Mailroom
from core import comments, events, tickets, tokens
from core.errors import Conflict, HelpdeskError, TemporaryFailure
from core.mail import inbound
from core.mail.reading import Reader, read_file
from core.mail.screen import Own
from core.models.mail import Delivery, Disposition, InboundMail, OutboundMessage
from core.models.people import Role, User
from core.models.queues import Mailbox
from core.models.record import Event
from core.models.tickets import Attachment, Comment, Status, Ticket
from core.models.ties import JoinRequest, TicketLink, TicketParticipant
from core.runtime import SYSTEM, Actor
from tests.support.crossing import meanwhile
from tests.support.mail import EVA, SUPPORT, MailDesk, execute, letter, mail_with_file, until


async def test_a_mail_opens_a_ticket_of_its_sender(post: MailDesk) -> None:
    row = await post.receive(letter("It burns.\nHelp!", subject="Printer on fire", sender="Eva Meyer <EVA@customer.test>"))
    assert (row.disposition, row.comment_id is not None, row.trace["matching"]) == (Disposition.NEW_TICKET, True, [])
    ticket = await Ticket.get(id=row.ticket_id)
    assert (ticket.subject, ticket.status, ticket.requester_id) == ("Printer on fire", Status.NEW, post.desk.eva.id)
    comment = await Comment.get(ticket_id=ticket.id)
    assert (comment.body, comment.public, comment.author_id) == ("It burns.\nHelp!", True, post.desk.eva.id)


async def test_a_mail_is_filed_once_however_often_its_job_runs(post: MailDesk) -> None:
    row = await post.receive(letter())
    await post.mailroom.file_mail({"inbound_mail": row.id})
    assert await Ticket.all().count() == 1


async def test_files_travel_into_the_ticket(post: MailDesk) -> None:
    row = await post.receive(mail_with_file("../../log.txt", b"flames"))
    (file,) = await Attachment.filter(ticket_id=row.ticket_id)
    assert (file.filename, file.size, await post.rt.blobs.read(file.blob)) == ("log.txt", 6, b"flames")


async def test_people_in_to_and_cc_become_participants_and_our_own_mailboxes_never(post: MailDesk) -> None:
    token_address = tokens.reply_address(post.rt.keys, SUPPORT, 999_999)
    to, cc = f"Support <{SUPPORT}>, Tom <tom@customer.test>, {token_address}", f"ina@customer.test, Eva <{EVA}>, SUPPORT+x@example.org"
    row = await post.receive(letter(to=to, cc=cc))
    people = await TicketParticipant.filter(ticket_id=row.ticket_id).prefetch_related("user")
    assert {(person.user.email, person.user.name) for person in people} == {("tom@customer.test", "Tom"), ("ina@customer.test", "")}


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


async def test_an_empty_mail_opens_a_ticket(post: MailDesk) -> None:
    row = await post.receive(b"", sender=EVA)
    ticket = await Ticket.get(id=row.ticket_id)
    assert (ticket.subject, ticket.requester_id) == ("(no subject)", post.desk.eva.id)


async def test_a_mail_with_a_file_and_nothing_else_opens_a_ticket(post: MailDesk) -> None:
    row = await post.receive(letter(b"aGVsbG8=", subject="", content_type="image/png", content_transfer_encoding="base64"))
    assert (await Attachment.filter(ticket_id=row.ticket_id).count(), row.disposition) == (1, Disposition.NEW_TICKET)


async def test_an_empty_reply_is_a_reply(post: MailDesk) -> None:
    ticket_id = await post.ticket(message_id="first@customer.test")
    row = await post.receive(letter("", in_reply_to="<first@customer.test>"))
    assert (row.disposition, row.ticket_id) == (Disposition.REPLY, ticket_id)


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


async def test_a_mail_of_nobody_is_kept_and_answered_to_nobody(post: MailDesk) -> None:
    row = await post.receive(letter(sender="undisclosed"), sender="<>")
    ticket = await Ticket.get(id=row.ticket_id).prefetch_related("requester")
    assert ticket.requester.email == "unknown-sender@invalid"
    await post.post()
    assert post.relay.arrived == []


async def test_the_answer_of_a_participant_reopens_a_resolved_ticket(post: MailDesk) -> None:
    ticket_id = await post.ticket(message_id="first@customer.test", cc="ina@customer.test")
    async with post.rt.transaction(SYSTEM) as tx:
        await tickets.set_status(tx, ticket_id, Status.RESOLVED)
    row = await post.receive(letter("Still burning.", sender="ina@customer.test", in_reply_to="<first@customer.test>"))
    assert (row.disposition, (await Ticket.get(id=ticket_id)).status) == (Disposition.REPLY, Status.OPEN)


@pytest.mark.parametrize("clue", ["subject", "in_reply_to", "references", "known_mail"])
async def test_a_stranger_who_names_a_ticket_gets_one_of_his_own_and_nothing_of_the_other(post: MailDesk, clue: str) -> None:
    ticket_id = await post.ticket(message_id="first@customer.test", subject="Secret merger")
    ours = tokens.message_id(post.rt.keys, ticket_id, 0, b"12345", "example.org")
    headers = {
        "subject": {"subject": f"Re: [#{ticket_id}] gossip"},
        "in_reply_to": {"in_reply_to": f"<{ours}>"},
        "references": {"references": f"<{ours}>"},
        "known_mail": {"in_reply_to": "<first@customer.test>"},
    }[clue]
    row = await post.receive(letter("Let me in.", sender="mallory@elsewhere.test", **headers), sender="mallory@elsewhere.test")
    assert row.disposition == Disposition.WANTS_TO_JOIN
    assert row.ticket_id not in (None, ticket_id)
    request = await JoinRequest.get()
    assert (request.ticket_id, request.own_ticket_id) == (ticket_id, row.ticket_id)
    assert await Comment.filter(ticket_id=ticket_id).count() == 1
    await post.post()
    sent = "\n".join(one.everything for one in post.relay.to("mallory@elsewhere.test"))
    assert sent and "merger" not in sent and "It burns." not in sent and "Eva" not in sent


async def test_who_knows_the_signed_address_is_filed_as_himself_and_flagged(post: MailDesk) -> None:
    ticket_id = await post.ticket()
    address = tokens.reply_address(post.rt.keys, SUPPORT, ticket_id)
    row = await post.receive(letter("I help her.", sender="tom@customer.test", to=address), to=[address], sender="tom@customer.test")
    comment = await Comment.get(id=row.comment_id).prefetch_related("author")
    assert (row.disposition, row.ticket_id, comment.public) == (Disposition.REPLY, ticket_id, True)
    assert comment.author is not None and comment.author.email == "tom@customer.test"
    assert comment.flagged and "not a participant" in comment.flagged


@pytest.mark.parametrize("signed", [True, False])
async def test_mail_that_says_it_is_from_staff_is_an_internal_note_flagged(post: MailDesk, signed: bool) -> None:
    ticket_id = await post.ticket()
    to = tokens.reply_address(post.rt.keys, SUPPORT, ticket_id) if signed else SUPPORT
    raw = letter("Refund her.", sender="anna@example.org", subject=f"[#{ticket_id}]", to=to)
    row = await post.receive(raw, to=[to], sender="anna@example.org")
    comment = await Comment.get(id=row.comment_id)
    assert (row.disposition, row.ticket_id, comment.public) == (Disposition.NOTE, ticket_id, False)
    assert comment.flagged and "not proven" in comment.flagged
    await post.post()
    assert all("Refund" not in one.everything for one in post.relay.to(EVA))


async def test_staff_writing_on_their_own_case_are_requesters(post: MailDesk) -> None:
    ticket_id = await post.ticket(sender="anna@example.org", message_id="hers@example.org")
    row = await post.receive(letter("Any news?", sender="anna@example.org", in_reply_to="<hers@example.org>"))
    assert (row.disposition, row.ticket_id) == (Disposition.REPLY, ticket_id)


async def test_an_out_of_office_note_is_internal_and_moves_nothing(post: MailDesk) -> None:
    ticket_id = await post.ticket(message_id="first@customer.test")
    async with post.rt.transaction(SYSTEM) as tx:
        await tickets.set_status(tx, ticket_id, Status.RESOLVED)
    before = await Ticket.get(id=ticket_id)
    away = letter("Back on Monday.", subject="Out of office", in_reply_to="<first@customer.test>", auto_submitted="auto-replied")
    row = await post.receive(away)
    after, comment = await Ticket.get(id=ticket_id), await Comment.get(id=row.comment_id)
    assert (row.disposition, row.ticket_id, comment.public, comment.automatic) == (Disposition.AUTOMATIC, ticket_id, False, True)
    assert (after.status, after.requester_spoke_at) == (before.status, before.requester_spoke_at)


async def test_automatic_mail_without_a_ticket_opens_one_and_is_not_answered(post: MailDesk) -> None:
    row = await post.receive(letter("Disk full.", sender="monitor@customer.test", auto_submitted="auto-generated"))
    assert row.disposition == Disposition.AUTOMATIC and row.ticket_id is not None
    await post.post()
    assert post.relay.arrived == []


async def answered(post: MailDesk) -> tuple[int, Delivery]:
    """A ticket with an answer that has left, and its delivery."""
    ticket_id = await post.ticket()
    await post.desk.says(post.desk.anna, ticket_id, "Use water.")
    await post.post()
    return ticket_id, await Delivery.get(message_id__isnull=False, recipient=EVA, message__template="reply")


def bounce(action: str = "failed", status: str = "5.1.1", returned: str = "") -> bytes:
    """A delivery report (RFC 3464)."""
    report = (
        "--b\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.customer.test\r\n\r\n"
        f"Final-Recipient: rfc822; {EVA}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 {status} nobody here\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{returned}Subject: Re: Printer\r\n\r\n--b--"
    )
    return letter(report.encode(), sender="MAILER-DAEMON@mx.customer.test", subject="Undelivered Mail Returned to Sender",
                  content_type="multipart/report; report-type=delivery-status; boundary=b")  # fmt: skip


@pytest.mark.parametrize("way", ["verp", "message_id"])
async def test_a_bounced_answer_is_a_note_and_its_comment_says_so(post: MailDesk, way: str) -> None:
    ticket_id, delivery = await answered(post)
    to = tokens.bounce_address(post.rt.keys, SUPPORT, delivery.id) if way == "verp" else SUPPORT
    returned = f"Message-ID: <{delivery.message_id}>\r\n" if way == "message_id" else ""
    row = await post.receive(bounce(returned=returned), to=[to], sender="<>")
    assert (row.disposition, row.ticket_id) == (Disposition.BOUNCE, ticket_id)
    note = await Comment.get(id=row.comment_id)
    assert (note.public, note.author_id) == (False, None)
    said = await Comment.get(ticket_id=ticket_id, body="Use water.")
    assert said.bounced_at is not None
    await delivery.refresh_from_db()
    assert (delivery.state, delivery.last_error) == ("failed", "550 5.1.1 nobody here")
    event = await Event.get(kind=events.DeliveryFailed.kind)
    assert (event.ticket_id, event.data["delivery_id"]) == (ticket_id, delivery.id)


async def test_a_report_of_delay_is_a_note_and_no_failure(post: MailDesk) -> None:
    ticket_id, delivery = await answered(post)
    row = await post.receive(bounce("delayed", "4.4.1"), to=[tokens.bounce_address(post.rt.keys, SUPPORT, delivery.id)], sender="<>")
    assert (row.disposition, row.ticket_id) == (Disposition.BOUNCE, ticket_id)
    assert (await Comment.get(ticket_id=ticket_id, body="Use water.")).bounced_at is None
    assert not await Event.exists(kind=events.DeliveryFailed.kind)


async def test_a_bounce_of_a_notice_to_staff_is_not_mailed_to_the_staff_it_could_not_reach(post: MailDesk) -> None:
    ticket_id = await post.ticket()
    async with post.rt.transaction(SYSTEM) as tx:
        await tickets.assign(tx, ticket_id, post.desk.anna.id)
    await post.post()
    delivery = await Delivery.get(recipient="anna@example.org")
    row = await post.receive(bounce(), to=[tokens.bounce_address(post.rt.keys, SUPPORT, delivery.id)], sender="<>")
    assert row.disposition == Disposition.BOUNCE
    await post.post()
    assert len(post.relay.to("anna@example.org")) == 1  # the notice itself, and no notice of its bounce, whose bounce …


async def test_a_bounced_answer_is_told_to_the_assignee(post: MailDesk) -> None:
    ticket_id, delivery = await answered(post)
    async with post.rt.transaction(SYSTEM) as tx:
        await tickets.assign(tx, ticket_id, post.desk.anna.id)
    await post.receive(bounce(), to=[tokens.bounce_address(post.rt.keys, SUPPORT, delivery.id)], sender="<>")
    await post.post()
    assert any("could not be delivered" in one.everything for one in post.relay.to("anna@example.org"))


async def test_a_bounce_of_somebody_elses_mail_is_automatic_mail(post: MailDesk) -> None:
    row = await post.receive(bounce(returned="Message-ID: <not-ours@elsewhere.test>\r\n"), sender="<>")
    assert row.disposition == Disposition.AUTOMATIC


async def test_an_answer_to_a_ticket_closed_too_long_ago_opens_a_linked_one(post: MailDesk) -> None:
    ticket_id = await post.ticket(message_id="first@customer.test")
    await close(post, ticket_id, timedelta(days=15))
    row = await post.receive(letter("Again!", in_reply_to="<first@customer.test>"))
    assert row.disposition == Disposition.NEW_TICKET and row.ticket_id != ticket_id
    link = await TicketLink.get()
    assert (link.source_id, link.target_id, link.kind) == (row.ticket_id, ticket_id, "follow_up")
    assert (await Ticket.get(id=ticket_id)).status == Status.CLOSED


async def test_an_answer_within_two_weeks_reopens_a_closed_ticket(post: MailDesk) -> None:
    ticket_id = await post.ticket(message_id="first@customer.test")
    await close(post, ticket_id, timedelta(days=13))
    row = await post.receive(letter("Again!", in_reply_to="<first@customer.test>"))
    assert (row.ticket_id, (await Ticket.get(id=ticket_id)).status) == (ticket_id, Status.OPEN)


@pytest.mark.parametrize("kind", ["out-of-office", "bounce", "staff"])
async def test_notes_are_still_taken_on_a_ticket_closed_long_ago(post: MailDesk, kind: str) -> None:
    ticket_id, delivery = await answered(post)
    await close(post, ticket_id, timedelta(days=100))
    raw, to = {
        "out-of-office": (letter("Away.", in_reply_to=f"<{delivery.message_id}>", auto_submitted="auto-replied"), SUPPORT),
        "bounce": (bounce(), tokens.bounce_address(post.rt.keys, SUPPORT, delivery.id)),
        "staff": (letter("By the way.", sender="anna@example.org", subject=f"[#{ticket_id}]"), SUPPORT),
    }[kind]
    row = await post.receive(raw, to=[to], sender="<>")
    assert (row.ticket_id, (await Ticket.get(id=ticket_id)).status) == (ticket_id, Status.CLOSED)


async def close(post: MailDesk, ticket_id: int, ago: timedelta) -> None:
    async with post.rt.transaction(SYSTEM) as tx:
        await tickets.set_status(tx, ticket_id, Status.CLOSED)
    post.rt.clock.advance(ago)


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


async def test_the_ledger_says_why(post: MailDesk) -> None:
    ticket_id = await post.ticket()
    row = await post.receive(letter(subject=f"Re: [#{ticket_id}] Printer", sender="Eva <eva@customer.test>", precedence="list"))
    assert row.reason == "found by subject_tag"
    assert row.trace["matching"] == [{"rule": "subject_tag", "evidence": f"[#{ticket_id}]", "ticket": ticket_id}]
    screening = row.trace["screening"]
    assert isinstance(screening, list) and screening[0]["rule"] == "precedence_bulk"


async def test_a_person_is_known_again_by_any_of_his_addresses(post: MailDesk) -> None:
    await execute(post.rt, "INSERT INTO user_addresses (email, user_id, created_at) VALUES ('eva@home.test', $1, now())", post.desk.eva.id)
    row = await post.receive(letter(sender="Eva at home <Eva@Home.test>"), sender="eva@home.test")
    assert (await Ticket.get(id=row.ticket_id)).requester_id == post.desk.eva.id
    assert await User.filter(role=Role.USER).count() == 1


async def test_a_mail_sent_from_our_own_mailbox_is_no_answer_to_itself(post: MailDesk) -> None:
    row = await post.receive(letter("Round and round.", sender=SUPPORT), sender=SUPPORT)
    assert row.disposition == Disposition.NEW_TICKET
    await post.post()
    assert await OutboundMessage.all().count() == 0


async def test_a_mail_that_comes_while_its_ticket_is_moved_is_filed_on_it(post: MailDesk) -> None:
    number, second = await post.ticket(message_id="first@customer.test"), (await post.desk.another_queue("Second")).id
    answer = await post.accept(letter("Still burning.", in_reply_to="<first@customer.test>"))
    async with meanwhile(post.desk, post.mailroom.file_mail({"inbound_mail": answer})) as tx:
        await tickets.move(tx, number, second)
    rows = await execute(post.rt, "SELECT disposition, ticket_id FROM inbound_mails WHERE id = $1", answer)
    assert [tuple(row) for row in rows] == [(Disposition.REPLY, number)]


async def test_a_stranger_takes_no_ticket_from_the_staff_by_putting_them_in_copy(post: MailDesk) -> None:
    row = await post.receive(letter(cc="anna@example.org, boris@example.org, admin@example.org, tom@customer.test"))
    assert await TicketParticipant.filter(ticket_id=row.ticket_id).values_list("user__email", flat=True) == ["tom@customer.test"]


async def test_what_a_stranger_writes_while_he_waits_to_be_let_in_goes_with_his_first_mail(post: MailDesk) -> None:
    number = await post.ticket(message_id="first@customer.test")
    rows = [
        await post.receive(letter(body, sender="otto@customer.test", in_reply_to="<first@customer.test>"))
        for body in ("Me too.", "Please!")
    ]
    assert [row.disposition for row in rows] == [Disposition.WANTS_TO_JOIN] * 2
    assert rows[0].ticket_id == rows[1].ticket_id != number
    assert await JoinRequest.all().count() == await Event.filter(kind="ticket.join_requested").count() == 1


async def test_a_device_that_says_the_same_every_day_is_heard_every_day(post: MailDesk) -> None:
    raw = b"From: printer@customer.test\r\nTo: support@example.org\r\nSubject: Toner low\r\n\r\nToner low.\r\n"
    assert [(await post.receive(raw)).disposition for _ in range(2)] == [Disposition.NEW_TICKET] * 2


async def test_an_answer_and_its_original_that_are_read_at_the_same_time_become_one_ticket(post: MailDesk) -> None:
    first = await post.accept(mail_with_file("log.txt", b"x" * 3_000_000, **{"Message-ID": "<first@customer.test>"}))
    answer = await post.accept(letter("P.S. It is the red one.", in_reply_to="<first@customer.test>"))
    await execute(post.rt, "UPDATE inbound_mails SET received_at = received_at - interval '3 hours'")  # as after an outage
    with pytest.raises(TemporaryFailure):
        await asyncio.gather(*(post.mailroom.file_mail({"inbound_mail": i}) for i in (first, answer)))
    await until(lambda: InboundMail.filter(id=first, disposition__isnull=False).exists())
    await post.mailroom.file_mail({"inbound_mail": answer})
    assert len({(await InboundMail.get(id=i)).ticket_id for i in (first, answer)}) == 1


FORWARDED = """Please help her.

---------- Forwarded message ---------
From: Kai Kunde <kai@kunde.test>
Date: Mon, 2 Nov 2026 at 10:15
Subject: Printer
To: Anna Berg <anna@example.org>

It burns!"""


@pytest.mark.settings(authserv_id="mx.example.org")
@pytest.mark.settings(authserv_id="mx.example.org")
@pytest.mark.parametrize(("vouched", "requester"), [(True, "kai@kunde.test"), (False, "anna@example.org")])
async def test_what_a_colleague_forwards_is_its_first_senders_matter_when_it_was_the_colleague(
    post: MailDesk, vouched: bool, requester: str
) -> None:
    headers = {"Authentication-Results": "mx.example.org; dmarc=pass header.from=example.org"} if vouched else {}
    row = await post.receive(
        letter(FORWARDED, sender="Anna Berg <anna@example.org>", subject="Fwd: Printer", **headers), sender="anna@example.org"
    )
    ticket = await Ticket.get(id=row.ticket_id).prefetch_related("requester")
    assert ticket.requester.email == requester
    assert not await TicketParticipant.filter(ticket_id=ticket.id).exists()


async def test_what_a_customer_forwards_is_his_own_matter(post: MailDesk) -> None:
    vouched = {"Authentication-Results": "mx.example.org; dmarc=pass header.from=customer.test"}
    row = await post.receive(letter(FORWARDED, subject="Fwd: Printer", **vouched))
    assert (await Ticket.get(id=row.ticket_id)).requester_id == post.desk.eva.id


async def test_a_tag_that_anybody_can_write_brings_nobody_else_in(post: MailDesk) -> None:
    number = await post.ticket()
    await post.receive(letter("Copy my friend.", subject=f"Re: [#{number}] Printer", cc="attacker@evil.test"))
    assert not await TicketParticipant.filter(ticket_id=number).exists()


async def test_an_answer_to_our_mail_brings_in_whom_its_writer_copies(post: MailDesk) -> None:
    number = await post.ticket()
    await post.post()
    ours = str(post.relay.to(EVA)[0].message["Message-ID"])
    await post.receive(letter("My colleague will help.", in_reply_to=ours, cc="tom@customer.test, anna@example.org"))
    assert await TicketParticipant.filter(ticket_id=number).values_list("user__email", flat=True) == ["tom@customer.test"]


async def test_a_form_speaks_for_its_user_and_says_so(post: MailDesk) -> None:
    row = await post.receive(letter(sender="noreply@forms.test", reply_to=EVA))
    comment = await Comment.get(id=row.comment_id)
    assert (comment.author_id, "only its Reply-To" in (comment.flagged or "")) == (post.desk.eva.id, True)


@pytest.mark.settings(authserv_id="mx.example.org")
@pytest.mark.parametrize("first", ["root", "x" * 400 + "@kunde.test", "support@example.org"])
async def test_a_forwarded_sender_who_cannot_be_one_leaves_the_matter_the_colleagues(post: MailDesk, first: str) -> None:
    inner = letter(sender=first)
    raw = mail_with_file("mail.eml", inner, sender="Anna <anna@example.org>", subject="Fwd: x").replace(
        b"application/octet-stream", b"message/rfc822"
    )
    row = await post.receive(
        b"Authentication-Results: mx.example.org; dmarc=pass header.from=example.org\r\n" + raw, sender="anna@example.org"
    )
    assert row.ticket_id is not None
    assert (await Ticket.get(id=row.ticket_id)).requester_id == post.desk.anna.id


@pytest.mark.settings(authserv_id="mx.example.org")
async def test_what_a_colleague_says_of_a_forwarded_mail_stays_among_colleagues(post: MailDesk) -> None:
    headers = {"Authentication-Results": "mx.example.org; dmarc=pass header.from=example.org"}
    body = f"He never reads our answers.\n\n{FORWARDED}"
    row = await post.receive(letter(body, sender="anna@example.org", subject="Fwd: Printer", **headers), sender="anna@example.org")
    said = await Comment.filter(ticket_id=row.ticket_id).order_by("id")
    assert [(one.public, "never reads" in one.body, "It burns!" in one.body) for one in said] == [(True, False, True), (False, True, False)]
    assert (said[0].full_body, said[0].html, said[1].author_id) == (None, None, post.desk.anna.id)
    assert [one.data["by"] for one in await Event.filter(ticket_id=row.ticket_id, kind="comment.added")] == ["staff"]
    async with post.rt.transaction(Actor(post.desk.boris.id)) as tx:
        await comments.reply(tx, row.ticket_id or 0, "We look at it.")
    await post.post()
    assert post.relay.to("kai@kunde.test") and not any("never reads" in mail.everything for mail in post.relay.to("kai@kunde.test"))


@pytest.mark.settings(authserv_id="mx.example.org")
async def test_a_suspicious_mail_that_a_colleague_shows_is_not_answered_to_its_sender(post: MailDesk) -> None:
    raw = mail_with_file("mail.eml", letter(sender="phisher@evil.test"), sender="Anna <anna@example.org>", subject="Phishing? Please check")
    raw = b"Authentication-Results: mx.example.org; dmarc=pass header.from=example.org\r\n" + raw.replace(
        b"application/octet-stream", b"message/rfc822"
    )
    row = await post.receive(raw, sender="anna@example.org")
    assert (await Ticket.get(id=row.ticket_id)).requester_id == post.desk.anna.id


async def test_a_list_in_front_of_the_desk_hides_nobody(post: MailDesk) -> None:
    mine = await post.receive(letter("My salary slip", reply_to=SUPPORT))
    other = await post.receive(
        letter("Hello", sender="mallory@evil.test", reply_to=SUPPORT, subject=f"[#{mine.ticket_id}] x"), sender="mallory@evil.test"
    )
    assert (await Ticket.get(id=mine.ticket_id)).requester_id == post.desk.eva.id
    assert other.disposition == Disposition.WANTS_TO_JOIN
    group = await post.receive(letter("By the group", sender=f"'Eva' via Support <{SUPPORT}>", reply_to=EVA, subject="Other"))
    assert (await Ticket.get(id=group.ticket_id)).requester_id == post.desk.eva.id


async def test_our_own_mail_that_comes_back_under_another_id_opens_nothing(post: MailDesk) -> None:
    number = await post.ticket()
    async with post.rt.transaction(Actor(post.desk.anna.id)) as tx:
        await comments.reply(tx, number, "Answer")
    await post.post()
    back = post.relay.to(EVA)[-1].message
    back.replace_header("Message-ID", "<rewritten@outlook.test>")
    row = await post.receive(back.as_bytes(), sender="x@other.test")
    assert (row.disposition, await Ticket.all().count()) == (Disposition.REFUSED, 1)


@pytest.mark.settings(reopen_days=14)
async def test_who_waits_to_be_let_in_is_heard_also_when_his_own_ticket_is_over(post: MailDesk) -> None:
    await post.ticket(message_id="first@customer.test")
    waits = {"sender": "tom@other.test", "in_reply_to": "<first@customer.test>"}
    own = await post.receive(letter("Me too.", **waits), sender="tom@other.test")
    async with post.rt.transaction(SYSTEM) as tx:
        await tickets.set_status(tx, own.ticket_id or 0, Status.CLOSED)
    post.rt.clock.advance(timedelta(days=30))
    again = await post.receive(letter("Hello?", **waits), sender="tom@other.test")
    assert again.ticket_id not in (None, own.ticket_id)


async def test_a_mailbox_with_a_plus_of_its_own_is_in_copy_of_nothing(post: MailDesk) -> None:
    await Mailbox.filter(id=post.desk.mailbox.id).update(address="support+eu@example.org")
    row = await post.receive(letter(to="support+eu@example.org, ina@customer.test"), to=["support+eu@example.org"])
    assert await TicketParticipant.filter(ticket_id=row.ticket_id).values_list("user__email", flat=True) == ["ina@customer.test"]


async def test_who_was_written_to_does_not_learn_of_a_blind_copy_to_the_desk(post: MailDesk) -> None:
    row = await post.receive(letter(to="victim@other.test", cc="boss@other.test"), to=[SUPPORT])
    assert not await TicketParticipant.filter(ticket_id=row.ticket_id).exists()


@pytest.mark.settings(spam_mail="set_aside")
async def test_a_copy_of_what_was_not_let_in_is_no_duplicate(post: MailDesk) -> None:
    raw = letter("A real matter", message_id="q@customer.test")
    assert (await post.receive(b"X-Spam-Flag: YES\r\n" + raw)).disposition == Disposition.SPAM
    assert (await post.receive(raw)).ticket_id is not None


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


async def test_who_wants_answers_elsewhere_gets_them_there_too(post: MailDesk) -> None:
    row = await post.receive(letter(reply_to="eva.home@private.test"))
    async with post.rt.transaction(Actor(post.desk.anna.id)) as tx:
        await comments.reply(tx, row.ticket_id or 0, "Pull the plug.")
    await post.post()
    assert all(any("Pull the plug." in mail.text for mail in post.relay.to(address)) for address in (EVA, "eva.home@private.test"))


async def test_a_list_that_wants_the_answers_gets_none(post: MailDesk) -> None:
    row = await post.receive(letter(reply_to="everybody@list.test", list_id="<everybody.list.test>"))
    assert not await TicketParticipant.filter(ticket_id=row.ticket_id).exists()
