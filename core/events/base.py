"""What all events have in common."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events. `ticket_id` is the ticket it happened to."""

    kind: ClassVar[str] = ""

    ticket_id: int

    def data(self) -> dict[str, object]:
        """Everything but the ticket, as JSON values."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "ticket_id"}


@dataclass(frozen=True, slots=True)
class DeskEvent:
    """Base of what happens to no ticket: it has consequences, and its record is the row it tells of."""
