"""What Outlook packs into winmail.dat comes out as ordinary files and text."""

from __future__ import annotations

import base64
import struct

from core.mail.parse import parse
from core.mail.parse.rtf import decompress_rtf, rtf_to_text

# The example of MS-OXRTFCP, section 3.1.1.
COMPRESSED = bytes.fromhex("2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0")


def attribute(level: int, number: int, value: bytes) -> bytes:
    return struct.pack("<BII", level, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def properties(*rows: tuple[int, int, bytes]) -> bytes:
    out = struct.pack("<I", len(rows))
    for kind, name, value in rows:
        out += struct.pack("<HHII", kind, name, 1, len(value)) + value + b"\x00" * (-len(value) % 4)
    return out


def stream(*attributes: bytes) -> bytes:
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(attributes)


def mail_with(tnef: bytes, text: str = "The plan is attached.") -> bytes:
    return (
        f"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n{text}\n--b\n"
        "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
        f"{base64.encodebytes(tnef).decode()}\n--b--\n"
    ).encode()


PLAN = attribute(2, 0x00069002, b"\x00" * 14) + attribute(2, 0x00018010, b"PLAN~1.PDF\x00") + attribute(2, 0x0006800F, b"%PDF plan")
PLAN_NAME = attribute(2, 0x00069005, properties((0x1F, 0x3707, "Plan für Éva.pdf\0".encode("utf-16-le"))))


def test_the_files_in_it_are_the_files_of_the_mail() -> None:
    mail = parse(mail_with(stream(PLAN, PLAN_NAME)))
    assert mail.text == "The plan is attached."
    assert [(part.filename, part.content) for part in mail.attachments] == [("Plan für Éva.pdf", b"%PDF plan")]


def test_of_a_truncated_one_the_files_before_the_cut_are_kept() -> None:
    mail = parse(mail_with(stream(PLAN, attribute(2, 0x00069002, b"\x00" * 14), attribute(2, 0x0006800F, b"x" * 500)[:100])))
    assert [(part.filename, len(part.content)) for part in mail.attachments] == [("PLAN~1.PDF", 9), ("attachment-2.bin", 91)]


def test_its_text_counts_where_the_mail_has_no_other() -> None:
    body = stream(attribute(1, 0x00069003, properties((0x1E, 0x1000, b"Words of Outlook\x00"))))
    assert parse(mail_with(body, text="")).text == "Words of Outlook"
    assert parse(mail_with(body)).text == "The plan is attached."


def test_its_rich_text_is_read_where_there_is_nothing_else() -> None:
    body = stream(attribute(1, 0x00069003, properties((0x102, 0x1009, COMPRESSED))))
    assert parse(mail_with(body, text="")).text == "hello world"


def test_what_is_no_such_stream_stays_a_file() -> None:
    mail = parse(mail_with(b"something else"))
    assert [(part.filename, part.content) for part in mail.attachments] == [("winmail.dat", b"something else")]


def test_compressed_rich_text_is_the_text_of_its_specification() -> None:
    assert decompress_rtf(COMPRESSED) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_rich_text_gives_its_words_without_encapsulated_html() -> None:
    head = rb"{\rtf1\ansi\ansicpg1251\fromhtml1{\fonttbl{\f0 Arial;}}"
    rtf = head + rb"{\*\htmltag64 <p>}\htmlrtf \par\htmlrtf0 \'cf\'f0\u1080?{\b bold}\par next\{\}}"
    assert rtf_to_text(rtf) == "Приbold\nnext{}"
