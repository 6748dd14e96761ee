"""Where tickets wait, which addresses feed them, and what a queue sets for its tickets."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.models import Model

from core.models.people import User


class Queue(Model):
    """Where tickets wait and who sees them. A private queue is seen by its members only."""

    id = fields.BigIntField(primary_key=True)
    slug = fields.CharField(max_length=60, unique=True)
    name = fields.CharField(max_length=100)
    private = fields.BooleanField(db_default=False)
    language = fields.CharField(max_length=20, db_default="en")
    position = fields.IntField(db_default=100)
    assignment = fields.CharField(max_length=20, db_default="none")
    reply_sets_pending = fields.BooleanField(db_default=False)
    remind_after_days = fields.IntField(null=True)
    close_after_days = fields.IntField(null=True)
    sla_policy: fields.ForeignKeyNullableRelation[SlaPolicy] = fields.ForeignKeyField(
        "models.SlaPolicy", related_name="queues", null=True, on_delete=OnDelete.SET_NULL
    )
    version = fields.IntField(db_default=1)
    archived_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    sla_policy_id: int | None

    class Meta:
        table = "queues"


class QueueMember(Model):
    """Somebody who works in a queue; `lead` hears of breaches."""

    id = fields.BigIntField(primary_key=True)
    queue: fields.ForeignKeyRelation[Queue] = fields.ForeignKeyField("models.Queue", related_name="members", on_delete=OnDelete.CASCADE)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="memberships", on_delete=OnDelete.CASCADE)
    lead = fields.BooleanField(db_default=False)
    last_assigned_at = fields.DatetimeField(null=True)

    queue_id: int
    user_id: int

    class Meta:
        table = "queue_members"
        unique_together = (("queue_id", "user_id"),)
        indexes = (("user_id",),)


class Mailbox(Model):
    """An address that feeds a queue. `address` is lower-case. `connection` holds how mail is fetched from elsewhere, secrets encrypted."""

    id = fields.BigIntField(primary_key=True)
    address = fields.CharField(max_length=320, unique=True)
    name = fields.CharField(max_length=100, db_default="Support")
    queue: fields.ForeignKeyRelation[Queue] = fields.ForeignKeyField("models.Queue", related_name="mailboxes", on_delete=OnDelete.RESTRICT)
    language = fields.CharField(max_length=20, db_default="en")
    priority = fields.IntField(db_default=100)
    plus_addressing = fields.BooleanField(db_default=True)
    kind = fields.CharField(max_length=20, db_default="smtp")
    connection: dict[str, object] = fields.JSONField(db_default={})
    paused_at = fields.DatetimeField(null=True)
    last_error = fields.TextField(null=True)
    last_seen_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    queue_id: int

    class Meta:
        table = "mailboxes"


class CannedReply(Model):
    """A text kept for answers, with named placeholders, per queue and language."""

    id = fields.BigIntField(primary_key=True)
    queue: fields.ForeignKeyNullableRelation[Queue] = fields.ForeignKeyField(
        "models.Queue", related_name="canned_replies", null=True, on_delete=OnDelete.CASCADE
    )
    title = fields.CharField(max_length=150)
    body = fields.TextField()
    language = fields.CharField(max_length=20, db_default="en")
    created_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="canned_replies", null=True, on_delete=OnDelete.SET_NULL
    )
    version = fields.IntField(db_default=1)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    queue_id: int | None
    created_by_id: int | None

    class Meta:
        table = "canned_replies"


class SlaPolicy(Model):
    """How soon tickets are answered and resolved, in minutes of the calendar's working hours, per priority."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=100, unique=True)
    targets: dict[str, object] = fields.JSONField(db_default={})
    calendar: dict[str, object] = fields.JSONField(db_default={})
    time_zone = fields.CharField(max_length=64, db_default="UTC")
    version = fields.IntField(db_default=1)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "sla_policies"


class BlockedSender(Model):
    """An address (`eva@example.org`) or a domain (`example.org`), lower-case, whose mail is refused."""

    pattern = fields.CharField(max_length=320, primary_key=True)
    reason = fields.CharField(max_length=300, db_default="")
    created_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="blocked_senders", null=True, on_delete=OnDelete.SET_NULL
    )
    created_at = fields.DatetimeField()

    created_by_id: int | None

    class Meta:
        table = "blocked_senders"
