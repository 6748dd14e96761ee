"""Whether a sender is who he says: by the DNS, or by the word of our own mail server; and what follows when he is not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.mailroom import Mailroom
from core.mail.authentication import UNKNOWN, Authentication, Delivered, is_checked_here, told_by_server
from core.mail.parse import read
from core.mail.reading import Reader
from core.mail.sender_check import SenderCheck
from core.models.mail import Disposition, InboundMail
from core.models.record import Event
from core.models.tickets import Comment
from core.settings import Settings
from tests.fakes.dns import Dns, dns_running, signed
from tests.support.mail import MailDesk, letter

RAW = letter(sender="Eva <eva@customer.test>")


@pytest.fixture
async def dns() -> AsyncIterator[Dns]:
    async with dns_running() as served:
        served.domain("customer.test", spf="ip4:203.0.113.5 -all")
        served.domain("strangers.test", spf="ip4:203.0.113.9 -all")
        yield served


async def checked(raw: bytes, *, peer: str = "203.0.113.5", mail_from: str = "eva@customer.test", patience: float = 20) -> Authentication:
    senders = SenderCheck(private_too=True, patience=patience)
    try:
        sender = read(raw).mail.sender
        return await senders.check(Delivered(raw, peer, mail_from, sender.domain if sender else ""))
    finally:
        senders.close()


async def test_mail_from_where_its_domain_sends_is_proven(dns: Dns) -> None:
    found = await checked(RAW)
    assert (found.verdict, found.spf, found.dmarc, found.warning) == ("pass", "pass", "pass", None)


async def test_forwarded_mail_is_proven_by_its_signature(dns: Dns) -> None:
    found = await checked(signed(RAW, "customer.test"), peer="203.0.113.77", mail_from="forward@elsewhere.test")
    assert (found.verdict, found.dkim) == ("pass", "pass")


async def test_any_of_several_signatures_may_be_the_one_of_its_domain(dns: Dns) -> None:
    found = await checked(signed(signed(RAW, "customer.test"), "strangers.test"), peer="203.0.113.77")
    assert found.verdict == "pass"


async def test_a_forged_sender_fails_also_with_a_good_name_in_the_envelope(dns: Dns) -> None:
    found = await checked(signed(RAW, "strangers.test"), peer="203.0.113.9", mail_from="bad@strangers.test")
    assert (found.verdict, found.spf, found.dkim) == ("fail", "pass", "pass")
    assert found.warning is not None


async def test_a_changed_mail_has_no_good_signature(dns: Dns) -> None:
    found = await checked(
        signed(RAW, "customer.test").replace(b"It burns.", b"Pay now."), peer="203.0.113.77", mail_from="x@elsewhere.test"
    )
    assert (found.verdict, found.dkim) == ("fail", "fail")


async def test_a_domain_without_a_policy_is_not_held_against_anybody(dns: Dns) -> None:
    assert (await checked(letter(sender="kai@plain.test"), mail_from="kai@plain.test")).verdict == "none"


async def test_a_silent_dns_is_not_held_against_anybody(dns: Dns) -> None:
    dns.silent = True
    assert (await checked(signed(RAW, "customer.test"), patience=0.3)).verdict == "none"


@pytest.mark.parametrize(
    "raw", [b"", b"\0\xff", b"From: \r\n\r\n", b"DKIM-Signature: v=1; nonsense\r\n" * 50 + RAW, b"From: a@b, c@d\r\nFrom: e@f\r\n\r\nx"]
)
async def test_whatever_strangers_write_is_survived(dns: Dns, raw: bytes) -> None:
    assert (await checked(raw, mail_from="x@elsewhere.test")).verdict in ("none", "fail")


async def test_the_word_of_ones_own_network_counts_only_when_wanted() -> None:
    senders = SenderCheck(private_too=False)
    assert await senders.check(Delivered(RAW, "10.0.0.5", "eva@customer.test", "customer.test")) is UNKNOWN
    senders.close()


def settings(**values: object) -> Settings:
    return Settings(_env_file=None, **values)  # type: ignore[arg-type]


def test_a_door_that_is_open_to_the_world_checks_by_itself() -> None:
    assert not is_checked_here(settings())
    assert is_checked_here(settings(smtp_listen="0.0.0.0:25"))
    assert not is_checked_here(settings(smtp_listen="0.0.0.0:25", check_senders="off"))
    assert not is_checked_here(settings(smtp_listen="0.0.0.0:25", authserv_id="mx.example.org"))
    assert is_checked_here(settings(check_senders="on"))


@pytest.mark.parametrize(
    ("header", "verdict"),
    [
        ("mx.example.org; dmarc=pass header.from=customer.test", "pass"),
        ("mx.example.org; dmarc=fail (p=none) header.from=customer.test; spf=pass smtp.mailfrom=x@customer.test", "fail"),
        ("mx.example.org; dkim=pass header.d=mail.customer.test", "pass"),
        ("mx.example.org; dkim=pass header.d=other.test; spf=pass smtp.mailfrom=other.test", "none"),
        ("mx.example.org; spf=softfail smtp.mailfrom=customer.test", "none"),
        ("mx.example.org; none", "none"),
        ("MX.example.org 1; spf=pass smtp.mailfrom=eva@customer.test", "pass"),
    ],
)
def test_our_own_server_is_believed(header: str, verdict: str) -> None:
    told = told_by_server(read(b"Authentication-Results: " + header.encode() + b"\r\n" + RAW).mail, "mx.example.org")
    assert told is not None and told.verdict == verdict


@pytest.mark.parametrize("headers", [b"", b"Authentication-Results: evil.test; dmarc=pass\r\nAuthentication-Results: mx.example.org; dmarc=pass\r\n",
                                     b"Authentication-Results: ;;;=\r\n", b"Authentication-Results: mx.example.org.evil.test; dmarc=pass\r\n"])  # fmt: skip
def test_nobody_else_is(headers: bytes) -> None:
    assert told_by_server(read(headers + RAW).mail, "mx.example.org") is None
    assert told_by_server(read(b"Authentication-Results: mx.example.org; dmarc=pass\r\n" + RAW).mail, None) is None


async def test_what_fails_is_filed_flagged_and_not_answered_by_a_machine(post: MailDesk, reader: Reader, dns: Dns) -> None:
    senders = SenderCheck(private_too=True)
    post.mailroom = Mailroom(post.rt, reader, senders)
    row = await post.receive(RAW)
    senders.close()
    comment, event = await Comment.get(id=row.comment_id), await Event.get(ticket_id=row.ticket_id, kind="ticket.opened")
    assert (row.disposition, event.data["answerable"]) == (Disposition.NEW_TICKET, False)
    assert "may be forged" in (comment.flagged or "")
    assert (await InboundMail.get(id=row.id)).trace["authentication"]["verdict"] == "fail"  # type: ignore[index]


async def test_a_null_sender_does_not_hide_a_forged_one(dns: Dns) -> None:
    found = await checked(RAW, peer="203.0.113.77", mail_from="")
    assert (found.verdict, found.spf) == ("fail", "none")


@pytest.mark.parametrize("told", ["dmarc=pass header.from=customer.test; dmarc=fail header.from=customer.test",
                                  "dkim=pass header.d=evil.test header.i=@customer.test"])  # fmt: skip
def test_a_word_that_contradicts_itself_or_is_about_another_proves_nobody(told: str) -> None:
    found = told_by_server(read(f"Authentication-Results: mx.example.org; {told}\r\n".encode() + RAW).mail, "mx.example.org")
    assert found is not None and found.verdict != "pass"


async def test_an_international_domain_vouches_in_its_other_spelling(dns: Dns) -> None:
    dns.domain("xn--mnchen-3ya.test", spf="ip4:203.0.113.5 -all")
    raw = letter(sender="Eva <eva@xn--mnchen-3ya.test>")
    assert (await checked(raw, mail_from="eva@xn--mnchen-3ya.test")).verdict == "pass"
    assert (await checked(raw, peer="203.0.113.77", mail_from="eva@xn--mnchen-3ya.test")).verdict == "fail"
    said = b"Authentication-Results: mx.example.org; dmarc=pass header.from=xn--mnchen-3ya.test\r\n"
    told = told_by_server(read(said + raw).mail, "mx.example.org")
    assert told is not None and told.verdict == "pass"
