"""Keeps of a mail what its writer newly wrote, and names the rest: the quote below it and the signature.

Quotes are known by their marks, by what clients write above them in some forty languages, and in HTML by its structure, which
is turned into the same quote marks first, so that one set of rules decides. Answers between quoted lines keep the lines they
answer. A mail that seems to be nothing but quote was handed on without a word, and is shown whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.mail.trim.compose import compose
from core.mail.trim.headers import is_forward_subject
from core.mail.trim.initials import without_initials
from core.mail.trim.lines import has_words, is_quoted, joined, lines_of, words_of
from core.mail.trim.marker import is_marker, reply_marker
from core.mail.trim.scan import stretches
from core.mail.trim.structure import quoted_text, signature_text
from core.mail.trim.writer import name_of

__all__ = ["Trimmed", "reply_marker", "trim"]

# What a client writes in place of a link or a picture where it makes the text part itself.
_ADDED = re.compile(r"<(?:https?://|mailto:|tel:)[^\s<>]{0,1000}>|\[(?:image|cid):[^\[\]]{0,200}\]")


@dataclass(frozen=True, slots=True)
class Trimmed:
    """A mail in its parts, as plain text. `reply` is what the writer wrote, with the quoted lines it answers when
    `interleaved`; `quote` and `signature` (sign-off, device, footers, warnings of mail systems) are what was taken off.
    When `wordless` he wrote nothing: what is shown is all quote, or signature."""

    reply: str
    quote: str = ""
    signature: str = ""
    interleaved: bool = False
    wordless: bool = False


def trim(text: str, html: str | None, subject: str = "", writer: str = "") -> Trimmed:
    """What the writer of a mail newly wrote.

    `text` is the whole body as text, also where it was made from HTML; `html` is the HTML as it came (not cleaned: its classes
    and ids are needed) or None. The `subject` only tells a forward ("Fwd: …"), of which Outlook makes the same text as of
    a reply: what was handed on to be read is kept. `writer` is his name, as From says it: he signs with it. All may be hostile; the
    time taken is linear to their length. The reply is empty only when there are no words at all, or none but our own mail quoted back.
    """
    lines = without_initials(lines_of(text))
    forwarded, name = is_forward_subject(subject, lines), name_of(writer)
    if html and not any(map(is_quoted, lines)):
        by_structure = _by_structure(text, html, name) if not forwarded else None
        if by_structure:
            return by_structure
    trimmed = _trimmed(lines, name, forwarded)
    return _without_marked_signature(trimmed, html) if html and not trimmed.signature else trimmed


def _by_structure(text: str, html: str, name: frozenset[str]) -> Trimmed | None:
    """The mail by what its HTML marks as quoted, unless that is nothing, all, or another text."""
    marked = quoted_text(html)
    trimmed = _trimmed(lines_of(marked), name) if marked else None
    if trimmed is None or not trimmed.quote:
        return None
    words, known = words_of(trimmed.reply), set(words_of(text))
    same = 2 * sum(word in known for word in words) >= len(words) if words else trimmed.reply in text
    return trimmed if same else None


def _trimmed(lines: list[str], name: frozenset[str], forwarded: bool = False) -> Trimmed:
    parts = compose(stretches(lines, forwarded), name)
    if has_words(parts.reply):
        return Trimmed(joined(parts.reply), joined(parts.quote), joined(parts.signature), parts.interleaved)
    if any(map(is_marker, parts.quote)):
        return Trimmed("", joined(parts.quote), joined(parts.signature), wordless=True)
    return Trimmed(joined([line for line in lines if not is_marker(line)]), wordless=True)


def _without_marked_signature(trimmed: Trimmed, html: str) -> Trimmed:
    """Without the signature that only the HTML marks as one, when the reply ends with it."""
    signature = words_of(_ADDED.sub("", signature_text(html) or ""))
    lines = trimmed.reply.split("\n")
    found: list[str] = []
    for number in range(len(lines) - 1, 0, -1):
        if not signature or len(found) >= len(signature):
            break
        found = words_of(_ADDED.sub("", lines[number])) + found
        if found == signature:
            return Trimmed(joined(lines[:number]), trimmed.quote, joined(lines[number:]), trimmed.interleaved)
    return trimmed
