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
from core.mail.screen.autoreply import any_of, words_of
from core.mail.screen.note_sentences import ADVICE, AWAY, is_only_note
from core.mail.screen.programs import names_a_program


def declared_in_text(mail: ParsedMail, words: str) -> str | None:
    """What in a text says by itself that a machine wrote it, or None. `words` are the mail's `short_words`."""
    if _READ_SUBJECT.match(mail.subject) and (found := _READ_END.search(mail.text[:_MOST_RECEIPT])):
        return found[0]
    declared = _DECLARED.search(words)
    return declared[0] if declared is not None and _opens(words[: declared.start()]) else None


def absence_in_text(mail: ParsedMail, words: str) -> str | None:
    """What makes a text an absence note, or None. `words` are the mail's `short_words`."""
    away = AWAY.search(words[:_MOST_OPENING])
    if away is None or words[: away.start()].rstrip().endswith(_QUOTES) or not ADVICE.search(words):
        return None
    return away[0] if is_only_note("\n".join(_own_lines(mail))) else None


def short_words(mail: ParsedMail) -> str:
    """Its `own_words` when a program may have written them: they are few, ask nothing, and no person's program is named; else empty."""
    words = own_words(mail)
    return words if len(words) <= _MOST_TEXT and not asks(words) and not _is_composed(mail) else ""


def own_words(mail: ParsedMail) -> str:
    """The first part of the text, on one line, up to what looks like a mail that it answers."""
    return " ".join(" ".join(_own_lines(mail)).split())


def asks(text: str) -> bool:
    """A question stands in the text."""
    return _QUESTION.search(text) is not None


_MOST_TEXT = 2_000
_MOST_OPENING = 600
_MOST_GREETING = 60
_QUOTES = ("'", '"', "„", "“", "”", "«", "‘", "‚", "「", "『")
_MOST_RECEIPT = 1_500
_RULES = (">", "---", "___")
_FIELD = re.compile(r"(?:from|von|de|da|van|från|fra|od|от)\s?:", re.IGNORECASE)
_WROTE = re.compile(r"(?:wrote|schrieb|écrit|escribió|scritto)\b.{0,80}:$", re.IGNORECASE)
_QUESTION = re.compile(r"[?？؟](?:\s|$|[^\x00-\x7f])")


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
    """Nothing but a greeting stands before, and nothing that announces or quotes somebody else's words."""
    if before.rstrip().endswith(_QUOTES) and before.strip("".join(_QUOTES) + " "):
        return False
    before = before.strip(" *#[(\"'“„")
    return len(before) <= _MOST_GREETING and not before.endswith((":", "："))


# Compiled here, before the children of the mail reader are forked.
_DECLARED = words_of("declared")
_READ_SUBJECT = re.compile(rf"\s*{any_of('read_subject')}\s?[:：]", re.IGNORECASE)
_READ_END = re.compile(
    rf"\A\s*\S.{{0,80}}\n\s*\n?(?:[ \t]+\S.{{0,200}}:.{{0,300}}\n){{2,6}}\s*\S?.{{0,20}}{any_of('read_end')}", re.IGNORECASE
)
