"""Fixtures for every test: real PostgreSQL, a fresh migrated database for each test that asks for one, and a desk on it.

One server serves the whole run, all xdist workers included. The first worker migrates a template; a test's own database is a copy of
it, so tests commit for real and see nothing of one another.
"""

from __future__ import annotations

import asyncio
import fcntl
import itertools
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import hypothesis
import pytest

from core.db import connect
from core.migrate import migrate
from core.runtime import Runtime, open_runtime
from core.settings import Settings
from tests.support.desk import Desk

_numbers = itertools.count(1)

# A busy machine is slow, not wrong.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")


@pytest.fixture(scope="session")
def run_folder(testrun_uid: str) -> Iterator[Path]:
    """A folder that all workers of this run share; the last one out removes it."""
    folder = Path(tempfile.gettempdir()) / f"helpdesk-tests-{testrun_uid}"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711)
    with (folder / "users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        yield folder
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url(run_folder: Path) -> Iterator[str]:
    """The URL of the migrated template database on the suite's server."""
    command = [sys.executable, "-m", "tests.support.postgres", str(run_folder / "postgres")]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdin is not None and holder.stdout is not None
    url = holder.stdout.readline().strip()
    assert url, "the embedded PostgreSQL did not start; its log is beside its data"
    with (run_folder / "migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        asyncio.run(migrate(url))
    yield url
    holder.stdin.close()
    holder.wait(10)
    holder.stdout.close()


@pytest.fixture
async def database_url(postgres_url: str, worker_id: str) -> AsyncIterator[str]:
    """A database of this test's own, migrated and empty."""
    name = f"test_{worker_id}_{next(_numbers)}"
    admin = await connect(postgres_url.replace("template_of_tests", "postgres"))
    try:
        # Copying files takes a sixth of the time that PostgreSQL's default takes.
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE template_of_tests STRATEGY file_copy")
        yield postgres_url.replace("template_of_tests", name)
        await _drop(admin, name)
    finally:
        await admin.close()


async def _drop(admin: asyncpg.Connection, name: str) -> None:
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a desk under test: nothing from the environment, every port free, nothing to wait for."""
    return Settings(
        _env_file=None, data_dir=tmp_path, api_listen="127.0.0.1:0", bot_listen="127.0.0.1:0", smtp_listen="127.0.0.1:0",
        api_metrics_listen=None, bot_metrics_listen=None, undo_seconds=0, database_pool=6, parser_processes=1,
    )  # fmt: skip


@pytest.fixture
async def rt(settings: Settings, database_url: str) -> AsyncIterator[Runtime]:
    """A runtime on a database of its own, its clock ready to be moved."""
    async with open_runtime(settings, database_url) as runtime:
        yield runtime


@pytest.fixture
async def desk(rt: Runtime) -> Desk:
    """A seeded desk: a queue, a mailbox, an admin, two staff and a requester."""
    return await Desk.seeded(rt)
