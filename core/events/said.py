"""What was said, and what became of it on its way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from core.events.base import Event


@dataclass(frozen=True, slots=True)
class CommentAdded(Event):
    """Something was said. `by` is the writer's standing on the ticket: requester, participant, staff or system.

    `mentioned` are colleagues called by name in a note. `live_ticket_id` is the ticket that this one was merged into, if it was.
    """

    kind: ClassVar[str] = "comment.added"

    comment_id: int
    public: bool
    by: str
    automatic: bool = False
    answerable: bool = True
    mentioned: list[int] = field(default_factory=list)
    live_ticket_id: int | None = None


@dataclass(frozen=True, slots=True)
class CommentEdited(Event):
    """What was said says something else now; its revisions tell what it said before."""

    kind: ClassVar[str] = "comment.edited"

    comment_id: int
    public: bool


@dataclass(frozen=True, slots=True)
class CommentRetracted(Event):
    """Something said was taken back: a tombstone is left, its words are in its revisions."""

    kind: ClassVar[str] = "comment.retracted"

    comment_id: int
    public: bool


@dataclass(frozen=True, slots=True)
class DeliveryFailed(Event):
    """A mail about this ticket could not be delivered; `reason` is the other side's sentence."""

    kind: ClassVar[str] = "delivery.failed"

    delivery_id: int
    reason: str
