"""The writer's own name, as his mail's From says it, where it ends what he wrote: "LG Ada", or "Ada Moss" above a telephone number.

Anybody else's name behind a short sign-off may be a word of the answer ("Best, Worst"), and above a telephone number a person he
tells of. His own alone on its line is kept: it harms nobody, and answers "To whom?" now and then.
"""

from __future__ import annotations

import re
from itertools import takewhile

from core.mail.trim.ending import has_contact, last_lines, may_be_signature
from core.mail.trim.lines import lowered, readable
from core.mail.trim.signoff import is_bare_closing
from core.mail.trim.words import below_mail, plain_closing

_WORD = re.compile(r"[^\W\d_]+")
_NO_NAME = re.compile(r"[(|/@\[]| - | via | bei | at ", re.IGNORECASE)
_ABBREVIATED = re.compile(r"[^\W\d_]{1,5}\. ?")  # "Dr.", "i.A."
_BEHIND = re.compile(r"\W{0,3}$|\W{0,3}[,|(/•·–—-]|  ")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")  # a whole name, in scripts that put no blanks into one
_ANOTHER = re.compile(r"\W{0,3}[^\W\d_a-zà-ÿ][\w.'’-]* [^\W\d_a-zà-ÿ][\w.'’-]*(?: ?[,|(<–-]| {2})")
_SENTENCE = re.compile(r"(?<=[.!?]) ")
_LONGEST = 150
_MOST_NAMES = 4
_FEWEST_WORDS = 4  # of what somebody adds below his name


def name_of(writer: str) -> frozenset[str]:
    """The words of a name as they are compared; without titles, firms and whatever else stands beside it."""
    name = _ABBREVIATED.sub("", _NO_NAME.split(readable(writer), 1)[0])
    words = [_plain(word) for word in _WORD.findall(name) if len(word) > 1]
    return frozenset(words if len(words) <= _MOST_NAMES else ())


def _plain(text: str) -> str:
    """In small letters, without accents, however its umlauts are written."""
    return plain_closing(lowered(text))


def signed_at(lines: list[str], name: frozenset[str], alone: bool = True) -> int | None:
    """Where the writer's own name stands behind a sign-off, or with his address; None when it does not. Unless `alone` he signed further
    below already: then an address is one that he was asked for."""
    last = last_lines(lines) if name else []
    for place, number in enumerate(last):
        text = readable(lines[number])
        plain = _plain(text) if len(text) <= _LONGEST else ""
        if not any(map(plain.__contains__, name)) or name.isdisjoint(_WORD.findall(plain)):
            continue  # most lines
        below = [lines[each] for each in last[place + 1 :]]
        reached = alone and _begins_with(text, name) and has_contact([text, *below]) and _is_apart(lines, number)
        signs = _is_closing_of(text, name) or (reached and not _is_list([text, *below]) and not _signs_off(below, name))
        if signs and may_be_signature(below, _FEWEST_WORDS):
            return number
    return None


def _is_closing_of(text: str, name: frozenset[str]) -> bool:
    """ "Cheers, Ada", "Viele Grüße Ada M.": the name, or a part of it, behind a sign-off."""
    words = list(_WORD.finditer(text))
    named = list(takewhile(lambda word: _is_of(word[0], name), reversed(words)))
    if not named or len(named) == len(words) or len(named[-1][0]) == 1:
        return False
    return is_bare_closing(text[: named[-1].start()].rstrip("/\\ "))


def _is_of(word: str, name: frozenset[str]) -> bool:
    plain = _plain(word)
    return plain in name or (len(plain) == 1 and any(each.startswith(plain) for each in name))


def _begins_with(text: str, name: frozenset[str]) -> bool:
    """Whether this line begins with two words of the name at least, in any order, and nothing is told of him in it."""
    bare = _ABBREVIATED.sub("", text.lstrip("*_-–— "), count=2) if "." in text[:12] else text.lstrip("*_-–— ")
    words = list(takewhile(lambda word: _plain(word[0]) in name, _WORD.finditer(bare)))[: len(name)]
    whole = len(words) > 1 or (len(words) == 1 and _UNSPACED.fullmatch(words[0][0]) is not None)
    return whole and _BEHIND.match(bare[words[-1].end() :]) is not None


def _is_list(lines: list[str]) -> bool:
    """Whether somebody else stands below, in the same way as the writer in the first of these lines: "Ada Moss, +44 20 7946 0000"."""
    return has_contact(lines[:1]) and any(_ANOTHER.match(readable(line)) and has_contact([line]) for line in lines[1:])


def _signs_off(lines: list[str], name: frozenset[str]) -> bool:
    """Whether the writer signs in one of these lines: with a sign-off, or with his whole name once more, as below thanks."""
    near = (readable(line) for line in lines if len(line) <= _LONGEST)
    return any(_is_closing_of(line, name) or _begins_with(line, name) for line in near)


def is_signed(lines: list[str], name: frozenset[str]) -> bool:
    """Whether the writer's name is in these lines, and not only in his address, as in the footer of a list."""
    return any("@" not in line and not name.isdisjoint(_WORD.findall(_plain(line[:_LONGEST]))) for line in lines)


def _is_apart(lines: list[str], number: int) -> bool:
    """Whether a new paragraph begins here, or a sentence ended above, and what stands above goes not on with the name, nor says that an
    address comes, nor ends with somebody else's.

    With nothing above, it is an answer."""
    above = next((readable(line) for line in reversed(lines[max(0, number - 4) : number]) if line.strip()), "")
    goes_on = above.endswith((":", "\uff1a", ",")) or lowered(above.rpartition(" ")[2]) in below_mail("goes_on")
    announced = any(word.startswith(below_mail("tells_address")) for word in _WORD.findall(lowered(_SENTENCE.split(above)[-1])))
    listed = not above.endswith((".", "!", "?", "。", "！", "？")) and has_contact([above])
    return above != "" and not (goes_on or announced or listed) and (not lines[number - 1].strip() or above.endswith((".", "!", "?")))
