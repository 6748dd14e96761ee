"""Each accepted mail ends with exactly one disposition: what is filed where, and what is never filed twice, dropped or leaked."""

from __future__ import annotations

from core import tickets
from core.models.mail import Disposition
from core.models.tickets import Attachment, Comment, Status, Ticket
from tests.support.crossing import meanwhile
from tests.support.mail import EVA, MailDesk, execute, letter, mail_with_file


async def test_a_mail_opens_a_ticket_of_its_sender(post: MailDesk) -> None:
    row = await post.receive(letter("It burns.\nHelp!", subject="Printer on fire", sender="Eva Meyer <EVA@customer.test>"))
    assert (row.disposition, row.comment_id is not None, row.trace["matching"]) == (Disposition.NEW_TICKET, True, [])
    ticket = await Ticket.get(id=row.ticket_id)
    assert (ticket.subject, ticket.status, ticket.requester_id) == ("Printer on fire", Status.NEW, post.desk.eva.id)
    comment = await Comment.get(ticket_id=ticket.id)
    assert (comment.body, comment.public, comment.author_id) == ("It burns.\nHelp!", True, post.desk.eva.id)


async def test_files_travel_into_the_ticket(post: MailDesk) -> None:
    row = await post.receive(mail_with_file("../../log.txt", b"flames"))
    (file,) = await Attachment.filter(ticket_id=row.ticket_id)
    assert (file.filename, file.size, await post.rt.blobs.read(file.blob)) == ("log.txt", 6, b"flames")


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


async def test_the_ledger_says_why(post: MailDesk) -> None:
    ticket_id = await post.ticket()
    row = await post.receive(letter(subject=f"Re: [#{ticket_id}] Printer", sender="Eva <eva@customer.test>", precedence="list"))
    assert row.reason == "found by subject_tag"
    assert row.trace["matching"] == [{"rule": "subject_tag", "evidence": f"[#{ticket_id}]", "ticket": ticket_id}]
    screening = row.trace["screening"]
    assert isinstance(screening, list) and screening[0]["rule"] == "precedence_bulk"


async def test_a_mail_that_comes_while_its_ticket_is_moved_is_filed_on_it(post: MailDesk) -> None:
    number, second = await post.ticket(message_id="first@customer.test"), (await post.desk.another_queue("Second")).id
    answer = await post.accept(letter("Still burning.", in_reply_to="<first@customer.test>"))
    async with meanwhile(post.desk, post.mailroom.file_mail({"inbound_mail": answer})) as tx:
        await tickets.move(tx, number, second)
    rows = await execute(post.rt, "SELECT disposition, ticket_id FROM inbound_mails WHERE id = $1", answer)
    assert [tuple(row) for row in rows] == [(Disposition.REPLY, number)]
