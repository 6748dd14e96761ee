"""The line that a phone or an app leaves below a mail: "Sent from my iPhone"."""

from __future__ import annotations

import re
from functools import cache

from core.mail.trim.ending import LINKS, last_lines, may_be_signature, without_links
from core.mail.trim.lines import folded, lowered, readable
from core.mail.trim.words import below_mail, sent_by

_SENT_FROM_MY = re.compile(
    r"(?:sent|written|typed) (?:from|on|with|via) my(?: (?!(?:is|was|are|what)\b)[\w'’&.+-]+){1,6}\.?$", re.IGNORECASE
)
_PLATFORM = re.compile(r"android|\b(?:ios|mac)\b")
_SENTENCE = re.compile(
    r"[^,;]{1,60}[,;] ?(?:is|was|are|it|its|it's|which|that|this|and|but|so|because|makes?)\b",
    re.IGNORECASE,
)  # somebody tells something
_TOLD = re.compile(r".{4,60} (?:is|was) (?:what|how|shown|written)\b", re.IGNORECASE)


def device_at(lines: list[str]) -> int | None:
    """Where the line of a phone or an app stands, when it is among the last five; None without one."""
    last = last_lines(lines, 5)
    for place, number in enumerate(last):
        if not _is_device_line(lines[number]):
            continue
        below = [lines[each] for each in last[place + 1 :] if not _is_device_line(lines[each])]
        if may_be_signature(below) and not (below and _is_shown(lines[:number])):
            return number
    return None


def _is_shown(above: list[str]) -> bool:
    """Whether the line above ends with a colon: somebody shows what he saw."""
    return next((line for line in reversed(above[-3:]) if line.strip()), "").rstrip().endswith(":")


def _is_device_line(line: str) -> bool:
    text = readable(without_links(line[:500])).strip(" *_|()[]<>-–—")
    if not 4 < len(text) <= 120 or len(text.split()) > 14:
        return False
    low = folded(lowered(text))
    if _offers_outlook(low, line[:500]) or _SENT_FROM_MY.match(text):
        return _TOLD.match(text) is None
    worded = low.startswith(_sent_by()) or low.rstrip(".!。").endswith(_sent_by())
    return worded and not (_SENTENCE.match(text) or _TOLD.match(text)) and (_names_device(low) or _names_app(low))


def _offers_outlook(low: str, line: str) -> bool:
    """ "Get Outlook for iOS"; who writes "Outlook on Android" answers a question."""
    if "outlook" not in low or len(low) >= 70 or not _PLATFORM.search(low):
        return False
    return LINKS.search(line) is not None or any(each in low for each in map(folded, below_mail("get")))


@cache
def _sent_by() -> tuple[str, ...]:
    return tuple(map(folded, sent_by()))


def _names_device(low: str) -> bool:
    """Whether a device is named, or pardon is begged for what happens to people who write on one."""
    return any(each in low for each in _devices())


@cache
def _devices() -> tuple[str, ...]:
    return tuple(map(folded, (*below_mail("devices"), *below_mail("excuses"))))


def _names_app(low: str) -> bool:
    """Whether nothing but the name of an app follows; its name alone is too common a word to be looked for elsewhere."""
    return any(low.removesuffix(app).rstrip() in _sent_by() for app in below_mail("apps") if low.endswith(app))
