"""The words that mail clients put around quotes, read once from `languages.toml` and made ready for looking up."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

_FIELDS = ("from", "date", "to", "subject", "other")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # scripts that put no blanks between words
_LETTER = r"[^\W\d_]"


@cache
def labels() -> dict[str, str]:
    """The label of a header line ("gesendet am") → "from", "date", "to", "subject" or "other"."""
    found: dict[str, str] = {}
    for table in _languages().values():
        for kind in _FIELDS:
            for label in _list(table, kind):
                found.setdefault(label, kind)
    return found


@cache
def wrote() -> re.Pattern[str]:
    """Finds the verb of an attribution line in any language."""
    return re.compile(_any_of(_all("wrote")), re.IGNORECASE)


@cache
def verbs() -> tuple[str, ...]:
    """The verbs of attribution lines, for `str.endswith`."""
    return tuple(sorted(_all("wrote")))


@cache
def opening() -> re.Pattern[str]:
    """An attribution's first word with a number soon after it, at the place it is matched at: "On Tue, 3"."""
    return re.compile(_any_of(_all("on")) + r"[ ,]{0,2}(?=[^\n\d]{0,24}\d)", re.IGNORECASE)


@cache
def opening_inside() -> re.Pattern[str]:
    """The same inside a line, so stricter: a capital, at most two words, then a number: "Yes, please. On Tue, May 3"."""
    capitals = _any_of({word[0].upper() + word[1:] for word in _all("on") if word[0].isascii() and len(word) > 1})
    return re.compile(rf"(?<![^\W_])({capitals})[ ]+(?:{_LETTER}{{2,12}}\.?,?[ ]+){{0,2}}\d{{1,4}}")


@cache
def originals() -> frozenset[str]:
    """What stands between dashes above a quoted mail."""
    return frozenset(_all("original"))


@cache
def forwards() -> frozenset[str]:
    """What stands between dashes, or before a colon, above a forwarded mail."""
    return frozenset(_all("forwarded"))


@cache
def sent_by() -> re.Pattern[str]:
    """How the line of a phone or an app begins or ends."""
    phrases = _all("sent")
    inner = "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
    return re.compile(rf"(?:^\W*(?:{inner})|(?:{inner})\W*$)", re.IGNORECASE)


@cache
def closings() -> frozenset[str]:
    """Sign-offs that stand alone on their line, without their punctuation."""
    return frozenset(_all("closing"))


@cache
def markers() -> dict[str, str]:
    """Language → the words of the line above which an answer is to be written."""
    return {language: text for language, table in _languages().items() if isinstance(text := table.get("marker"), str)}


@cache
def _languages() -> dict[str, dict[str, str | list[str]]]:
    text = files(__package__).joinpath("languages.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _all(key: str) -> set[str]:
    return {word for table in _languages().values() for word in _list(table, key)}


def _list(table: dict[str, str | list[str]], key: str) -> Iterator[str]:
    words = table.get(key, [])
    return iter([words] if isinstance(words, str) else words)


def _any_of(words: Iterable[str]) -> str:
    """An alternative of whole words; where a script has no blanks between words, of parts of words."""
    spaced: list[str] = []
    unspaced: list[str] = []
    for word in sorted(words, key=lambda each: (-len(each), each)):
        (unspaced if _UNSPACED.search(word) else spaced).append(re.escape(word))
    whole = rf"(?<!{_LETTER})(?:{'|'.join(spaced)})(?!{_LETTER})"
    return rf"(?:{whole}|{'|'.join(unspaced)})" if unspaced else whole
