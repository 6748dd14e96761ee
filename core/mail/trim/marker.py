"""The line above which an answer is to be written: made for our own mail, and known again when it comes back."""

from __future__ import annotations

from core.mail.trim.lines import readable, unquoted
from core.mail.trim.words import markers

_OPEN, _CLOSE = "##- ", " -##"
_OTHERS = (
    "reply above this line",
    "write above this line",
    "reply above the line",
    "respond above this line",
    "type above this line",
    "text above this line",
)


def reply_marker(language: str) -> str:
    """The marker line in a language (a tag such as "de" or "pt-BR"; English where we have none)."""
    known, tag = markers(), language.lower().replace("_", "-")
    if tag in ("zh-tw", "zh-hk", "zh-mo"):
        tag = "zh-hant"
    if tag in ("no", "nn"):
        tag = "nb"
    while tag not in known and "-" in tag:
        tag = tag.rpartition("-")[0]
    return _OPEN + known.get(tag, known["en"]) + _CLOSE


def is_marker(line: str) -> bool:
    """Whether this is a marker line, ours or another helpdesk's, in any language, quoted or not."""
    if len(line) > 300 or ("##" not in line and "above th" not in line.lower()):
        return False
    text = readable(unquoted(line)).strip("* ")
    if text.startswith("##") and text.endswith("##") and "-" in text[2:4] and len(text) > 10:
        return True
    words = text.lower().strip("-=#*~_<>[](){}. ")
    if text[:1].isalnum():
        return words.removeprefix("please ").removeprefix("type your ") in _OTHERS
    return len(words) < 90 and any(each in words for each in _OTHERS)
