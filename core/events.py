"""What can happen to a ticket: facts, written in the same transaction as what they tell of.

An event is its history entry (`history.py` puts it into words) and the only source of consequences (`consequences.py`). Its class name says what happened, its
`kind` is the word for it in the database, webhooks and the API, its other fields are the row's `data`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
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
class TicketAssigned(Event):
    """The assignee changed; None is nobody."""

    kind: ClassVar[str] = "ticket.assigned"

    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class StatusChanged(Event):
    """The status changed, by word or by what was said; `comment_id` is the solution or the answer that did it.

    `by_clock` when nobody did it: the requester had been silent for too long.
    """

    kind: ClassVar[str] = "ticket.status"

    before: str
    after: str
    comment_id: int | None = None
    by_clock: bool = False


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
    """This ticket goes on in another. `brought` are tickets that had been merged into this one, `shared` the people who were let in there.

    `before` is the status it had, to which an undo takes it back.
    """

    kind: ClassVar[str] = "ticket.merged"

    into: int
    before: str
    brought: list[int] = field(default_factory=list)
    shared: list[int] = field(default_factory=list)


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


@dataclass(frozen=True, slots=True)
class DeliveryFailed(Event):
    """A mail about this ticket could not be delivered; `reason` is the other side's sentence."""

    kind: ClassVar[str] = "delivery.failed"

    delivery_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class DeskEvent:
    """Base of what happens to no ticket: it has consequences, and its record is the row it tells of."""


@dataclass(frozen=True, slots=True)
class MailAccepted(DeskEvent):
    """A mail was taken responsibility for; the ledger of mail in is its record."""

    inbound_mail_id: int


@dataclass(frozen=True, slots=True)
class UserInvited(DeskEvent):
    """Somebody was asked to choose a password and work here. The link in the mail is made when it is sent."""

    user_id: int
    invited_by: int | None


KINDS: dict[str, type[Event]] = {cls.kind: cls for cls in Event.__subclasses__()}


def restored(kind: str, ticket_id: int, data: dict[str, object]) -> Event:
    """The event that a row tells of; unknown fields of newer versions are left out."""
    cls = KINDS[kind]
    known = {one.name for one in fields(cls)}
    return cls(ticket_id, **{name: value for name, value in data.items() if name in known})
