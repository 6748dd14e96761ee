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
    return "\n".join([head, *map(_row, figures)])


def _row(figure: Figure) -> str:
    limit = "-" if figure.limit is None else f"{figure.limit:.1f}"
    verdict = "ok" if figure.reached else "MISSED"
    return f"{figure.name:42} {figure.value:10.1f} {limit:>10} {figure.ratio:7.2f} {figure.wanted:7.2f}  {verdict}"
