"""The server itself: a postmaster and its watcher, started in a session of their own, so that Ctrl-C in a terminal does not reach them.

The watcher is a few lines of shell that read the FIFO of `presence`: when its last user leaves or dies, however, it asks
the postmaster for a fast shutdown. So neither this process nor the one that started the server has to be there for its end,
and a server that several processes use ends with the last of them.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import asyncpg
import structlog

from core.embedded import presence
from core.embedded.binaries import Binaries, readable_copy, shipped
from core.embedded.cluster import make_ready
from core.embedded.place import Account, Place, account_for, explained, socket_folder
from core.embedded.programs import inhabitants, last_words, popen, run, send
from core.errors import ConfigurationError, TemporaryFailure

log = structlog.get_logger()

_START_WITHIN = 120.0  # seconds; recovery after a crash may replay much
_WATCHER_WITHIN = 1.0
_FAST_WITHIN = 3.0
_IMMEDIATE_WITHIN = 8.0
_PAUSE = 0.005
_LOG_LIMIT = 10 * 1024 * 1024

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "wal_compression": "off",  # this build compresses by pglz only, which costs more than it saves
    "jit": "off",
    "io_method": "sync",  # no worker processes for a small server
    "max_logical_replication_workers": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "log_checkpoints": "off",
    # Statements and the details of errors quote what people wrote.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
_FLEETING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# Descriptor 3 is the watcher's end of the FIFO, 4 the lock that tells the server is alive. A shell starts what runs in the
# background with SIGINT ignored, so until the postmaster has handlers of its own only SIGTERM reaches it (and ends it at once).
# After its signals the watcher turns into a `sleep`, so that its pid stays its own until the postmaster has ended and it is killed.
_WATCHED = """
exec 3<&0 4<&1 0</dev/null 1>&2
watch() {
    while read -r word <&3 && [ "$word" != stop ]; do :; done
    kill -TERM "$server"
    kill -INT "$server"
    exec sleep 600 3<&-
}
serve() {
    "$@" 3<&- & server=$!
    trap '' HUP TERM
    exec 4<&-
    watch & watcher=$!
    exec 3<&- 2>/dev/null
    wait "$server"
    kill -KILL "$watcher"
    wait "$watcher"
}
serve "$@" &
"""


async def start(place: Place, durable: bool) -> int:
    """Start the postmaster; it is ready when `is_ready` says so. Returns where in the log its words begin.

    The caller holds the lock, is a user already (`presence.enter`), and has seen that no server is alive."""
    with explained(place):
        account = account_for(place)
        await _check_reach(place, account)
        binaries = await _runnable(place, account, durable)
        await make_ready(place, account, binaries, durable)
        sockets = socket_folder(place, account)
        for stale in sockets.glob(".s.PGSQL.*"):
            stale.unlink()
        return await _spawn(place, account, [binaries.program("postgres"), *_arguments(place, sockets, durable)])


async def is_ready(place: Place, database: str) -> bool:
    """Wait until the database can be used, made if it was missing; False when no server is alive.

    Raises `TemporaryFailure` when that takes more than two minutes."""
    deadline = time.monotonic() + _START_WITHIN
    deaf_since: float | None = None
    while presence.is_alive(place):
        deaf = False
        if _status(place) == "ready":
            try:
                await _ensure_database(place, database)
                return True
            except (ConnectionRefusedError, FileNotFoundError):
                deaf = True
            except (OSError, asyncpg.CannotConnectNowError, asyncpg.PostgresConnectionError):
                pass  # it begins to stop, or has just begun
        deaf_since = (deaf_since or time.monotonic()) if deaf else None
        if deaf_since and time.monotonic() > deaf_since + 1:  # backends that outlive a killed postmaster
            await send(account_for(place), signal.SIGQUIT, inhabitants(place))
        if time.monotonic() > deadline:
            raise TemporaryFailure(f"PostgreSQL is still not ready, {place.log} says why: try again later.")
        await asyncio.sleep(_PAUSE)
    return False


async def ended(place: Place) -> None:
    """Wait for the end of a server that the watcher knows is not wanted any more, and hasten it after three seconds."""
    if await _gone_within(place, _WATCHER_WITHIN):
        return
    lines = _pid_lines(place)
    postmaster = {int(lines[0])} if lines else set()
    await send(account_for(place), signal.SIGINT, postmaster & inhabitants(place))  # the watcher may have been killed
    if await _gone_within(place, _FAST_WITHIN - _WATCHER_WITHIN):
        return
    log.warning("postgres.immediate_shutdown")
    await send(account_for(place), signal.SIGQUIT, inhabitants(place))
    if not await _gone_within(place, _IMMEDIATE_WITHIN):
        raise TemporaryFailure(f"PostgreSQL in {place.home} does not stop, {place.log} may say why: stop its processes by hand.")


def socket_of(place: Place) -> str:
    """The folder the running server listens in."""
    return _pid_lines(place)[4]


def never_started(place: Place, log_start: int) -> ConfigurationError:
    """What to say about a server that ended before it was ready; `log_start` is what `start` returned."""
    with open(place.log, "rb") as file:
        file.seek(log_start)
        return ConfigurationError(f"PostgreSQL did not start ({last_words(file.read())}): {place.log} says more.")


async def _check_reach(place: Place, account: Account | None) -> None:
    if account is None:
        return
    try:
        await run(account, "/bin/sh", "-c", 'cd -- "$1"', "sh", str(place.home))
    except ConfigurationError as error:
        raise ConfigurationError(
            f"PostgreSQL does not run as root, and the user it runs as cannot enter {place.home}:"
            " give everybody x on the folders above (chmod o+x), or set another DATA_DIR."
        ) from error


async def _runnable(place: Place, account: Account | None, durable: bool) -> Binaries:
    binaries = shipped()
    try:
        await run(account, binaries.program("initdb"), "--version")
    except ConfigurationError:
        if account is None:
            raise
        return readable_copy(binaries, place.home, durable)
    return binaries


def _arguments(place: Place, sockets: Path, durable: bool) -> list[str]:
    settings = {**_SETTINGS, "unix_socket_directories": str(sockets), **({} if durable else _FLEETING)}
    return ["-D", str(place.data), *(f"--{name}={value}" for name, value in settings.items())]


async def _spawn(place: Place, account: Account | None, command: list[str]) -> int:
    watching = presence.watching_end(place)
    life = await presence.claim_life(place)
    words = os.open(place.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        if os.fstat(words).st_size > _LOG_LIMIT:
            os.ftruncate(words, 0)
        log_start = os.fstat(words).st_size
        arguments = ["/bin/sh", "-c", _WATCHED, "helpdesk-postgres", *command]
        popen(account, *arguments, stdin=watching, stdout=life, output=words, session=True).wait()  # it leaves its work in the background
        return log_start
    finally:
        for descriptor in (watching, life, words):
            os.close(descriptor)


async def _ensure_database(place: Place, name: str) -> None:
    connection = await asyncpg.connect(host=socket_of(place), port=5432, user="postgres", database="postgres", timeout=10)
    try:
        if not await connection.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name):
            quoted = name.replace('"', '""')
            await connection.execute(f'CREATE DATABASE "{quoted}"')
    finally:
        await connection.close()


async def _gone_within(place: Place, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while presence.is_alive(place):
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(_PAUSE)
    return True


def _status(place: Place) -> str:
    lines = _pid_lines(place)
    return lines[7].strip() if len(lines) > 7 else ""


def _pid_lines(place: Place) -> list[str]:
    try:
        return place.pid_file.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except FileNotFoundError:
        return []
