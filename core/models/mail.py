"""The ledgers of mail: what came in, what goes out."""

from __future__ import annotations

from enum import StrEnum

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.models import Model

from core.models.people import User
from core.models.queues import Mailbox
from core.models.record import Event
from core.models.tickets import Comment, Ticket


class Disposition(StrEnum):
    """What became of a mail: each accepted mail ends with exactly one of these."""

    NEW_TICKET = "new_ticket"
    REPLY = "reply"
    NOTE = "note"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    DUPLICATE = "duplicate"
    WANTS_TO_JOIN = "wants_to_join"
    REFUSED = "refused"
    SPAM = "spam"
    PARKED = "parked"


class DeliveryState(StrEnum):
    """`pending` waits for its first or next try, `sending` is under way, `held` waits for a person, the others are final."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    HELD = "held"
    CANCELLED = "cancelled"


class InboundMail(Model):
    """One accepted mail, from before its `250` on. `blob` are its raw bytes; `trace` says how it was understood and why.

    `source_key` names the mail at its door (an IMAP UID), `fingerprint` hashes Message-ID and content: each is filed once. Nobody is told
    of one that is `quiet`: older mail of a connected mailbox.
    """

    id = fields.BigIntField(primary_key=True)
    blob = fields.CharField(max_length=64, db_index=True)
    size = fields.BigIntField()
    door = fields.CharField(max_length=10)
    peer = fields.CharField(max_length=100, db_default="")
    envelope_from = fields.CharField(max_length=1000, null=True)
    envelope_to: list[str] = fields.JSONField(db_default=[])
    mailbox: fields.ForeignKeyNullableRelation[Mailbox] = fields.ForeignKeyField(
        "models.Mailbox", related_name="inbound_mails", null=True, on_delete=OnDelete.SET_NULL
    )
    source_key = fields.CharField(max_length=300, null=True, unique=True)
    message_id = fields.CharField(max_length=1000, null=True)
    refers_to: list[str] = fields.JSONField(db_default=[])
    quiet = fields.BooleanField(db_default=False)
    fingerprint = fields.CharField(max_length=64, null=True, unique=True)
    disposition = fields.CharEnumField(Disposition, max_length=20, null=True)
    reason = fields.CharField(max_length=300, null=True)
    trace: dict[str, object] = fields.JSONField(db_default={})
    ticket: fields.ForeignKeyNullableRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name="inbound_mails", null=True, on_delete=OnDelete.SET_NULL
    )
    comment: fields.ForeignKeyNullableRelation[Comment] = fields.ForeignKeyField(
        "models.Comment", related_name="inbound_mails", null=True, on_delete=OnDelete.SET_NULL
    )
    duplicate_of: fields.ForeignKeyNullableRelation[InboundMail] = fields.ForeignKeyField(
        "models.InboundMail", related_name="duplicates", null=True, on_delete=OnDelete.SET_NULL
    )
    reads = fields.IntField(db_default=0)
    received_at = fields.DatetimeField()
    filed_at = fields.DatetimeField(null=True)

    mailbox_id: int | None
    ticket_id: int | None
    comment_id: int | None
    duplicate_of_id: int | None

    class Meta:
        table = "inbound_mails"


class OutboundMessage(Model):
    """One mail of ours: one Message-ID, made and frozen before the first try, handed over once per recipient (`Delivery`)."""

    message_id = fields.CharField(max_length=250, primary_key=True)
    ticket: fields.ForeignKeyNullableRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name="outbound_messages", null=True, on_delete=OnDelete.SET_NULL
    )
    comment: fields.ForeignKeyNullableRelation[Comment] = fields.ForeignKeyField(
        "models.Comment", related_name="outbound_messages", null=True, on_delete=OnDelete.SET_NULL
    )
    sender = fields.CharField(max_length=320)
    template = fields.CharField(max_length=40)
    subject = fields.CharField(max_length=600)
    automatic = fields.BooleanField()
    content = fields.BinaryField(null=True)
    created_at = fields.DatetimeField()

    ticket_id: int | None
    comment_id: int | None

    class Meta:
        table = "outbound_messages"


class Delivery(Model):
    """The ledger of things out: one mail to one person, one Slack post, one webhook call."""

    id = fields.BigIntField(primary_key=True)
    channel = fields.CharField(max_length=10)
    event: fields.ForeignKeyNullableRelation[Event] = fields.ForeignKeyField(
        "models.Event", related_name="deliveries", null=True, on_delete=OnDelete.SET_NULL
    )
    ticket: fields.ForeignKeyNullableRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name="deliveries", null=True, on_delete=OnDelete.CASCADE
    )
    message: fields.ForeignKeyNullableRelation[OutboundMessage] = fields.ForeignKeyField(
        "models.OutboundMessage", related_name="deliveries", null=True, on_delete=OnDelete.SET_NULL
    )
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="deliveries", null=True, on_delete=OnDelete.SET_NULL
    )
    recipient = fields.CharField(max_length=320)
    state = fields.CharEnumField(DeliveryState, max_length=10, db_default=DeliveryState.PENDING)
    attempts = fields.IntField(db_default=0)
    last_error = fields.TextField(null=True)
    created_at = fields.DatetimeField()
    sent_at = fields.DatetimeField(null=True)

    event_id: int | None
    ticket_id: int | None
    message_id: str | None
    user_id: int | None

    class Meta:
        table = "deliveries"


class Suppression(Model):
    """An address that bounced for good: nothing is sent to it until `until`, unless a person lifts it."""

    email = fields.CharField(max_length=320, primary_key=True)
    reason = fields.CharField(max_length=300)
    score = fields.IntField(db_default=0)
    until = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "suppressions"


class ImapPosition(Model):
    """How far a mailbox's folder has been read.

    What has a UID up to `lay_there` was there before: of that only what came `since` is taken, and nobody is told of what is old. New mail may
    be among it when the folder was `made_anew`, or was looked into for the first time.
    """

    id = fields.BigIntField(primary_key=True)
    mailbox: fields.ForeignKeyRelation[Mailbox] = fields.ForeignKeyField(
        "models.Mailbox", related_name="imap_positions", on_delete=OnDelete.CASCADE
    )
    folder = fields.CharField(max_length=300)
    uid_validity = fields.BigIntField()
    last_uid = fields.BigIntField()
    lay_there = fields.BigIntField(db_default=0)
    since = fields.DatetimeField(null=True)
    made_anew = fields.BooleanField(db_default=False)
    updated_at = fields.DatetimeField()

    mailbox_id: int

    class Meta:
        table = "imap_positions"
        unique_together = (("mailbox_id", "folder"),)
