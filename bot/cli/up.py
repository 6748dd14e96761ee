"""`helpdesk up`: the whole desk by one command: database, migrations, first contents, API and bot."""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import click

from bot.cli.desk import database_url, only_one, run
from bot.cli.processes import waiting
from core import known_keys, queues, users
from core.embedded_postgres import is_running, running
from core.keys import load_keys
from core.migrate import migrate
from core.models.people import Role, User
from core.process import stop_signal, tell_of_misspelt_settings
from core.runtime import SYSTEM, open_runtime
from core.settings import Settings, load_settings

ADMIN = "admin@helpdesk.localhost"


@click.command()
def up() -> None:
    """Run the whole desk: database, migrations, API and bot (Ctrl-C stops it)."""
    run(_up())


async def _up() -> None:
    settings = load_settings()
    tell_of_misspelt_settings()
    began = time.monotonic()
    with only_one(settings.data_dir):
        async with stop_signal() as stopped, waiting() as processes, database_url(settings) as url:
            await migrate(url)
            await _keys_are_known(settings, url)
            async with _seeding(settings, url) as seeded, processes.running(told(settings, url), stopped), _kept(settings):
                await seeded
                print(_welcome(settings, time.monotonic() - began), flush=True)
                await stopped.wait()
                print("\nStopping: mail under way is finished first.", flush=True)
    print("Stopped.", flush=True)


async def _keys_are_known(settings: Settings, url: str) -> None:
    """Before anything is signed with them, and said once: the processes would refuse as well."""
    async with open_runtime(settings, url) as rt:
        await known_keys.check(rt)


@asynccontextmanager
async def _seeding(settings: Settings, url: str) -> AsyncIterator[asyncio.Task[None]]:
    """The first contents are made while the processes start: hashing the admin's password takes as long as a good part of that."""
    task = asyncio.create_task(_tell_password(settings, url))
    try:
        yield task
    finally:
        await task


async def _tell_password(settings: Settings, url: str) -> None:
    password = await seed(settings, url)
    if password:  # at once: should the start fail further on, the admin is made all the same
        print(f"A new desk. Its admin is {ADMIN}, password (shown this once): {password}", flush=True)


async def seed(settings: Settings, url: str) -> str | None:
    """Give a new desk its queue, mailbox and admin; returns the admin's password when he was made just now."""
    async with open_runtime(settings, url) as rt:
        password = None if await User.exists(role=Role.ADMIN) else secrets.token_urlsafe(12)
        password_hash = await users.hash_password(password) if password else None
        async with rt.transaction(SYSTEM, quiet=True) as tx:
            await queues.seed(tx, settings.mailbox_address)
            if password_hash:
                await users.add(tx, ADMIN, "Admin", Role.ADMIN, password_hash)
    return password


def told(settings: Settings, url: str) -> dict[str, str]:
    """What the API and the bot are told beside their environment: what only we know."""
    keys = load_keys([key.get_secret_value() for key in settings.secret_keys], settings.data_dir)
    return {"DATABASE_URL": url, "SECRET_KEYS": keys.exported(), "DATA_DIR": str(settings.data_dir)}


@asynccontextmanager
async def _kept(settings: Settings) -> AsyncIterator[None]:
    """Start the embedded PostgreSQL again should it die; the processes find it at the same place."""
    keeping = asyncio.create_task(_keep_database(settings)) if settings.database_url is None else None
    try:
        yield
    finally:
        if keeping is not None:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)


async def _keep_database(settings: Settings) -> None:
    async with AsyncExitStack() as stack:
        while True:
            await asyncio.sleep(1)
            if not await is_running(settings.data_dir):
                print("The database ended; starting it again.", file=sys.stderr, flush=True)
                await stack.enter_async_context(running(settings.data_dir))


def _welcome(settings: Settings, seconds: float) -> str:
    """What runs where, what is not yet connected, what to try next."""
    missing = [
        *(
            []
            if settings.smtp_url
            else [f"outgoing mail (SMTP_URL): it lies in {settings.data_dir / 'outbox'}; `helpdesk mail outbox` lists it"]
        ),
        *([] if settings.slack_enabled else ["Slack (SLACK_BOT_TOKEN …): `helpdesk slack manifest` begins"]),
    ]
    lines = [
        f"The desk runs ({seconds:.1f} s).",
        f"  mail in    smtp://{settings.smtp_listen} for {settings.mailbox_address}",
        f"  API        http://{settings.api_listen}/docs",
        f"  bot        http://{settings.bot_listen}/health/ready",
        f"  data       {settings.data_dir}",
        *(["Not connected yet:", *(f"  {line}" for line in missing)] if missing else []),
        "Try next, in another terminal:  send a mail to the address above, as README shows; `make demo` tells a story (Ctrl-C here stops the desk)",
    ]
    return "\n".join(lines)
