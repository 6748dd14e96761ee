"""How a command gets at the desk: its settings, its database (the embedded one joined or started when needed), a runtime."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeVar

import uvloop

from core.embedded_postgres import running
from core.errors import ConfigurationError
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


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Hold the data folder for this desk; ConfigurationError when another holds it or it cannot be written."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = (data_dir / "up.lock").open("w")
    except OSError as error:
        raise ConfigurationError(
            f"The data folder {data_dir} cannot be written ({error.strerror}): set DATA_DIR to one that can."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigurationError(f"The desk of {data_dir} runs already. Stop it first, or set another DATA_DIR.") from None
        yield
