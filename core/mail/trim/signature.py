"""What stands below the last word: signatures, sign-offs, lines of phones and apps, footers of lists and scanners.

A signature is known by its mark ("-- "), by a device, by a sign-off that stands alone on its line, or by a name behind a dash.
Nothing long is cut, nothing in which somebody tells something, and nothing that would leave no words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import pairwise

from core.mail.trim.device import device_at
from core.mail.trim.ending import MOST_LINES, WRAPPED_AT, has_contact, has_postscript, last_lines, may_be_signature, tells
from core.mail.trim.footer import footer_at
from core.mail.trim.headers import is_drawn, is_underline
from core.mail.trim.lines import SIGNATURE_MARK, has_words, readable, stripped
from core.mail.trim.signoff import closing_at, is_closing, name_at, thanks_at
from core.mail.trim.writer import is_signed, signed_at

_MOST_AFTER_MARK = 25
_FEWEST_WORDS = 3  # of a sentence that is no name of a firm
_MARKS = {"--", "—", "––", "__", "*--*", "-- -", "- --", "—–"}


def split_signature(
    lines: list[str], may_be_all: bool = False, goes_on: bool = False, name: frozenset[str] = frozenset()
) -> tuple[list[str], list[str]]:
    """The lines without their signature, and the signature. `may_be_all` allows that nothing but a signature was there;
    `goes_on` says that words of the same writer stand above, so that no letter begins here; `name` is his, if known."""
    body = _above(lines, (footer_at, device_at, _mark_at), may_be_all)  # the device first: its link is no address below a rule
    if len(body) < len(lines):
        body = _above(body, (footer_at, device_at), may_be_all)  # others, above what was taken off
    body = _above(body, (partial(closing_at, goes_on=goes_on),), may_be_all)
    signed = partial(signed_at, name=name, alone=not is_signed(lines[len(body) :], name))
    body = _above(body, (signed, thanks_at, name_at), may_be_all)
    return body, lines[len(body) :]


def _above(lines: list[str], finds: Iterable[Callable[[list[str]], int | None]], may_be_all: bool) -> list[str]:
    for find in finds:
        start = find(lines)
        if start is not None and (may_be_all or has_words(lines[:start])):
            lines = lines[:start]
    return lines


def _mark_at(lines: list[str]) -> int | None:
    """ "-- " (RFC 3676, section 4.3) and what people type for it; any other rule only above somebody's address."""
    last = last_lines(lines, _MOST_AFTER_MARK + 1)
    lone = sum(_is_mark(lines[number]) for number in last) == 1  # more of them are a list, or what a program printed
    for place, number in enumerate(last):
        text, below = readable(lines[number]), last[place + 1 :]
        if lines[number] == SIGNATURE_MARK and not _has_postscript_apart(lines[number + 1 :]):
            return _first_mark(lines, number)
        if lone and text in _MARKS and (text == "--" or len(below) <= MOST_LINES) and _is_below_mark(lines[number + 1 :]):
            return number
        if len(text) >= 5 and 0 < len(below) <= 8 and is_drawn(text) and _is_below_rule(lines, number, below):
            return number
    return None


def _has_postscript_apart(lines: list[str]) -> bool:
    """Whether a paragraph below the mark begins with "PS"; inside a signature that may be a name."""
    return any(not above.strip() and has_postscript([line]) for above, line in pairwise(lines))


def _is_announced(lines: list[str], rule: int) -> bool:
    """Whether the rule underlines the line above it, or that line says that something comes."""
    last = next((readable(line) for line in reversed(lines[max(0, rule - 3) : rule]) if line.strip()), "")
    return last.endswith((":", "\uff1a")) or is_underline(lines, rule)


def _is_below_rule(lines: list[str], rule: int, numbers: list[int]) -> bool:
    """Whether a signature stands below a rule, and not the end of what somebody drew it into."""
    below = [lines[number] for number in numbers]
    first, *others = below
    words = first.split()
    small = sum(word[0].islower() for word in words)
    prose = small > 2 * (len(words) - small) and lines[rule][:1] != "_"  # programs draw one of underscores, and write prose below it
    sentence = len(words) >= _FEWEST_WORDS and (first.endswith((".", "?", "!", ":")) or prose)
    ended = any(_is_mark(line) or (len(line) < WRAPPED_AT and is_closing(readable(line))) for line in others)
    shown = sentence or ended or _is_announced(lines, rule)
    return not shown and may_be_signature(below) and has_contact(below)


def _is_mark(line: str) -> bool:
    return len(line) < 9 and readable(line) in _MARKS


def _first_mark(lines: list[str], number: int) -> int:
    """The first of the marks that stand together: one the client's, one its user's."""
    while number and (not lines[number - 1].strip() or _is_mark(lines[number - 1])):
        number -= 1
    return number


def _is_below_mark(lines: list[str]) -> bool:
    """Whether a signature stands below a mark without its blank, and no new thought."""
    begins = stripped(lines)[:MOST_LINES]
    end = next((number for number, line in enumerate(begins) if len(line) < WRAPPED_AT), len(begins))
    return not has_postscript(lines) and not tells(begins[: end + 1])
