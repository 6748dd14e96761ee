"""Automatic answers known by nothing but their text: absence notes, receipts and read receipts of programs that set no mark.

Such a text is short, asks nothing, and stands above whatever it answers. Some say what they are. An absence note says that somebody is
away and what to do meanwhile, and nothing else (`note_sentences`): a person who mentions a holiday says what he wants as well. Mail that
was written in a mail program, or that carries files, is a person's. The words are in `absence.toml`.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import takewhile

from core.mail.parsed import ParsedMail
from core.mail.screen.autoreply import any_of
from core.mail.screen.note_sentences import is_only_note


def declared_in_text(mail: ParsedMail) -> str | None:
    """The words by which a text itself says that a machine wrote it, or None."""
    if _READ_SUBJECT.match(mail.subject) and (found := _READ_END.search(mail.text[:_MOST_RECEIPT])):
        return found[0]
    text = _short_words(mail)
    declared = _DECLARED.search(text) if text else None
    return declared[0] if declared is not None and text and _opens(text[: declared.start()]) else None


def absence_in_text(mail: ParsedMail) -> str | None:
    """The words that make a text an absence note, or None."""
    text = _short_words(mail)
    away = _AWAY.search(text[:_MOST_OPENING]) if text else None
    if away is None or not text or text[: away.start()].rstrip().endswith(_QUOTES) or not _ADVICE.search(text):
        return None
    return away[0] if is_only_note("\n".join(_own_lines(mail))) else None


def _short_words(mail: ParsedMail) -> str | None:
    text = own_words(mail)
    return text if text and len(text) <= _MOST_TEXT and not asks(text) and not _is_composed(mail) else None


def own_words(mail: ParsedMail) -> str:
    """The first part of the text, on one line, up to what looks like a mail that it answers."""
    return " ".join(" ".join(_own_lines(mail)).split())


def asks(text: str) -> bool:
    """A question stands in the text."""
    return _QUESTION.search(text) is not None


def names_a_program(mail: ParsedMail) -> bool:
    """A header says that it was written in a program for people."""
    return bool(mail.header("user-agent") or _MAIL_PROGRAM.search(mail.header("x-mailer") or ""))


_MOST_TEXT = 2_000
_MOST_OPENING = 600
_MOST_GREETING = 60
_QUOTES = ("'", '"', "„", "“", "”", "«", "‘", "‚", "「", "『")
_MOST_RECEIPT = 1_500
_RULES = (">", "---", "___")
_FIELD = re.compile(r"(?:from|von|de|da|van|från|fra|od|от)\s?:", re.IGNORECASE)
_WROTE = re.compile(r"(?:wrote|schrieb|écrit|escribió|scritto)\b.{0,80}:$", re.IGNORECASE)
_QUESTION = re.compile(r"[?？؟](?:\s|$|[^\x00-\x7f])")
_MAIL_PROGRAM = re.compile(r"outlook|thunderbird|apple mail|iphone|ipad|android|evolution|kmail|the bat|mutt|claws", re.IGNORECASE)


def _own_lines(mail: ParsedMail) -> list[str]:
    lines = unicodedata.normalize("NFC", mail.text[: 2 * _MOST_TEXT]).split("\n")
    return list(takewhile(_is_own, lines))


def _is_own(line: str) -> bool:
    """Nothing that stands above, or before, a mail that is answered."""
    return not (line.startswith(_RULES) or _FIELD.match(line) or (line.endswith(":") and _WROTE.search(line)))


def _is_composed(mail: ParsedMail) -> bool:
    """Written in a mail program, or with files."""
    return names_a_program(mail) or any(not part.inline for part in mail.attachments)


def _opens(before: str) -> bool:
    """Nothing but a greeting stands before, and nothing that announces somebody else's words."""
    before = before.strip(" *#[(\"'“„")
    return len(before) <= _MOST_GREETING and not before.endswith((":", "："))


# Compiled here, before the children of the mail reader are forked.
_AWAY, _ADVICE, _DECLARED = (
    re.compile(rf"(?<![a-z\u00c0-\u052f]){any_of(key)}", re.IGNORECASE) for key in ("note_away", "note_advice", "declared")
)
_READ_SUBJECT = re.compile(rf"\s*{any_of('read_subject')}\s?[:：]", re.IGNORECASE)
_READ_END = re.compile(
    rf"\A\s*\S.{{0,80}}\n\s*\n?(?:[ \t]+\S.{{0,200}}:.{{0,300}}\n){{2,6}}\s*\S?.{{0,20}}{any_of('read_end')}", re.IGNORECASE
)
