"""How a command gets at the desk: its settings, its database (the embedded one joined or started when needed), a runtime."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import TypeVar

import uvloop

from core.embedded_postgres import running
from core.logs import configure_logs
from core.migrate import check_current
from core.runtime import Runtime, open_runtime
from core.settings import Settings, load_settings

T = TypeVar("T")


def run(work: Coroutine[object, object, T]) -> T:
    """Run a command's coroutine, on uvloop, with logs to standard error (warnings and worse)."""
    configure_logs("console", "warning", "cli")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


@asynccontextmanager
async def database_url(settings: Settings) -> AsyncIterator[str]:
    """The database's URL, good while the block runs."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    async with running(settings.data_dir) as server:
        yield server.url


@asynccontextmanager
async def open_desk() -> AsyncIterator[Runtime]:
    """A runtime on the configured, migrated database."""
    settings = load_settings()
    async with database_url(settings) as url, open_runtime(settings, url) as rt:
        await check_current(rt.database)
        yield rt
