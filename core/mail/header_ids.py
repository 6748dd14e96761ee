"""What a raw mail says about itself, by a look at its header alone: its ids, its date, and whom it was delivered to."""

from __future__ import annotations

import re
from datetime import datetime

from core.mail.parse.addresslist import read_addresses
from core.mail.parse.dates import read_date
from core.mail.parse.encoded_words import decode_value
from core.mail.parse.headers import read_header
from core.text import storable

_ID_FIELDS = re.compile(rb"^(message-id|in-reply-to|references)[ \t]*:((?:[^\n]*\n)(?:[ \t][^\n]*\n)*)", re.IGNORECASE | re.MULTILINE)
_ID = re.compile(rb"<([^<>\s]{1,990})>")
_ADDRESSEE_FIELDS = ("x-gm-original-to", "delivered-to", "x-original-to", "envelope-to", "to", "cc")
_LONGEST = 262_144  # bytes of header looked at


def ids_in(raw: bytes) -> tuple[str | None, list[str]]:
    """The Message-ID and the ids a mail names, by a look at its header alone: enough for keeping answers behind their originals."""
    found: dict[str, list[str]] = {}
    start = raw[:_LONGEST]
    end = (b"\r\n" + start).find(b"\r\n\r\n")  # also when there is no header at all
    header = start[:end] if end >= 0 else start
    for name, value in _ID_FIELDS.findall(header.replace(b"\r\n", b"\n")):
        found.setdefault(name.decode().lower(), []).extend(storable(i.decode("utf-8", "replace")) for i in _ID.findall(value))
    refers_to = dict.fromkeys([*found.get("in-reply-to", []), *reversed(found.get("references", []))])
    return next(iter(found.get("message-id", [])), None), list(refers_to)[:50]


def written_at(raw: bytes) -> datetime | None:
    """When a mail was written, as its Date says; None where it says nothing that can be read."""
    header, _ = read_header(raw, 0, min(len(raw), _LONGEST), top=True)
    return read_date(decode_value(header.first("date")))


def addressees(raw: bytes) -> list[str]:
    """Whom a mail that has no envelope any more was delivered to, as its headers say: what delivery wrote first, then To and Cc."""
    header, _ = read_header(raw, 0, min(len(raw), _LONGEST), top=True)
    found = (address.key for name in _ADDRESSEE_FIELDS for value in header.all(name) for address in read_addresses(value))
    return list(dict.fromkeys(storable(address)[:1000] for address in found if "@" in address))[:100]
