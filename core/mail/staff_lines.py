"""What a colleague's mail says: a first block of lines that act, and his answer below them, without anything of the notice he answers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from core.mail.screen.note_sentences import reads_as_absence
from core.mail.staff_words import KNOWN, NOTE, SPEAKING
from core.mail.trim import Trimmed
from core.mail.trim.lines import is_quoted, joined, readable, stripped
from core.mail.trim.marker import is_marker
from core.text import one_line

_LINE = re.compile(r"#+([ \t]*)([a-z]{2,20})\b[ \t:]*(.*)$", re.IGNORECASE)
_MARKED = re.compile(r"(?<![\w&/=.#])#+([ \t]?)([^\W\d_]\w{1,19})")  # no part of a link, nor of C#
_ALIKE = str.maketrans("♯аеорсухіјѕкмтнвαεικνορτυχ", "#aeopcyxijskmthbaeikvoptux")  # Cyrillic and Greek
_NEAR = 0.8
_MEANT = frozenset({NOTE, "internal", "intern", "private", "privat"})


@dataclass(frozen=True, slots=True)
class Spoken:
    """A mail of a colleague: his lines (word, argument, the line itself), and his answer below them.

    `doubt` says why the answer might not be meant for the requester: then it is kept among colleagues, and he is asked.
    """

    words: Sequence[tuple[str, str, str]]
    answer: str
    doubt: str = ""

    @property
    def is_note(self) -> bool:
        return bool(self.doubt) or any(word == NOTE for word, _, _ in self.words)


def spoken(trimmed: Trimmed) -> Spoken:
    """Read the first block, and below it only what he wrote himself: around it stands the notice, perhaps of an internal note.

    A line that begins with # and no word, such as `#1042 is the same`, is an answer already.
    """
    lines, cut_off = _own_lines(trimmed)
    words: list[tuple[str, str, str]] = []
    while lines and (found := _command(lines[0])) is not None:
        word, argument, line = found
        if word in SPEAKING and argument:
            lines[0], found = argument, (word, "", line)
        else:
            lines.pop(0)
        words.append(found)
        if word in SPEAKING and argument:
            break
    return Spoken(words, joined(lines), _doubt(words, lines, cut_off))


def _own_lines(trimmed: Trimmed) -> tuple[list[str], bool]:
    """His lines, and whether some of them may have been lost, since they stood inside a quote that nothing marks as one."""
    if trimmed.wordless:
        return [], False
    lines = trimmed.reply.split("\n")
    end = next((number for number, line in enumerate(lines) if is_marker(line)), len(lines))
    return stripped([line for line in lines[:end] if not is_quoted(line)]), end < len(lines) and trimmed.interleaved


def _command(line: str) -> tuple[str, str, str] | None:
    """A line that acts, as (word, argument, line): also as mail programs and haste write it, `*#note*` or `## note`."""
    found = _LINE.match(readable(line).strip("*_~` "))
    if found is None or (found[1] and found[2].lower() not in KNOWN):
        return None  # `# Steps` is a heading
    return found[2].lower(), found[3].strip("*_~` "), one_line(line)[:200]


def _acts_below(found: tuple[str, str, str]) -> bool:
    """Whether a line below the first words looks as if it should act; in code and notes `# open the file` is a remark."""
    return found[0] in KNOWN and (found[0] == NOTE or re.search(r"#[ \t]", found[2]) is None)


def _is_meant(line: str, *, first: bool) -> bool:
    """Whether `#note`, or what is much like it, stands anywhere in the line: behind a list's mark, in quotes or in other letters. A heading
    ("# Notes") counts as one only where the mail begins. Other words leak nothing when they are said instead of done."""
    text = unicodedata.normalize("NFKC", readable(line)).lower().translate(_ALIKE)
    marked = ((found[2], found[1]) for found in _MARKED.finditer(text))
    return any(word in _MEANT or ((first or not blank) and get_close_matches(word, _MEANT, 1, _NEAR)) for word, blank in marked)


def _doubt(words: Sequence[tuple[str, str, str]], lines: Sequence[str], cut_off: bool) -> str:
    unknown = next((line for word, _, line in words if word not in KNOWN), None)
    if unknown is not None:
        return f"{unknown} was not understood."
    below = next((found[2] for line in lines if (found := _command(line)) is not None and _acts_below(found)), None)
    if below is not None:
        return f"{below} stands below your first words, where no line acts."
    meant = next((line for number, line in enumerate(lines) if _is_meant(line, first=not number)), None)
    if meant is not None:
        return (
            f"{one_line(meant)[:80]} holds what looks like a line that acts, such as #note alone at the beginning, and was not understood."
        )
    if reads_as_absence("\n".join(lines)):
        return "Your words read like an absence note."
    return "Your words stand inside the notice: answer above it." if cut_off else ""
