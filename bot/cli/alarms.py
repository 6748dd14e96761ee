"""`helpdesk alarms`: what an operator should look at now; exit status 1 when there is something."""

from __future__ import annotations

import sys

import click

from bot.cli.desk import open_desk, run


@click.command()
def alarms() -> None:
    """What needs an operator now; exit status 1 when something does."""
    sys.exit(run(_alarms()))


async def _alarms() -> int:
    async with open_desk() as rt:
        rows = await rt.database.rows("alarms.open")
    for row in rows:
        print(f"{row['name']:20} {row['detail']}")
    if not rows:
        print("Nothing needs you.")
    return 1 if rows else 0
