"""Sign-offs: "Kind regards" in any language, with a name and whatever belongs to it below; and a name without one."""

from __future__ import annotations

import re
from functools import cache

from core.mail.trim.ending import has_contact, last_lines, may_be_signature
from core.mail.trim.lines import has_words, lowered, readable, stripped
from core.mail.trim.words import announces, below_mail, closing_cores, closing_words, closings, closings_behind, plain_closing

_CAPITAL = r"[^\W\d_a-zà-ÿ]"
_NAME = re.compile(rf"(?:[-–—~/]{{1,2}}|\*) ?{_CAPITAL}[\w.'’-]{{0,30}}(?: {_CAPITAL}[\w.'’-]{{0,30}}){{0,3}}$")
_LONGEST = 150
_MOST_BLANK = 4
_LONGEST_NAME = 16  # with the sign-off behind it
_FEWEST_WORDS = 4  # of what somebody adds below his name
_MOST_WORDS = 7  # of a sign-off that somebody made up
_AROUND = " ,.!*_-–;:~，。！،؛、"
_NO_LETTER = re.compile(r"[\W_]")
_JOINED = re.compile(r" ?[/|,&+.;،] ?| (?:und|and|y|et|e|en|och|og|ja|i|a|ve|și|si|και|и|та|і|dan) ")
_JOINED_IN = re.compile(rf"{_JOINED.pattern}| in ")  # "and" in Slovenia, but "thanks in advance"
_NAMED = re.compile(
    rf"([^,،，\s]{{1,20}} [^,،，]{{2,40}})[,،，] {{0,3}}(?!\d){_CAPITAL}[\w.'’-]{{0,30}}(?: {_CAPITAL}[\w.'’-]{{0,30}}){{0,2}}$"
)
_PLACED = re.compile(
    rf"(.{{2,40}}?) (?:aus|from|uit|fra|från|desde|iz) (?:dem |der |the )?{_CAPITAL}[\w.'’-]{{1,30}}(?: {_CAPITAL}[\w.'’-]{{0,30}})?$"
)
_FIRM = re.compile(
    r"\w (?:Ltd|Inc|Co|Corp|LLC|Pty|A\.?S|S\.?A|S\.?L|s\.?r\.?o|S\.?r\.?l|d\.?o\.?o|Sp\. z o\.?o|e\.?V|B\.?V|N\.?V)\.$", re.IGNORECASE
)
_LISTED = re.compile(r"(?:[-*•–]|\d+[.)]) ")


def closing_at(lines: list[str], goes_on: bool = False) -> int | None:
    """Where a sign-off stands that is alone on its line, or with a name or a place; None without one. `goes_on` says that words
    of the same writer stand above these lines."""
    last = last_lines(lines)
    for place, number in enumerate(last):
        text = readable(lines[number])
        if len(text) > _LONGEST or not is_closing(text):
            continue
        below = [lines[each] for each in last[place + 1 :]]
        if not may_be_signature(below, _FEWEST_WORDS) or _is_meant(lines[:number], lines[number + 1 :]):
            continue
        if has_words(lines[:number]) or not _may_open(text, below, goes_on):
            return number
    return None


def _is_meant(above: list[str], below: list[str]) -> bool:
    """Whether what stands apart below a name was announced above the sign-off, or is a list of things.

    "See below" may mean the quote: then an address is the writer's."""
    name = stripped(below)
    apart = name[next((number for number, line in enumerate(name) if not line.strip()), len(name)) :]
    if not has_words(apart):
        return False
    last = next((lowered(readable(line)) for line in reversed(above[-_MOST_BLANK:]) if line.strip()), "")
    if last.endswith((":", "\uff1a")):
        return True
    listed = sum(_LISTED.match(readable(line)) is not None for line in apart) > 1
    return (listed or announces().search(last) is not None) and not has_contact(apart)


def is_closing(text: str) -> bool:
    """Whether this is a sign-off, or two of them, or thanks and one; "from Berlin" and a name may follow."""
    plain = _plain(text)
    if _NO_LETTER.split(plain, 1)[0] not in _first_words():
        return _is_formal(plain) or (plain.endswith(closings_behind()) and len(plain) < _LONGEST_NAME)  # most lines
    return _is_one(plain) or _is_formal(plain) or _are_closings(plain) or _is_closing_with_more(text)


def is_bare_closing(text: str) -> bool:
    """Whether this is a sign-off, or two of them, and nobody's name."""
    plain = _plain(text)
    return _is_one(plain) or _are_closings(plain)


@cache
def _first_words() -> frozenset[str]:
    """The first words of sign-offs and thanks; empty where none comes first, as before "/ LG"."""
    return frozenset({"", *(_NO_LETTER.split(words, 1)[0] for words in closings() | closing_words() | _thanks())})


def _is_one(plain: str) -> bool:
    """Whether this is a sign-off that is listed, or one that people put together of the words in such."""
    if plain in closings():
        return True
    words = _NO_LETTER.sub(" ", plain).split()
    return 2 <= len(words) <= _MOST_WORDS and closing_words().issuperset(words) and not closing_cores().isdisjoint(words)


def _plain(text: str) -> str:
    """The text as it is looked up: in a hurry nobody types accents, and not everybody has umlauts to type."""
    return plain_closing(lowered(text).strip(_AROUND))


def _is_formal(plain: str) -> bool:
    """ "Veuillez agréer, Madame, l'expression de mes salutations distinguées", in one line."""
    return plain.startswith(below_mail("closing_begins")) and any(each in plain for each in below_mail("closing_ends"))


def _are_closings(plain: str) -> bool:
    return _are_known(_JOINED.split(plain)) or (" in " in plain and _are_known(_JOINED_IN.split(plain)))


def _are_known(pieces: list[str]) -> bool:
    """Whether there is a sign-off among these, and nothing but such and thanks."""
    parts = [part for part in (piece.strip(_AROUND) for piece in pieces) if part]
    known = [_is_one(part) for part in parts]
    return any(known) and all(is_one or part in _thanks() for is_one, part in zip(known, parts, strict=True))


@cache
def _thanks() -> frozenset[str]:
    return frozenset(plain_closing(words) for words in below_mail("thanks"))


def _is_closing_with_more(text: str) -> bool:
    """ "Kind regards, Ada Moss", "Viele Grüße aus Köln". A name after a single word might be anything: "Best, Worst", "LG TV"."""
    bare = text.strip(_AROUND)
    named, placed = _NAMED.match(bare), _PLACED.match(bare)
    return bool((named and _is_one(_plain(named[1]))) or (placed and _is_one(_plain(placed[1]))))


def _may_open(text: str, below: list[str], again: bool) -> bool:
    """Whether this may as well be the first line of a letter ("Zdravím,", "Salut, Marie"), an answer that goes on `again` ("LG"), or
    says thanks."""
    goes_on = any(_is_told(line.strip()) for line in below if line.strip())
    thanks = any(part.strip(_AROUND) in _thanks() for part in _JOINED.split(_plain(text)))
    return goes_on or thanks or (not (again and below) and _plain(text.partition(",")[0]) in _greetings())


def _is_told(line: str) -> bool:
    """Whether this is the end or the middle of a sentence, rather than an address or a firm ("Moss Ltd.")."""
    if has_contact([line]) and " " not in line:
        return False
    return line[0].islower() or line.endswith(("?", "!")) or (line.endswith(".") and not _FIRM.search(line))


@cache
def _greetings() -> frozenset[str]:
    return frozenset(plain_closing(words) for words in below_mail("greets_too"))


def thanks_at(lines: list[str]) -> int | None:
    """Where the name begins that stands, with a telephone number or an address, below thanks; the thanks were said."""
    last = last_lines(lines, 9)
    for place, number in enumerate(last[:-2]):
        if _plain(readable(lines[number])) not in _thanks():
            continue
        below = [lines[each] for each in last[place + 1 :]]
        if may_be_signature(below) and has_contact(below):
            return number + 1
    return None


def are_thanks(lines: list[str]) -> bool:
    """Whether there is nothing but thanks, and perhaps a name."""
    written = [readable(line) for line in lines if line.strip()]
    return len(written) <= 2 and _plain(written[0]) in _thanks() and all(len(line.split()) <= 4 for line in written)


def name_at(lines: list[str]) -> int | None:
    """Where a last line stands like "-Eva Berg" or "/Eva", unless it ends a list."""
    last = last_lines(lines, 2)
    if len(last) < 2:
        return None
    above, number = last
    text = readable(lines[number])
    ends_list = _LISTED.match(readable(lines[above])) or (_LISTED.match(text) and above == number - 1)
    goes_on = readable(lines[above])[:1] == text[:1]  # what is drawn or marked in a program
    return number if len(text) < 40 and _NAME.match(text) and not ends_list and not goes_on else None
