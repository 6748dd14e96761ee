"""What happened, and who was told about it in-app."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.models import Model

from core.models.people import User
from core.models.tickets import Ticket, Via


class Event(Model):
    """An append-only fact about a ticket. Readers that follow along go by (`xid`, `id`), because ids are drawn before commit.

    `quiet` events are recorded and nobody is told. The column `xid` (xid8) is filled by the database and read only by SQL.
    """

    id = fields.BigIntField(primary_key=True)
    ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField("models.Ticket", related_name="events", on_delete=OnDelete.CASCADE)
    kind = fields.CharField(max_length=40)
    data: dict[str, object] = fields.JSONField(db_default={})
    actor: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="events", null=True, on_delete=OnDelete.SET_NULL
    )
    via = fields.CharEnumField(Via, max_length=10)
    quiet = fields.BooleanField(db_default=False)
    created_at = fields.DatetimeField()

    ticket_id: int
    actor_id: int | None

    class Meta:
        table = "events"


class Notification(Model):
    """What a user sees in-app about an event."""

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="notifications", on_delete=OnDelete.CASCADE)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "models.Event", related_name="notifications", on_delete=OnDelete.CASCADE
    )
    ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name="notifications", on_delete=OnDelete.CASCADE
    )
    reason = fields.CharField(max_length=20)
    created_at = fields.DatetimeField()
    read_at = fields.DatetimeField(null=True)

    user_id: int
    event_id: int
    ticket_id: int

    class Meta:
        table = "notifications"
        unique_together = (("user_id", "event_id"),)


class NotificationPreference(Model):
    """A person's choice for one (event kind, scope, channel); what is not chosen has the default of the desk."""

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="notification_preferences", on_delete=OnDelete.CASCADE
    )
    event_kind = fields.CharField(max_length=40)
    scope = fields.CharField(max_length=20)
    channel = fields.CharField(max_length=10)
    enabled = fields.BooleanField()

    user_id: int

    class Meta:
        table = "notification_preferences"
        unique_together = (("user_id", "event_kind", "scope", "channel"),)
