"""Puts together what is shown of a mail: the writer's words, and the quoted lines they answer."""

from __future__ import annotations

from dataclasses import dataclass

from core.mail.trim.attribution import is_attribution
from core.mail.trim.headers import is_original_marker, is_rule
from core.mail.trim.lines import has_words, stripped, unquoted
from core.mail.trim.marker import is_marker
from core.mail.trim.scan import Kind, Stretch
from core.mail.trim.signature import split_signature, without_banner

_MOST_CONTEXT = 30  # lines of a quote that are shown above an answer to it
_LESS_CONTEXT = 12


@dataclass(frozen=True, slots=True)
class Composed:
    """The lines of each part; `interleaved` says that answers stand between quoted lines."""

    reply: list[str]
    quote: list[str]
    signature: list[str]
    interleaved: bool = False


def compose(found: list[Stretch]) -> Composed:
    """Divides the stretches of a mail into what is shown, what is quote and what is signature."""
    owns, signature = _signed_off(found)
    answers = [number for number, lines in owns.items() if has_words(lines) and _quotes(found[:number])]
    interleaved = _is_interleaved(found, answers)
    reply: list[str] = []
    quote: list[str] = []
    for number, stretch in enumerate(found):
        if number in owns or stretch.kind is Kind.FORWARD:
            reply += ["", *owns.get(number, stretch.lines)] if stretch.kind is Kind.FORWARD else owns[number]
        elif _is_shown(found, number, answers, interleaved):
            shown, rest = _context(stretch.lines)
            reply += shown
            quote += rest
        else:
            reply.append("")
            quote += stretch.lines
    return Composed(_without_rules(reply) if quote else reply, quote, signature, interleaved)


def _signed_off(found: list[Stretch]) -> tuple[dict[int, list[str]], list[str]]:
    """The writer's stretches without signature: it is looked for at the end of the first, and of all that end the mail."""
    owns = {number: stretch.lines for number, stretch in enumerate(found) if stretch.kind is Kind.OWN}
    signature: list[str] = []
    for number in {*list(owns)[:1], *list(owns)[-1:]}:
        banner, lines = without_banner(owns[number]) if number == 0 else ([], owns[number])
        owns[number], end = split_signature(_without_rules(lines) if number + 1 < len(found) else lines, may_be_all=number > 0)
        signature += banner + end
    return owns, signature


def _quotes(found: list[Stretch]) -> int:
    return sum(each.kind is Kind.QUOTED for each in found)


def _is_interleaved(found: list[Stretch], answers: list[int]) -> bool:
    """One attributed quote with an answer below it is an ordinary reply at the bottom; everything else with answers is not."""
    if not answers:
        return False
    attributed = next((each.attributed for each in found if each.kind is Kind.QUOTED), False)
    return not (attributed and _quotes(found) == 1)


def _is_shown(found: list[Stretch], number: int, answers: list[int], interleaved: bool) -> bool:
    """Quoted lines are shown when an answer follows them, when the writer points at them, or when they are code."""
    stretch = found[number]
    if stretch.kind is not Kind.QUOTED:
        return False
    if interleaved and any(number < answer and not _quotes(found[number + 1 : answer]) for answer in answers):
        return True
    return not stretch.attributed and (_points_at(found[:number]) or all(not line or line.startswith((">>> ", ">>>")) for line in stretch.lines))


def _points_at(above: list[Stretch]) -> bool:
    """Whether what was written last ends in a colon."""
    lines = stripped(above[-1].lines) if above and above[-1].kind is Kind.OWN else []
    return bool(lines) and lines[-1].rstrip().endswith((":", "："))


def _context(quoted: list[str]) -> tuple[list[str], list[str]]:
    """The part of a quote that an answer below it needs, and the rest: what is near the answer, in whole paragraphs."""
    lines = [line for line in stripped(quoted) if not is_marker(line)]
    while lines and (not unquoted(lines[0]).strip() or is_attribution(unquoted(lines[0]))):
        lines = lines[1:]
    while lines and not unquoted(lines[-1]).strip():
        lines = lines[:-1]
    if len(lines) <= _MOST_CONTEXT:
        return lines, []
    start = len(lines) - _LESS_CONTEXT
    gaps = [number for number in range(start, len(lines) - 1) if not unquoted(lines[number]).strip()]
    start = gaps[0] + 1 if gaps else start
    return lines[start:], lines[:start]


def _without_rules(lines: list[str]) -> list[str]:
    """Without the rule or title that a client drew between the answer and the quote."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or is_rule(lines[end - 1]) or is_original_marker(lines[end - 1])):
        end -= 1
    return lines[:end]
