"""Programs that talk with the desk, and what the desk keeps for itself."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.models import Model

from core.models.people import User


class Webhook(Model):
    """A URL that is called about events; `secret` is encrypted. Lasting failure switches it off with a reason."""

    id = fields.BigIntField(primary_key=True)
    url = fields.CharField(max_length=2000)
    description = fields.CharField(max_length=200, db_default="")
    secret = fields.BinaryField()
    event_kinds: list[str] = fields.JSONField(db_default=[])
    active = fields.BooleanField(db_default=True)
    switched_off_reason = fields.CharField(max_length=300, null=True)
    failing_since = fields.DatetimeField(null=True)
    version = fields.IntField(db_default=1)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "webhooks"


class IdempotencyKey(Model):
    """An answer given once under a client's `Idempotency-Key`, given again for the same body."""

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="idempotency_keys", on_delete=OnDelete.CASCADE
    )
    key = fields.CharField(max_length=200)
    request_hash = fields.CharField(max_length=64)
    status = fields.IntField()
    headers: dict[str, str] = fields.JSONField(db_default={})
    body = fields.BinaryField()
    created_at = fields.DatetimeField()

    user_id: int

    class Meta:
        table = "idempotency_keys"
        unique_together = (("user_id", "key"),)


class Setting(Model):
    """A choice an admin makes while the desk runs; what is not set has its default in code."""

    name = fields.CharField(max_length=100, primary_key=True)
    value: object = fields.JSONField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "settings"
