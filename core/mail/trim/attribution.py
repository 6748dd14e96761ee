"""The line a client writes above a quote: "On Mon, 3 May 2021 at 10:00, Eva <eva@example.com> wrote:", in any language.

It may be wrapped over several lines, have date, name and address in any order, and share its first line with the end of the
answer. What makes it one is the evidence in it: a date, a time, an address, a verb of writing, a colon at its end, and quoted
lines below. Where no quoted lines follow, more of it is asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.mail.trim.lines import is_quoted, readable
from core.mail.trim.words import ends_with_wrote, opening, opening_inside, says_wrote, speaker, teller

_MOST_LINES = 5
_MOST_CHARACTERS = 500
_WORD = r"[^\s\d,;:<>@/()]{2,14}"  # a month in any script, with its dots and vowel signs
_NTH = r"(?:\.|º|er|st|nd|rd|th)"
_DATE = re.compile(
    r"(?<![\dv.])\d{1,2}(?:\. ?|/|-)\d{1,2}(?:\. ?|/|-)(?:\d{4}|\d{2})(?!\d|\.\d)"  # 31.12.2024 3. 5. 2024 12/31/24, no version
    r"|(?<![\d.])\d{4}(?:\. ?|/|-)\d{1,2}(?:\. ?|/|-)\d{1,2}(?!\d)"  # 2024-12-31
    rf"|(?<!\d)\d{{1,2}}{_NTH}?[ ,-]{{1,2}}(?:de |d')?{_WORD}[.,]?[ -]{{1,2}}(?:de |del )?,? ?\d{{4}}(?!\d)"  # 3 May 2024, 17-feb.-2015
    rf"|(?<!\S){_WORD}\.? \d{{1,2}}(?:st|nd|rd|th)?,? {{1,2}}\d{{4}}(?!\d)"  # May 3, 2024
    rf"|(?<!\d)\d{{4}}\.? ?{_WORD}\.? ?\d{{1,2}}(?!\d)"  # 2024. május 3.
    rf"|(?<!\d)\d{{4}}\.? {_WORD} \d{{1,2}}\. {_WORD}"  # 2024. gada 3. maijs
    r"|\d{1,4} ?[年년] ?\d{1,2} ?[月월] ?\d{1,2} ?[日일]"
    r"|\d{1,2} tháng \d{1,2},? (?:năm )?\d{4}",
    re.IGNORECASE,
)
_DAY = re.compile(
    rf"(?<!\d)\d{{1,2}}{_NTH}? (?:de )?{_WORD}|(?<!\S){_WORD}\.? \d{{1,2}}(?!\d)"
    r"|(?<!\d)\d{1,2}[./]\d{1,2}(?!\d)|[月월] ?\d{1,2}"
)
_TIME = re.compile(r"(?<![\d:.])\d{1,2}(?:[:.٫]\d{2}){1,2}(?!\d|\.\d)|(?<!\d)\d{1,2} ?(?:h|[ap]\.?m\b|[点點時시])", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>@\"'(]@[^\s<>@\"']{2}")
_STARTS_BROKEN = re.compile(r"[<(\[]|mailto:", re.IGNORECASE)
_ENDS = (":", "\uff1a", "\ufe55")
_SENTENCE_ENDS = (".", "!", "?", ":", "。", "\uff01", "\uff1f")
_GROUPWISE = re.compile(r">>> .{0,200}\d.{0,100}>>>$")
_NOTES = re.compile(r"\S.{1,80} ---\d{1,4}[./-]\d{1,2}[./-]\d{1,4} \d{1,2}:\d{2}[^-]{0,12}---")
_GLUED = re.compile(r"[\w)\]>*]\s?[:\uff1a]")
_SPEECH = ('"', "“", "„", "«", "‚", "‘")
_TAIL = " \t*_-<>"
_SHORT_END = re.compile(r"(?<![^\W\d])[^\W\d]{1,3}\.$")  # a day of the week
_DAY_END = re.compile(r"@.* \d{1,2}\.$")
_DATED_FIRST = re.compile(r"[^\W\d]{0,14}[.,]{0,2} ?\d|\W{0,3}(?:[^\W\da-z][\w.'-]*,? ){1,4}<")
_AFTER_SENTENCE = re.compile(r"(?<=[^\W\d]{3}[.?!؟])[ ]{1,3}(?=\S)|(?<=[。？！])(?=.)")


@dataclass(frozen=True, slots=True)
class Attribution:
    """`lines` were taken (the last of them the one asked about); `before` is what of the first belongs to the answer,
    `quoting` says that quoted lines follow."""

    lines: int
    before: str
    quoting: bool


def may_end_attribution(lines: list[str], number: int) -> bool:
    """Whether it is worth asking `attribution_at`; costs little."""
    return ends_with_wrote(lines[number]) or quote_follows(lines, number)


def attribution_at(lines: list[str], end: int, start: int) -> Attribution | None:
    """The attribution that ends with the line at `end` and begins not above `start`, or None."""
    quoting = quote_follows(lines, end)
    if not _may_end(readable(lines[end]), quoting) or (not quoting and speech_follows(lines, end)):
        return None
    best: Attribution | None = None
    text = ""
    for first in range(end, max(start, end - _MOST_LINES + 1) - 1, -1):
        line = readable(lines[first])
        text = f"{line} {text}".strip()
        if (not line and not _goes_on(lines, first, end)) or len(text) > _MOST_CHARACTERS:
            break
        if not line or (not best and not _is_evidence(text, quoting, readable(lines[end]))):
            continue
        before, begins = _beginning(line, first_look=best is None)
        if before or (
            begins and not line[0].isdigit() and (_ADDRESS.search(text) or not _ADDRESS.search(_line_above(lines, first, start)))
        ):
            return Attribution(end - first + 1, before, quoting)
        best = best or Attribution(end - first + 1, "", quoting)
        if begins:
            break
    return _widened(best, lines, end, start) if best else None


def quote_follows(lines: list[str], end: int) -> bool:
    """Whether quoted lines come next after the line at `end`."""
    for line in lines[end + 1 : end + 7]:
        if line.strip(" \t\u00a0*"):
            return is_quoted(line) and not is_broken_end(line)
    return False


def speech_follows(lines: list[str], end: int) -> bool:
    """Whether the next line begins with a quotation mark: who tells what somebody wrote puts it so, and no client does."""
    return end + 1 < len(lines) and lines[end + 1].lstrip()[:1] in _SPEECH


def is_broken_end(line: str) -> bool:
    """ "> wrote:", where ">" closes an address that was broken over several lines."""
    return len(line) < 24 and is_quoted(line) and ends_with_wrote(line)


def is_attribution(line: str) -> bool:
    """Whether this one line, without its quote marks, is an attribution above more quoted lines."""
    text = readable(line)
    return len(text) <= _MOST_CHARACTERS and _may_end(text, quoting=True) and _is_evidence(text, quoting=True)


def is_groupwise(line: str) -> bool:
    """GroupWise's ">>> Eva Berg <eva@example.com> 5/3/2021 10:00 >>>", below which nothing is marked."""
    return line.startswith(">>> ") and _GROUPWISE.match(readable(line)) is not None


def is_groupwise_at(lines: list[str], number: int) -> bool:
    """GroupWise's ">>> On 5/3/2021 at 10:00 AM, Eva Berg wrote:", when nothing below it is marked and no quote is above."""
    line = lines[number]
    if not line.startswith(">>> ") or not _DATE.search(line[:_MOST_CHARACTERS]) or quote_follows(lines, number):
        return False
    return not any(map(is_quoted, lines[max(0, number - 3) : number])) and is_attribution(line)


def is_notes(line: str) -> bool:
    """Lotus Notes' "Eva Berg ---05/03/2021 10:00:00 AM---Hello Joe", with the quote's first words behind it."""
    return "---" in line[4:120] and _NOTES.match(readable(line)) is not None


def is_glued(line: str) -> bool:
    """An attribution with the quote on its own line, as flattened HTML has it."""
    if not (":" in line or "\uff1a" in line) or len(line) < 20:
        return False
    text = readable(line)
    if not opening().match(text):
        return False
    head = next((text[: each.end() - 1] for each in _GLUED.finditer(text[:300]) if ends_with_wrote(text[: each.end() - 1])), "")
    return _DATE.search(head) is not None and speaker().search(head) is None and (_ADDRESS.search(head) or _TIME.search(head)) is not None


def _may_end(line: str, quoting: bool) -> bool:
    bare = line.rstrip(_TAIL)
    return bare.endswith(_ENDS) or (quoting and bool(_DATE.search(line) or _ADDRESS.search(line))) or (bool(bare) and ends_with_wrote(bare))


def _goes_on(lines: list[str], blank: int, end: int) -> bool:
    """A blank line inside an attribution: below it stands nothing but a bracketed address."""
    return blank < end and _STARTS_BROKEN.match(readable(lines[blank + 1])) is not None


def _is_evidence(text: str, quoting: bool, last: str = "") -> bool:
    """Whether a client wrote this; `last` is its last line, where it has more: "Hello,", "you sent me this:" is a person's."""
    address = _ADDRESS.search(text) is not None
    if not address and not any(map(str.isdigit, text)) and len(text) >= 50:
        return False
    verb = says_wrote(text)
    colon = text.rstrip(_TAIL).endswith(_ENDS)
    date = _DATE.search(text) is not None
    time = _TIME.search(text) is not None
    dated = date or (time and _DAY.search(text) is not None)
    if not quoting:
        return speaker().search(text) is None and (
            (colon and address and dated and (verb or _begins_dated(text)))
            or (verb and dated and (time or address) and _begins_like_one(text))
        )
    if colon and not address and not dated and not time and (teller().match(text) or teller().match(last)):
        return False
    if colon:
        return address or (verb and (dated or time or len(text) < 50)) or (date and (time or _dated_early(text)))
    return ((verb and (dated or time or address)) or (address and dated)) and ("<" in text or _beginning(text)[1] or text[0].isdigit())


def _dated_early(text: str) -> bool:
    """Whether a date is among the first words: a line of a language we do not know begins so."""
    found = _DATE.search(text)
    return found is not None and found.start() <= 10


def _begins_dated(text: str) -> bool:
    return _DATED_FIRST.match(text) is not None or _beginning(text)[1]


def _begins_like_one(text: str) -> bool:
    return _ADDRESS.search(text) is not None or text[:1].isdigit() or _beginning(text)[1]


def _line_above(lines: list[str], first: int, start: int) -> str:
    return readable(lines[first - 1]) if first > start else ""


def _beginning(line: str, first_look: bool = False) -> tuple[str, bool]:
    """What stands before the attribution's first word on its line, and whether that word is there. In a `first_look` the answer's
    last sentence may end in this line, whatever comes next."""
    bare = line.lstrip("-=_*>\"'( ")
    if opening().match(bare):
        return "", True
    found = opening_inside().search(line)
    if found:
        return line[: found.start()].rstrip(" -_*\t"), True
    if _DATE.match(bare):
        return "", True
    ends = [said for said in _AFTER_SENTENCE.finditer(line) if _is_said(line[: said.start()])] if first_look else []
    long = [said for said in ends if not (_SHORT_END.search(line[: said.start()]) and line[said.end()].isdigit())]
    return (line[: (long[-1] if long else ends[0]).start()], True) if ends else ("", False)


def _is_said(before: str) -> bool:
    """Whether this is the end of an answer, and nothing that a client writes."""
    words = before.count(" ") > 1 or before.endswith(("。", "？", "！"))
    return words and "@" not in before and not any(map(str.isdigit, before)) and not says_wrote(before)


def _widened(found: Attribution, lines: list[str], end: int, start: int) -> Attribution:
    """With the lines above that hold another part of it: a name whose address comes next, an address, a date or a time."""
    first = end - found.lines + 1
    while first > max(start, end - _MOST_LINES + 1):
        above, line = readable(lines[first - 1]), readable(lines[first])
        if not above or len(above) > 90 or (above.endswith(_SENTENCE_ENDS) and not _DAY_END.search(above)):
            break
        if not (_ADDRESS.search(above) or _DATE.search(above) or _TIME.search(above) or (_STARTS_BROKEN.match(line) and len(above) < 60)):
            break
        first -= 1
    return Attribution(end - first + 1, "", found.quoting)
