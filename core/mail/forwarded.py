"""Who wrote a mail that was forwarded, and what: by the header block that clients put above it, or by the mail that is attached."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from textwrap import dedent

from core.mail.addresses import Address
from core.mail.parse import read
from core.mail.parse.addresslist import read_addresses
from core.mail.parsed import ParsedMail
from core.mail.trim import Trimmed, trim
from core.mail.trim.attributed import attributed_to
from core.mail.trim.attribution import attribution_at
from core.mail.trim.headers import (
    after_forward_title,
    header_block_at,
    is_dashed_title,
    is_forward_marker,
    is_forward_subject,
    is_original_marker,
    is_rule,
    label_of,
)
from core.mail.trim.lines import has_words, is_quoted, joined, lines_of, outer_removed, readable, unquoted

_MOST_LINES = 200
_MOST_CHARACTERS = 1_000
_INDENT = "    "


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
    return _inside(lines[:_MOST_LINES], lines, by_attribution=announced)


@dataclass(frozen=True, slots=True)
class _Head:
    """What a client put above the mail that it forwards: whose that is, what stands `above`, and the line `end` where the mail begins."""

    sender: Address
    above: list[str]
    end: int


def _inside(first: list[str], lines: list[str], *, by_attribution: bool) -> Forwarded | None:
    """The uppermost head decides: what is forwarded may have forwarded or answered others before. Where the subject says that this is a
    forward, an attribution ("On Monday Eva wrote:") is one too: Outlook on a Mac puts nothing else."""
    bare = [unquoted(line) for line in first]
    for number in range(len(first)):
        head = _block_at(bare, number) or _line_at(bare, number) or (_attribution_ending_at(first, number) if by_attribution else None)
        if head is not None:
            return Forwarded(head.sender, _text(lines[head.end :]), trim(joined(_without_title(head.above)), None).reply)
    return None


def _block_at(bare: list[str], number: int) -> _Head | None:
    if label_of(bare[number]) != "from" or (block := header_block_at(bare, number, announced=True)) is None:
        return None
    wrapped = takewhile(lambda below: label_of(below) is None, bare[number + 1 : number + 3])  # Gmail, after a long name
    sender = _labelled_sender(bare[number]) or _labelled_sender(" ".join([bare[number], *wrapped]))
    return _Head(sender, bare[:number], block.end) if sender else None


def _line_at(bare: list[str], number: int) -> _Head | None:
    """Yahoo's text, in which the title and the whole block are one line: "----- Forwarded Message ----- From: Eva <e@x.test>To: …"."""
    block = after_forward_title(bare[number])
    if label_of(block) != "from":
        return None
    sender = _labelled_sender(block[: block.find(">") + 1] or block)
    return _Head(sender, bare[:number], number + 1) if sender else None


def _attribution_ending_at(first: list[str], number: int) -> _Head | None:
    """Below somebody's words it counts only if a title is between them (Yandex), or what follows is indented (Outlook on a Mac): else he
    answers what was forwarded to him."""
    if is_quoted(first[number]) or (found := attribution_at(first, number, 0)) is None:
        return None
    above = [*first[: number - found.lines + 1], found.before]
    below = next((line for line in first[number + 1 :] if line.strip()), "")
    last = next((line for line in reversed(above) if line.strip()), "")
    if has_words(above) and not _is_title(last) and not below.startswith(_INDENT):
        return None
    text = " ".join(map(readable, first[number - found.lines + 1 : number + 1]))[len(found.before) :]
    sender = attributed_to(text)
    return _Head(sender, above, number + 1) if sender else None


def _labelled_sender(line: str) -> Address | None:
    value = line[:_MOST_CHARACTERS].replace("\uff1a", ":", 1).partition(":")[2].replace("[mailto:", "<").replace("]", ">").strip(" *_")
    return next((one for one in read_addresses(value.encode("utf-8", "replace")) if one.domain and one.local_part), None)


def _text(lines: list[str]) -> str:
    """What was forwarded, without the titles that some clients put right below the block and at the end of it all."""
    if lines and is_forward_marker(lines[0]):
        lines = lines[1:]
    last = next((number for number in range(len(lines) - 1, -1, -1) if lines[number].strip()), -1)
    lines = lines[:last] if last >= 0 and is_dashed_title(lines[last]) else lines
    quoted = all(line.startswith(">") for line in lines if line.strip())
    return joined([outer_removed(line) for line in lines] if quoted else dedent("\n".join(lines)).split("\n"))


def _without_title(lines: list[str]) -> list[str]:
    """What stands above the block, without the line that announces it."""
    while lines and (not lines[-1].strip() or _is_title(lines[-1]) or is_rule(lines[-1])):
        lines = lines[:-1]
    return lines


def _is_title(line: str) -> bool:
    return is_forward_marker(line) or is_original_marker(line)
