"""Every door of a process to the world, opened and closed once; `rt.transaction(actor)` is the one way to write.

Leaving a transaction turns every emitted event into its row, its jobs and a NOTIFY, in the same commit. After a rollback nothing
exists.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import orjson

from core import events
from core.blobs import BlobStore, S3Config, open_blobs
from core.cache import Cache, open_cache
from core.clock import Clock
from core.consequences import Channels, Emitted, jobs_for
from core.db import Database, Row, close_database, open_database
from core.jobs import enqueue
from core.keys import Keys, load_keys
from core.models.tickets import Via
from core.settings import Settings
from core.sql import SQL


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and through which door; without a user it is the desk itself. What he may do is read from the database."""

    user_id: int | None
    via: Via = Via.SYSTEM


SYSTEM = Actor(None)


class Tx:
    """One transaction of one actor: an instant, named SQL, and `emit`. Inside it only SQL: no network, no new task."""

    def __init__(self, actor: Actor, now: datetime, connection: asyncpg.Connection, rt: Runtime, quiet: bool) -> None:
        self.actor = actor
        self.now = now
        self.keys = rt.keys
        self.clock = rt.clock
        self.settings = rt.settings
        self._connection = connection
        self._channels = rt.channels
        self._quiet = quiet
        self.locked: set[int] = set()
        """Tickets that this transaction holds by `policy.lock`."""
        self._emitted: list[tuple[Actor, events.Event | events.DeskEvent]] = []

    def acting_as(self, actor: Actor) -> Tx:
        """The same transaction in the hands of somebody whom a door has proven to be there: his rights, his name on what happens."""
        other = copy(self)
        other.actor = actor
        return other

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """A part that may fail by itself: what it did and said is taken back, and the error goes on to the caller."""
        said, held = len(self._emitted), set(self.locked)
        try:
            async with self._connection.transaction():
                yield
        except BaseException:
            del self._emitted[said:]
            self.locked.intersection_update(held)
            raise

    async def rows(self, name: str, *args: object) -> list[Row]:
        """All rows of a named statement."""
        found: list[Row] = await self._connection.fetch(SQL[name], *args)
        return found

    async def row(self, name: str, *args: object) -> Row | None:
        """The first row of a named statement, or None."""
        found: Row | None = await self._connection.fetchrow(SQL[name], *args)
        return found

    async def value(self, name: str, *args: object) -> Any:
        """The first column of the first row of a named statement, or None."""
        return await self._connection.fetchval(SQL[name], *args)

    async def emit(self, event: events.Event | events.DeskEvent) -> None:
        """Say what happened; its row and its consequences are written when the transaction ends well."""
        self._emitted.append((self.actor, event))

    async def write_events(self) -> None:
        """Turn what was emitted into rows, jobs and a NOTIFY. Called once, by `Runtime.transaction`."""
        if not self._emitted:
            return
        told = [(actor, event) for actor, event in self._emitted if isinstance(event, events.Event)]
        ids = iter(await self._insert(told)) if told else iter(())
        emitted = [Emitted(next(ids) if isinstance(event, events.Event) else 0, event) for _, event in self._emitted]
        if not self._quiet:
            await enqueue(self._connection, jobs_for(emitted, self._channels))

    async def _insert(self, told: list[tuple[Actor, events.Event]]) -> list[int]:
        columns = zip(
            *((e.ticket_id, e.kind, orjson.dumps(e.data()).decode(), actor.user_id, actor.via.value) for actor, e in told), strict=True
        )
        rows = await self.rows("events.insert", *map(list, columns), self._quiet, self.now)
        return [row["id"] for row in rows]


@dataclass(slots=True)
class Runtime:
    """What a process has: settings, clock, keys, database, blobs and cache."""

    settings: Settings
    clock: Clock
    keys: Keys
    database: Database
    blobs: BlobStore
    cache: Cache

    @property
    def channels(self) -> Channels:
        return Channels(self.settings.slack_enabled, timedelta(seconds=self.settings.undo_seconds))

    @asynccontextmanager
    async def transaction(self, actor: Actor, *, quiet: bool = False) -> AsyncIterator[Tx]:
        """One transaction. `quiet` records its events without telling anybody (imports, replays, seeding).

        Raises TemporaryFailure when the database is down; then nothing was written.
        """
        async with self.database.transaction() as connection:
            tx = Tx(actor, self.clock.now(), connection, self, quiet)
            yield tx
            await tx.write_events()


@asynccontextmanager
async def open_runtime(settings: Settings, database_url: str, clock: Clock | None = None) -> AsyncIterator[Runtime]:
    """Open everything a process needs and close it again, in reverse order."""
    async with AsyncExitStack() as stack:
        keys = load_keys([key.get_secret_value() for key in settings.secret_keys], settings.data_dir)
        database = await open_database(database_url, settings.database_pool)
        stack.push_async_callback(close_database)
        blobs = await open_blobs(settings.data_dir / "blobs", _s3(settings))
        stack.push_async_callback(blobs.close)
        cache = await open_cache(settings.redis_url.get_secret_value() if settings.redis_url else None)
        stack.push_async_callback(cache.close)
        yield Runtime(settings, clock or Clock(), keys, database, blobs, cache)


def _s3(settings: Settings) -> S3Config | None:
    if not (settings.s3_bucket and settings.s3_access_key and settings.s3_secret_key):
        return None
    return S3Config(
        endpoint_url=settings.s3_endpoint_url,
        bucket=settings.s3_bucket,
        region=settings.s3_region,
        access_key=settings.s3_access_key,
        secret_key=settings.s3_secret_key.get_secret_value(),
        public_url=settings.s3_public_url,
    )
