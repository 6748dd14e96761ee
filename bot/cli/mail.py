"""`helpdesk mail`: what came in and what goes out."""

from __future__ import annotations

import click

from bot.cli.desk import open_desk, run


@click.group()
def mail() -> None:
    """Mail: what went out, what came in."""


@mail.command()
@click.option("-n", "count", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many of the newest.")
def outbox(count: int) -> None:
    """The newest mails out, with what became of them."""
    run(_outbox(count))


async def _outbox(count: int) -> None:
    async with open_desk() as rt:
        rows = await rt.database.rows("outbound.outbox", count)
        folder = None if rt.settings.smtp_url else rt.settings.data_dir / "outbox"
    for row in reversed(rows):
        when = (row["sent_at"] or row["created_at"]).strftime("%Y-%m-%d %H:%M:%S")
        print(f"{when}  {row['state']:9} {row['recipient']:32} {row['template']:18} {row['subject']}")
        if row["last_error"] and row["state"] != "sent":
            print(f"{'':21}{row['attempts']} tries: {row['last_error']}")
    print(f"\nNo SMTP_URL is set: mail lies in {folder}" if folder else f"\n{len(rows)} of the newest mails out.")


@mail.command()
@click.option("-n", "count", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many of the newest.")
def inbox(count: int) -> None:
    """The newest mails in, with what became of them and why."""
    run(_inbox(count))


async def _inbox(count: int) -> None:
    async with open_desk() as rt:
        rows = await rt.database.rows("mail.newest", count)
    for row in reversed(rows):
        ticket = f"#{row['ticket_id']}" if row["ticket_id"] else ""
        print(
            f"{row['received_at']:%Y-%m-%d %H:%M:%S}  {row['door']:5} {row['disposition'] or 'not filed yet':14} {ticket:8} {row['reason'] or ''}"
        )
