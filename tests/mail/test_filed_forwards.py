"""Mail that somebody forwards: whose matter it is, and what the colleague adds to it."""

from __future__ import annotations

import pytest

from core import comments
from core.mail.reading import Reader
from core.mail.replay import Replay
from core.models.record import Event
from core.models.tickets import Comment, Ticket
from core.models.ties import TicketParticipant
from core.runtime import Actor
from tests.support.mail import MailDesk, letter, mail_with_file

FORWARDED = """Please help her.

---------- Forwarded message ---------
From: Kai Kunde <kai@kunde.test>
Date: Mon, 2 Nov 2026 at 10:15
Subject: Printer
To: Anna Berg <anna@example.org>

It burns!"""


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
    assert (ticket.requester.email, ticket.subject) == (requester, "Printer" if vouched else "Fwd: Printer")
    assert not await TicketParticipant.filter(ticket_id=ticket.id).exists()


async def test_what_a_customer_forwards_is_his_own_matter(post: MailDesk) -> None:
    vouched = {"Authentication-Results": "mx.example.org; dmarc=pass header.from=customer.test"}
    row = await post.receive(letter(FORWARDED, subject="Fwd: Printer", **vouched))
    assert (await Ticket.get(id=row.ticket_id)).requester_id == post.desk.eva.id


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
async def test_reading_the_past_again_shows_no_sender_what_a_colleague_said_of_his_mail(post: MailDesk, reader: Reader) -> None:
    headers = {"Authentication-Results": "mx.example.org; dmarc=pass header.from=example.org"}
    body = f"He never reads our answers.\n\n{FORWARDED}"
    row = await post.receive(letter(body, sender="anna@example.org", subject="Fwd: Printer", **headers), sender="anna@example.org")
    assert [one async for one in Replay(post.rt, reader, apply=True).run()] == []
    await Comment.filter(id=row.comment_id).update(body="It")
    (found,) = [one async for one in Replay(post.rt, reader, apply=True).run()]
    said = await Comment.get(id=row.comment_id)
    assert (found.would_be, said.body, said.full_body, said.html) == ("It burns!", "It burns!", None, None)


@pytest.mark.settings(authserv_id="mx.example.org")
async def test_a_suspicious_mail_that_a_colleague_shows_is_not_answered_to_its_sender(post: MailDesk) -> None:
    raw = mail_with_file("mail.eml", letter(sender="phisher@evil.test"), sender="Anna <anna@example.org>", subject="Phishing? Please check")
    raw = b"Authentication-Results: mx.example.org; dmarc=pass header.from=example.org\r\n" + raw.replace(
        b"application/octet-stream", b"message/rfc822"
    )
    row = await post.receive(raw, sender="anna@example.org")
    assert (await Ticket.get(id=row.ticket_id)).requester_id == post.desk.anna.id
