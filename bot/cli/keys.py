"""`helpdesk keys`: whether the keys are those that the database was used with, and going on without those that are lost."""

from __future__ import annotations

import sys

import click

from bot.cli.desk import open_desk, run
from core import known_keys


@click.command()
@click.option("--adopt", is_flag=True, help="Go on with the keys there are, and give up the others.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def keys(adopt: bool, yes: bool) -> None:
    """Whether the keys are those this database was used with; exit status 1 when not."""
    if adopt and not yes:
        click.confirm(
            "Answers to mail sent with the other keys will find NO ticket, and mailboxes connected then have to be connected again. Go on?",
            abort=True,
        )
    sys.exit(run(_adopt() if adopt else _look()))


async def _look() -> int:
    async with open_desk() as rt:
        trouble = await known_keys.trouble(rt)
    print(trouble or "The keys are those this database was used with.")
    return 1 if trouble else 0


async def _adopt() -> int:
    async with open_desk() as rt:
        await known_keys.adopt(rt)
    print("The keys there are now are this desk's. Start it again.")
    return 0
