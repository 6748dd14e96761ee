"""Quote marks with somebody's initials before them ("EB> "), as The Bat! and Supercite make them, turned into plain ones.

A prompt looks the same ("SQL> "): so they are quote marks only below the line that a client writes above a quote.
"""

from __future__ import annotations

import re

from core.mail.trim.attribution import is_attribution

_MARK = re.compile(r" ?([A-Z]{1,3})>(?= |>|$)")
_FEWEST = 2
_EVIDENCE = re.compile(r"[\d@]")


def without_initials(lines: list[str]) -> list[str]:
    """The lines with ">" for the initials that mark a quote; the very same lines when there is none."""
    found: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        if mark := _MARK.match(line):
            found.setdefault(mark[1], []).append(number)
    marked = {number for numbers in found.values() if _is_quote(lines, numbers) for number in numbers}
    return [_MARK.sub(">", line, count=1) if number in marked else line for number, line in enumerate(lines)] if marked else lines


def _is_quote(lines: list[str], numbers: list[int]) -> bool:
    above = next((line for line in reversed(lines[max(0, numbers[0] - 4) : numbers[0]]) if line), "")
    return len(numbers) >= _FEWEST and _EVIDENCE.search(above[:600]) is not None and is_attribution(above)
