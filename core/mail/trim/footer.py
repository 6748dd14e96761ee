"""What a mail system puts below the last word: a list's or a scanner's footer, and a notice of confidentiality.

People write of confidential things as well. A notice has at least two of the words that lawyers put into one, and there is nothing
below it that somebody tells.
"""

from __future__ import annotations

from core.mail.trim.ending import last_lines, tells, without_links
from core.mail.trim.headers import is_drawn, is_rule, is_underline
from core.mail.trim.lines import SIGNATURE_MARK, has_words, lowered, readable
from core.mail.trim.words import below_mail

_MOST_LINES = 25
_MOST_BELOW_RULE = 10
_MARKS, _MARKS_ANYWHERE = 2, 3  # how many of a notice's words it takes; more where it does not begin like one
_SHORTEST = 40
_BEGINNINGS = ("pleas", "scans")  # which people begin a sentence with as well: it takes a word of what follows
_QUOTATION = ('"', "“", "„", "«", "'")


def footer_at(lines: list[str]) -> int | None:
    """Where a footer below a rule begins, or a notice in a paragraph of its own; None without one."""
    last = last_lines(lines, _MOST_LINES)
    for place, number in enumerate(last):
        below = last[place + 1 :]
        if len(below) <= _MOST_BELOW_RULE and _is_drawn(lines[number]) and _is_below_rule(lines, number, [lines[each] for each in below]):
            return number
        above = lines[number - 1].strip() if number else ""
        if (not above or is_rule(above)) and _are_notices(lines[number:], alone=place == 0 and not has_words(lines[:number])):
            return number
    return None


def _is_drawn(line: str) -> bool:
    return is_drawn(line) or line in (SIGNATURE_MARK, "--", "—")


def _is_below_rule(lines: list[str], rule: int, below: list[str]) -> bool:
    """Whether a footer stands below the rule, and nothing that was announced above it."""
    above = next((line for line in reversed(lines[max(0, rule - 3) : rule]) if line), "")
    announced = above.endswith((":", "\uff1a")) or is_underline(lines, rule)
    return not announced and _is_footer(_until_next_rule(below))


def _until_next_rule(lines: list[str]) -> list[str]:
    start = next((number for number, line in enumerate(lines) if not _is_drawn(line)), len(lines))
    end = next((number for number in range(start, len(lines)) if _is_drawn(lines[number])), len(lines))
    return lines[start:end]


def _is_footer(lines: list[str]) -> bool:
    text = lowered(" ".join(lines)[:1500])
    return any(each in text for each in below_mail("footers"))


def _are_notices(lines: list[str], alone: bool) -> bool:
    """Whether a notice is the first paragraph, and none of those below it is more than a part of it: nothing is told there, nor said at
    all below one that somebody put into quotation marks. It takes more where nothing else is written."""
    first, *others = _paragraphs(lines)
    shown = "".join(first).lstrip().startswith(_QUOTATION)
    if others and len(_flat(first)) < _SHORTEST and _flat(first).startswith(below_mail("notice_begins")):
        first, *others = first + others[0], *others[1:]  # a title
    return _is_notice(first, alone) and all(_marks(_flat(each)) or _is_footer(each) or not (shown or tells(each)) for each in others)


def _is_notice(paragraph: list[str], alone: bool) -> bool:
    text = _flat(paragraph)
    if text.startswith(below_mail("notices")) or any(text.startswith(below_mail(key)) and _count(text, f"{key}_of") for key in _BEGINNINGS):
        return True
    needed = _MARKS if not alone and text.startswith(below_mail("notice_begins")) else _MARKS_ANYWHERE
    if len(text) < _SHORTEST or not _count(text, "notice_speaks") or _count(f" {text} ", "notice_never") or _says_i(paragraph):
        return False
    return _marks(text) >= needed


def _says_i(paragraph: list[str]) -> bool:
    """Whether "I" is there; a small one is a word of other languages."""
    return any(" I " in f" {line[:1500]} " for line in paragraph[:12])


def _marks(text: str) -> int:
    return _count(text, "notice_speaks") + _count(text, "notice_warns")


def _count(text: str, key: str) -> int:
    return sum(each in text for each in below_mail(key))


def _flat(paragraph: list[str]) -> str:
    return lowered(" ".join(filter(None, (readable(without_links(line)) for line in paragraph[:12])))[:1500]).lstrip("*_-~[( ")


def _paragraphs(lines: list[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for line in lines:
        if line.strip() and not is_rule(line):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return found
