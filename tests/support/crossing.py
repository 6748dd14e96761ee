"""Two at the same moment: one holds its locks until the other waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

from core.runtime import Actor, Runtime, Tx
from tests.support.desk import Desk
from tests.support.mail import execute, until


@asynccontextmanager
async def meanwhile(desk: Desk, other: Coroutine[object, object, object], actor: Actor | None = None) -> AsyncIterator[Tx]:
    """Do something in a transaction (of anna's, or the actor's) that commits only when `other` waits for its locks; then `other` is awaited."""
    async with desk.rt.transaction(actor or Actor(desk.anna.id)) as tx:
        yield tx
        task = asyncio.ensure_future(other)
        await until(lambda: somebody_waits(desk.rt))
    await task


async def somebody_waits(rt: Runtime) -> bool:
    """Whether a connection of this database waits for a lock."""
    return bool(await execute(rt, "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"))
