"""`helpdesk simulate`: what could go wrong, tried on a throw-away desk."""

from __future__ import annotations

import sys

import click

from bot.cli.desk import run


@click.group()
def simulate() -> None:
    """Try what could go wrong, on a throw-away desk."""


@simulate.command()
@click.option("--with", "machines", multiple=True, help="Only machines whose name holds this, such as daemon; may be given several times.")
def loop(machines: tuple[str, ...]) -> None:
    """Let machines that answer every mail meet the desk; exit status 1 when one is flooded or a person is not heard."""
    from bot.demo import loop as loops  # brings servers with it that no other command needs

    sys.exit(run(loops.told(machines)))
