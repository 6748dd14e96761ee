"""`helpdesk mail suppressed | write-to | block | unblock`: whom the desk does not write to, and whom it does not hear."""

from __future__ import annotations

import click
import orjson

from bot.cli.desk import open_desk, run
from core import blocking, suppressions
from core.runtime import SYSTEM


@click.command()
def suppressed() -> None:
    """Addresses that are not written to, because mail to them failed."""
    run(_suppressed())


async def _suppressed() -> None:
    async with open_desk() as rt:
        items = orjson.loads(await suppressions.page(rt.database))
    for item in items:
        print(f"{item['email']:40} {'until ' + item['until'][:10] if item['until'] else 'watched':16} {item['reason']}")
    print("\n`helpdesk mail write-to ADDRESS` lifts it." if items else "Nobody is left out.")


@click.command("write-to")
@click.argument("email")
def write_to(email: str) -> None:
    """Write to an address again."""
    run(_write_to(email))


async def _write_to(email: str) -> None:
    async with open_desk() as rt, rt.transaction(SYSTEM) as tx:
        await suppressions.lift(tx, email)
    print(f"{email} is written to again.")


@click.command()
@click.argument("pattern", metavar="ADDRESS|DOMAIN")
@click.option("--reason", default="", help="Why, for colleagues.")
def block(pattern: str, reason: str) -> None:
    """Hear an address, or a domain with all below it, no longer. Its mail is kept and opens nothing."""
    run(_block(pattern, reason))


async def _block(pattern: str, reason: str) -> None:
    async with open_desk() as rt, rt.transaction(SYSTEM) as tx:
        await blocking.block(tx, pattern, reason)
    print(f"Mail of {pattern} is set aside from now on.")


@click.command()
@click.argument("pattern", metavar="ADDRESS|DOMAIN")
def unblock(pattern: str) -> None:
    """Hear a sender again; `helpdesk mail replay --apply` files what came meanwhile."""
    run(_unblock(pattern))


async def _unblock(pattern: str) -> None:
    async with open_desk() as rt, rt.transaction(SYSTEM) as tx:
        await blocking.unblock(tx, pattern)
    print(f"Mail of {pattern} is heard again. `helpdesk mail replay --apply` files what came meanwhile.")
