"""What the reader makes of whole mails: each sample lies beside the result that is expected of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.mail.parse import parse, read

SAMPLES = Path(__file__).parent / "samples" / "parse"


@pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.eml")))
def test_a_mail_is_read_as_its_sample_says(name: str) -> None:
    mail = parse((SAMPLES / f"{name}.eml").read_bytes())
    expected = json.loads((SAMPLES / f"{name}.json").read_text())
    contents = expected.get("contents", {})
    found = {
        "text": mail.text,
        "subject": mail.subject,
        "sender": mail.sender.email if mail.sender else None,
        "sender_name": mail.sender.name if mail.sender else None,
        "to": [address.email for address in mail.to],
        "cc": [address.email for address in mail.cc],
        "reply_to": [address.email for address in mail.reply_to],
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "message_id": mail.message_id,
        "date": mail.date.isoformat() if mail.date else None,
        "files": [part.filename for part in mail.attachments],
        "inline": [part.filename for part in mail.attachments if part.inline],
        "contents": {part.filename: part.content.decode("latin-1") for part in mail.attachments if part.filename in contents},
    }
    assert {key: found[key] for key in expected if key in found} == {key: value for key, value in expected.items() if key in found}
    html = mail.html or ""
    assert [piece for piece in expected.get("html_has", []) if piece not in html] == []
    assert [piece for piece in expected.get("html_lacks", []) if piece in html] == []


def test_the_uuencoded_file_has_the_bytes_that_were_sent() -> None:
    mail = parse((SAMPLES / "uuencoded_file_without_end.eml").read_bytes())
    assert mail.attachments[0].content == b"The pump has two valves and one seal; the seal is wet"


def test_the_trimmer_gets_the_html_as_it_was_sent() -> None:
    raw = b'Content-Type: text/html\n\n<div class="gmail_quote" id="q">old</div>'
    found = read(raw)
    assert found.html_raw == '<div class="gmail_quote" id="q">old</div>'
    assert found.mail.html == "<div>old</div>"


def test_a_message_that_came_with_bare_newlines_is_kept_as_lines_of_mail() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nSubject: inner\n\nwords\n\n--b--\n"
    assert parse(raw).attachments[0].content == b"Subject: inner\r\n\r\nwords"


def test_base64_is_decoded_through_what_lists_add_below_it() -> None:
    raw = b"Content-Transfer-Encoding: base64\n\nVGhlIHB1bXAgaXMgd2V0Lg==\nIE1vcmUu\n"
    assert parse(raw).text == "The pump is wet. More."


def test_text_that_only_says_it_is_base64_is_kept_as_it_is() -> None:
    raw = b"Content-Transfer-Encoding: base64\n\nThe pump is wet, and nobody knows why.\n"
    assert parse(raw).text == "The pump is wet, and nobody knows why."


def test_quoted_printable_with_damage_is_read() -> None:
    raw = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nsoft =  \nbreak, 100=% sure, =C3=A4=\n"
    assert parse(raw).text == "soft break, 100=% sure, ä"


def test_a_name_that_lost_letters_gives_way_to_one_that_has_them() -> None:
    raw = (
        b'Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; name="=?utf-8?q?=C4=85=D8=A8.txt?="\r\n'
        b"Content-Disposition: attachment; filename*=iso-8859-15''%3F%3F.txt\r\n\r\nHi\r\n"
    )
    assert [part.filename for part in parse(raw).attachments] == ["ąب.txt"]
