"""What the desk knows of Slack: its workspaces, their people and channels, and which message shows what."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.models import Model

from core.models.people import User
from core.models.queues import Queue
from core.models.tickets import Comment, Ticket


class SlackWorkspace(Model):
    """An installation, known by (enterprise, team); `bot_token` is encrypted. Staff rights count only where `trusted`."""

    id = fields.BigIntField(primary_key=True)
    team_id = fields.CharField(max_length=20)
    enterprise_id = fields.CharField(max_length=20, db_default="")
    name = fields.CharField(max_length=200, db_default="")
    bot_user_id = fields.CharField(max_length=20, db_default="")
    bot_id = fields.CharField(max_length=20, db_default="")
    bot_token = fields.BinaryField(null=True)
    trusted = fields.BooleanField(db_default=False)
    trusted_domains: list[str] = fields.JSONField(db_default=[])
    failing_since = fields.DatetimeField(null=True)
    last_error = fields.TextField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "slack_workspaces"
        unique_together = (("enterprise_id", "team_id"),)


class SlackPerson(Model):
    """A Slack account and the user it belongs to; `guest` accounts never carry staff rights."""

    id = fields.BigIntField(primary_key=True)
    team_id = fields.CharField(max_length=20)
    slack_user_id = fields.CharField(max_length=20)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="slack_people", on_delete=OnDelete.CASCADE)
    guest = fields.BooleanField(db_default=False)
    im_channel_id = fields.CharField(max_length=20, null=True)
    checked_at = fields.DatetimeField()

    user_id: int

    class Meta:
        table = "slack_people"
        unique_together = (("team_id", "slack_user_id"),)
        indexes = (("user_id",),)


class SlackChannel(Model):
    """A channel with a purpose: `triage` shows a queue's cards, `request` turns messages into tickets of a queue."""

    id = fields.BigIntField(primary_key=True)
    team_id = fields.CharField(max_length=20)
    channel_id = fields.CharField(max_length=20)
    queue: fields.ForeignKeyRelation[Queue] = fields.ForeignKeyField(
        "models.Queue", related_name="slack_channels", on_delete=OnDelete.CASCADE
    )
    purpose = fields.CharField(max_length=10)
    created_at = fields.DatetimeField()

    queue_id: int

    class Meta:
        table = "slack_channels"
        unique_together = (("team_id", "channel_id"),)
        indexes = (("queue_id",),)


class SlackCard(Model):
    """A ticket shown in a channel: its card, or the thread of the person who asked there.

    `wanted` counts the reasons to look again, `shown` the last one looked at; `shown_hash` is of the blocks that stand there.
    """

    id = fields.BigIntField(primary_key=True)
    ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name="slack_cards", on_delete=OnDelete.CASCADE
    )
    kind = fields.CharField(max_length=10)
    team_id = fields.CharField(max_length=20)
    channel_id = fields.CharField(max_length=20)
    ts = fields.CharField(max_length=20, null=True)
    nonce = fields.UUIDField()
    wanted = fields.BigIntField(db_default=0)
    shown = fields.BigIntField(db_default=0)
    shown_hash = fields.CharField(max_length=64, null=True)
    last_error = fields.TextField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    ticket_id: int

    class Meta:
        table = "slack_cards"
        unique_together = (("ticket_id", "kind", "team_id", "channel_id"),)


class SlackMessage(Model):
    """Which Slack message is which comment: written when one becomes the other, in either direction."""

    id = fields.BigIntField(primary_key=True)
    team_id = fields.CharField(max_length=20)
    channel_id = fields.CharField(max_length=20)
    ts = fields.CharField(max_length=20)
    thread_ts = fields.CharField(max_length=20, null=True)
    card: fields.ForeignKeyNullableRelation[SlackCard] = fields.ForeignKeyField(
        "models.SlackCard", related_name="messages", null=True, on_delete=OnDelete.CASCADE
    )
    comment: fields.ForeignKeyNullableRelation[Comment] = fields.ForeignKeyField(
        "models.Comment", related_name="slack_messages", null=True, on_delete=OnDelete.CASCADE
    )
    outgoing = fields.BooleanField()
    created_at = fields.DatetimeField()

    card_id: int | None
    comment_id: int | None

    class Meta:
        table = "slack_messages"
        unique_together = (("team_id", "channel_id", "ts"),)
        indexes = (("comment_id",), ("card_id",))


class SlackReceipt(Model):
    """A request of Slack's that was carried out: the key is unique, so a repeated one is done once."""

    key = fields.CharField(max_length=120, primary_key=True)
    received_at = fields.DatetimeField()

    class Meta:
        table = "slack_receipts"
