"""What stands below the last word: signatures, sign-offs, lines of phones and apps, footers of lists and scanners; and the
warnings that mail systems put above the first.

A signature is known by its mark ("-- "), by a device, by a sign-off that stands alone on its line, or by a name behind a dash.
Nothing long is cut, and nothing that would leave no words.
"""

from __future__ import annotations

import re

from core.mail.trim.headers import is_rule
from core.mail.trim.lines import folded, has_words, lowered, readable, stripped
from core.mail.trim.words import below_mail, closings, sent_by

_MOST_LINES = 20
_MOST_AFTER_MARK = 25
_LONGEST_LINE = 130
_MARKS = {"--", "—", "––", "__", "*--*", "-- -", "- --", "—–"}
_SENT_FROM_MY = re.compile(r"(?:sent|written|typed) (?:from|on|with|via) my(?: [\w'’&.+-]+){1,6}\.?$", re.IGNORECASE)
_SENTENCE = re.compile(
    r"[^,;]{1,60}[,;] ?(?:is|was|are|it|its|it's|which|that|this|and|but|so|because|makes?)\b", re.IGNORECASE
)  # somebody tells something
_LINKS = re.compile(r"<?(?:https?://|mailto:)[^\s>]{0,300}>?|\[https?://[^\]]{0,300}\]")
_CONTACT = re.compile(r"\S@\S|www\.|https?://|\+?\d[\d ()/-]{6,}\d")
_CAPITAL = r"[^\W\d_a-zà-ÿ]"
_NAME = re.compile(rf"(?:[-–—~/]{{1,2}}|\*) ?{_CAPITAL}[\w.'’-]{{0,30}}(?: {_CAPITAL}[\w.'’-]{{0,30}}){{0,3}}$")
_LISTED = re.compile(r"(?:[-*•–]|\d+[.)]) ")
_POSTSCRIPT = re.compile(r"p\.? ?s\.?\s*[:.\s]|p\.s\.|nb\b", re.IGNORECASE)


def split_signature(lines: list[str], may_be_all: bool = False) -> tuple[list[str], list[str]]:
    """The lines without their signature, and the signature. `may_be_all` allows that nothing but a signature was there."""
    body, cut = lines, len(lines)
    for find in (_footer, _mark, _device, _footer, _closing, _thanks, _name):
        start = find(body)
        if start is not None and (may_be_all or has_words(body[:start])):
            body, cut = body[:start], start
    return body, lines[cut:]


def without_banner(lines: list[str]) -> tuple[list[str], list[str]]:
    """The warning that a mail system puts above mail from outside, and the lines without it."""
    whole = len(lines)
    start = next((number for number, line in enumerate(lines[:20]) if line.strip()), whole)
    end = next((number for number in range(start, min(whole, start + 8)) if not lines[number].strip() or is_rule(lines[number])), 0)
    paragraph = lowered(" ".join(readable(line) for line in lines[start:end]))
    warns = paragraph.lstrip("*_[( ").startswith(below_mail("banner_begins")) and any(
        each in paragraph for each in below_mail("banner_speaks")
    )
    return (lines[start:end], _below_rule(lines[end:])) if warns and has_words(lines[end:]) else ([], lines)


def _below_rule(lines: list[str]) -> list[str]:
    rest = stripped(lines)
    return rest[1:] if rest and is_rule(rest[0]) else lines


def _last(lines: list[str], count: int = _MOST_LINES) -> list[int]:
    """The numbers of the last lines that are not blank, from top to bottom."""
    found: list[int] = []
    for number in range(len(lines) - 1, -1, -1):
        if lines[number].strip():
            found.append(number)
            if len(found) == count:
                break
    return found[::-1]


def _is_short(lines: list[str]) -> bool:
    """Whether all these lines are as short as those of a signature, and none is a postscript."""
    return all(len(line) <= _LONGEST_LINE or len(_LINKS.sub("", line[:1000])) <= _LONGEST_LINE for line in lines) and not any(
        _POSTSCRIPT.match(line.lstrip()) for line in lines
    )


def _footer(lines: list[str]) -> int | None:
    """A list's or a scanner's footer below a rule, or a confidentiality notice in a paragraph of its own."""
    last = _last(lines, _MOST_AFTER_MARK)
    for place, number in enumerate(last):
        below = last[place + 1 :]
        if len(below) <= 10 and is_rule(lines[number]):
            text = lowered(" ".join(lines[each] for each in below)[:1500])
            if any(each in text for each in below_mail("footers")):
                return number
        if (number == 0 or not lines[number - 1].strip() or is_rule(lines[number - 1])) and _is_notice(lines[number : number + 5]):
            return number
    return None


def _is_notice(paragraph: list[str]) -> bool:
    text = lowered(" ".join(readable(line) for line in paragraph)[:600]).lstrip("*_-[( ")
    return text.startswith(below_mail("notice_begins")) and len(text) > 80 and any(each in text for each in below_mail("notice_speaks"))


def _mark(lines: list[str]) -> int | None:
    """ "-- " (RFC 3676, section 4.3) and what people type for it; any other rule only above somebody's address."""
    last = _last(lines, _MOST_AFTER_MARK + 1)
    for place, number in enumerate(last):
        text, below = readable(lines[number]), [lines[each] for each in last[place + 1 :]]
        if text in _MARKS and (text == "--" or len(below) <= _MOST_LINES):
            return number
        if (
            len(text) >= 5
            and 0 < len(below) <= 8
            and is_rule(text)
            and _is_short(below)
            and any(_CONTACT.search(line[:500]) for line in below)
        ):
            return number
    return None


def _device(lines: list[str]) -> int | None:
    """The line that a phone or an app leaves, when it is among the last five."""
    last = _last(lines, 5)
    for place, number in enumerate(last):
        if _is_device_line(lines[number]) and _is_short([lines[each] for each in last[place:]]):
            return number
    return None


def _is_device_line(line: str) -> bool:
    text = readable(_LINKS.sub("", line[:500])).strip(" *_|()[]<>")
    if not 4 < len(text) <= 120 or len(text.split()) > 14:
        return False
    low = lowered(text)
    if ("outlook" in low and len(text) < 70 and ("ios" in low or "android" in low)) or _SENT_FROM_MY.match(text):
        return True
    if _SENTENCE.match(text):
        return False
    worded = low.startswith(sent_by()) or low.rstrip(".!。").endswith(sent_by())
    return worded and any(each in low for each in below_mail("devices"))


def _closing(lines: list[str]) -> int | None:
    """A sign-off alone on its line, with a name and whatever belongs to it below."""
    last = _last(lines)
    for place, number in enumerate(last):
        words = readable(lines[number]).strip(" ,.!*_-–;:~，。")
        if len(words) < 60 and folded(lowered(words)) in closings() and _is_short([lines[each] for each in last[place:]]):
            return number
    return None


def _thanks(lines: list[str]) -> int | None:
    """A name with a telephone number or an address below thanks; the thanks were said."""
    last = _last(lines, 9)
    for place, number in enumerate(last[:-2]):
        below = [lines[each] for each in last[place + 1 :]]
        if (
            lowered(readable(lines[number]).strip(" ,.!-")) in below_mail("thanks")
            and _is_short(below)
            and any(_CONTACT.search(line[:500]) for line in below)
        ):
            return number + 1
    return None


def _name(lines: list[str]) -> int | None:
    """A last line like "-Eva Berg" or "/Eva", unless it ends a list."""
    last = _last(lines, 2)
    if len(last) < 2:
        return None
    above, number = last
    text = readable(lines[number])
    if (
        len(text) < 40
        and _NAME.match(text)
        and not _LISTED.match(readable(lines[above]))
        and not (_LISTED.match(text) and above == number - 1)
    ):
        return number
    return None
