"""The last lines of a mail, and whether somebody still tells something there, so that they are no signature."""

from __future__ import annotations

import re

from core.mail.trim.lines import readable

MOST_LINES = 20
WRAPPED_AT = 50  # a line shorter than this was ended by who wrote it
LINKS = re.compile(r"<?(?:https?://|mailto:)[^\s>]{0,300}>?|\[https?://[^\]]{0,300}\]")
_LONGEST_LINE = 130
_LONGEST_TEXT = 4000
_A_DATE = r"\d{4}([-/])\d{1,2}\1\d{1,2}(?!\d)|\d{1,2}([-/])\d{1,2}\2\d{4}(?!\d)"
# A number in a log or in a table is no telephone's.
_DOTTED = r"\b0\d(?:\.\d\d){4}\b|(?<![\d.])(?:\d{1,3}\.)?\d{3}\.\d{3}\.\d{4}(?!\.?\d)"
_PHONE = rf"(?<![\w/-])(?!{_A_DATE})\(?\+?\d(?:(?: ?[()/\u2010-\u2013-]{{1,2}} ?(?:[(/\u2010-\u2013-] ?)?| )?\d){{6}}|{_DOTTED}"
_CONTACT = re.compile(rf"\S@\S|www\.|https?://|{_PHONE}")
_POSTSCRIPT = re.compile(r"p\.? ?s\.?\s*[:.\s]|p\.s\.|nb\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.?!؟])\s+|(?<=[。？！])|\n")
_QUESTION = re.compile(r"[?？؟]$|[α-ωά-ώ];$")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
FEWEST_WORDS = 6
_FEWEST_SIGNS = 16  # of a sentence in a script that has no blanks
_FEWEST_ASKED = 2, 5  # words, or such signs, of a question


def last_lines(lines: list[str], count: int = MOST_LINES) -> list[int]:
    """The numbers of the last lines that are not blank, from top to bottom."""
    found: list[int] = []
    for number in range(len(lines) - 1, -1, -1):
        if lines[number].strip():
            found.append(number)
            if len(found) == count:
                break
    return found[::-1]


def without_links(line: str) -> str:
    """The line without the addresses of pages and people in it."""
    return LINKS.sub("", line) if ":" in line else line


def may_be_signature(lines: list[str], fewest: int = FEWEST_WORDS) -> bool:
    """Whether all these lines are as short as those of a signature, none is a postscript, and nobody tells anything in `fewest` words."""
    short = all(len(line) <= _LONGEST_LINE or len(without_links(line[:1000])) <= _LONGEST_LINE for line in lines)
    return short and not has_postscript(lines) and not tells(lines, fewest)


def has_postscript(lines: list[str]) -> bool:
    """Whether one of these lines begins with "PS"."""
    return any(_POSTSCRIPT.match(line.lstrip()) for line in lines)


def has_contact(lines: list[str]) -> bool:
    """Whether a telephone number, an address or a link is in these lines."""
    return any(_CONTACT.search(readable(line[:500])) for line in lines)


def tells(lines: list[str], fewest: int = FEWEST_WORDS) -> bool:
    """Whether there is a question in these lines, or a whole sentence: some words, few of them with a capital, and its full stop."""
    return any(_is_sentence(each, fewest) for each in _SENTENCE_END.split(_unwrapped(lines)[:_LONGEST_TEXT]))


def _unwrapped(lines: list[str]) -> str:
    text = ""
    for line in map(readable, lines[:100]):
        text += line + (" " if len(line) >= WRAPPED_AT else "\n")
    return text


def _is_sentence(text: str, fewest: int) -> bool:
    text = text.strip(" *_\"'”»)")
    if _QUESTION.search(text) and not _CONTACT.search(text):
        words = text.split()
        return (len(words) >= _FEWEST_ASKED[0] and any(word[0].isalpha() and not word[0].isupper() for word in words)) or (
            len(text) >= _FEWEST_ASKED[1] and bool(_CJK.search(text))
        )
    if text.endswith(("。", "？", "！")):
        return len(text) >= _FEWEST_SIGNS
    words = text.split()
    small = [word for word in words if word[0].isalpha() and not word[0].isupper()]
    return text.endswith((".", "?", "!")) and len(words) >= fewest and 2 * len(small) > len(words) and not _CONTACT.search(text)
