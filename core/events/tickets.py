"""What happens to a ticket by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.events.base import Event


@dataclass(frozen=True, slots=True)
class TicketOpened(Event):
    """A new ticket; `on_behalf` when somebody else opened it for the requester, `split_from` when it was part of another ticket.

    `answerable` is False when nothing automatic may go back.
    """

    kind: ClassVar[str] = "ticket.opened"

    comment_id: int
    on_behalf: bool = False
    answerable: bool = True
    split_from: int | None = None


@dataclass(frozen=True, slots=True)
class TicketAssigned(Event):
    """The assignee changed; None is nobody. `by_rule` when the queue gave it out by itself."""

    kind: ClassVar[str] = "ticket.assigned"

    before: int | None
    after: int | None
    by_rule: bool = False


@dataclass(frozen=True, slots=True)
class StatusChanged(Event):
    """The status changed, by word or by what was said; `comment_id` is the solution or the answer that did it.

    `by_clock` when nobody did it: the requester had been silent for too long. `mirrored` when it is that of the ticket this one goes on in.
    """

    kind: ClassVar[str] = "ticket.status"

    before: str
    after: str
    comment_id: int | None = None
    by_clock: bool = False
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class PriorityChanged(Event):
    kind: ClassVar[str] = "ticket.priority"

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SubjectChanged(Event):
    kind: ClassVar[str] = "ticket.subject"

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class QueueChanged(Event):
    """The ticket moved; `before` and `after` are queue ids."""

    kind: ClassVar[str] = "ticket.queue"

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class TagsChanged(Event):
    """Tags by name."""

    kind: ClassVar[str] = "ticket.tags"

    added: list[str]
    removed: list[str]


@dataclass(frozen=True, slots=True)
class TicketSnoozed(Event):
    """The ticket sleeps until an instant (RFC 3339)."""

    kind: ClassVar[str] = "ticket.snoozed"

    until: str


@dataclass(frozen=True, slots=True)
class TicketWoke(Event):
    """The ticket sleeps no longer. `why`: time, answer (somebody spoke) or word (somebody woke it)."""

    kind: ClassVar[str] = "ticket.woke"

    why: str


@dataclass(frozen=True, slots=True)
class CloseWarned(Event):
    """The requester was reminded that the ticket is closed at an instant (RFC 3339) unless he answers."""

    kind: ClassVar[str] = "ticket.close_warned"

    closes_at: str
