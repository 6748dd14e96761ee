"""`helpdesk migrate`: bring the database to this version; safe with several at once."""

from __future__ import annotations

import click

from bot.cli.desk import database_url, only_one, run
from core import migrate as migrations
from core import queues
from core.runtime import SYSTEM, open_runtime
from core.settings import Settings, load_settings


@click.command()
@click.option("--down", is_flag=True, help="Take back the newest migration instead: its tables and all that is in them.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def migrate(down: bool, yes: bool) -> None:
    """Bring the database to this version's schema; a new desk gets its first queue and mailbox."""
    if down and not yes:
        click.confirm("This takes back the newest migration and LOSES what its tables hold. Stop the desk first. Go on?", abort=True)
    run(_down() if down else _up())


async def _up() -> None:
    settings = load_settings()
    async with database_url(settings) as url:
        applied = await migrations.migrate(url)
        async with open_runtime(settings, url) as rt, rt.transaction(SYSTEM, quiet=True) as tx:
            await queues.seed(tx, settings.mailbox_address)
    print("\n".join(f"applied {name}" for name in applied) or "The database is up to date.")


async def _down() -> None:
    settings = load_settings()
    with only_one(settings.data_dir):
        await _take_back(settings)


async def _take_back(settings: Settings) -> None:
    async with database_url(settings) as url:
        name = await migrations.downgrade(url)
    print(f"took back {name}" if name else "There is nothing to take back.")
