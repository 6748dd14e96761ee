"""One at a time per ticket, over all workers: a PostgreSQL session lock on a connection of its own, never a transaction held open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from weakref import WeakValueDictionary

import asyncpg

from core.db import UNAVAILABLE, Database
from core.errors import TemporaryFailure

MAIL, SLACK = 1042, 1043  # the first of PostgreSQL's two lock numbers; the second is the ticket's
_SOON = 0.2  # seconds until somebody who found the ticket taken comes again


class TicketLocks:
    """Locks by ticket id, apart for each `space`. Ends with its connection: a worker that dies holds nothing."""

    def __init__(self, database: Database, space: int = MAIL) -> None:
        self._database = database
        self._space = space
        self._connection: asyncpg.Connection | None = None
        self._turn = asyncio.Lock()
        self._held: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def held(self, ticket_id: int) -> AsyncIterator[None]:
        """Hold the ticket's lock. Waits for others of this process; TemporaryFailure at once when another process has it."""
        async with self._held.setdefault(ticket_id, asyncio.Lock()):
            if not await self._ask("SELECT pg_try_advisory_lock($1, $2)", ticket_id):
                raise _busy()
            try:
                yield
            finally:
                with suppress(TemporaryFailure):
                    await self._ask("SELECT pg_advisory_unlock($1, $2)", ticket_id)

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close(timeout=1)

    async def _ask(self, statement: str, ticket_id: int) -> bool:
        async with self._turn:
            if self._connection is None or self._connection.is_closed():
                self._connection = await self._database.connect()
            try:
                return bool(await self._connection.fetchval(statement, self._space, ticket_id & 0x7FFFFFFF))
            except UNAVAILABLE as error:
                self._connection = None
                raise TemporaryFailure("The database does not answer at the moment.") from error


def _busy() -> TemporaryFailure:
    return TemporaryFailure("Another worker is at this ticket.", timedelta(seconds=_SOON))
