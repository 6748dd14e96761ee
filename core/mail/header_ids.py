"""The ids that a raw mail carries and names, by a look at its header alone: what keeping answers behind their originals needs."""

from __future__ import annotations

import re

from core.text import storable

_ID_FIELDS = re.compile(rb"^(message-id|in-reply-to|references)[ \t]*:((?:[^\n]*\n)(?:[ \t][^\n]*\n)*)", re.IGNORECASE | re.MULTILINE)
_ID = re.compile(rb"<([^<>\s]{1,990})>")
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
