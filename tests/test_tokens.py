"""Signed names: they lead back to their ticket, whatever mail systems do to them, and nobody can make one up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core import tokens
from core.keys import Keys

KEYS = Keys(["k" * 32])
OTHER = Keys(["o" * 32])
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def test_a_message_id_leads_to_its_ticket_also_folded_bracketed_and_in_capitals() -> None:
    mid = tokens.message_id(KEYS, 1042, 7, b"\x00\xff\x10\x80\x7f", "example.org")
    for seen in (mid, f"<{mid}>", f" <{mid.upper()}> "):
        assert tokens.ticket_of_message_id(KEYS, seen) == 1042


@pytest.mark.parametrize(
    "forged", ["1042.7.aaaaaaaa.aaaaaaaaaaaaaaaa@example.org", "1042@example.org", "", "<>", "1042.7.aaaaaaaa.@x", "x" * 5000]
)
def test_a_message_id_that_was_made_up_leads_nowhere(forged: str) -> None:
    assert tokens.ticket_of_message_id(KEYS, forged) is None


def test_no_signature_fits_another_ticket_another_purpose_or_another_desk() -> None:
    address = tokens.reply_address(KEYS, "support@example.org", 1042)
    mac = address.partition("-")[2].partition("@")[0]
    assert tokens.ticket_of_address(KEYS, address) == 1042
    assert tokens.ticket_of_address(OTHER, address) is None
    assert tokens.ticket_of_address(KEYS, f"support+t1043-{mac}@example.org") is None
    assert tokens.delivery_of_address(KEYS, f"support+b1042-{mac}@example.org") is None
    assert tokens.ticket_of_address(KEYS, f"support+t01042-{mac}@example.org") is None
    assert tokens.ticket_of_message_id(KEYS, f"1042.0.aaaaaaaa.{mac}@example.org") is None


def test_keys_that_were_replaced_still_lead_old_mail_to_its_ticket() -> None:
    address, mid = tokens.reply_address(KEYS, "support@example.org", 5), tokens.message_id(KEYS, 5, 1, b"12345", "example.org")
    both = Keys(["n" * 32, "k" * 32])
    assert tokens.ticket_of_address(both, address) == tokens.ticket_of_message_id(both, mid) == 5
    assert tokens.reply_address(both, "support@example.org", 5) != address


def test_signed_addresses_survive_capitals_and_fit_into_64_octets() -> None:
    reply, bounce = (make(KEYS, "support@example.org", 10**12) for make in (tokens.reply_address, tokens.bounce_address))
    assert tokens.ticket_of_address(KEYS, reply.upper()) == tokens.delivery_of_address(KEYS, bounce.upper()) == 10**12
    assert max(len(address.partition("@")[0]) for address in (reply, bounce)) <= 64


def test_letters_that_only_look_like_ours_are_no_signature_and_no_error() -> None:
    for mac in ("\u017f" * 16, "\u212a" * 16, "é" * 16):  # long s and Kelvin: to a regular expression they are s and k
        assert tokens.ticket_of_address(KEYS, f"support+t1-{mac}@example.org") is None
        assert tokens.delivery_of_address(KEYS, f"support+b1-{mac}@example.org") is None
        assert tokens.attachment_of_file_token(KEYS, f"1-99999999999-{mac}", NOW) is None
    assert tokens.ticket_of_address(KEYS, "support+t\u0661-aaaaaaaaaaaaaaaa@example.org") is None


def test_the_root_of_a_thread_is_the_same_for_ever_and_leads_to_the_ticket() -> None:
    root = tokens.thread_root(KEYS, 9, "example.org")
    assert root == tokens.thread_root(KEYS, 9, "example.org") != tokens.thread_root(KEYS, 10, "example.org")
    assert tokens.ticket_of_message_id(KEYS, root) == 9


def test_a_link_to_a_file_opens_that_file_until_its_time() -> None:
    token = tokens.file_token(KEYS, 3, NOW + timedelta(days=7))
    assert tokens.attachment_of_file_token(KEYS, token, NOW) == 3
    assert tokens.attachment_of_file_token(KEYS, token, NOW + timedelta(days=7)) is None
    assert tokens.attachment_of_file_token(KEYS, token.replace("3-", "4-", 1), NOW) is None
    assert tokens.attachment_of_file_token(KEYS, token[:-1], NOW) in (None, 3)
    assert [tokens.attachment_of_file_token(KEYS, bad, NOW) for bad in ("", "-", "--", "3", "²-9-aaaaaaaaaaaa", "3-x-" + "a" * 32)] == [
        None
    ] * 6


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Support+T1-x@Example.ORG", "support@example.org"),
        (" a@b ", "a@b"),
        ("a+b+c@d", "a@d"),
        ("nobody", "nobody"),
        ("", ""),
        ("+x@d", "@d"),
    ],
)
def test_the_mailbox_behind_an_address(address: str, mailbox: str) -> None:
    assert tokens.base_address(address) == mailbox
