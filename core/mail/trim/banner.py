"""The warning that a mail system puts above mail from outside.

A person who writes "Warning: the external drive is not found" begins just so. What tells the two apart is that the system speaks
of where this mail came from, and of what its reader had better not do with it or its links.
"""

from __future__ import annotations

from core.mail.trim.headers import is_rule
from core.mail.trim.lines import has_words, lowered, readable, stripped
from core.mail.trim.words import below_mail

_DRAWN = "*_[]{}()#=-:!.⚠\ufe0f【】 "


def without_banner(lines: list[str]) -> tuple[list[str], list[str]]:
    """The warning that a mail system puts above mail from outside, and the lines without it."""
    whole = len(lines)
    start = next((number for number, line in enumerate(lines[:20]) if line.strip()), whole)
    end = next((number for number in range(start, min(whole, start + 8)) if not lines[number].strip() or is_rule(lines[number])), 0)
    if _is_banner(" ".join(readable(line) for line in lines[start:end])) and has_words(lines[end:]):
        return lines[start:end], _below_rule(lines[end:])
    return [], lines


def _is_banner(paragraph: str) -> bool:
    text = " ".join(lowered(paragraph).split())
    bare = text.strip(_DRAWN)
    if text[:1] in "[{*【⚠" and bare in below_mail("banner_titles"):
        return True
    if _says(text, "banner_links") and "@" in text and not text.endswith("?"):
        return True
    if not bare.startswith(below_mail("banner_begins")):
        return False
    return _says(text, "banner_says") or all(_says(text, key) for key in ("banner_outside", "banner_warns", "banner_objects"))


def _says(text: str, key: str) -> bool:
    return any(each in text for each in below_mail(key))


def _below_rule(lines: list[str]) -> list[str]:
    rest = stripped(lines)
    return rest[1:] if rest and is_rule(rest[0]) else lines
