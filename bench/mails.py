"""The mixed mail of the benches: 2 to 10 kB, plain and HTML, one tenth with 100 kB attached; every run the same."""

from __future__ import annotations

import base64
import random

from bench.smtp_client import Mail

_WORDS = [
    "the",
    "printer",
    "on",
    "our",
    "second",
    "floor",
    "has",
    "stopped",
    "again",
    "and",
    "shows",
    "error",
    "code",
    "please",
    "help",
    "us",
    "soon",
    "thank",
    "you",
]


def mixed(count: int, recipient: str, references: list[tuple[str, str]] | None = None, first: int = 0) -> list[Mail]:
    """`count` mails from as many senders, numbered from `first`; with `references` (sender, Message-ID), two thirds answer those."""
    chance = random.Random(1042)
    return [_mail(chance, number, recipient, references) for number in range(first, first + count)]


def _mail(chance: random.Random, number: int, recipient: str, references: list[tuple[str, str]] | None) -> Mail:
    sender, header = f"person{number}@customer{number % 50}.example", ""
    if references and number % 3:
        sender, message_id = references[number % len(references)]
        header = f"In-Reply-To: <{message_id}>\r\nReferences: <{message_id}>\r\n"
    text = _text(chance, chance.randint(1000, 5000))
    head = (
        f"From: Person {number} <{sender}>\r\nTo: {recipient}\r\nSubject: Matter {number} of the day\r\nMessage-ID: <{number}.bench@customer.example>\r\n"
        f"Date: Mon, 23 Nov 2026 10:00:00 +0000\r\n{header}MIME-Version: 1.0\r\n"
    )
    body = _alternative(text)
    if number % 10 == 0:
        body = _with_file(body, chance.randbytes(73_000))
    return Mail(sender, recipient, (head + body).encode())


def _text(chance: random.Random, size: int) -> str:
    lines: list[str] = []
    while sum(map(len, lines)) < size:
        lines.append(" ".join(chance.choice(_WORDS) for _ in range(12)))
    return "\r\n".join(lines)


def _alternative(text: str) -> str:
    html = "<html><body><p>" + text.replace("\r\n", "<br>\r\n") + "</p></body></html>"
    return (
        'Content-Type: multipart/alternative; boundary="alt"\r\n\r\n--alt\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n'
        f"{text}\r\n--alt\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--alt--\r\n"
    )


def _with_file(body: str, content: bytes) -> str:
    encoded = base64.encodebytes(content).decode().replace("\n", "\r\n")
    return (
        f'Content-Type: multipart/mixed; boundary="mix"\r\n\r\n--mix\r\n{body}\r\n--mix\r\nContent-Type: application/octet-stream; name="data.bin"\r\n'
        f'Content-Disposition: attachment; filename="data.bin"\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n--mix--\r\n'
    )
