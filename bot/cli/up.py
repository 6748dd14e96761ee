"""`helpdesk up`: the whole desk by one command: database, migrations, first contents, API and bot.

The API and the bot are processes of their own (`python -m api`, `python -m bot`), the same that larger installations run many of. They
hold one end of a pipe whose other end is ours: should we be killed, they see it close and stop by themselves.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import secrets
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from bot.cli.desk import database_url, run
from core import queues, users
from core.errors import ConfigurationError
from core.keys import load_keys
from core.migrate import migrate
from core.models.people import Role, User
from core.process import LIFELINE, READY, stop_signal
from core.runtime import SYSTEM, open_runtime
from core.settings import Settings, load_settings

_STARTS_WITHIN = 60.0  # seconds until a process that says nothing is given up
_ENDS_WITHIN = 4.0  # seconds from SIGTERM to SIGKILL
_RESTARTS = 5  # of one process, within a minute
ADMIN = "admin@helpdesk.localhost"


@click.command()
def up() -> None:
    """Run the whole desk: database, migrations, API and bot (Ctrl-C stops it)."""
    run(_up())


async def _up() -> None:
    settings = load_settings()
    began = time.monotonic()
    with _only_one(settings.data_dir):
        async with stop_signal() as stopped, database_url(settings) as url:
            await migrate(url)
            password = await seed(settings, url)
            async with _processes(settings, url, stopped):
                print(_welcome(settings, password, time.monotonic() - began), flush=True)
                await stopped.wait()
                print("\nStopping: mail under way is finished first.", flush=True)
    print("Stopped.", flush=True)


@contextmanager
def _only_one(data_dir: Path) -> Iterator[None]:
    """Hold the data folder for this desk; ConfigurationError when another holds it or it cannot be written."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = (data_dir / "up.lock").open("w")
    except OSError as error:
        raise ConfigurationError(f"The data folder {data_dir} cannot be written ({error.strerror}): set DATA_DIR to one that can.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigurationError(f"The desk of {data_dir} runs already. Stop it first, or set another DATA_DIR.") from None
        yield


async def seed(settings: Settings, url: str) -> str | None:
    """Give a new desk its queue, mailbox and admin; returns the admin's password when he was made just now."""
    async with open_runtime(settings, url) as rt:
        if await User.exists(role=Role.ADMIN):
            return None
        password = secrets.token_urlsafe(12)
        password_hash = await users.hash_password(password)
        async with rt.transaction(SYSTEM, quiet=True) as tx:
            await queues.seed(tx, settings.mailbox_address)
            await users.add(tx, ADMIN, "Admin", Role.ADMIN, password_hash)
    return password


@dataclass(slots=True)
class _Supervised:
    """One of our processes, started again when it dies."""

    name: str
    environment: dict[str, str]
    lifeline: int
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start and wait until it is open for work; ConfigurationError when it ends before (it has said why)."""
        readable, writable = os.pipe()
        environment = {**self.environment, LIFELINE: str(self.lifeline), READY: str(writable)}
        # A session of its own: Ctrl-C in a terminal goes to us, and we decide the order of the end.
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", self.name, env=environment, pass_fds=(self.lifeline, writable), start_new_session=True
        )
        os.close(writable)
        try:
            said = await asyncio.wait_for(asyncio.to_thread(os.read, readable, 100), _STARTS_WITHIN)
        except TimeoutError:
            raise ConfigurationError(f"The {self.name} did not start within {_STARTS_WITHIN:.0f} s; its log says more.") from None
        finally:
            os.close(readable)
        if not said:
            await self.process.wait()
            raise ConfigurationError(f"The {self.name} did not start (see the line above).")

    async def keep(self) -> None:
        """Start it again whenever it ends, at most five times a minute."""
        starts: list[float] = []
        while True:
            assert self.process is not None
            status = await self.process.wait()
            starts = [at for at in starts if at > time.monotonic() - 60]
            if len(starts) >= _RESTARTS:
                raise ConfigurationError(f"The {self.name} ended {_RESTARTS} times within a minute; its log says why.")
            print(f"The {self.name} ended with status {status}; starting it again.", file=sys.stderr, flush=True)
            starts.append(time.monotonic())
            await self.start()

    async def stop(self) -> None:
        if self.process is None or self.process.returncode is not None:
            return
        self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), _ENDS_WITHIN)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


@asynccontextmanager
async def _processes(settings: Settings, url: str, stopped: asyncio.Event) -> AsyncIterator[None]:
    """The API and the bot, running and kept running; both stop at the end, at the same time."""
    keys = load_keys([key.get_secret_value() for key in settings.secret_keys], settings.data_dir)
    environment = {**os.environ, "DATABASE_URL": url, "SECRET_KEYS": keys.exported(), "DATA_DIR": str(settings.data_dir)}
    lifeline, ours = os.pipe()
    processes = [_Supervised(name, environment, lifeline) for name in ("api", "bot")]
    keepers: list[asyncio.Task[None]] = []
    try:
        await asyncio.gather(*(process.start() for process in processes))
        keepers = [asyncio.create_task(process.keep()) for process in processes]
        for keeper in keepers:
            keeper.add_done_callback(lambda _keeper: stopped.set())
        yield
        for keeper in keepers:
            if keeper.done() and not keeper.cancelled() and (error := keeper.exception()):
                raise error
    finally:
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*(process.stop() for process in processes))
        os.close(lifeline)
        os.close(ours)


def _welcome(settings: Settings, password: str | None, seconds: float) -> str:
    """What runs where, what is not yet connected, what to try next."""
    missing = [
        *([] if settings.smtp_url else [f"outgoing mail (SMTP_URL): it lies in {settings.data_dir / 'outbox'}; `helpdesk mail outbox` lists it"]),
        *([] if settings.slack_enabled else ["Slack (SLACK_BOT_TOKEN …): `helpdesk slack manifest` begins"]),
    ]
    lines = [
        f"The desk runs ({seconds:.1f} s).",
        f"  mail in    smtp://{settings.smtp_listen} for {settings.mailbox_address}",
        f"  API        http://{settings.api_listen}/docs",
        f"  bot        http://{settings.bot_listen}/health/ready",
        f"  data       {settings.data_dir}",
        *([f"  admin      {ADMIN}, password (shown this once): {password}"] if password else []),
        *(["Not connected yet:", *(f"  {line}" for line in missing)] if missing else []),
        "Try next, in another terminal:  make demo   (or send a mail to the address above; Ctrl-C here stops the desk)",
    ]
    return "\n".join(lines)
