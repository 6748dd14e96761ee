"""One at a time per ticket, over all workers: PostgreSQL session locks on a connection of its own, never a transaction held open.

Tickets that are wanted while the connection is busy share its next statement, and what is given back while others are held goes along
with it, so that locking costs little even when many jobs run at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from weakref import WeakValueDictionary

import asyncpg

from core.db import UNAVAILABLE, Database
from core.errors import TemporaryFailure
from core.jobs import MAIL_LOCKS

_SOON = timedelta(seconds=0.2)  # until somebody who found the ticket taken comes again
_LAZY = 0.05  # seconds that a ticket given back waits for the next statement while others are held
_GIVE_BACK_AND_TAKE = """
SELECT ARRAY(SELECT pg_try_advisory_lock($1, wanted)
               FROM unnest($3::int[]) WITH ORDINALITY AS ticket (wanted, position) ORDER BY position) AS taken
  FROM (SELECT count(pg_advisory_unlock($1, given_back)) FROM unnest($2::int[]) AS given_back) AS first
"""


class TicketLocks:
    """Locks by ticket id, apart for each `space`. Ends with its connection: a worker that dies holds nothing."""

    def __init__(self, database: Database, space: int = MAIL_LOCKS) -> None:
        self._database = database
        self._space = space
        self._connection: asyncpg.Connection | None = None
        self._given_back: list[int] = []
        self._holding = 0
        self._wanted: list[tuple[int, asyncio.Future[bool]]] = []
        self._asking: asyncio.Task[None] | None = None
        self._later: asyncio.TimerHandle | None = None
        self._held: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def held(self, ticket_id: int) -> AsyncIterator[None]:
        """Hold the ticket's lock. Waits for others of this process; TemporaryFailure at once when another process has it."""
        async with self._held.setdefault(ticket_id, asyncio.Lock()):
            taken: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
            self._wanted.append((ticket_id & 0x7FFFFFFF, taken))
            self._ask()
            try:
                got = await taken
            except asyncio.CancelledError:
                if not taken.cancelled() and taken.exception() is None and taken.result():  # stopped as it was taken
                    self._give_back(ticket_id & 0x7FFFFFFF)
                raise
            if not got:
                raise TemporaryFailure("Another worker is at this ticket.", _SOON)
            self._holding += 1
            try:
                yield
            finally:
                self._holding -= 1
                self._give_back(ticket_id & 0x7FFFFFFF)

    async def close(self) -> None:
        self._forget_later()
        if self._asking is not None:
            await asyncio.wait([self._asking], timeout=1)
        if self._connection is not None:
            await self._connection.close(timeout=1)

    def _give_back(self, ticket_id: int) -> None:
        self._given_back.append(ticket_id)
        if not self._holding:
            self._ask_for_nothing()
        elif self._later is None:
            self._later = asyncio.get_running_loop().call_later(_LAZY, self._ask_for_nothing)

    def _ask_for_nothing(self) -> None:
        self._forget_later()
        self._ask()

    def _ask(self) -> None:
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask_all())

    async def _ask_all(self) -> None:
        try:
            while self._wanted or (self._given_back and self._later is None):
                (given_back, self._given_back), (wanted, self._wanted) = (self._given_back, []), (self._wanted, [])
                self._forget_later()
                await self._ask_once(given_back, wanted)
        finally:
            self._asking = None

    def _forget_later(self) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None

    async def _ask_once(self, given_back: list[int], wanted: list[tuple[int, asyncio.Future[bool]]]) -> None:
        try:
            if self._connection is None or self._connection.is_closed():
                self._connection, given_back = await self._database.connect(), []  # what the lost one held is free
            taken = await self._connection.fetchval(_GIVE_BACK_AND_TAKE, self._space, given_back, [ticket for ticket, _ in wanted])
        except Exception as error:  # noqa: BLE001 - whatever it is, everybody who waits must hear of it
            self._connection = None
            failure = _explained(error)
            for _, done in wanted:
                if not done.cancelled():
                    done.set_exception(failure)
            return
        for (ticket, done), got in zip(wanted, taken, strict=True):
            if not done.cancelled():
                done.set_result(got)
            elif got:
                self._give_back(ticket)


def _explained(error: Exception) -> Exception:
    if not isinstance(error, UNAVAILABLE):
        return error
    failure = TemporaryFailure("The database does not answer at the moment.")
    failure.__cause__ = error
    return failure
