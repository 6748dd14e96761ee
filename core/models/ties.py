"""What ties tickets to people, to one another, and to clocks."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.models import Model

from core.models.people import User
from core.models.tickets import Ticket


class TicketParticipant(Model):
    """Somebody in CC: sees and answers the public part, and gets public answers."""

    id = fields.BigIntField(primary_key=True)
    ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name="participants", on_delete=OnDelete.CASCADE
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="participations", on_delete=OnDelete.CASCADE)
    added_at = fields.DatetimeField()

    ticket_id: int
    user_id: int

    class Meta:
        table = "ticket_participants"
        unique_together = (("ticket_id", "user_id"),)
        indexes = (("user_id",),)


class TicketWatcher(Model):
    """Staff who want to hear of a ticket that is not theirs."""

    id = fields.BigIntField(primary_key=True)
    ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField("models.Ticket", related_name="watchers", on_delete=OnDelete.CASCADE)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="watched_tickets", on_delete=OnDelete.CASCADE
    )
    added_at = fields.DatetimeField()

    ticket_id: int
    user_id: int

    class Meta:
        table = "ticket_watchers"
        unique_together = (("ticket_id", "user_id"),)
        indexes = (("user_id",),)


class TicketMute(Model):
    """Somebody who wants to hear nothing of a ticket: staff who muted it, or a requester who stopped its mails."""

    id = fields.BigIntField(primary_key=True)
    ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField("models.Ticket", related_name="mutes", on_delete=OnDelete.CASCADE)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="muted_tickets", on_delete=OnDelete.CASCADE)
    muted_at = fields.DatetimeField()

    ticket_id: int
    user_id: int

    class Meta:
        table = "ticket_mutes"
        unique_together = (("ticket_id", "user_id"),)


class TicketLink(Model):
    """`source` is `kind` (parent, related, duplicate, follow_up) of `target`."""

    id = fields.BigIntField(primary_key=True)
    source: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField("models.Ticket", related_name="links", on_delete=OnDelete.CASCADE)
    target: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name="backlinks", on_delete=OnDelete.CASCADE
    )
    kind = fields.CharField(max_length=20)
    created_at = fields.DatetimeField()

    source_id: int
    target_id: int

    class Meta:
        table = "ticket_links"
        unique_together = (("source_id", "target_id", "kind"),)
        indexes = (("target_id",),)


class JoinRequest(Model):
    """Somebody whose mail named a ticket he is no part of: staff accept or decline. His mail waits in `own_ticket`."""

    id = fields.BigIntField(primary_key=True)
    ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name="join_requests", on_delete=OnDelete.CASCADE
    )
    own_ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name="wanted_joins", on_delete=OnDelete.CASCADE
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="join_requests", on_delete=OnDelete.CASCADE)
    state = fields.CharField(max_length=10, db_default="open")
    created_at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)

    ticket_id: int
    own_ticket_id: int
    user_id: int

    class Meta:
        table = "join_requests"
        indexes = (("ticket_id",),)


class SlaClock(Model):
    """One promise on one ticket (`first_response`, `next_response`, `resolution`) and when it falls due."""

    id = fields.BigIntField(primary_key=True)
    ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name="sla_clocks", on_delete=OnDelete.CASCADE
    )
    kind = fields.CharField(max_length=20)
    started_at = fields.DatetimeField()
    paused_at = fields.DatetimeField(null=True)
    minutes_used = fields.IntField(db_default=0)
    due_at = fields.DatetimeField(null=True)
    warn_at = fields.DatetimeField(null=True)
    warned_at = fields.DatetimeField(null=True)
    breached_at = fields.DatetimeField(null=True)
    met_at = fields.DatetimeField(null=True)

    ticket_id: int

    class Meta:
        table = "sla_clocks"
        indexes = (("ticket_id",),)


class Survey(Model):
    """One question to a requester about one resolved ticket, and the answer."""

    id = fields.BigIntField(primary_key=True)
    ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField("models.Ticket", related_name="surveys", on_delete=OnDelete.CASCADE)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="surveys", on_delete=OnDelete.CASCADE)
    sent_at = fields.DatetimeField()
    rating = fields.IntField(null=True)
    remark = fields.TextField(null=True)
    answered_at = fields.DatetimeField(null=True)

    ticket_id: int
    user_id: int

    class Meta:
        table = "surveys"
        unique_together = (("ticket_id",),)
