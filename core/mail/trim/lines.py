"""The lines of a mail's text: which are quoted, which are blank, and how a line reads when it is compared."""

from __future__ import annotations

import re
import unicodedata
from itertools import filterfalse

SIGNATURE_MARK = "-- "  # RFC 3676, section 4.3; the one blank at a line's end that means something
_LONGEST = 600  # characters of a line that are looked at; whatever clients write themselves is shorter
_INVISIBLE = dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad"), None
)
_READABLE = _INVISIBLE | dict.fromkeys(map(ord, "\u00a0\u2007\u202f\u3000\t"), " ")
_UNREADABLE = re.compile(f"[{''.join(map(chr, _READABLE))}]")
_QUOTED = re.compile(r"[ \t\u00a0\u200b\u200e\u200f\ufeff]{0,4}[>＞]")
_PREFIX = re.compile(r"[ \t\u00a0\u200b\u200e\u200f\ufeff]{0,4}(?:[>＞][ \t\u00a0]?)+")
_OUTER = re.compile(r"[ \t\u00a0\u200b\u200e\u200f\ufeff]{0,4}[>＞][ \t\u00a0]?")
_WORDS = re.compile(r"[^\s\-_=*>＞#|~.,:;<\u200b-\u200f\u2060\ufeff\u00ad]")
_NOTHING = re.compile(r"\n\n\n\n+")  # not "{4,}": what begins with letters is found without a look at every character
_WORD = re.compile(r"[^\W_]+")
_EXCERPT = 100_000


def lines_of(text: str) -> list[str]:
    """The text cut into lines, whatever ends them, without NUL, without blanks at the ends, but for "-- ", and without pages of nothing."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\0", "")
    return [line if line == SIGNATURE_MARK else line.rstrip() for line in _NOTHING.sub("\n\n\n", text).split("\n")]


def readable(line: str) -> str:
    """The line as it is compared: ordinary blanks, nothing invisible, not too long."""
    line = line[:_LONGEST]
    if not line.isascii() and _UNREADABLE.search(line):
        line = line.translate(_READABLE)
    return line.replace("\t", " ").strip()


def lowered(text: str) -> str:
    """The text in small letters; the Turkish capital I with a dot becomes a plain i, not two characters."""
    return text.replace("\u0130", "i").lower()


def folded(text: str) -> str:
    """The text without accents: `ż` and `z` are one letter to who types without them."""
    if text.isascii():
        return text
    plain = "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFD", text)))
    return unicodedata.normalize("NFC", plain).replace("ł", "l").replace("ø", "o").replace("ß", "ss")


def is_quoted(line: str) -> bool:
    """Whether the line begins with a quote mark."""
    return not line[:1].isalnum() and _QUOTED.match(line) is not None


def unquoted(line: str) -> str:
    """The line without any of its quote marks."""
    found = _PREFIX.match(line[:_LONGEST])
    return line[found.end() :] if found else line


def outer_removed(line: str) -> str:
    """The line without its outermost quote mark."""
    found = _OUTER.match(line)
    return line[found.end() :] if found else line


def has_words(lines: list[str]) -> bool:
    """Whether anything was said: rules, quote marks and blanks are nothing, a smiley is something."""
    return any(_WORDS.search(line, 0, _EXCERPT) for line in lines)


def stripped(lines: list[str]) -> list[str]:
    """The lines without the blank ones at both ends."""
    start, end = 0, len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return lines[start:end]


def joined(lines: list[str]) -> str:
    """The lines as text, with at most one blank line in a row and without an indentation that all share."""
    kept: list[str] = []
    for line in stripped(lines):
        if line.strip() or kept[-1].strip():
            kept.append(line)
    if kept and kept[0].startswith(" "):
        indented = min(len(line) - len(line.lstrip(" ")) for line in kept if line.strip())
        kept = [line[indented:] for line in kept]
    return "\n".join([line.rstrip() for line in kept])


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, to compare two versions of it."""
    return _WORD.findall(text[:_EXCERPT].lower())
