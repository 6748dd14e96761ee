"""Bringing a database to this version: by several starters at once, once, and back again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest

from core.db import connect
from core.migrate import FOLDER
from tests.support.databases import TEMPLATE


@pytest.fixture
async def empty_database_url(postgres_url: str) -> AsyncIterator[str]:
    """A database nobody has migrated."""
    admin = await connect(postgres_url.replace(TEMPLATE, "postgres"))
    name = f"empty_{os.getpid()}"
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield postgres_url.replace(TEMPLATE, name)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


def starter(url: str, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": url, "SECRET_KEYS": "k" * 40, "HOME": os.environ.get("HOME", "/")}
    command = [sys.executable, "-m", "bot.cli", "migrate", *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


async def test_several_starters_at_once_migrate_once(empty_database_url: str) -> None:
    starters = [starter(empty_database_url) for _ in range(3)]
    said = [process.communicate(timeout=60)[0].decode() for process in starters]
    assert [process.returncode for process in starters] == [0, 0, 0], said
    connection = await connect(empty_database_url)
    applied = [row["version"] for row in await connection.fetch("SELECT version FROM aerich ORDER BY id")]
    assert applied == sorted(path.name for path in (FOLDER / "models").glob("[0-9]*_*.py"))
    assert await connection.fetchval("SELECT count(*) FROM queues") == 1  # the first queue was made once as well
    down = starter(empty_database_url, "--down", "--yes")
    told = down.communicate(timeout=60)[0].decode()
    assert down.returncode == 0, told
    left = await connection.fetchval("SELECT count(*) FROM aerich")
    assert left == len(applied) - 1
    await connection.close()
