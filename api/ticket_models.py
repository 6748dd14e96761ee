"""What tickets look like as they come in and go out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.binding import Input
from api.comments import CommentOut
from api.schemas import (
    ContactOut,
    EmailText,
    Given,
    Id,
    Instant,
    Name,
    Out,
    PageQuery,
    Patch,
    PersonOut,
    Priority,
    Standing,
    Status,
    Via,
)
from core.ticketlists import Sort

_PERSON = r"^(me|[1-9][0-9]{0,17})$"
_ASSIGNEE = r"^(me|none|[1-9][0-9]{0,17})$"
_QUEUE = r"^[a-z0-9][a-z0-9-]{0,59}$"
Subject = Annotated[str, Field(min_length=1, max_length=500, examples=["The printer is on fire"])]
Tags = Annotated[list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=50, examples=[["printer"]])]


class QueueRef(Out):
    """The queue a ticket waits in."""

    id: int = Field(examples=[1])
    slug: str = Field(examples=["support"])
    name: str = Field(examples=["Support"])
    private: bool


class TicketOut(Out):
    """A ticket in a list. `tags`, private queues and addresses are shown to those who work on it."""

    id: int = Field(examples=[1042])
    subject: str = Field(examples=["The printer is on fire"])
    status: Status
    priority: Priority
    queue: QueueRef | None
    requester: ContactOut
    assignee: PersonOut | None
    tags: list[str]
    via: Via
    snoozed_until: Instant | None
    created_at: Instant
    updated_at: Instant
    version: int = Field(description="Grows with each change; the ETag is made of it.")


class LinkOut(Out):
    """Another ticket, and what this one is to it."""

    relation: Literal["parent", "child", "related", "duplicate", "original", "follow_up", "followed_up"]
    ticket_id: int = Field(examples=[1041])
    subject: str = Field(examples=["The printer smokes"])
    status: Status


class TicketDetail(TicketOut):
    """A whole ticket. `standing` is what the viewer is to it; `comments` are the newest hundred he may read, of `comment_count`.

    `merged_tickets` go on in this one: what was said on them is among the comments. `links` are for those who work on the ticket.
    """

    language: str | None
    first_response_at: Instant | None
    resolved_at: Instant | None
    closed_at: Instant | None
    standing: Standing
    participants: list[ContactOut]
    merged_tickets: list[int]
    links: list[LinkOut]
    watching: bool
    muted: bool
    comment_count: int
    comments: list[CommentOut]


class EventOut(Out):
    """A fact of the history: as a sentence in `text`, and as `data`, which depends on `kind`."""

    id: int
    ticket_id: int
    text: str = Field(examples=["Eva Berg changed the status from open to resolved through the API."])
    kind: str = Field(examples=["ticket.status"])
    data: dict[str, object] = Field(examples=[{"before": "open", "after": "resolved"}])
    actor: PersonOut | None
    via: Via
    created_at: Instant


class TicketIn(Input):
    """A new ticket. Staff may open one for somebody else by `requester_email`, who is made known to the desk if new."""

    subject: Subject
    body: str = Field(min_length=1, max_length=200_000, examples=["It burns."])
    priority: Priority = "normal"
    tags: Tags = Field(default_factory=list, examples=[[]], description="For staff who open it for somebody else.")
    queue_id: Id | None = None
    requester_email: EmailText | None = None
    requester_name: Name = ""
    follow_up_of: Id | None = Field(
        default=None, description="A ticket that was closed too long ago to be answered, or any other of yours."
    )
    attachments: list[Id] = Field(default_factory=list, max_length=20, description="Ids that POST /attachments gave.")


class TicketPatch(Patch):
    """What to change. `assignee_id` null gives the ticket back to its queue; `snoozed_until` null wakes it; `tags` replaces them all."""

    status: Given[Status] = None
    priority: Given[Priority] = None
    subject: Given[Subject] = None
    assignee_id: Id | None = None
    queue_id: Given[Id] = None
    snoozed_until: Instant | None = None
    tags: Given[Tags] = None


class TicketQuery(PageQuery):
    """Which tickets, in which order."""

    status: list[Status] = Field(default_factory=list, description="Any of these; may be given several times.")
    priority: list[Priority] = Field(default_factory=list, description="Any of these; may be given several times.")
    assignee: str | None = Field(default=None, pattern=_ASSIGNEE, description="A user's id, me, or none.")
    requester: str | None = Field(default=None, pattern=_PERSON, description="A user's id, or me.")
    queue: str | None = Field(default=None, pattern=_QUEUE, description="A queue's id or slug; digits are an id.")
    tag: list[str] = Field(default_factory=list, max_length=10, description="All of these; may be given several times.")
    snoozed: bool | None = Field(default=None, description="Only those that sleep, or only those that do not.")
    updated_since: Instant | None = None
    sort: Sort = Field(default="-updated_at", description="A minus means descending.")
    total: bool = Field(default=False, description="Count them all.")
