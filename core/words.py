"""Words for finding: folded so that case and accents do not matter, and writing without blanks cut into pairs of characters.

Both what is kept (`tsvector` of the configuration `simple`) and what is asked pass through here: the database needs no extensions.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0002fa1f]+")
_MOST = 20_000  # words of one text
_LONGEST = 60  # characters of one word


def folded(text: str) -> list[str]:
    """The words of a text, in order: lower-case, without accents; Chinese, Japanese and Korean as overlapping pairs."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    return [part for word in _WORD.findall(unicodedata.normalize("NFC", plain)) for part in _parts(word.strip("_"))][:_MOST]


def kept(text: str) -> str:
    """A text as `to_tsvector('simple', …)` should see it."""
    return " ".join(folded(text))


def asked(text: str) -> str | None:
    """What somebody looks for, as `to_tsquery('simple', …)` takes it: all of the words, each perhaps only begun. None for nothing."""
    words = list(dict.fromkeys(folded(text)))[:20]
    return " & ".join(f"{word}:*" for word in words) or None


def any_of(text: str, most: int = 40) -> str | None:
    """A text whose words are looked for as they come: any of them will do. None for nothing."""
    words = [word for word in dict.fromkeys(folded(text)) if len(word) > 2 or _UNSPACED.match(word)][:most]
    return " | ".join(words) or None


def _parts(word: str) -> list[str]:
    if not word:
        return []
    if not _UNSPACED.search(word):
        return [word[:_LONGEST]]
    found: list[str] = []
    position = 0
    for run in _UNSPACED.finditer(word):
        found += [word[position : run.start()][:_LONGEST]] if run.start() > position else []
        found += ["".join(pair) for pair in pairwise(run[0])] or [run[0]]
        position = run.end()
    return found + ([word[position:][:_LONGEST]] if position < len(word) else [])
