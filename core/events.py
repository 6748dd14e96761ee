"""What can happen to a ticket: facts, written in the same transaction as what they tell of.

An event is its history entry and the only source of consequences (`consequences.py`). Its class name says what happened, its
`kind` is the word for it in the database, webhooks and the API, its other fields are the row's `data`.
"""

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
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "ticket_id"}


@dataclass(frozen=True, slots=True)
class TicketOpened(Event):
    """A new ticket; `on_behalf` when somebody else opened it for the requester. `answerable` is False when nothing automatic may go back."""

    kind: ClassVar[str] = "ticket.opened"

    comment_id: int
    on_behalf: bool = False
    answerable: bool = True


@dataclass(frozen=True, slots=True)
class CommentAdded(Event):
    """Something was said. `by` is the writer's standing on the ticket: requester, participant, staff or system."""

    kind: ClassVar[str] = "comment.added"

    comment_id: int
    public: bool
    by: str
    automatic: bool = False
    answerable: bool = True


@dataclass(frozen=True, slots=True)
class TicketAssigned(Event):
    """The assignee changed; None is nobody."""

    kind: ClassVar[str] = "ticket.assigned"

    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class StatusChanged(Event):
    """The status changed, by word or by what was said; `comment_id` is the solution or the answer that did it."""

    kind: ClassVar[str] = "ticket.status"

    before: str
    after: str
    comment_id: int | None = None


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
class ParticipantAdded(Event):
    kind: ClassVar[str] = "ticket.participant_added"

    user_id: int


@dataclass(frozen=True, slots=True)
class JoinRequested(Event):
    """Somebody whose mail named this ticket is no part of it; what he wrote waits in a ticket of his own."""

    kind: ClassVar[str] = "ticket.join_requested"

    user_id: int
    own_ticket_id: int


@dataclass(frozen=True, slots=True)
class DeliveryFailed(Event):
    """A mail about this ticket could not be delivered; `reason` is the other side's sentence."""

    kind: ClassVar[str] = "delivery.failed"

    delivery_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class MailAccepted:
    """A mail was taken responsibility for. Its own row in the ledger of mail in is its record: it belongs to no ticket yet."""

    inbound_mail_id: int


KINDS: dict[str, type[Event]] = {cls.kind: cls for cls in Event.__subclasses__()}


def restored(kind: str, ticket_id: int, data: dict[str, object]) -> Event:
    """The event that a row tells of; unknown fields of newer versions are left out."""
    cls = KINDS[kind]
    known = {field.name for field in fields(cls)}
    return cls(ticket_id, **{name: value for name, value in data.items() if name in known})
