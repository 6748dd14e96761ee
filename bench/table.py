"""A figure, and the table they are shown in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured: a value, the limit of the same run where there is one, the ratio and what that has to reach; None only tells."""

    name: str
    value: float
    limit: float | None
    ratio: float
    wanted: float | None

    @property
    def reached(self) -> bool:
        return self.wanted is None or self.ratio >= self.wanted


def shown(figures: list[Figure]) -> str:
    """The table as text."""
    head = f"{'':42} {'measured':>10} {'limit':>10} {'ratio':>7} {'wanted':>7}"
    return "\n".join([head, *map(_row, figures)])


def _row(figure: Figure) -> str:
    limit = "-" if figure.limit is None else f"{figure.limit:.1f}"
    wanted = "-" if figure.wanted is None else f"{figure.wanted:.2f}"
    verdict = "" if figure.wanted is None else "ok" if figure.reached else "MISSED"
    return f"{figure.name:42} {figure.value:10.1f} {limit:>10} {figure.ratio:7.2f} {wanted:>7}  {verdict}".rstrip()
