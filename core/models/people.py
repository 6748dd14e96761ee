"""People and the ways they prove who they are."""

from __future__ import annotations

from enum import StrEnum

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.models import Model


class Role(StrEnum):
    """What a person may do in the whole desk; each role may do all that the one before it may."""

    USER = "user"
    STAFF = "staff"
    ADMIN = "admin"


RANK = {role: rank for rank, role in enumerate(Role)}


class User(Model):
    """A person. `email` is the address the desk writes to, lower-case; further addresses are in `UserAddress`. Quiet hours are `HH:MM`."""

    id = fields.BigIntField(primary_key=True)
    email = fields.CharField(max_length=320, unique=True)
    name = fields.CharField(max_length=200, db_default="")
    role = fields.CharEnumField(Role, max_length=10, db_default=Role.USER)
    active = fields.BooleanField(db_default=True)
    password_hash = fields.CharField(max_length=200, null=True)
    language = fields.CharField(max_length=20, null=True)
    time_zone = fields.CharField(max_length=64, db_default="UTC")
    quiet_from = fields.CharField(max_length=5, null=True)
    quiet_until = fields.CharField(max_length=5, null=True)
    digest = fields.CharField(max_length=10, db_default="off")
    version = fields.IntField(db_default=1)
    merged_into: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="merged_users", null=True, on_delete=OnDelete.SET_NULL
    )
    last_login_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    merged_into_id: int | None

    class Meta:
        table = "users"


class UserAddress(Model):
    """Every address that leads to a person, the primary one included; `email` is lower-case and belongs to one person only."""

    email = fields.CharField(max_length=320, primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="addresses", on_delete=OnDelete.CASCADE)
    verified_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    user_id: int

    class Meta:
        table = "user_addresses"
        indexes = (("user_id",),)


class Session(Model):
    """A refresh token of one login. Tokens of a `family` follow one another; using a spent one revokes the family."""

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="sessions", on_delete=OnDelete.CASCADE)
    family = fields.UUIDField(db_index=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    user_agent = fields.CharField(max_length=200, db_default="")
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    spent_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    user_id: int

    class Meta:
        table = "sessions"


class OneTimeToken(Model):
    """A link sent by mail that works once: invitation, password reset, magic link, address check, public form."""

    token_hash = fields.CharField(max_length=64, primary_key=True)
    purpose = fields.CharField(max_length=30)
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="one_time_tokens", null=True, on_delete=OnDelete.CASCADE
    )
    data: dict[str, object] = fields.JSONField(db_default={})
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    user_id: int | None

    class Meta:
        table = "one_time_tokens"


class ApiToken(Model):
    """A named token for programs: shown once, stored hashed, limited to `scopes`."""

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="api_tokens", on_delete=OnDelete.CASCADE)
    name = fields.CharField(max_length=100)
    token_hash = fields.CharField(max_length=64, unique=True)
    scopes: list[str] = fields.JSONField(db_default=[])
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(null=True)
    last_used_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    user_id: int

    class Meta:
        table = "api_tokens"


class Identity(Model):
    """A person at an OpenID provider, known by (issuer, subject)."""

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="identities", on_delete=OnDelete.CASCADE)
    issuer = fields.CharField(max_length=300)
    subject = fields.CharField(max_length=300)
    created_at = fields.DatetimeField()

    user_id: int

    class Meta:
        table = "identities"
        unique_together = (("issuer", "subject"),)
