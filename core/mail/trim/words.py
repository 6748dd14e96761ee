"""The words that mail clients put around quotes, read once from `languages.toml` and `signatures.toml`, ready for looking up."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from core.mail.trim.lines import folded, lowered

_FIELDS = ("from", "date", "to", "subject", "other")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # scripts that put no blanks between words
_TOKEN = re.compile(r"[^\s\d<>()\[\],;:.\"'@/|*_=\u2014\uff0c\uff1a-]+")


@cache
def labels() -> dict[str, str]:
    """The label of a header line ("gesendet am") → "from", "date", "to", "subject" or "other"."""
    found: dict[str, str] = {}
    for table in _languages().values():
        for kind in _FIELDS:
            for label in table.get(kind, ()):
                found.setdefault(label, kind)
    return found


def says_wrote(text: str) -> bool:
    """Whether one of the words of an attribution is in this text."""
    low = lowered(text)
    return not _verbs().isdisjoint(_TOKEN.findall(low)) or (not low.isascii() and any(verb in low for verb in _unspaced_verbs()))


def ends_with_wrote(text: str) -> bool:
    """Whether the text ends with such a word."""
    end = text[-40:].rstrip(" :*_-.>\uff1a")
    word = end.rpartition(" ")[2].rpartition(">")[2].partition("(")[0].partition("/")[0]
    return lowered(word) in _verbs() or (not end.isascii() and lowered(end).endswith(_unspaced_verbs()))


@cache
def opening() -> re.Pattern[str]:
    """An attribution's first word with a number soon after it, at the place it is matched at: "On Tue, 3"."""
    return re.compile(rf"{_any_of(_all('on'))}[ ,]{{0,2}}(?=[^\n\d]{{0,24}}\d)", re.IGNORECASE)


@cache
def opening_inside() -> re.Pattern[str]:
    """The same inside a line, so stricter: a capital, at most two words, then a number: "Yes, please. On Tue, May 3"."""
    capitals = _any_of({word[0].upper() + word[1:] for word in _all("on") if word.isascii() and len(word) > 1})
    return re.compile(rf"(?<![^\W_])(?:{capitals})[ ]+(?:[^\W\d_]{{2,12}}\.?,?[ ]+){{0,2}}\d{{1,4}}")


@cache
def speaker() -> re.Pattern[str]:
    """A word that no client says where it says who wrote: "I wrote", "your colleague"; but firms are called "Ihre Lampe <lampe@shop.example>"."""
    words = rf"(?<![\w.@<(-])(?:I(?= [a-z])|{_any_of(_all('speaks'))})"
    return re.compile(rf"{words}(?! [^\W\d_a-zà-ÿ][\w .-]{{0,40}}<)(?![\w@.-])")


@cache
def teller() -> re.Pattern[str]:
    """The beginning of a sentence about who wrote: "he wrote", "the manual says"; but people are called Ella Berg, and firms The Lamp Shop."""
    return re.compile(rf"{_any_of(_all('tells'))}\s|{_any_of(_all('tells_of'))}\s(?-i:(?![^\W\d_a-zà-ÿ]))", re.IGNORECASE)


@cache
def originals() -> frozenset[str]:
    """What stands between dashes above a quoted mail."""
    return frozenset(_all("original"))


@cache
def forwards() -> frozenset[str]:
    """What stands between dashes, or before a colon, above a forwarded mail."""
    return frozenset(_all("forwarded"))


@cache
def forward_prefixes() -> frozenset[str]:
    """What stands before the colon in the subject of a forwarded mail."""
    return frozenset(_all("forwards"))


@cache
def forwards_by() -> tuple[str, ...]:
    """The same where somebody's name follows."""
    return tuple(f"{words} " for words in _all("forwarded_by"))


@cache
def ambiguous_prefixes() -> dict[str, frozenset[str]]:
    """A prefix that is a forward's in some languages only → the labels of the sender in those."""
    found: dict[str, frozenset[str]] = {}
    for table in _languages().values():
        for prefix in table.get("maybe_forwards", ()):
            found[prefix] = found.get(prefix, frozenset()) | frozenset(table["from"])
    return found


@cache
def sent_by() -> tuple[str, ...]:
    """How the line of a phone or an app begins or ends."""
    return tuple(sorted(_all("sent")))


@cache
def closings() -> frozenset[str]:
    """Sign-offs that stand alone on their line, without their punctuation and accents: in a hurry nobody types those."""
    return frozenset(map(plain_closing, _all("closing")))


@cache
def closing_cores() -> frozenset[str]:
    """The words one of which is in each sign-off that people make up: "regards"; plain as those of `closings`."""
    return frozenset(map(plain_closing, _all("closing_core")))


@cache
def closing_words() -> frozenset[str]:
    """These, and what people put around them: "very", "warm"."""
    return closing_cores() | frozenset(map(plain_closing, _all("closing_around")))


@cache
def closings_behind() -> tuple[str, ...]:
    """Sign-offs that stand behind a name, after a blank."""
    return tuple(f" {words}" for words in _all("closing_behind"))


def plain_closing(text: str) -> str:
    """A sign-off in small letters as it is compared: without accents, however its umlauts are written."""
    return folded(text).replace("ae", "a").replace("oe", "o").replace("ue", "u")


@cache
def markers() -> dict[str, str]:
    """Language → the words of the line above which an answer is to be written."""
    return {language: table["marker"][0] for language, table in _languages().items() if "marker" in table}


@cache
def below_mail(key: str) -> tuple[str, ...]:
    """A list of `signatures.toml`."""
    return tuple(_read("signatures.toml")[key])


@cache
def announces() -> re.Pattern[str]:
    """A word that may mean what stands below: "abajo", and not a part of "trabajo"."""
    return re.compile(rf"(?<![^\W\d_]){_any_of(below_mail('announces'))}|{'|'.join(filter(_UNSPACED.search, below_mail('announces')))}")


@cache
def _languages() -> dict[str, dict[str, list[str]]]:
    tables: dict[str, dict[str, list[str] | str]] = tomllib.loads(_text("languages.toml"))
    return {
        language: {key: [words] if isinstance(words, str) else words for key, words in table.items()} for language, table in tables.items()
    }


def _read(name: str) -> dict[str, list[str]]:
    return tomllib.loads(_text(name))


def _text(name: str) -> str:
    return files("core.mail.trim").joinpath(name).read_text(encoding="utf-8")


def _all(key: str) -> set[str]:
    return {word for table in _languages().values() for word in table.get(key, ())}


@cache
def _verbs() -> frozenset[str]:
    return frozenset(verb for verb in _all("wrote") if not _UNSPACED.search(verb))


@cache
def _unspaced_verbs() -> tuple[str, ...]:
    return tuple(verb for verb in _all("wrote") if _UNSPACED.search(verb))


def _any_of(words: Iterable[str]) -> str:
    """An alternative of whole words; where a script has no blanks between words, of parts of words."""
    longest_first = sorted(words, key=lambda each: (-len(each), each))
    spaced = "|".join(re.escape(word) for word in longest_first if not _UNSPACED.search(word))
    unspaced = "|".join(re.escape(word) for word in longest_first if _UNSPACED.search(word))
    return rf"(?:(?:{spaced})(?![^\W\d_]){'|' + unspaced if unspaced else ''})"
