"""What somebody is told in-app, what he has read of it, and what he wants to be told by which channel."""

from __future__ import annotations

from dataclasses import asdict
from typing import Literal

from pydantic import Field

from api.auth import actor
from api.binding import Body, Input, Query
from api.call import JSON, Call
from api.routing import Routes
from api.schemas import Id, Instant, Out, PageOut, PageQuery, PersonOut
from core import notifications
from core.notices import Channel
from core.queries import Reader

routes = Routes("/notifications", tag="Notifications", about="What you are told, and what you want to be told.", scope="notifications")

Kind = Literal[
    "new_ticket", "assigned", "unassigned", "requester_replied", "staff_replied", "note", "mentioned", "reopened", "finished", "join_requested",
    "bounced", "woke",
]  # fmt: skip


class NotificationOut(Out):
    """Something you were told. `preview` are the first words of what was said, if it was about that."""

    id: int = Field(examples=[311])
    kind: str = Field(examples=["assigned"])
    ticket_id: int = Field(examples=[1042])
    subject: str = Field(examples=["The printer is on fire"])
    event_id: int
    actor: PersonOut | None
    preview: str | None
    created_at: Instant
    read_at: Instant | None


class UnreadOut(Out):
    """How many you have not read."""

    count: int = Field(examples=[3])


class ReadIn(Input):
    """Which to mark: all, those up to and including one, or those of a ticket."""

    up_to: Id | None = Field(default=None, examples=[311])
    ticket_id: Id | None = None


class ChoiceModel(Input):
    """Whether you want to be told of a kind of event, for a reason (yours, nobody's in your queue, watched, mentioned), by a channel."""

    kind: Kind
    scope: Literal["mine", "queue", "watching", "mentioned"]
    channel: Channel
    enabled: bool


class ChoicesIn(Input):
    """What to change; what is left out stays."""

    choices: list[ChoiceModel] = Field(
        max_length=200, examples=[[{"kind": "requester_replied", "scope": "queue", "channel": "mail", "enabled": False}]]
    )


class ChoicesOut(Out):
    """Everything that can be chosen, as you have it."""

    choices: list[ChoiceModel]


class NotificationQuery(PageQuery):
    """Which notifications."""

    unread: bool = Field(default=False, description="Only those you have not read.")


@routes.get("", who="user", answer=PageOut[NotificationOut], own_rights=True)
async def find(call: Call, query: Query[NotificationQuery]) -> JSON:
    """List what you were told, newest first."""
    page = await notifications.page(call.runtime.database, call.user.user_id, unread=query.unread, limit=query.limit, cursor=query.cursor)
    return JSON(page.json())


@routes.get("/unread", who="user", answer=UnreadOut, own_rights=True)
async def unread(call: Call) -> JSON:
    """Count what you have not read."""
    return JSON(UnreadOut(count=await notifications.unread(call.runtime.database, call.user.user_id)))


@routes.post("/{notification_id}/read", who="user")
async def read(call: Call, notification_id: int) -> None:
    """Mark one as read."""
    async with call.runtime.transaction(actor(call)) as tx:
        await notifications.mark_read(tx, notification_id)


@routes.post("/read", who="user")
async def read_all(call: Call, body: Body[ReadIn]) -> None:
    """Mark many as read."""
    async with call.runtime.transaction(actor(call)) as tx:
        if body.ticket_id is not None:
            await notifications.mark_ticket_read(tx, body.ticket_id)
        else:
            await notifications.mark_all_read(tx, body.up_to)


@routes.get("/choices", who="user", answer=ChoicesOut, own_rights=True)
async def choices(call: Call) -> JSON:
    """Read what you are told of, and by which channel."""
    return await _choices(call, call.runtime.database)


@routes.patch("/choices", who="user", answer=ChoicesOut)
async def choose(call: Call, body: Body[ChoicesIn]) -> JSON:
    """Choose what you are told of, and by which channel."""
    async with call.runtime.transaction(actor(call)) as tx:
        await notifications.choose(tx, [notifications.Choice(c.kind, c.scope, c.channel, c.enabled) for c in body.choices])
        return await _choices(call, tx)


async def _choices(call: Call, db: Reader) -> JSON:
    return JSON({"choices": [asdict(choice) for choice in await notifications.choices(db, call.user.user_id)]})
