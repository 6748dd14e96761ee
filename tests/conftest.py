"""Fixtures for every test: real PostgreSQL, a migrated and empty database for each test that asks for one, and a desk on it.

One server serves the whole run, all xdist workers included. The first worker migrates a template; each worker has a copy of it, which is
empty again when a test gets it. So tests commit for real and see nothing of one another.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path

import hypothesis
import pytest
import uvloop

from core.migrate import migrate
from core.process import settle_memory
from core.runtime import Runtime, open_runtime
from core.settings import GivenSettings, Settings
from tests.support.databases import WorkersDatabase
from tests.support.desk import Desk

MEMORY = Path("/dev/shm")

# A busy machine is slow, not wrong.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    """Before there are workers: folders of tests lie in memory where the machine has room there; a disk would be most of the wait."""
    if "TMPDIR" not in os.environ and _has_room(MEMORY):
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: whoever starts a whole desk waits more than he works."""
    return (os.process_cpu_count() if hasattr(os, "process_cpu_count") else os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole desks take long to start and stop and mean little work for the machine: they come first, beside the many others, not last and alone."""
    items.sort(key=lambda item: item.path.name != "test_up.py")


def pytest_collection_finish() -> None:
    """The garbage collector looks as seldom as in our processes: going through all that is imported again and again took a sixth of the run."""
    settle_memory()


def _has_room(folder: Path) -> bool:
    """Whether databases and programs can lie there."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize > 2 * 1024**3 and not found.f_flag & os.ST_NOEXEC


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The loop of the processes: what is different there is found here. It cannot start programs as another user, which some tests do."""
    return {"asyncio": asyncio.new_event_loop} if item.get_closest_marker("other_users") else {"uvloop": uvloop.new_event_loop}


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


@pytest.fixture(scope="session")
def workers_database(postgres_url: str, worker_id: str) -> WorkersDatabase:
    """The database this worker's tests use one after another."""
    return WorkersDatabase(postgres_url, f"test_{worker_id}")


@pytest.fixture
async def database_url(workers_database: WorkersDatabase) -> str:
    """A database for this test alone, migrated and empty."""
    await workers_database.make_empty()
    return workers_database.url


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """Settings of a desk under test: nothing from the environment, every port free, nothing to wait for; and what `@pytest.mark.settings` says."""
    marked = request.node.get_closest_marker("settings")
    return GivenSettings(
        data_dir=tmp_path, api_listen="127.0.0.1:0", bot_listen="127.0.0.1:0", smtp_listen="127.0.0.1:0",
        api_metrics_listen=None, bot_metrics_listen=None, undo_seconds=0, database_pool=6, parser_processes=1,
        **(marked.kwargs if marked else {}),
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
