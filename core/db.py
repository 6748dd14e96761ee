"""The database: one pool per process, shared by Tortoise (which writes) and named SQL (which reads, and writes where it is hot)."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.connection import get_connections
from tortoise.exceptions import DBConnectionError

from core.errors import AlreadyThere, ConfigurationError, HelpdeskError, TemporaryFailure
from core.models import MODULES
from core.sql import SQL

Row: TypeAlias = Mapping[str, Any]
"""A row of a result, by column name (asyncpg's Record)."""
_IN_TROUBLE = (
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,
)  # classes 53 and 58: disk or memory full, a file that cannot be read
UNAVAILABLE = (OSError, DBConnectionError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.CannotConnectNowError, asyncio.TimeoutError,
               asyncpg.InternalClientError, asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.DatabaseDroppedError,
               asyncpg.IdleSessionTimeoutError, *_IN_TROUBLE)  # fmt: skip
"""What passes when the server is mended: it is a TemporaryFailure to everybody above."""


def tortoise_config(url: str, pool: int, *extra_modules: str) -> dict[str, Any]:
    """Tortoise's configuration for a `postgres://` URL, a socket folder in `?host=` included."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    credentials: dict[str, object] = {
        "host": query["host"][0] if "host" in query else parts.hostname,
        "port": parts.port or 5432,
        "user": unquote(parts.username or "postgres"),
        "password": unquote(parts.password) if parts.password else None,
        "database": parts.path.lstrip("/"),
        "minsize": 1,
        "maxsize": pool,
        "command_timeout": 60,
        # Our statements read by index whatever the values are: planning each call anew would cost as much as the reading.
        "server_settings": {
            "timezone": "UTC",
            "application_name": "helpdesk",
            "plan_cache_mode": "force_generic_plan",
            "random_page_cost": "1.1",
        },
        # Pooled connections keep no session state (LISTEN and session locks have connections of their own), so the
        # round trip of asyncpg's default reset on every release buys nothing.
        "reset": _keep_session,
        **({"ssl": query["sslmode"][0]} if "sslmode" in query else {}),
    }
    return {
        "connections": {"default": {"engine": "tortoise.backends.asyncpg", "credentials": credentials}},
        "apps": {"models": {"models": [*MODULES, *extra_modules], "default_connection": "default"}},
        "use_tz": True,
    }


class Database:
    """Reads by name, transactions, and connections of one's own."""

    def __init__(self, url: str, client: AsyncpgDBClient) -> None:
        self.url = url
        self._client = client

    async def rows(self, name: str, *args: object) -> list[Row]:
        """All rows of a named statement."""
        async with self._pooled() as connection:
            found: list[Row] = await connection.fetch(SQL[name], *args)
            return found

    async def row(self, name: str, *args: object) -> Row | None:
        """The first row of a named statement, or None."""
        async with self._pooled() as connection:
            found: Row | None = await connection.fetchrow(SQL[name], *args)
            return found

    async def value(self, name: str, *args: object) -> Any:
        """The first column of the first row of a named statement, or None."""
        async with self._pooled() as connection:
            return await connection.fetchval(SQL[name], *args)

    async def composed(self, statement: str, *args: object) -> Row | None:
        """The first row of a statement that was put together from fixed pieces of named SQL; what varies must come as `args`."""
        async with self._pooled() as connection:
            found: Row | None = await connection.fetchrow(statement, *args)
            return found

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[asyncpg.Connection]:
        """One transaction that Tortoise's models and the yielded connection share; rolled back on any exception.

        TemporaryFailure when the connection is lost in it or another transaction stood in its way, AlreadyThere for what a unique key refused.
        """
        context = self._client._in_transaction()
        try:
            with _translated():
                client = await context.__aenter__()
        except BaseException:
            # A connection that died between acquire and BEGIN must go back to the pool, or outages eat the pool up.
            with suppress(Exception):
                await context.__aexit__(*sys.exc_info())
            raise
        try:
            async with client.acquire_connection() as connection:
                pass
            yield connection
        except BaseException as error:
            await _leave(context)
            if (known := _known(error)) is not None:
                raise known from error
            raise
        with _translated():
            await context.__aexit__(None, None, None)

    async def connect(self, *, repeatable: bool = False) -> asyncpg.Connection:
        """A connection outside the pool, for LISTEN and session locks; the caller closes it.

        `repeatable` is for writes that are safe to be made again after a crash of the server: their commits do not wait for the disk.
        """
        with _translated():
            connection = await connect(self.url)
            if repeatable:
                await connection.execute("SET synchronous_commit = off")
            return connection

    @asynccontextmanager
    async def _pooled(self) -> AsyncIterator[asyncpg.Connection]:
        with _translated():
            async with self._client.acquire_connection() as connection:
                yield connection


async def open_database(url: str, pool: int) -> Database:
    """Open the pool; ConfigurationError in one sentence when the server cannot be reached or refuses."""
    await Tortoise.init(config=tortoise_config(url, pool), _enable_global_fallback=True)
    client = get_connections().get("default")
    assert isinstance(client, AsyncpgDBClient)
    try:
        await client.create_connection(with_db=True)
    except (*UNAVAILABLE, asyncpg.PostgresError) as error:
        raise unreachable(error) from error
    return Database(url, client)


def unreachable(error: BaseException) -> ConfigurationError:
    """The sentence for a database that cannot be opened."""
    return ConfigurationError(f"The database cannot be opened: {error}. Check DATABASE_URL and that the server runs.")


async def close_database() -> None:
    """Close the pool of this process."""
    await Tortoise.close_connections()


async def connect(url: str) -> asyncpg.Connection:
    """One connection of its own, outside any pool; the caller closes it."""
    return await asyncpg.connect(**connect_options(url), timeout=10)


def connect_options(url: str) -> dict[str, Any]:
    """What asyncpg takes for a `postgres://` URL."""
    credentials = tortoise_config(url, 2)["connections"]["default"]["credentials"]
    return {key: value for key, value in credentials.items() if key not in ("minsize", "maxsize", "reset")}


async def _keep_session(_connection: asyncpg.Connection) -> None:
    return None


def _known(error: BaseException) -> HelpdeskError | None:
    """What an error of the database inside a transaction means to everybody above."""
    cause = error if isinstance(error, asyncpg.PostgresError) else error.__cause__
    if isinstance(cause, asyncpg.UniqueViolationError):
        return AlreadyThere("Somebody made the same at the same moment: look again.", cause.constraint_name or "")
    if isinstance(cause, asyncpg.DeadlockDetectedError):
        return TemporaryFailure("Somebody changed the same things at the same moment; try again.")
    lost = not isinstance(error, HelpdeskError) and (isinstance(error, UNAVAILABLE) or isinstance(cause, UNAVAILABLE))
    return _unavailable(cause if isinstance(cause, UNAVAILABLE) else error) if lost else None


def _unavailable(error: BaseException) -> TemporaryFailure:
    """What people may read of it: the server's own words name files of its machine."""
    if isinstance(error, _IN_TROUBLE) and not isinstance(error, asyncpg.TooManyConnectionsError):
        return TemporaryFailure(f"The database is in trouble ({type(error).__name__}): its log says more; try again shortly.")
    return TemporaryFailure("The database does not answer at the moment; try again shortly.")


async def _leave(context: Any) -> None:
    """Roll back; a connection that is gone has rolled back by itself."""
    with suppress(*UNAVAILABLE, asyncpg.PostgresError):
        await context.__aexit__(*sys.exc_info())


class _translated:  # noqa: N801 - used as a verb
    """A database that is down, starting, full or in trouble is a TemporaryFailure to everybody above."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, UNAVAILABLE):
            raise _unavailable(error) from error
