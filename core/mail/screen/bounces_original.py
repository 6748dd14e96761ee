"""The mail that a bounce is about, as far as it came back: whole, as its headers, or as text below a line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.mail.parsed import MailPart, ParsedMail


@dataclass(frozen=True, slots=True)
class Original:
    """The returned mail: its Message-ID without angle brackets, and the fields of it that help to find it."""

    message_id: str | None
    headers: tuple[tuple[str, str], ...]


def find_original(mail: ParsedMail) -> Original | None:
    """The returned mail in a part of its own (message/rfc822, text/rfc822-headers), else in the text; None if it did not come."""
    for part in mail.attachments:
        if part.content_type in _RETURNED_TYPES and (found := _read(_text_of(part))) is not None:
            return found
    return _in_text(mail.text[:_MOST_TEXT])


_RETURNED_TYPES = frozenset(
    {"message/rfc822", "text/rfc822-headers", "text/rfc822", "message/rfc822-headers", "message/global", "message/global-headers"}
)
_WANTED = frozenset(
    {"message-id", "in-reply-to", "references", "from", "to", "cc", "subject", "date", "x-helpdesk-loop", "x-ticket-id", "auto-submitted"}
)
_MOST_TEXT = 65_536
_FIELD = re.compile(r"^([!-9;-~]{1,60}):[ \t]?(.*)$")
_ID_IN_TEXT = re.compile(
    r"^[ \t>|]{0,8}(?:original[- ])?message[- ]id\s{0,3}:[ \t]{0,4}<?([^<>\s]{1,200}@[^<>\s]{1,200})>?", re.IGNORECASE | re.MULTILINE
)
_ID = re.compile(r"<([^<>\s]{1,400})>")


def _text_of(part: MailPart) -> str:
    return part.content[:_MOST_TEXT].replace(b"\0", b"").decode("utf-8", "replace")


def _in_text(text: str) -> Original | None:
    """A header block inside the text: the last Message-ID before it ends, with the fields that stand around it."""
    found = _ID_IN_TEXT.search(text)
    if found is None:
        return None
    start = text.rfind("\n\n", 0, found.start())
    block = _read(text[start + 2 if start >= 0 else 0 :])
    return Original(found.group(1), block.headers if block else ())


def _read(text: str) -> Original | None:
    """The fields of a header block, unfolded; None when the text does not begin with one."""
    fields: list[tuple[str, str]] = []
    for line in text.lstrip().splitlines()[:500]:
        if not line.strip():
            break
        field = _FIELD.match(line)
        if field:
            fields.append((field.group(1).lower(), field.group(2).strip()))
        elif fields and line[0] in " \t":
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}"[:4000])
    wanted = tuple((name, value) for name, value in fields if name in _WANTED)
    if not wanted:
        return None
    value = next((value for name, value in wanted if name == "message-id"), "")
    bracketed = _ID.search(value)
    return Original(bracketed.group(1) if bracketed else value.strip() or None, wanted)
