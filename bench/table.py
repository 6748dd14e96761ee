"""A figure, and the table they are shown in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured: a value, the limit of the same run where there is one, the ratio that is judged and what it has to reach."""

    name: str
    value: float
    limit: float | None
    ratio: float
    wanted: float

    @property
    def reached(self) -> bool:
        return self.ratio >= self.wanted


def shown(figures: list[Figure]) -> str:
    """The table as text."""
    head = f"{'':42} {'measured':>10} {'limit':>10} {'ratio':>7} {'wanted':>7}"
    rows = [
        f"{f.name:42} {f.value:10.1f} {f.limit if f.limit is not None else float('nan'):10.1f} {f.ratio:7.2f} {f.wanted:7.2f}  {'ok' if f.reached else 'MISSED'}"
        for f in figures
    ]
    return "\n".join([head, *rows]).replace("       nan", "         -")
