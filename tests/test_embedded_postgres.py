"""The embedded PostgreSQL, started for real: who starts it, who shares it, who may be killed, and what it refuses."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import asyncpg
import pytest

from core.embedded import binaries
from core.embedded.place import Account, Place, account_for
from core.embedded_postgres import data_dir_default, is_running, running, stop
from core.errors import ConfigurationError

REPOSITORY = Path(__file__).resolve().parent.parent
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
pytestmark = pytest.mark.other_users
WITH_PROC = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc")

# Another process that uses the server until its standard input ends; Ctrl-C is left to its terminal's other processes.
ANOTHER_PROCESS = """
import asyncio, signal, sys
from pathlib import Path
import structlog
from core.embedded_postgres import running
from core.errors import HelpdeskError

async def main():
    try:
        async with running(Path(sys.argv[1]), durable=False) as server:
            print("started" if server.started else "joined", server.url, flush=True)
            await asyncio.to_thread(sys.stdin.read)
    except HelpdeskError as error:
        print(type(error).__name__, error, flush=True)

signal.signal(signal.SIGINT, signal.SIG_IGN)
structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
asyncio.run(main())
"""


@dataclass(frozen=True, slots=True)
class Another:
    """Another process, and the first line it printed."""

    process: asyncio.subprocess.Process
    said: str

    @property
    def url(self) -> str:
        return self.said.split()[1]

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the user PostgreSQL runs as can enter, which pytest's own are not for root."""
    path = _new_folder()
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def first_used() -> Iterator[Path]:
    """A data folder with a cluster and the table `said` in it, made once."""
    path = _new_folder()

    async def use() -> None:
        async with running(path / "desk", durable=False), _connected(path / "desk") as connection:
            await connection.execute("CREATE TABLE said (words text)")

    asyncio.run(use())
    yield path / "desk"
    shutil.rmtree(path)


@pytest.fixture
async def used(first_used: Path) -> AsyncIterator[Path]:
    """A data folder that has been used before, and on which nothing runs."""
    yield first_used
    await stop(first_used)


@pytest.fixture(scope="module")
def ordinary_user() -> Account | None:
    """Somebody who is not root: None is the present user."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    account = Account(nobody.pw_uid, nobody.pw_gid)
    if not _python_for(account):
        pytest.skip("Python or this checkout is out of sight for ordinary users")
    return account


async def test_first_use_made_a_database_that_knows_every_script(used: Path) -> None:
    async with running(used, durable=False) as server:
        assert server.started
        connection = await asyncpg.connect(server.url)
        assert await connection.fetchval("SELECT current_database()") == "helpdesk"
        assert await connection.fetchval("SELECT lower('ÄÖÉ')") == "äöé"
        assert await connection.fetchval("SELECT to_tsvector('simple', '„Größe“ — fini»')::text") == "'fini':2 'größe':1"
        await connection.close()
    assert not await is_running(used)


async def test_data_outlives_the_server(used: Path) -> None:
    async with running(used, durable=False):
        await _say(used, "still here")
    async with running(used, durable=False):
        assert "still here" in await _heard(used)


async def test_writes_are_durable_unless_a_test_says_otherwise(used: Path) -> None:
    async with running(used), _connected(used) as connection:
        assert await _settings(connection, "fsync", "synchronous_commit", "full_page_writes") == ["on", "on", "on"]
    async with running(used, durable=False), _connected(used) as connection:
        assert await _settings(connection, "fsync", "synchronous_commit", "full_page_writes") == ["off", "off", "off"]


async def test_nobody_else_on_the_machine_reaches_the_data(used: Path) -> None:
    async with running(used, durable=False), _connected(used) as connection:
        assert await _settings(connection, "listen_addresses") == [""]
        assert {(used / "postgres" / name).stat().st_mode & 0o777 for name in ("data", "socket")} == {0o700}


async def test_a_missing_database_is_made_in_a_cluster_that_runs_already(used: Path) -> None:
    async with running(used, durable=False), running(used, database='a "second" one') as second:
        connection = await asyncpg.connect(second.url)
        assert await connection.fetchval("SELECT current_database()") == 'a "second" one'
        await connection.close()


async def test_a_server_shared_with_another_process_stays_until_the_last_has_left(used: Path) -> None:
    async with _another_process(used) as starter:
        assert starter.said.startswith("started")
        async with running(used) as joined:
            assert not joined.started
            starter.process.stdin.close()  # type: ignore[union-attr]  # it has one: see _another_process
            await starter.process.wait()
            await _say(used, "not stopped by its starter")
    assert not await is_running(used)


async def test_of_two_who_start_at_once_exactly_one_starts(used: Path) -> None:
    async with _another_process(used) as one, _another_process(used) as two:
        assert sorted(each.said.split()[0] for each in (one, two)) == ["joined", "started"]
        assert one.url == two.url
    assert not await is_running(used)


async def test_two_tasks_of_one_process_share_the_server(used: Path) -> None:
    async def use() -> bool:
        async with running(used, durable=False) as server:
            await _say(used, "me too")
            return server.started

    assert sorted(await asyncio.gather(*(use() for _ in range(4)))).count(True) >= 1
    assert not await is_running(used)


async def test_when_its_only_user_is_killed_the_server_shuts_down_by_itself(used: Path) -> None:
    async with _another_process(used) as user:
        await _say(used, "before the kill")
        await user.kill()
    await _eventually(lambda: not (used / "postgres" / "data" / "postmaster.pid").exists())
    assert "database system is shut down" in (used / "postgres" / "postgres.log").read_text().splitlines()[-1]


async def test_right_after_its_user_was_killed_the_server_can_be_used_again(used: Path) -> None:
    async with _another_process(used) as user:
        await _say(used, "just before the kill")
        await user.kill()
        async with running(used, durable=False):
            assert "just before the kill" in await _heard(used)
            await _say(used, "after the kill")


async def test_after_the_postmaster_was_killed_the_next_start_recovers(used: Path) -> None:
    async with _another_process(used) as survivor:
        await _say(used, "committed")
        os.kill(_postmaster(used), signal.SIGKILL)
        async with running(used, durable=False) as server:
            assert server.started
            assert "committed" in await _heard(used)
        connection = await asyncpg.connect(survivor.url)  # the old user counts for the new server
        await connection.close()
    assert not await is_running(used)


@WITH_PROC
async def test_a_busy_backend_that_outlives_a_killed_postmaster_does_not_stop_the_next_start(used: Path) -> None:
    async with _another_process(used) as survivor:
        connection = await asyncpg.connect(survivor.url)
        busy = asyncio.create_task(connection.execute("DO $$ BEGIN LOOP END LOOP; END $$"))
        async with _connected(used) as other:
            active = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'DO%' AND state = 'active')"
            await _eventually_true(lambda: other.fetchval(active))
        os.kill(_postmaster(used), signal.SIGKILL)
        async with running(used, durable=False) as server:
            assert server.started
        with pytest.raises((OSError, asyncpg.PostgresError, asyncpg.InterfaceError)):
            await busy
        connection.terminate()


@WITH_PROC
async def test_when_everything_but_the_postmaster_was_killed_it_is_joined_and_then_stopped(used: Path) -> None:
    async with _another_process(used) as user:
        postmaster = _postmaster(used)
        shell = _parent(postmaster)
        for pid in [shell, *(_children(shell) - {postmaster})]:
            os.kill(pid, signal.SIGKILL)
        await user.kill()
        async with running(used, durable=False) as server:
            assert not server.started
            assert _postmaster(used) == postmaster
    assert not await is_running(used)


async def test_a_stale_pid_that_another_process_has_now_is_no_obstacle(used: Path) -> None:
    async with _process_of_the_server_user(used, "sleep", "60") as bystander:
        stale = used / "postgres" / "data" / "postmaster.pid"
        stale.write_text(f"{bystander.pid}\n{used}\n0\n5432\n/nowhere\n\n0 0\nready\n")
        shutil.chown(stale, stale.parent.stat().st_uid, stale.parent.stat().st_gid)
        async with running(used, durable=False) as server:
            assert server.started
        assert bystander.returncode is None


async def test_a_postgres_started_by_hand_on_the_data_is_left_alone(used: Path) -> None:
    data = used / "postgres" / "data"
    command = [binaries.shipped().program("postgres"), "-D", str(data), "-c", "listen_addresses=", "-k", str(data)]
    async with _process_of_the_server_user(used, *command) as by_hand:
        await _eventually(lambda: "ready" in _text(data / "postmaster.pid"))
        with pytest.raises(ConfigurationError, match=r"Another PostgreSQL.*stop it first|lock file"):
            async with running(used, durable=False):
                pass
        assert by_hand.returncode is None


async def test_ctrl_c_in_the_terminal_of_its_user_does_not_reach_the_server(used: Path) -> None:
    async with _another_process(used, session=True) as user:
        os.killpg(user.process.pid, signal.SIGINT)
        async with _connected(used) as connection:
            assert await connection.fetchval("SELECT 1") == 1
    assert not await is_running(used)


async def test_stop_ends_the_server_although_another_process_uses_it(used: Path) -> None:
    async with _another_process(used):
        await stop(used)
        assert not await is_running(used)


async def test_a_start_that_is_given_up_leaves_no_server_behind(used: Path) -> None:
    for _ in range(3):
        start = asyncio.create_task(_enter_and_leave(used))
        await _eventually_true(lambda: is_running(used))
        start.cancel()
        with pytest.raises(asyncio.CancelledError):
            await start
        await _eventually_true(lambda: _not_running(used))


async def test_asking_about_a_folder_never_used_makes_nothing(folder: Path) -> None:
    assert not await is_running(folder / "never")
    await stop(folder / "never")
    assert not (folder / "never").exists()


async def test_a_path_too_long_for_a_socket_moves_the_socket_only(used: Path) -> None:
    long = used.with_name("a long name, " * 12)
    used.rename(long)
    try:
        async with running(long, durable=False) as server, running(long) as joined, _connected(long) as connection:
            assert joined.url == server.url
            (sockets,) = await _settings(connection, "unix_socket_directories")
            assert Path(sockets).stat().st_mode & 0o777 == 0o700
            assert long not in Path(sockets).parents
        Path(sockets).rmdir()
    finally:
        long.rename(used)


async def test_data_of_another_major_version_is_refused_with_the_way_to_mend_it(folder: Path) -> None:
    data = folder / "desk" / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("17\n")
    shutil.chown(data, pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid())
    with pytest.raises(ConfigurationError, match=r"made by PostgreSQL 17, .* brings PostgreSQL 18: convert it with pg_upgrade.*pg_dump"):
        async with running(folder / "desk", durable=False):
            pass


async def test_a_server_that_cannot_start_says_why(used: Path) -> None:
    configuration = used / "postgres" / "data" / "postgresql.auto.conf"
    configuration.write_text("nonsense = on\n")
    try:
        with pytest.raises(ConfigurationError, match=r"did not start \(.*FATAL:.*contains errors"):
            async with running(used, durable=False):
                pass
        assert not await is_running(used)
    finally:
        configuration.write_text("")


async def test_a_file_where_the_folder_should_be_is_refused(folder: Path) -> None:
    (folder / "file").touch()
    with pytest.raises(ConfigurationError, match=r"cannot be used .*: make it writable .* or set DATA_DIR"):
        async with running(folder / "file"):
            pass


async def test_a_folder_its_user_may_not_write_is_refused(folder: Path, ordinary_user: Account | None) -> None:
    folder.chmod(0o555)
    async with _another_process(folder / "desk", account=ordinary_user) as refused:
        assert refused.said.startswith(f"ConfigurationError The data folder {folder / 'desk'} cannot be used (Permission denied)")
    folder.chmod(0o755)


async def test_an_ordinary_user_runs_it_as_himself(folder: Path, ordinary_user: Account | None) -> None:
    folder.chmod(0o777)
    async with _another_process(folder / "desk", account=ordinary_user) as user:
        assert user.said.startswith("started")
        home, himself = folder / "desk" / "postgres", ordinary_user.uid if ordinary_user else os.geteuid()
        assert {path.stat().st_uid for path in (folder / "desk", home, home / "data")} == {himself}
        assert (folder / "desk").stat().st_mode & 0o777 == 0o700


@AS_ROOT
async def test_the_data_of_another_user_is_refused(folder: Path) -> None:
    (folder / "desk" / "postgres").mkdir(parents=True)
    os.chown(folder / "desk" / "postgres", pwd.getpwnam("nobody").pw_uid, -1)
    with pytest.raises(ConfigurationError, match="belongs to the user nobody: run Helpdesk as that user"):
        async with running(folder / "desk"):
            pass


@AS_ROOT
async def test_root_is_told_when_the_servers_user_cannot_reach_the_folder(folder: Path) -> None:
    folder.chmod(0o700)
    with pytest.raises(ConfigurationError, match=r"cannot enter .*chmod o\+x"):
        async with running(folder / "desk"):
            pass


@AS_ROOT
async def test_binaries_that_only_root_can_read_are_copied_beside_the_data(folder: Path) -> None:
    shipped = binaries.shipped()
    package = shipped.prefix.parent
    secret = folder / "secret"
    secret.mkdir(mode=0o700)
    for part in (package, package.parent / f"{package.name}.libs"):
        (secret / part.name).symlink_to(part)
    outdated = folder / "desk" / "postgres" / "postgresql-18.0-0.1.0"
    outdated.mkdir(parents=True)
    for visit in ("first", "second"):
        async with _another_process(folder / "desk", environment=_environment(secret)) as user:
            assert user.said.startswith("started"), visit
            copies = list((folder / "desk" / "postgres").glob("postgresql-*"))
            assert copies == [folder / "desk" / "postgres" / f"postgresql-{shipped.release}"]
            assert copies[0] in Path(f"/proc/{_postmaster(folder / 'desk')}/exe").resolve().parents


def test_the_default_folder_is_the_systems_for_root_and_the_users_own_otherwise(ordinary_user: Account | None) -> None:
    if os.geteuid() == 0:
        assert data_dir_default() == Path("/var/lib/helpdesk")
    program = """
import os
from core.embedded_postgres import data_dir_default
for folder in ("", "/data/ada", "not/absolute"):
    os.environ["XDG_DATA_HOME"] = folder
    print(data_dir_default())
"""
    answer = _run(ordinary_user, _python_for(ordinary_user), "-c", program, HOME="/home/ada")
    assert answer.stdout.split() == ["/home/ada/.local/share/helpdesk", "/data/ada/helpdesk", "/home/ada/.local/share/helpdesk"]


@asynccontextmanager
async def _another_process(
    data_dir: Path, *, account: Account | None = None, session: bool = False, environment: dict[str, str] | None = None
) -> AsyncIterator[Another]:
    process = await asyncio.create_subprocess_exec(
        *(_python_for(account), "-c", ANOTHER_PROCESS, str(data_dir)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd="/",
        env=environment or _environment(),
        start_new_session=session,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield Another(process, (await process.stdout.readline()).decode().strip())
    finally:
        process.stdin.close()
        await process.wait()


@asynccontextmanager
async def _process_of_the_server_user(data_dir: Path, *command: str) -> AsyncIterator[asyncio.subprocess.Process]:
    account = account_for(Place.in_folder(data_dir))
    process = await asyncio.create_subprocess_exec(
        *command,
        stderr=subprocess.DEVNULL,
        cwd="/",
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        await process.wait()


@asynccontextmanager
async def _connected(data_dir: Path) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    sockets = (data_dir / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[4]
    connection = await asyncpg.connect(host=sockets, port=5432, user="postgres", database="helpdesk")
    try:
        yield connection
    finally:
        await connection.close()


async def _say(data_dir: Path, words: str) -> None:
    async with _connected(data_dir) as connection:
        await connection.execute("INSERT INTO said VALUES ($1)", words)
        await connection.execute("CHECKPOINT")


async def _heard(data_dir: Path) -> list[str]:
    async with _connected(data_dir) as connection:
        return [row["words"] for row in await connection.fetch("SELECT words FROM said")]


async def _settings(connection: asyncpg.Connection[asyncpg.Record], *names: str) -> list[str]:
    return [await connection.fetchval("SELECT current_setting($1)", name) for name in names]


async def _enter_and_leave(data_dir: Path) -> None:
    async with running(data_dir, durable=False):
        await asyncio.Event().wait()


async def _not_running(data_dir: Path) -> bool:
    return not await is_running(data_dir)


async def _eventually(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def _eventually_true(question: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not await question():  # type: ignore[misc]  # any awaitable will do
            await asyncio.sleep(0.005)


@cache
def _python_for(account: Account | None) -> str:
    """A Python of our version that the account may run, with everything importable; empty when there is none."""
    if account is None:
        return sys.executable
    systems = [f"{folder}/python{sys.version_info.major}.{sys.version_info.minor}" for folder in ("/usr/local/bin", "/usr/bin")]
    for python in (sys.executable, *systems):
        with suppress(OSError):
            if _run(account, python, "-c", "import core.embedded_postgres").returncode == 0:
                return python
    return ""


def _run(account: Account | None, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env={**_environment(), **variables},
        cwd="/",
        capture_output=True,
        text=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def _environment(*first: Path) -> dict[str, str]:
    path = os.pathsep.join([*map(str, first), str(REPOSITORY), *(entry for entry in sys.path if entry.endswith("-packages"))])
    return {"PATH": os.environ["PATH"], "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def _new_folder() -> Path:
    """In memory where there is room for it: several clusters are written here, and nothing is kept."""
    memory = Path("/dev/shm")
    room = os.statvfs(memory) if memory.is_dir() else None
    fits = room is not None and room.f_bavail * room.f_frsize > 2**30 and not room.f_flag & os.ST_NOEXEC
    path = Path(tempfile.mkdtemp(prefix="helpdesk-", dir=memory if fits else "/tmp"))
    path.chmod(0o711)
    return path


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _children(pid: int) -> set[int]:
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
