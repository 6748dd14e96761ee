"""The PostgreSQL that comes with the install, for when `DATABASE_URL` is absent.

`running` gives a server on a data folder to whoever needs it, for as long as it is needed: the first to come starts it (and makes the
data on first use), later ones, other processes included, join it, and it shuts down when the last has left or died. Who is
there is told by locks and pipe ends which the kernel counts (`core.embedded.presence`), never by pids, so nothing that is
killed stops the next start.
Connections go over a Unix socket in a private folder; the server listens to no network.
"""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import structlog

from core.embedded import presence, server
from core.embedded.place import Place, explained, prepare
from core.errors import ConfigurationError

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Server:
    """A server ready for connections. `url` is for asyncpg and Tortoise; `started` says that this call started it."""

    url: str
    log: Path
    started: bool


def data_dir_default() -> Path:
    """Where the data lies when `DATA_DIR` is not set: `/var/lib/helpdesk` for root, else the user's data folder (XDG)."""
    if os.geteuid() == 0:
        return Path("/var/lib/helpdesk")
    configured = Path(os.environ.get("XDG_DATA_HOME", ""))
    if configured.is_absolute():
        return configured / "helpdesk"
    try:
        return Path.home() / ".local" / "share" / "helpdesk"
    except RuntimeError as error:
        raise ConfigurationError("This user has no home folder: set DATA_DIR to the folder where the data shall lie.") from error


@asynccontextmanager
async def running(data_dir: Path, *, durable: bool = True, database: str = "helpdesk") -> AsyncIterator[Server]:
    """A server on `data_dir` with the database in it, ready, for the length of the block.

    `durable=False` is for tests: faster, and lost when the machine goes down. It counts for who starts the server.
    Raises `ConfigurationError` with what to change, or `TemporaryFailure` when it takes minutes (recovery, a stuck process)."""
    began = time.monotonic()
    place = prepare(data_dir)
    with ExitStack() as leaving:
        with explained(place):
            async with presence.locked(place):
                user = presence.enter(place)
                leaving.callback(os.close, user)  # first of all: a start that is cancelled must not leave a server behind
                started = await _join_or_start(place, user, durable, database)
                url = f"postgres://postgres@/{quote(database, safe='')}?host={quote(server.socket_of(place))}"
        log.info("postgres.started" if started else "postgres.joined", seconds=round(time.monotonic() - began, 3))
        try:
            yield Server(url, place.log, started)
        finally:
            async with presence.locked(place):
                leaving.close()
                await _end_if_unused(place)


async def stop(data_dir: Path) -> None:
    """Shut the server of `data_dir` down although others may use it: fast, and by force after three seconds."""
    if not await is_running(data_dir):
        return
    place = prepare(data_dir)
    async with presence.locked(place):
        user = presence.enter(place)
        try:
            await presence.tell(place, user, "stop")
            await server.ended(place)
        finally:
            os.close(user)


async def is_running(data_dir: Path) -> bool:
    """Whether a server of `data_dir` is alive, started by whomever; True also while it starts or stops."""
    place = Place.in_folder(data_dir)
    with explained(place):
        return presence.is_alive(place)


async def _join_or_start(place: Place, user: int, durable: bool, database: str) -> bool:
    if presence.is_alive(place):
        # Unread: the watcher was killed, or has given up a server that is about to end. Either way what follows is right.
        await presence.tell(place, user, "joined")
        if await server.is_ready(place, database):
            return False
    log_start = await server.start(place, durable)
    if not await server.is_ready(place, database):
        raise server.never_started(place, log_start)
    return True


async def _end_if_unused(place: Place) -> None:
    if not presence.is_used(place):
        await server.ended(place)
        log.info("postgres.stopped")
