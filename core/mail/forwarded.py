"""Who wrote a mail that was forwarded: by the header block that clients put above it, or by the mail that is attached."""

from __future__ import annotations

from collections.abc import Iterator

from core.mail.addresses import Address
from core.mail.parse import parse
from core.mail.parse.addresslist import read_addresses
from core.mail.parsed import ParsedMail
from core.mail.trim.headers import header_block_at, is_forward_marker, is_forward_subject, label_of
from core.mail.trim.lines import lines_of, unquoted

_MOST_LINES = 200


def forwarded_sender(mail: ParsedMail) -> Address | None:
    """The original sender of a forwarded mail; None for every other mail, and when nobody can be found in it."""
    attached = [part for part in mail.attachments if part.content_type == "message/rfc822"]
    if len(attached) == 1:
        return parse(attached[0].content).sender
    if not is_forward_subject(mail.subject) and not any(is_forward_marker(line) for line in lines_of(mail.text)[:_MOST_LINES]):
        return None
    return next(_senders(mail.text), None)


def _senders(text: str) -> Iterator[Address]:
    lines = [unquoted(line) for line in lines_of(text)[:_MOST_LINES]]
    for number, line in enumerate(lines):
        if label_of(line) == "from" and header_block_at(lines, number, announced=True) is not None:
            value = line.replace("\uff1a", ":", 1).partition(":")[2].replace("[mailto:", "<").replace("]", ">").strip(" *_")
            yield from (one for one in read_addresses(value.encode("utf-8", "replace")) if one.domain and one.local_part)
