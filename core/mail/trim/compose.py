"""Puts together what is shown of a mail: the writer's words, and the quoted lines they answer."""

from __future__ import annotations

from dataclasses import dataclass

from core.mail.trim.attribution import is_attribution
from core.mail.trim.banner import without_banner
from core.mail.trim.headers import is_original_marker, is_rule
from core.mail.trim.lines import has_words, lowered, stripped, unquoted
from core.mail.trim.marker import is_marker
from core.mail.trim.scan import Kind, Stretch
from core.mail.trim.signature import split_signature
from core.mail.trim.signoff import are_thanks
from core.mail.trim.words import below_mail

_MOST_CONTEXT = 30  # lines of a quote that are shown above an answer to it
_LESS_CONTEXT = 12
_FEW_WORDS = 4


@dataclass(frozen=True, slots=True)
class Composed:
    """The lines of each part; `interleaved` says that answers stand between quoted lines."""

    reply: list[str]
    quote: list[str]
    signature: list[str]
    interleaved: bool = False


def compose(found: list[Stretch], name: frozenset[str] = frozenset()) -> Composed:
    """Divides the stretches of a mail into what is shown, what is quote and what is signature. `name` is the writer's, if known."""
    owns, signature = _signed_off(found, name)
    answered, answers = _answered(found, owns)
    if not answers and _points_inside(found, owns):
        return Composed([line for stretch in found for line in stretch.lines], [], [], interleaved=True)
    interleaved = bool(answers) and not _is_below_one_quote(found)
    reply: list[str] = []
    quote: list[str] = []
    for number, stretch in enumerate(found):
        if number in owns:
            reply += owns[number]
        elif stretch.kind is Kind.FORWARD:
            reply += ["", *stretch.lines]
        elif stretch.kind is Kind.QUOTED and ((interleaved and number in answered) or _is_pointed_at(found, number)):
            shown, rest = _context(stretch.lines)
            reply += shown
            quote += rest
        else:
            reply.append("")
            quote += stretch.lines
    return Composed(_without_rules(reply) if quote else reply, quote, signature, interleaved)


def _signed_off(found: list[Stretch], name: frozenset[str]) -> tuple[dict[int, list[str]], list[str]]:
    """The writer's stretches without signature: it is looked for at the end of the first and of the last."""
    owns = {
        number: [line for line in stretch.lines if not is_marker(line)] for number, stretch in enumerate(found) if stretch.kind is Kind.OWN
    }
    signature: list[str] = []
    written = [number for number, lines in owns.items() if has_words(lines)]
    for number in sorted({*written[:1], *written[-1:]}):
        banner, lines = without_banner(owns[number]) if number == 0 else ([], owns[number])
        lines = _without_rules(lines) if number + 1 < len(found) else lines
        owns[number], end = split_signature(lines, may_be_all=len(found) > 1, goes_on=number != written[0], name=name)
        signature += banner + end
    return owns, signature


def _answered(found: list[Stretch], owns: dict[int, list[str]]) -> tuple[set[int], int]:
    """The quotes that have the writer's words right below them, and how many such words there are. Thanks at the end answer nothing."""
    answered: set[int] = set()
    answers, last, end = 0, -1, max((number for number, lines in owns.items() if has_words(lines)), default=-1)
    for number, stretch in enumerate(found):
        if stretch.kind is Kind.QUOTED:
            last = number
        elif last >= 0 and number in owns and has_words(owns[number]) and not (number == end and are_thanks(owns[number])):
            answered.add(last)
            answers += 1
    return answered, answers


def _points_inside(found: list[Stretch], owns: dict[int, list[str]]) -> bool:
    """Whether the writer says, in a few words, that his answers are inside the quote; no mark tells them from it."""
    text = lowered(" ".join(line for lines in owns.values() for line in lines)[:400])
    answering = _says(text, "answers_words")
    inline = _says(text, "answers_inline") and (answering or len(text.split()) <= _FEW_WORDS)
    inside = inline or _says(text, "answers_inside") or (answering and _says(text, "answers_coloured"))
    return inside and len(text) < 400 and len(found) > len(owns)


def _says(text: str, key: str) -> bool:
    return any(each in text for each in below_mail(key))


def _is_below_one_quote(found: list[Stretch]) -> bool:
    """One quote introduced by a client, with an answer below it, is an ordinary reply at the bottom."""
    quotes = [each for each in found if each.kind is Kind.QUOTED and not _is_prompt(each)]
    return len(quotes) == 1 and quotes[0].attributed


def _is_pointed_at(found: list[Stretch], number: int) -> bool:
    """Whether the writer put these lines there himself: after a colon, within his own lines, or from a Python prompt."""
    stretch = found[number]
    if stretch.attributed:
        return False
    above = found[number - 1].lines if number and found[number - 1].kind is Kind.OWN else []
    if len(stretch.lines) == 1 and above and above[-1].strip():
        return True  # an arrow rather than a quote
    return (has_words(above) and stripped(above)[-1].endswith((":", "\uff1a"))) or _is_prompt(stretch)


def _is_prompt(stretch: Stretch) -> bool:
    return not stretch.attributed and all(not line or line.startswith(">>>") for line in stretch.lines)


def _context(quoted: list[str]) -> tuple[list[str], list[str]]:
    """The part of a quote that an answer below it needs, and the rest: what is near the answer, in whole paragraphs."""
    lines = [line for line in stripped(quoted) if not is_marker(line)]
    first, end = 0, len(lines)
    while first < end and (not unquoted(lines[first]).strip() or is_attribution(unquoted(lines[first]))):
        first += 1
    while first < end and not unquoted(lines[end - 1]).strip():
        end -= 1
    lines = lines[first:end]
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
    return lines[:end] if any(line.strip() for line in lines[end:]) else lines
