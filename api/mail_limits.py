"""Whom the desk does not write to, whom it does not hear, and what its operators should look at."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.auth import actor
from api.binding import Body, Input
from api.call import JSON, Call
from api.routing import Routes
from api.schemas import Instant, Out
from core import alarms, blocking, suppressions

routes = Routes("", tag="Mail limits", about="Suppressed addresses, blocked senders, alarms.", scope="mail")


class SuppressionOut(Out):
    """An address that mail failed to reach. It is not written to until `until`; without that it only came near it."""

    email: str = Field(examples=["eva@example.org"])
    reason: str = Field(examples=["550 5.1.1 No such user"])
    score: int
    until: Instant | None
    created_at: Instant


class SuppressionsOut(Out):
    """The newest 500."""

    items: list[SuppressionOut]


class BlockedOut(Out):
    """A sender who is not heard: an address, or a domain with everything below it."""

    pattern: str = Field(examples=["example.org"])
    reason: str
    created_at: Instant


class BlockedListOut(Out):
    """By pattern."""

    items: list[BlockedOut]


class BlockIn(Input):
    """Why."""

    reason: Annotated[str, Field(default="", max_length=300, examples=["Advertises daily."])]


class AlarmOut(Out):
    """Something an operator should look at; `cleared_at` when it is over."""

    id: int = Field(examples=[7])
    name: str = Field(examples=["mail_late"])
    detail: str
    raised_at: Instant
    cleared_at: Instant | None


class AlarmsOut(Out):
    """Open ones first, then the newest."""

    items: list[AlarmOut]


@routes.get("/suppressions", who="admin", answer=SuppressionsOut)
async def find_suppressions(call: Call) -> JSON:
    """List addresses that are not written to, newest first."""
    return JSON(b'{"items":%b}' % await suppressions.page(call.runtime.database))


@routes.delete("/suppressions/{email}", who="admin")
async def lift(call: Call, email: str) -> None:
    """Write to an address again."""
    async with call.runtime.transaction(actor(call)) as tx:
        await suppressions.lift(tx, email)


@routes.get("/blocked-senders", who="admin", answer=BlockedListOut)
async def find_blocked(call: Call) -> JSON:
    """List whom the desk does not hear."""
    return JSON(b'{"items":%b}' % await blocking.page(call.runtime.database))


@routes.put("/blocked-senders/{pattern}", who="admin")
async def block(call: Call, pattern: str, body: Body[BlockIn]) -> None:
    """Hear an address or a domain no longer; its mail is kept, and opens nothing."""
    async with call.runtime.transaction(actor(call)) as tx:
        await blocking.block(tx, pattern, body.reason)


@routes.delete("/blocked-senders/{pattern}", who="admin")
async def unblock(call: Call, pattern: str) -> None:
    """Hear a sender again."""
    async with call.runtime.transaction(actor(call)) as tx:
        await blocking.unblock(tx, pattern)


@routes.get("/alarms", who="admin", answer=AlarmsOut)
async def find_alarms(call: Call) -> JSON:
    """List what operators should look at."""
    return JSON(b'{"items":%b}' % await alarms.page(call.runtime.database))
