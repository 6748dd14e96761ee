"""What a raw mail says about itself, by a look at its header alone: its ids, and whom it was delivered to."""

from __future__ import annotations

import re
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses

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


def addressees(raw: bytes) -> list[str]:
    """Whom a mail that has no envelope any more was delivered to, as its headers say: what delivery wrote first, then To and Cc."""
    header = BytesHeaderParser(policy=compat32).parsebytes(raw[:_LONGEST])
    values = [str(value) for name in _ADDRESSEE_FIELDS for value in header.get_all(name, [])]
    try:
        pairs = getaddresses(values)
    except (RecursionError, ValueError, IndexError):  # thousands of brackets, or worse: then the mailbox it lay in says enough
        return []
    found = (storable(address).strip().lower()[:1000] for _, address in pairs)
    return list(dict.fromkeys(address for address in found if "@" in address))[:100]
