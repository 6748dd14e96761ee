"""What a look at a raw header finds: the mail's own id, and those it names, newest first."""

from __future__ import annotations

from core.mail.header_ids import ids_in


def test_ids_are_found_over_folded_lines_and_in_any_case() -> None:
    raw = b"Subject: x\r\nMESSAGE-ID: <own@x>\r\nIn-Reply-To: <newest@x>\r\nReferences: <oldest@x>\r\n <newest@x>\r\n\r\nReferences: <body@x>\r\n"
    assert ids_in(raw) == ("own@x", ["newest@x", "oldest@x"])


def test_a_mail_of_header_lines_alone_has_its_ids_as_well() -> None:
    assert ids_in(b"Message-ID: <own@x>\r\nIn-Reply-To: <other@x>\r\n") == ("own@x", ["other@x"])


def test_a_mail_without_ids_has_none() -> None:
    assert ids_in(b"\r\nMessage-ID: <body@x>\r\n") == (None, [])
    assert ids_in(b"") == (None, [])
