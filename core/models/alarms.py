"""What the operator should look at, and what is counted to know it."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class Alarm(Model):
    """Something an operator should look at. One of a name is open at a time."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=60)
    detail = fields.CharField(max_length=500)
    raised_at = fields.DatetimeField()
    cleared_at = fields.DatetimeField(null=True)

    class Meta:
        table = "alarms"


class HourlyCount(Model):
    """How often something happened within an hour; `kind` says what. Old hours are forgotten."""

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=40)
    hour = fields.DatetimeField()
    count = fields.IntField()

    class Meta:
        table = "hourly_counts"
        unique_together = (("kind", "hour"),)
