"""What ties a ticket to people and to other tickets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from core.events.base import Event


@dataclass(frozen=True, slots=True)
class ParticipantAdded(Event):
    kind: ClassVar[str] = "ticket.participant_added"

    user_id: int


@dataclass(frozen=True, slots=True)
class ParticipantRemoved(Event):
    kind: ClassVar[str] = "ticket.participant_removed"

    user_id: int


@dataclass(frozen=True, slots=True)
class JoinRequested(Event):
    """Somebody whose mail named this ticket is no part of it; what he wrote waits in a ticket of his own."""

    kind: ClassVar[str] = "ticket.join_requested"

    user_id: int
    own_ticket_id: int


@dataclass(frozen=True, slots=True)
class JoinDecided(Event):
    """Staff let him in, or did not."""

    kind: ClassVar[str] = "ticket.join_decided"

    user_id: int
    own_ticket_id: int
    accepted: bool


@dataclass(frozen=True, slots=True)
class TicketMerged(Event):
    """This ticket goes on in another. `brought` are tickets that had been merged into this one, `shared` the people who are there by merges.

    An undo takes it back to what it was: the status `before`, and the instants (RFC 3339).
    """

    kind: ClassVar[str] = "ticket.merged"

    into: int
    before: str
    brought: list[int] = field(default_factory=list)
    shared: list[int] = field(default_factory=list)
    resolved_at: str | None = None
    closed_at: str | None = None
    snoozed_until: str | None = None


@dataclass(frozen=True, slots=True)
class MergeReceived(Event):
    """Another ticket goes on in this one."""

    kind: ClassVar[str] = "ticket.merge_received"

    source: int


@dataclass(frozen=True, slots=True)
class TicketUnmerged(Event):
    """This ticket goes on by itself again."""

    kind: ClassVar[str] = "ticket.unmerged"

    was_in: int


@dataclass(frozen=True, slots=True)
class MergeUndone(Event):
    """Another ticket that went on in this one goes on by itself again."""

    kind: ClassVar[str] = "ticket.merge_undone"

    source: int


@dataclass(frozen=True, slots=True)
class TicketSplit(Event):
    """Something said here goes on in a new ticket."""

    kind: ClassVar[str] = "ticket.split"

    comment_id: int
    new_ticket_id: int


@dataclass(frozen=True, slots=True)
class TicketLinked(Event):
    """`relation` is what this ticket is to the other: parent, child, related, duplicate, follow_up, original or followed_up."""

    kind: ClassVar[str] = "ticket.linked"

    relation: str
    other_id: int


@dataclass(frozen=True, slots=True)
class TicketUnlinked(Event):
    kind: ClassVar[str] = "ticket.unlinked"

    relation: str
    other_id: int
