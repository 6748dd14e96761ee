"""`helpdesk jobs`: what waits, what is held for a person, and another round for it."""

from __future__ import annotations

import click

from bot.cli.desk import open_desk, run
from core import jobs as background


@click.group(invoke_without_command=True)
@click.pass_context
def jobs(context: click.Context) -> None:
    """Background jobs: list those that wait and those that are held; retry."""
    if context.invoked_subcommand is None:
        run(_list())


async def _list() -> None:
    async with open_desk() as rt:
        waiting, held = await background.backlog(rt.database), await background.held(rt.database)
    for name, (count, oldest) in sorted(waiting.items()):
        print(f"waiting  {name:16} {count:6}   oldest due {oldest:.0f} s ago")
    for job in held:
        print(f"held     {job.name:16} #{job.id} {job.payload} since {job.since[:19]} after {job.attempts + 1} tries: {job.error}")
    if not waiting and not held:
        print("Nothing waits and nothing is held.")
    elif held:
        print("\n`helpdesk jobs retry` gives held jobs another round, `helpdesk jobs retry ID` one of them.")


@jobs.command()
@click.argument("job_id", type=click.IntRange(1, 2**63 - 1), required=False)
def retry(job_id: int | None) -> None:
    """Give held jobs, or one of them, another round of tries."""
    run(_retry(job_id))


async def _retry(job_id: int | None) -> None:
    async with open_desk() as rt:
        count = await background.retry(rt.database, job_id)
    print(f"{count} job(s) will be tried again.")
