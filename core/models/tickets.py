"""Tickets and what is said on them."""

from __future__ import annotations

from enum import StrEnum

from tortoise import fields
from tortoise.contrib.postgres.fields import TSVectorField
from tortoise.fields import OnDelete
from tortoise.models import Model

from core.models.people import User
from core.models.queues import Mailbox, Queue


class Status(StrEnum):
    """Where a ticket stands. `pending` waits for the requester, `resolved` can still be answered, `closed` is done."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Priority(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Via(StrEnum):
    """The door something came through."""

    EMAIL = "email"
    SLACK = "slack"
    API = "api"
    WEB = "web"
    SYSTEM = "system"


class Ticket(Model):
    """The case; its number is its id. A merged ticket points to its target by `merged_into` and keeps its own comments."""

    id = fields.BigIntField(primary_key=True)
    subject = fields.CharField(max_length=500)
    status = fields.CharEnumField(Status, max_length=10, db_default=Status.NEW)
    priority = fields.CharEnumField(Priority, max_length=10, db_default=Priority.NORMAL)
    queue: fields.ForeignKeyRelation[Queue] = fields.ForeignKeyField("models.Queue", related_name="tickets", on_delete=OnDelete.RESTRICT)
    mailbox: fields.ForeignKeyNullableRelation[Mailbox] = fields.ForeignKeyField(
        "models.Mailbox", related_name="tickets", null=True, on_delete=OnDelete.SET_NULL
    )
    requester: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="tickets", on_delete=OnDelete.RESTRICT)
    assignee: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="assigned_tickets", null=True, on_delete=OnDelete.SET_NULL
    )
    via = fields.CharEnumField(Via, max_length=10, db_default=Via.API)
    language = fields.CharField(max_length=20, null=True)
    confirmed = fields.BooleanField(db_default=True)
    spam = fields.BooleanField(db_default=False)
    version = fields.IntField(db_default=1)
    merged_into: fields.ForeignKeyNullableRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name="merged_tickets", null=True, on_delete=OnDelete.RESTRICT
    )
    merged_at = fields.DatetimeField(null=True)
    split_from: fields.ForeignKeyNullableRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name="split_tickets", null=True, on_delete=OnDelete.SET_NULL
    )
    snoozed_until = fields.DatetimeField(null=True)
    reminded_at = fields.DatetimeField(null=True)
    first_response_at = fields.DatetimeField(null=True)
    requester_spoke_at = fields.DatetimeField(null=True)
    staff_spoke_at = fields.DatetimeField(null=True)
    resolved_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    search = TSVectorField(null=True)

    queue_id: int
    mailbox_id: int | None
    requester_id: int
    assignee_id: int | None
    merged_into_id: int | None
    split_from_id: int | None

    class Meta:
        table = "tickets"


class Comment(Model):
    """One thing said on a ticket. `body` is what its writer wrote; `full_body` and `html` keep the whole mail, where there was one.

    `send_after` is when a public answer leaves: until then it can be taken back or edited. `message_id` is the mail's that brought it.
    """

    id = fields.BigIntField(primary_key=True)
    ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField("models.Ticket", related_name="comments", on_delete=OnDelete.CASCADE)
    author: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="comments", null=True, on_delete=OnDelete.RESTRICT
    )
    public = fields.BooleanField()
    automatic = fields.BooleanField(db_default=False)
    flagged = fields.CharField(max_length=200, null=True)
    via = fields.CharEnumField(Via, max_length=10)
    body = fields.TextField()
    full_body = fields.TextField(null=True)
    html = fields.TextField(null=True)
    message_id = fields.CharField(max_length=1000, null=True)
    send_after = fields.DatetimeField(null=True)
    bounced_at = fields.DatetimeField(null=True)
    edited_at = fields.DatetimeField(null=True)
    deleted_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    search = TSVectorField(null=True)

    ticket_id: int
    author_id: int | None

    class Meta:
        table = "comments"


class CommentRevision(Model):
    """What a comment said before an edit or a deletion."""

    id = fields.BigIntField(primary_key=True)
    comment: fields.ForeignKeyRelation[Comment] = fields.ForeignKeyField(
        "models.Comment", related_name="revisions", on_delete=OnDelete.CASCADE
    )
    editor: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="comment_revisions", null=True, on_delete=OnDelete.SET_NULL
    )
    body = fields.TextField()
    created_at = fields.DatetimeField()

    comment_id: int
    editor_id: int | None

    class Meta:
        table = "comment_revisions"
        indexes = (("comment_id",),)


class Attachment(Model):
    """A file on a ticket. `blob` is its key in the blob store; without a comment it waits for the one it was uploaded for."""

    id = fields.BigIntField(primary_key=True)
    ticket: fields.ForeignKeyNullableRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name="attachments", null=True, on_delete=OnDelete.CASCADE
    )
    comment: fields.ForeignKeyNullableRelation[Comment] = fields.ForeignKeyField(
        "models.Comment", related_name="attachments", null=True, on_delete=OnDelete.CASCADE
    )
    uploader: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="attachments", null=True, on_delete=OnDelete.SET_NULL
    )
    blob = fields.CharField(max_length=64, db_index=True)
    filename = fields.CharField(max_length=255)
    content_type = fields.CharField(max_length=200)
    size = fields.BigIntField()
    content_id = fields.CharField(max_length=500, null=True)
    inline = fields.BooleanField(db_default=False)
    created_at = fields.DatetimeField()

    ticket_id: int | None
    comment_id: int | None
    uploader_id: int | None

    class Meta:
        table = "attachments"
        indexes = (("ticket_id",), ("comment_id",))


class Tag(Model):
    """A word for finding tickets again; `name` is lower-case and unique."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=60, unique=True)
    description = fields.CharField(max_length=300, db_default="")
    color = fields.CharField(max_length=7, null=True)
    version = fields.IntField(db_default=1)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "tags"


class TicketTag(Model):
    id = fields.BigIntField(primary_key=True)
    ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField("models.Ticket", related_name="tags", on_delete=OnDelete.CASCADE)
    tag: fields.ForeignKeyRelation[Tag] = fields.ForeignKeyField("models.Tag", related_name="tickets", on_delete=OnDelete.CASCADE)

    ticket_id: int
    tag_id: int

    class Meta:
        table = "ticket_tags"
        unique_together = (("ticket_id", "tag_id"),)
        indexes = (("tag_id",),)
