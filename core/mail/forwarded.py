"""Who wrote a mail that was forwarded, and what: by the header block that clients put above it, or by the mail that is attached."""

from __future__ import annotations

from dataclasses import dataclass

from core.mail.addresses import Address
from core.mail.parse import read
from core.mail.parse.addresslist import read_addresses
from core.mail.parsed import ParsedMail
from core.mail.trim import Trimmed, trim
from core.mail.trim.headers import header_block_at, is_forward_marker, is_forward_subject, is_rule, label_of
from core.mail.trim.lines import has_words, joined, lines_of, outer_removed, unquoted

_MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A mail inside a mail: its `sender`, what he wrote, and the `comment` of whoever forwarded it."""

    sender: Address
    text: str
    comment: str = ""


def forwarded_in(mail: ParsedMail, trimmed: Trimmed) -> Forwarded | None:
    """The mail that this one forwards; None for every other mail, and when nobody can be found in it.

    A mail that somebody attaches to what he has to say about it, as one shows a suspicious one, is not forwarded.
    """
    attached = [part for part in mail.attachments if part.content_type == "message/rfc822"]
    lines = lines_of(mail.text)
    announced = is_forward_subject(mail.subject, lines)
    if len(attached) == 1 and (announced or not has_words(lines)):
        inner = read(attached[0].content).mail
        return Forwarded(inner.sender, inner.text, trimmed.reply if has_words(lines) else "") if inner.sender else None
    if not announced and not any(is_forward_marker(line) for line in lines[:_MOST_LINES]):
        return None
    return _below_a_header(lines)


def _below_a_header(lines: list[str]) -> Forwarded | None:
    bare = [unquoted(line) for line in lines[:_MOST_LINES]]
    for number, line in enumerate(bare):
        if label_of(line) != "from" or (block := header_block_at(bare, number, announced=True)) is None:
            continue
        value = line.replace("\uff1a", ":", 1).partition(":")[2].replace("[mailto:", "<").replace("]", ">").strip(" *_")
        people = [one for one in read_addresses(value.encode("utf-8", "replace")) if one.domain and one.local_part]
        if people:
            quoted = all(line.startswith(">") for line in lines[block.end :] if line.strip())
            below = [outer_removed(line) for line in lines[block.end :]] if quoted else lines[block.end :]
            return Forwarded(people[0], joined(below), trim(joined(_above(bare[:number])), None).reply)
    return None


def _above(lines: list[str]) -> list[str]:
    """What stands above the block, without the line that announces it."""
    while lines and (not lines[-1].strip() or is_forward_marker(lines[-1]) or is_rule(lines[-1])):
        lines = lines[:-1]
    return lines
