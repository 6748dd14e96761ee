"""Mail as nobody would write it: thousands of mails of ours, cut, nested, stretched and garbled; each is read, quickly, and never an error."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from core.mail.reading import read_file
from core.mail.screen import Own
from tests.support.mail import letter, mail_with_file

OWN = Own(frozenset({"support@example.org"}), "instance")
_COUNT = 400  # `python -m bench.mutated 20000` tries more of them
SLOW = 5.0  # seconds for one mail of a few kilobytes: what takes so long blocks


def seeds() -> list[bytes]:
    """Mails of the suite's own to begin with."""
    samples = sorted((Path(__file__).parent / "samples").rglob("*.eml"))
    html = letter('<html><body>Hi<blockquote type="cite">old</blockquote></body></html>', **{"Content-Type": "text/html; charset=utf-8"})
    return [letter(), html, mail_with_file("a.txt", b"x"), *(path.read_bytes() for path in samples)]


def mutated(raw: bytes, chance: random.Random) -> bytes:
    """The mail with a few accidents."""
    data = bytearray(raw)
    for _ in range(chance.randint(1, 6)):
        chance.choice(_ACCIDENTS)(data, chance)
    return bytes(data[:400_000])


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randint(0, len(data)) :]


def _flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 30)):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)


def _repeat(data: bytearray, chance: random.Random) -> None:
    start = chance.randint(0, len(data))
    data[start:start] = bytes(data[start : start + chance.randint(1, 300)]) * chance.randint(2, 60)


def _lines_shuffled(data: bytearray, chance: random.Random) -> None:
    lines = bytes(data).split(b"\n")
    start = chance.randint(0, len(lines))
    part = lines[start : start + 12]
    chance.shuffle(part)
    lines[start : start + 12] = part
    data[:] = b"\n".join(lines)


def _header(data: bytearray, chance: random.Random) -> None:
    data[0:0] = chance.choice(_HEADERS)


def _nested(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 40)):
        if len(data) < 200_000:
            data[0:0] = b"Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: message/rfc822\r\n\r\n"


_ACCIDENTS = (_cut, _flip, _repeat, _lines_shuffled, _header, _nested)
_HEADERS = (
    b"Content-Type: text/plain; charset=X-UNKNOWN\r\n", b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"Content-Type: multipart/alternative; boundary=\"\"\r\n", b"Subject: =?utf-8?q?=F0=9F?= =?x?b?!!!?=\r\n", b"From: \"a <b@c>, \"d\" <>\r\n",
    b"From: " + b"x" * 5000 + b"\r\n", b"References: " + b"<a@b> " * 3000 + b"\r\n", b"Content-Type: application/ms-tnef\r\n", b"\r\n", b"\0\0\0",
    b"Content-Disposition: attachment; filename*0*=utf-8''%ff%fe; filename*1=\"..\\..\\x\"\r\n", b"Content-Type: text/html; charset=utf-16\r\n",
    b"Content-Type: message/delivery-status\r\n", b"Date: Fri, 99 Foo 9999 99:99:99 +9999\r\n", b"Content-Type: text/plain; charset=iso-2022-jp\r\n",
)  # fmt: skip


def tried(raw: bytes, folder: Path) -> float:
    """Read it; returns the seconds that took."""
    path = folder / "mail.eml"
    path.write_bytes(raw)
    began = time.perf_counter()
    read_file(path, folder / "scratch", "eva@customer.test", OWN)
    return time.perf_counter() - began


@pytest.mark.parametrize("part", range(4))
def test_mutated_mail_is_read_without_an_error_and_without_blocking(part: int, tmp_path: Path) -> None:
    chance, begins = random.Random(part), seeds()
    for number in range(_COUNT // 4):
        raw = mutated(chance.choice(begins), chance)
        assert tried(raw, tmp_path) < SLOW, (part, number)
