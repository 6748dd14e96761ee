"""Keeps of a mail what its writer newly wrote, and names the rest: the quote below it and the signature.

Quotes are known by their marks, by what clients write above them in some forty languages, and in HTML by its structure, which
is turned into the same quote marks first, so that one set of rules decides. Answers between quoted lines keep the lines they
answer. A mail that seems to be nothing but quote was handed on without a word, and is shown whole.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.mail.trim.compose import compose
from core.mail.trim.lines import has_words, is_quoted, joined, lines_of
from core.mail.trim.marker import is_marker, reply_marker
from core.mail.trim.scan import Stretch, stretches
from core.mail.trim.structure import quoted_text

__all__ = ["Trimmed", "reply_marker", "trim"]


@dataclass(frozen=True, slots=True)
class Trimmed:
    """A mail in its parts, as plain text. `reply` is what the writer wrote, with the quoted lines it answers when
    `interleaved`; `quote` and `signature` (sign-off, device, footers, warnings of mail systems) are what was taken off."""

    reply: str
    quote: str = ""
    signature: str = ""
    interleaved: bool = False


def trim(text: str, html: str | None) -> Trimmed:
    """What the writer of a mail newly wrote.

    `text` is the whole body as text, also where it was made from HTML; `html` is the HTML as it came (not cleaned: its classes
    and ids are needed) or None. Both may be hostile; the time taken is linear to their length. The reply is empty only when
    there are no words at all, or none but our own mail quoted back.
    """
    lines = lines_of(text)
    if html and not any(map(is_quoted, lines)):
        marked = quoted_text(html)
        trimmed = _trimmed(lines_of(marked)) if marked else None
        if trimmed and trimmed.quote:
            return trimmed
    return _trimmed(lines)


def _trimmed(lines: list[str]) -> Trimmed:
    parts = compose(stretches(lines))
    if has_words(parts.reply):
        return Trimmed(joined(parts.reply), joined(parts.quote), joined(parts.signature), parts.interleaved)
    if any(map(is_marker, parts.quote)):
        return Trimmed("", joined(parts.quote), joined(parts.signature))
    return Trimmed(joined([line for line in lines if not is_marker(line)]))
