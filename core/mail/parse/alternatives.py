"""Whether the text and the HTML of a mail say the same, as the two sides of multipart/alternative should (RFC 2046, 5.1.4)."""

from __future__ import annotations

import re
from collections import Counter

from core.mail.parse.html import strip_tags

_MOST = 20_000
_WORD = re.compile(r"\w+")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_BODY = re.compile(r"<body\b", re.IGNORECASE)
_LOOK = 500
_FEWEST = 3


def same_words(one: str, other: str) -> bool:
    """Nearly all words of both are the other's too."""
    first, second = Counter(_WORD.findall(one[:_MOST].lower())), Counter(_WORD.findall(other[:_MOST].lower()))
    return sum((first & second).values()) * 10 >= 8 * max(first.total(), second.total(), 1)


def says_something_else(text: str, html: str) -> bool:
    """The text is no side of this HTML: a stub ("your program cannot show this"), or another message. Few of its words are there."""
    begins = _LONG_WORD.findall(text[:_LOOK])
    if begins and sum(word in html for word in begins) * 2 >= len(begins):
        return False  # nearly every mail
    body = _BODY.search(html)  # below pages of style sheets
    start = body.start() if body else 0
    shown = strip_tags(html[start : start + 10 * _MOST])[:_MOST]
    if _WORD.search(text) and " ".join(text.split()) in " ".join(shown.split()):
        return False
    here, there = _long_words(text[:_MOST]), _long_words(shown)
    return len(there) >= _FEWEST and len(here & there) * 4 <= min(len(here), len(there))


def _long_words(text: str) -> set[str]:
    return {word.lower() for word in _LONG_WORD.findall(text)}
