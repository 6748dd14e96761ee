"""`helpdesk migrate`: bring the database to this version; safe with several at once."""

from __future__ import annotations

import click

from bot.cli.desk import database_url, run
from core import migrate as migrations
from core import queues
from core.runtime import SYSTEM, open_runtime
from core.settings import load_settings


@click.command()
@click.option("--down", is_flag=True, help="Take back the newest migration instead (its data is lost).")
def migrate(down: bool) -> None:
    """Bring the database to this version's schema; a new desk gets its first queue and mailbox."""
    run(_down() if down else _up())


async def _up() -> None:
    settings = load_settings()
    async with database_url(settings) as url:
        applied = await migrations.migrate(url)
        async with open_runtime(settings, url) as rt, rt.transaction(SYSTEM, quiet=True) as tx:
            await queues.seed(tx, settings.mailbox_address)
    print("\n".join(f"applied {name}" for name in applied) or "The database is up to date.")


async def _down() -> None:
    async with database_url(load_settings()) as url:
        name = await migrations.downgrade(url)
    print(f"took back {name}" if name else "There is nothing to take back.")
