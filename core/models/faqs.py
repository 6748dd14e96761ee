"""Answers that stand ready."""

from __future__ import annotations

from tortoise import fields
from tortoise.contrib.postgres.fields import TSVectorField
from tortoise.fields import OnDelete
from tortoise.models import Model

from core.models.people import User


class Faq(Model):
    """A question people ask and its answer, in one language."""

    id = fields.BigIntField(primary_key=True)
    question = fields.CharField(max_length=300)
    answer = fields.TextField()
    keywords: list[str] = fields.JSONField(db_default=[])
    language = fields.CharField(max_length=20, db_default="en")
    published = fields.BooleanField(db_default=True)
    position = fields.IntField(db_default=100)
    author: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="faqs", null=True, on_delete=OnDelete.SET_NULL
    )
    version = fields.IntField(db_default=1)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    search = TSVectorField(null=True)

    author_id: int | None

    class Meta:
        table = "faqs"


class FaqVote(Model):
    """Whether an answer helped; `voter` is a user's id or a hash of an anonymous reader, so that each counts once."""

    id = fields.BigIntField(primary_key=True)
    faq: fields.ForeignKeyRelation[Faq] = fields.ForeignKeyField("models.Faq", related_name="votes", on_delete=OnDelete.CASCADE)
    voter = fields.CharField(max_length=64)
    helpful = fields.BooleanField()
    created_at = fields.DatetimeField()

    faq_id: int

    class Meta:
        table = "faq_votes"
        unique_together = (("faq_id", "voter"),)
