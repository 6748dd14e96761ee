"""The block of From, Sent, To and Subject that Outlook and others put above a quote, and the lines that announce it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.mail.trim.lines import lowered, readable
from core.mail.trim.words import ambiguous_prefixes, forward_prefixes, forwards, forwards_by, labels, originals

_DASHES = "-=_*\u2501\u2500\u2550\u2010\u2013\u2014"
_BEFORE_PHRASE = _DASHES + ">"
_COLONS = (":", "\uff1a")
_LABELLED = re.compile(r"[\s*_|>]{0,8}([^\s:\uff1a*_|][^:\uff1a]{0,30}?)[\s*_]{0,4}[:\uff1a]")
_INNER_LABEL = re.compile(r"(?<![^\s*_|])([^\W\d_]{2,20})\*?:(?=\s)")
_DASHED = re.compile(rf"[{_DASHES}\s>]{{2,}}([^{_DASHES}].{{1,80}}?)\s*[{_DASHES}]*\s*:?$")
_TITLED = re.compile(r"-{2,30} ([^-].{0,60}?) -{2,30} (\S.*)")
_RULE = re.compile(rf"[{_DASHES}]{{3,}}$|[{_DASHES} ]{{8,}}$")
_ORNAMENTS = re.compile(r"[+~#=*･・～〜◆◇■□●○☆★＊＋＃－―─━═▼▲△▽◎※♪ ]{5,}$")
_OTHER_LABEL = re.compile(r"[^\W\d_][^\W\d_ ]{2,20}:\s")  # of a form, which has other fields as well
_BOX = re.compile(r"\|-{5,}>$")
_TAGS = re.compile(
    r"(?:\s*(?:\[[^\[\]]{0,40}\]|\{[^{}]{0,40}\}|\*{2,5}[^*]{1,40}\*{2,5}|extern\w{0,3}\s?:))+\s*", re.IGNORECASE
)  # of a gateway
_COUNT = re.compile(r"[\[(^]?\d{1,2}[\])]?$|\.$")  # "Fwd[2]", "Fwd^2", "Redir."
_YEAR = re.compile(r"\d{4}")
_TIME = re.compile(r"\d{1,2}(?:[:.٫]| ?h ?)\d{2}|\d ?[点點時시]")
_ADDRESS = re.compile(r"[^\s<>@]@[^\s<>@]{2}")
_OF_SERVER = re.compile(
    r"received:\s+(?:from|by|\()|(?:return-path|delivered-to|message-id|mime-version|dkim-signature|x-[\w-]{2,40}|host|user-agent):\s"
    r"|(?:get|post|put|head|patch|delete) \S{1,300} http/\d",
    re.IGNORECASE,
)
_FEWEST_DIGITS = 3  # of a date
_MOST_LINES = 16
_MOST_LOOKED_AT = 1000
_LONGEST_TITLE = 140


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """`end` is the line after the block's last."""

    end: int


def header_block_at(lines: list[str], start: int, announced: bool = False) -> HeaderBlock | None:
    """The header block that begins at this line, or None; `announced` asks for less when a rule or the like is above it."""
    kind = label_of(lines[start])
    if kind is None or kind == "other":
        return None
    if kind == "from" and _is_block_in_a_line(lines[start]):
        return HeaderBlock(start + 1)
    fields, end = _fields(lines, start)
    return HeaderBlock(end) if _is_block(fields, announced) and not _is_pasted(lines, start, end) else None


def is_boxed(lines: list[str], number: int) -> bool:
    """Whether a box of dashes is drawn here around "From", as Lotus Notes draws one around each field."""
    return number + 1 < len(lines) and _BOX.match(lines[number][:200]) is not None and label_of(lines[number + 1]) == "from"


def is_notes_block(lines: list[str], number: int) -> bool:
    """Whether this is the date in the block of Lotus Notes: below it "To" and "Subject" stand alone on their lines."""
    date = readable(lines[number]) if lines[number][:1].isdigit() else ""
    if not date or len(date) > 30 or not (_YEAR.search(date) and _TIME.search(date)):
        return False
    below = [labels().get(lowered(readable(line))) for line in lines[number + 1 : number + 16] if line]
    return "to" in below[:3] and "subject" in below[1:8]


def label_of(line: str) -> str | None:
    """Which header field this line is: "from", "date", "to", "subject", "other", or None."""
    if ":" not in line[:200] and "\uff1a" not in line[:200]:
        return None
    return labels().get(_label(line))


def is_original_marker(line: str) -> bool:
    """ "-----Original Message-----" in any language."""
    phrase = _dashed_phrase(line)
    return phrase is not None and phrase in originals()


def is_forward_marker(line: str) -> bool:
    """ "---------- Forwarded message ---------" or "Begin forwarded message:" in any language."""
    phrase = _dashed_phrase(line)
    if "--" in line and after_forward_title(line):
        return True
    if phrase is None:
        ends_so = len(line) < _LONGEST_TITLE and line.rstrip().endswith(_COLONS)
        return ends_so and lowered(readable(line).rstrip(":\uff1a ")) in forwards()
    return phrase in forwards() or phrase.startswith(forwards_by())


def after_forward_title(line: str) -> str:
    """What stands behind "----- Forwarded Message -----" on the same line, or ""."""
    found = _TITLED.match(readable(line)) if line.lstrip()[:2] == "--" else None
    return found[2] if found and " ".join(lowered(found[1]).split()) in forwards() else ""


def is_forward_subject(subject: str, lines: Sequence[str] = ()) -> bool:
    """ "Fwd: Lamp" in any language, whatever a gateway put before it; "Re: Fwd: Lamp" is an answer.

    "VS: Lamppu" is a forward in Denmark and Norway and an answer in Finland: the labels in the `lines` of the mail decide."""
    prefix, colon, _ = _TAGS.sub("", subject[:160].replace("\uff1a", ":")).partition(":")
    word = _COUNT.sub("", lowered(readable(prefix[:60])))
    if not colon or word in forward_prefixes():
        return bool(colon)
    language = ambiguous_prefixes().get(word)
    return language is not None and any(label_of(line) == "from" and _label(line) in language for line in lines[:_MOST_LOOKED_AT])


def without_forward_prefix(subject: str) -> str:
    """ "FW: Lamp" without what says that it is a forward, as its first sender wrote it."""
    rest = subject.replace("\uff1a", ":")
    while is_forward_subject(rest):
        rest = rest.partition(":")[2].strip()
    return rest or subject


def is_dashed_title(line: str) -> bool:
    """Some words between dashes, in whatever language."""
    text = readable(line) if line.lstrip()[:2] == "--" else ""
    return text.endswith("--") and len(text) < _LONGEST_TITLE and any(map(str.isalpha, text))


def is_rule(line: str) -> bool:
    """A line drawn over the page, without words."""
    text = line.strip()
    return text[:1] in _DASHES and _RULE.match(readable(text)) is not None


def is_drawn(line: str) -> bool:
    """A rule, or a row of ornaments, as people in Japan draw one above their signature."""
    return is_rule(line) or _ORNAMENTS.match(readable(line)) is not None


def is_underline(lines: list[str], number: int) -> bool:
    """Whether the rule at this line is drawn below a title, and as long as that; programs draw one of underscores below anything."""
    title, rule = readable(lines[number - 1]) if number else "", readable(lines[number])
    return title != "" and rule[:1] != "_" and abs(len(title) - len(rule)) <= 2


def _label(line: str) -> str:
    found = _LABELLED.match(line[:200])
    return " ".join(lowered(readable(found[1])).partition("/")[0].split()) if found else ""


def _is_block_in_a_line(line: str) -> bool:
    """Some HTML puts the whole block into one line: an address, and two more fields at least, one of them a date."""
    text = readable(line)
    if not _ADDRESS.search(text) or not _TIME.search(text) or len(text) >= 500:
        return False
    found = {labels().get(lowered(word)) for word in _INNER_LABEL.findall(text)} - {None, "other"}
    return "date" in found and len(found | {"from"}) >= 2


def _is_pasted(lines: list[str], start: int, end: int) -> bool:
    """Whether one of these lines, of those right above or the next is a header field that only a server writes: somebody shows the source of a mail, or
    what a browser asked for."""
    above = lines[max(0, start - _MOST_LINES) : start]
    first = max((number + 1 for number, line in enumerate(above) if not line), default=0)
    return any(_OF_SERVER.match(line.lstrip()) for line in above[first:] + lines[start : end + 1])


def _dashed_phrase(line: str) -> str | None:
    text = line.lstrip("\u200e\u200f\ufeff \t")
    if len(text) > _LONGEST_TITLE or text[:1] not in _BEFORE_PHRASE:
        return None
    found = _DASHED.match(readable(text))
    return " ".join(lowered(found[1].strip(" *:.\uff1a")).split()) if found else None


def _fields(lines: list[str], start: int) -> tuple[dict[str, str], int]:
    """The fields from here on, and the line after the last of them. A value may go on for two lines, a blank line may part two."""
    fields: dict[str, str] = {}
    kind, end = "", start
    for number in range(start, min(len(lines), start + _MOST_LINES)):
        found = label_of(lines[number])
        if found == "from" and number > end and (kind == "to" or len(fields) > 1):
            break  # another block
        if found and (found not in fields or found == "other"):
            kind, end = found, number + 1
            fields[kind] = readable(lines[number])[:200].replace("\uff1a", ":", 1).partition(":")[2]
        elif number - end >= 2 or found or _OTHER_LABEL.match(lines[number]):
            break
        elif lines[number].strip() and number == end and kind:
            fields[kind] += " " + readable(lines[number])[:200]
    return fields, end


def _is_block(fields: dict[str, str], announced: bool) -> bool:
    values, date = " ".join(fields.values()), fields.get("date", "")
    dated = sum(map(str.isdigit, date)) >= _FEWEST_DIGITS
    timed = dated and _TIME.search(date) is not None
    address = _ADDRESS.search(values) is not None
    if announced and "from" in fields:
        return len(fields) >= 2
    if "from" in fields and dated:
        order = list(fields)  # a journey is from one place to another, at some time
        sent_to = "to" in fields and order.index("date") < order.index("to") and _YEAR.search(date) is not None
        return ("subject" in fields and (timed or address)) or (timed and (address or sent_to))
    return ({"date", "to"} <= fields.keys() and timed and address) or ({"from", "to", "subject"} <= fields.keys() and address)
