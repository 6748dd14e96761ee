"""Commands on what somebody sees in-app, and on what he wants to be told: marks of having read, and choices.

Who is told is decided in `notices.py`. A notification of a ticket that its reader may not see any longer does not exist: the reads judge it
with each request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core import policy
from core.db import Row
from core.errors import Invalid, NotFound
from core.notice_rules import Scope
from core.notices import CHANNELS, CHOICES, Channel, by_default
from core.pages import Page, decoded, page_of
from core.queries import Reader, active
from core.runtime import Tx


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether somebody wants to be told of a kind, for a reason, by a channel."""

    kind: str
    scope: Scope
    channel: Channel
    enabled: bool


async def mark_read(tx: Tx, notification_id: int) -> None:
    """Mark one as read; again is no error. NotFound when it is not the actor's, or of a ticket he does not see."""
    await policy.require(tx, "see_notifications")
    if not await tx.value("notifications.mark_read", tx.actor.user_id, notification_id, tx.now):
        raise NotFound("There is no such notification.")


async def mark_all_read(tx: Tx, up_to: int | None = None) -> int:
    """Mark all as read, or those up to and including one that was seen; returns how many were new."""
    await policy.require(tx, "see_notifications")
    return len(await tx.rows("notifications.mark_all_read", tx.actor.user_id, up_to, tx.now))


async def mark_ticket_read(tx: Tx, ticket_id: int) -> None:
    """Mark all of one ticket as read: whoever looks at it has seen them."""
    access = await policy.ticket_for(tx, ticket_id, "see")
    await tx.rows("notifications.mark_ticket_read", tx.actor.user_id, access.ticket.id, tx.now)


async def choose(tx: Tx, choices: Sequence[Choice]) -> None:
    """Remember what the actor wants to be told. Invalid for a kind and scope that nobody can choose about."""
    await policy.require(tx, "change_own_profile")
    wrong = [f"{c.kind}/{c.scope}" for c in choices if c.scope not in CHOICES.get(c.kind, ())]
    if wrong:
        raise Invalid(f"There is nothing to choose about {', '.join(wrong)}.", {"choices": "kind and scope must be among those of GET"})
    kept = {(c.kind, c.scope, c.channel): c.enabled for c in choices}
    await tx.rows("notifications.choose", tx.actor.user_id, *_columns(list(kept)), list(kept.values()))


async def choices(db: Reader, user_id: int) -> list[Choice]:
    """Everything that can be chosen, as this person has it: his choice, or the desk's default."""
    row = active(await db.row("notifications.choices", user_id))
    chosen = {(kind, scope, channel): enabled for kind, scope, channel, enabled in row["chosen"]}
    return [
        Choice(kind, scope, channel, bool(chosen.get((kind, scope, channel), by_default(kind, scope, channel))))
        for kind, scopes in CHOICES.items()
        for scope in scopes
        for channel in CHANNELS
    ]


async def page(db: Reader, user_id: int, *, unread: bool, limit: int, cursor: str | None) -> Page:
    """A person's notifications, newest first."""
    before = decoded(cursor, "notifications", int) or [2**63 - 1]
    return page_of(active(await db.row("notifications.page", user_id, limit, *before, unread)), "notifications", "last")


async def unread(db: Reader, user_id: int) -> int:
    """How many a person has not read."""
    row: Row = active(await db.row("notifications.unread", user_id))
    count: int = row["count"]
    return count


def _columns(keys: Sequence[tuple[str, str, str]]) -> list[list[str]]:
    return [[key[position] for key in keys] for position in range(3)]
