"""Who looks at a ticket at this moment, and who is writing: so that two colleagues do not answer the same question.

It lives in the cache alone, which may forget it: everybody present says so again within PRESENT. Each person is an entry of its own, so
that processes that share a Redis overwrite nobody; whose entries are looked at says the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from core import policy
from core.cache import Cache
from core.runtime import Tx

PRESENT = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who looks at a ticket, since when, and whether he is writing."""

    user_id: int
    name: str
    writing: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A ticket as a place to meet: who comes, and which colleagues (id → name) may be there."""

    ticket_id: int
    user_id: int
    colleagues: dict[int, str]
    now: datetime


async def place(tx: Tx, ticket_id: int) -> Place:
    """The actor's place at a ticket he works on. What is done with it is done after the transaction: it asks the cache."""
    ticket = (await policy.ticket_for(tx, ticket_id, "be_present")).ticket
    assert tx.actor.user_id is not None
    colleagues = {row["id"]: row["name"] for row in await tx.rows("presence.colleagues", ticket.id, tx.actor.user_id)}
    return Place(ticket.id, tx.actor.user_id, colleagues, tx.now)


async def arrive(cache: Cache, at: Place, *, writing: bool) -> None:
    """Say that he looks at the ticket; to be said again before PRESENT has passed."""
    key = _key(at.ticket_id, at.user_id)
    known = _present(at.user_id, "", await cache.get(key), at.now)
    entry = {"writing": writing, "since": (known.since if known else at.now).isoformat(), "seen": at.now.isoformat()}
    await cache.set(key, orjson.dumps(entry), PRESENT)


async def leave(cache: Cache, at: Place) -> None:
    """Say that he is no longer here."""
    await cache.delete(_key(at.ticket_id, at.user_id))


async def others(cache: Cache, at: Place) -> list[Present]:
    """Who else is here, longest first. Who may not work on the ticket any longer is not shown, whatever the cache holds."""
    entries = await cache.get_many([_key(at.ticket_id, user_id) for user_id in at.colleagues])
    found = [_present(i, name, entry, at.now) for (i, name), entry in zip(at.colleagues.items(), entries, strict=True)]
    return sorted((one for one in found if one is not None), key=lambda one: (one.since, one.user_id))


def _key(ticket_id: int, user_id: int) -> str:
    return f"presence:{ticket_id}:{user_id}"


def _present(user_id: int, name: str, value: bytes | None, now: datetime) -> Present | None:
    if value is None:
        return None
    entry = orjson.loads(value)
    if datetime.fromisoformat(entry["seen"]) + PRESENT < now:
        return None
    return Present(user_id, name, entry["writing"], datetime.fromisoformat(entry["since"]))
