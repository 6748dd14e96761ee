"""Cuts a mail's lines into stretches: what was written, what is quoted, and what clients put between the two."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from core.mail.trim.attribution import (
    attribution_at,
    is_attribution,
    is_broken_end,
    is_glued,
    is_groupwise,
    is_groupwise_at,
    is_notes,
    may_end_attribution,
    quote_follows,
    speech_follows,
)
from core.mail.trim.headers import (
    header_block_at,
    is_boxed,
    is_dashed_title,
    is_forward_marker,
    is_notes_block,
    is_original_marker,
    is_rule,
    label_of,
)
from core.mail.trim.lines import has_words, is_quoted, unquoted
from core.mail.trim.marker import is_marker
from core.mail.trim.words import ends_with_wrote

_MOST_LOOKS = 4000  # unmarked lines that are looked at closely; below so many, only quote marks count
_MOST_QUOTES = 200  # quotes that are looked into
_MOST_STRETCHES = 5000
_MOST_HEADER = 12
_WRAPPED_AT = 60
_LINK = re.compile(r"[(<\[]?(?:https?://|www\.|mailto:)\S+")
_OPEN_LINK = re.compile(r"[(<\[](?:https?://|mailto:)[^\s)>\]]*$")


class Kind(StrEnum):
    """What a stretch of lines is."""

    OWN = "own"
    ATTRIBUTION = "attribution"
    QUOTED = "quoted"
    REST = "rest"  # a quote without marks: it goes on to the end of the mail
    FORWARD = "forward"  # the same, but handed over by the writer to be read


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines in a row that are of one kind; `attributed` says that a client introduced the quote."""

    kind: Kind
    lines: list[str]
    attributed: bool = False


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where something else than the writer's words begins: its lines are `first` to `end`; `before` shares the first of them."""

    kind: Kind
    first: int
    end: int
    before: str = ""


def stretches(lines: list[str], forwarded: bool = False) -> list[Stretch]:
    """The mail from top to bottom. A header block or an unmarked quote with nothing written above it counts as the writer's:
    somebody handed a mail on without a word. `forwarded` says that he did so, whatever he wrote above."""
    found: list[Stretch] = []
    number, start, looks, handed_on = 0, 0, 0, False
    while number < len(lines) and len(found) < _MOST_STRETCHES:
        cut = _cut_at(lines, number, start) if lines[number] and looks < _MOST_LOOKS else _quote_at(lines, number)
        looks += bool(lines[number]) and (cut is None or cut.kind is not Kind.QUOTED)
        if cut is None:
            number += 1
            continue
        own = lines[start : cut.first] + ([cut.before] if cut.before else [])
        if cut.kind is Kind.REST and (handed_on or not _is_written(found, own)):
            handed_on = handed_on or not is_marker(lines[number])
            number = max(cut.end, number + 1)
            continue
        found += [Stretch(Kind.OWN, own)] if own else []
        if forwarded and cut.kind is Kind.REST and not is_marker(lines[number]):
            return [*found, Stretch(Kind.FORWARD, lines[cut.first :])]
        if cut.kind in (Kind.REST, Kind.FORWARD):
            return [*found, Stretch(cut.kind, lines[cut.first :])]
        stretch = _stretch(lines, cut, found, forwarded)
        if stretch.kind is Kind.FORWARD or (_is_only_header(found, stretch) and _is_written(found, own)):
            kind = Kind.FORWARD if stretch.kind is Kind.FORWARD else Kind.REST
            return [*found, Stretch(kind, lines[cut.first :])]
        found.append(stretch)
        number = start = cut.end
    return found + ([Stretch(Kind.OWN, lines[start:])] if start < len(lines) else [])


def _is_written(found: list[Stretch], own: list[str]) -> bool:
    return has_words(own) or any(each.kind is Kind.OWN and has_words(each.lines) for each in found)


def _stretch(lines: list[str], cut: _Cut, found: list[Stretch], forwarded: bool) -> Stretch:
    taken = lines[cut.first : cut.end]
    above = next((each for each in reversed(found) if each.kind is not Kind.OWN or has_words(each.lines)), None)
    attributed = above is not None and above.kind is Kind.ATTRIBUTION
    if cut.kind is Kind.QUOTED and not attributed and (is_forward_marker(unquoted(taken[0])) or _is_handed_on(lines, cut, forwarded)):
        return Stretch(Kind.FORWARD, taken)
    looked_into = cut.kind is Kind.QUOTED and (attributed or (len(found) < _MOST_QUOTES and _introduces_itself(taken)))
    return Stretch(cut.kind, taken, looked_into)


def _is_only_header(found: list[Stretch], stretch: Stretch) -> bool:
    """Whether nothing but the header of a mail is marked, below a rule: what it announces follows without marks. Without the rule it is
    somebody who quotes a header and asks about it."""
    above = found[-1].lines if found and found[-1].kind is Kind.ATTRIBUTION else []
    if stretch.kind is not Kind.QUOTED or len(stretch.lines) > _MOST_HEADER or not (above and is_rule(above[0])):
        return False
    inner = [unquoted(line) for line in above + stretch.lines if is_quoted(line) and unquoted(line).strip()]
    block = header_block_at(inner, 0, announced=True) if inner else None
    return block is not None and block.end == len(inner)


def _is_handed_on(lines: list[str], cut: _Cut, forwarded: bool) -> bool:
    """Whether a mail with its header is quoted below a few words and a colon, which say so in whatever language, or in a forward."""
    inner = [unquoted(line) for line in lines[cut.first : min(cut.end, cut.first + 16)]]
    if label_of(inner[0]) != "from" or header_block_at(inner, 0, announced=True) is None:
        return False
    above = next((line for line in reversed(lines[max(0, cut.first - 3) : cut.first]) if line), "")
    return forwarded or (above.endswith((":", "\uff1a")) and len(above) < _WRAPPED_AT)


def _cut_at(lines: list[str], number: int, start: int) -> _Cut | None:
    """What begins or, in the case of an attribution, ends with this line."""
    line, whole = lines[number], len(lines)
    if line[0].isalnum() and not (":" in line or "\uff1a" in line or "above" in line or may_end_attribution(lines, number)):
        return None  # most lines
    if is_groupwise(line) or is_notes(line) or is_groupwise_at(lines, number) or is_boxed(lines, number):
        return _Cut(Kind.REST, number, whole)
    if is_quoted(line) and not is_broken_end(line):
        return _quote_at(lines, number)
    if is_marker(line):
        return _Cut(Kind.REST, number, number + 1)
    if is_notes_block(lines, number):
        return _Cut(Kind.REST, number - bool(number > start and lines[number - 1]), whole)
    if is_forward_marker(line):
        return _Cut(Kind.FORWARD, number, whole)
    if end := _announced(lines, number):
        return _Cut(Kind.ATTRIBUTION if quote_follows(lines, end - 1) else Kind.REST, number, end)
    if attribution := attribution_at(lines, number, start):
        kind = Kind.ATTRIBUTION if attribution.quoting else Kind.REST
        return _Cut(kind, number - attribution.lines + 1, number + 1, attribution.before)
    return _Cut(Kind.REST, number, whole) if is_glued(line) and not speech_follows(lines, number) else _quote_at(lines, number)


def _announced(lines: list[str], number: int) -> int:
    """The line after what announces an unmarked quote here: a header block, a title between dashes, or both; else 0."""
    if block := header_block_at(lines, number):
        return block.end
    between_dashes = is_dashed_title(lines[number])
    title = is_original_marker(lines[number]) or (between_dashes and ends_with_wrote(lines[number]))
    if title or between_dashes or is_rule(lines[number]):
        below = next((each for each in range(number + 1, min(len(lines), number + 4)) if lines[each] and not is_rule(lines[each])), 0)
        block = header_block_at(lines, below, announced=True) if below else None
        if block:
            return block.end
    return number + 1 if title else 0


def _quote_at(lines: list[str], start: int) -> _Cut | None:
    """Quoted lines from here on, with the blank lines and the broken links between them."""
    if not is_quoted(lines[start]):
        return None
    number = end = start + 1
    while number < len(lines):
        line = lines[number]
        if (is_quoted(line) and not is_groupwise(line)) or (number == end and line and _is_wrapped(lines, number)):
            end = number + 1
        elif line:
            break
        number += 1
    return _Cut(Kind.QUOTED, start, end)


def _is_wrapped(lines: list[str], number: int) -> bool:
    """Whether a line without a mark is the end of the quoted line above, broken off on the way."""
    above, line = lines[number - 1], lines[number]
    if _OPEN_LINK.search(above[-500:]) and re.search(r"[)>\]]", line[:500]):
        return True
    if number + 1 >= len(lines) or not is_quoted(lines[number + 1]):
        return False
    if not has_words([_LINK.sub("", line[:500]).strip("()<>[] ")]):
        return True
    return len(above) >= _WRAPPED_AT and line[0].islower() and len(line) < 40 and above[-1] not in ".?!:"


def _introduces_itself(quoted: list[str]) -> bool:
    """Whether the quote begins with its own attribution or header block, inside the marks."""
    inner = [unquoted(line) for line in quoted[:12]]
    inner = [line for line in inner if line.strip()][:8]
    if not inner:
        return False
    return (
        is_original_marker(inner[0])
        or header_block_at(inner, 0) is not None
        or any(is_attribution(" ".join(inner[:count])) for count in (1, 2, 3))
    )
