"""Bringing the database to this version's schema, safely with several starters at once.

Starters poll for an advisory lock: waiting inside `pg_advisory_lock` would deadlock with `CREATE INDEX CONCURRENTLY`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from tortoise import Tortoise

from core.db import UNAVAILABLE, Database, connect, tortoise_config, unreachable
from core.errors import ConfigurationError

FOLDER = Path(__file__).parents[1] / "migrations"
_LOCK = 7_236_411_905  # any number, the same in every version
_PATIENCE = 120  # seconds another starter's migration may take


async def migrate(url: str) -> list[str]:
    """Apply what is missing, each migration in its own transaction; returns the names applied. Quick when there is nothing to do."""
    async with _alone(url) as connection:
        if not await pending(connection):
            return []
        return await _aerich_upgrade(url)


async def downgrade(url: str) -> str | None:
    """Take back the newest migration; returns its name, or None when there is none."""
    async with _alone(url) as connection:
        done = await _applied(connection)
        return (await _aerich_downgrade(url))[0] if done else None


async def pending(connection: asyncpg.Connection) -> list[str]:
    """Names of the migrations this database has not seen, in order."""
    done = set(await _applied(connection))
    return [path.name for path in sorted((FOLDER / "models").glob("[0-9]*_*.py"), key=_number) if path.name not in done]


async def check_current(database: Database) -> None:
    """ConfigurationError unless the schema is this version's; newer than this version is accepted, for rolling upgrades."""
    connection = await database.connect()
    try:
        missing = await pending(connection)
    finally:
        await connection.close()
    if missing:
        raise ConfigurationError(f"The database lacks {len(missing)} migration(s): run `helpdesk migrate` once, then start again.")


def _number(path: Path) -> int:
    return int(path.name.partition("_")[0])


async def _applied(connection: asyncpg.Connection) -> list[str]:
    if not await connection.fetchval("SELECT to_regclass('aerich') IS NOT NULL"):
        return []
    return [row["version"] for row in await connection.fetch("SELECT version FROM aerich WHERE app = 'models' ORDER BY id")]


@asynccontextmanager
async def _alone(url: str) -> AsyncIterator[asyncpg.Connection]:
    try:
        connection = await connect(url)
    except (*UNAVAILABLE, asyncpg.PostgresError) as error:
        raise unreachable(error) from error
    try:
        async with asyncio.timeout(_PATIENCE):
            while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
                await asyncio.sleep(0.1)
        yield connection
    except TimeoutError:
        raise ConfigurationError(
            "Another process has been migrating this database for two minutes; look at it, then start again."
        ) from None
    finally:
        await connection.close()


async def _aerich_upgrade(url: str) -> list[str]:
    # aerich costs 0.3 s and 20 MB to import: only who migrates pays.
    from aerich import Command
    from aerich.migrate import Migrate

    command = Command(tortoise_config(url, 2, "aerich.models"), app="models", location=str(FOLDER))
    await Tortoise.init(config=tortoise_config(url, 2, "aerich.models"), _enable_global_fallback=True)
    try:
        await Tortoise.get_connection("default").execute_script(_AERICH_TABLE)
        Migrate.app, Migrate.migrate_location = "models", FOLDER / "models"
        return await command.upgrade(run_in_transaction=True)
    finally:
        await Tortoise.close_connections()


async def _aerich_downgrade(url: str) -> list[str]:
    from aerich import Command
    from aerich.migrate import Migrate

    command = Command(tortoise_config(url, 2, "aerich.models"), app="models", location=str(FOLDER))
    await Tortoise.init(config=tortoise_config(url, 2, "aerich.models"), _enable_global_fallback=True)
    try:
        Migrate.app, Migrate.migrate_location = "models", FOLDER / "models"
        return await command.downgrade(version=-1, delete=False)
    finally:
        await Tortoise.close_connections()


_AERICH_TABLE = """
CREATE TABLE IF NOT EXISTS "aerich" (
    "id" SERIAL NOT NULL PRIMARY KEY, "version" VARCHAR(255) NOT NULL, "app" VARCHAR(100) NOT NULL, "content" JSONB NOT NULL
)
"""
