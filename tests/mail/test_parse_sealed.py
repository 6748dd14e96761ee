"""Mail that is signed as a whole, with its words inside the signature, is read."""

from __future__ import annotations

import base64

import pytest

from core.mail.parse import parse
from core.mail.parse.sealed import signed_content

SIGNED_DATA, DATA = bytes.fromhex("06092a864886f70d010702"), bytes.fromhex("06092a864886f70d010701")
INNER = "Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nDie Pumpe läuft.\r\n"
INNER += "--i\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\nDATA\r\n--i--\r\n"


def element(tag: int, value: bytes) -> bytes:
    size = len(value).to_bytes(4, "big")
    return bytes([tag, 0x84]) + size + value


def endless(tag: int, value: bytes) -> bytes:
    return bytes([tag, 0x80]) + value + b"\x00\x00"


def sealed(content: bytes, in_pieces: bool = False) -> bytes:
    whole = endless if in_pieces else element
    pieces = b"".join(element(4, content[at : at + 100]) for at in range(0, len(content), 100))
    octets = endless(0x24, pieces) if in_pieces else element(4, content)
    inner = b"\x02\x01\x01\x31\x00" + whole(0x30, DATA + whole(0xA0, octets)) + b"\x31\x00"
    return whole(0x30, SIGNED_DATA + whole(0xA0, whole(0x30, inner)))


def mail(data: bytes) -> bytes:
    head = b"Subject: x\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head + base64.encodebytes(data)


@pytest.mark.parametrize("in_pieces", [False, True])
def test_words_and_files_inside_a_signature_are_read(in_pieces: bool) -> None:
    read = parse(mail(sealed(INNER.encode(), in_pieces)))
    assert read.text == "Die Pumpe läuft."
    assert [part.filename for part in read.attachments] == ["smime.p7m", "a.pdf"]
    assert parse(mail(sealed(INNER.encode())).replace(b"pkcs7-mime", b"octet-stream")).text == "Die Pumpe läuft."


def test_a_signature_around_a_signature_is_opened_and_one_without_end_is_not() -> None:
    once = sealed(INNER.encode())
    assert parse(mail(sealed(mail(once)))).text == "Die Pumpe läuft."
    many = once
    for _ in range(20):
        many = sealed(mail(many))
    assert parse(mail(many)).text == ""


def test_what_is_no_signature_stays_a_file() -> None:
    for data in (b"", b"\x30\x80", SIGNED_DATA, SIGNED_DATA + DATA, SIGNED_DATA + DATA + b"\xa0\x84\xff", b"\x30" + DATA):
        assert signed_content(data) in (None, b"")
        assert [part.filename for part in parse(mail(data)).attachments] == ["smime.p7m"]
