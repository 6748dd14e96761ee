"""What can happen to a ticket: facts, written in the same transaction as what they tell of.

An event is its history entry (`history.py` puts it into words) and the only source of consequences (`consequences.py`). Its class name says what happened, its
`kind` is the word for it in the database, webhooks and the API, its other fields are the row's `data`.
"""

from __future__ import annotations

from dataclasses import fields

from core.events.base import DeskEvent, Event
from core.events.desk import AlarmChanged, LinkMade, MailAccepted, StaffMailHandled
from core.events.said import CommentAdded, CommentEdited, CommentRetracted, DeliveryFailed
from core.events.tickets import (
    CloseWarned,
    PriorityChanged,
    QueueChanged,
    StatusChanged,
    SubjectChanged,
    TagsChanged,
    TicketAssigned,
    TicketOpened,
    TicketSnoozed,
    TicketWoke,
)
from core.events.ties import (
    JoinDecided,
    JoinRequested,
    MergeReceived,
    MergeUndone,
    ParticipantAdded,
    ParticipantRemoved,
    TicketLinked,
    TicketMerged,
    TicketSplit,
    TicketUnlinked,
    TicketUnmerged,
)

KINDS: dict[str, type[Event]] = {cls.kind: cls for cls in Event.__subclasses__()}


def restored(kind: str, ticket_id: int, data: dict[str, object]) -> Event:
    """The event that a row tells of; unknown fields of newer versions are left out."""
    cls = KINDS[kind]
    known = {one.name for one in fields(cls)}
    return cls(ticket_id, **{name: value for name, value in data.items() if name in known})


__all__ = [
    "KINDS",
    "AlarmChanged",
    "CloseWarned",
    "CommentAdded",
    "CommentEdited",
    "CommentRetracted",
    "DeliveryFailed",
    "DeskEvent",
    "Event",
    "JoinDecided",
    "JoinRequested",
    "LinkMade",
    "MailAccepted",
    "MergeReceived",
    "MergeUndone",
    "ParticipantAdded",
    "ParticipantRemoved",
    "PriorityChanged",
    "QueueChanged",
    "StaffMailHandled",
    "StatusChanged",
    "SubjectChanged",
    "TagsChanged",
    "TicketAssigned",
    "TicketLinked",
    "TicketMerged",
    "TicketOpened",
    "TicketSnoozed",
    "TicketSplit",
    "TicketUnlinked",
    "TicketUnmerged",
    "TicketWoke",
    "restored",
]
