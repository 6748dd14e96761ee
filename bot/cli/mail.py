"""`helpdesk mail`: what came in and what goes out, and whether every mail is accounted for."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from bot.cli import limits, pipe
from bot.cli.desk import open_desk, run
from core.imap.audit import look_into_all
from core.mail import ledger
from core.mail.reading import Reader
from core.mail.replay import Difference, Replay


@click.group()
def mail() -> None:
    """Mail: what went out, what came in."""


for command in (pipe.pipe, limits.suppressed, limits.write_to, limits.block, limits.unblock):
    mail.add_command(command)


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
        became = f"{row['disposition'] or 'not filed yet':14} {ticket:8} {row['reason'] or ''}"
        print(f"{row['id']:6}  {row['received_at']:%Y-%m-%d %H:%M:%S}  {row['door']:5} {became}")


@mail.command()
@click.option("--bytes", "with_bytes", is_flag=True, help="Also look whether the raw bytes of every mail are there; takes longer.")
def audit(with_bytes: bool) -> None:
    """Prove that every accepted mail has exactly one place, and that none was left in a connected mailbox; exit status 1 otherwise."""
    sys.exit(0 if run(_audit(with_bytes)) else 1)


async def _audit(with_bytes: bool) -> bool:
    async with open_desk() as rt:
        found = await ledger.audit(rt, with_bytes=with_bytes)
        looked_into = await look_into_all(rt)
    for disposition, number in found.dispositions.items():
        print(f"{number:9}  {disposition}")
    print(f"{found.unfiled:9}  on their way")
    print(f"{found.received:9}  received")
    for gap in found.gaps:
        print(f"mail {gap.inbound_mail_id} {gap.problem}")
    for address, elsewhere in looked_into:
        if elsewhere.waiting:
            print(f"{elsewhere.waiting:9}  wait in {address}")
        for sentence in elsewhere.gaps:
            print(sentence)
    gaps = len(found.gaps) + sum(len(elsewhere.gaps) for _, elsewhere in looked_into)
    print("\nEvery mail is accounted for." if found.adds_up and not gaps else f"\nNOT everything is accounted for: {gaps} gap(s).")
    return found.adds_up and not gaps


@mail.command()
@click.argument("inbound_mail_id", metavar="ID", type=click.IntRange(1, 2**63 - 1))
def why(inbound_mail_id: int) -> None:
    """What became of a mail, and every rule that decided about it. Its ID is in the answer `250 … accepted as ID`, and in the inbox."""
    run(_why(inbound_mail_id))


async def _why(inbound_mail_id: int) -> None:
    async with open_desk() as rt:
        entry = await ledger.why(rt.database, inbound_mail_id)
    print("\n".join(ledger.told(entry)))


@mail.command()
@click.option("--apply", "apply", is_flag=True, help="Put right what can be: words that are read better, mail that opened nothing.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only mail received since that day (UTC).")
def replay(apply: bool, since: datetime | None) -> None:
    """Run today's reading and rules over the mail of the past, and tell what would differ. Never sends anything."""
    run(_replay(apply, since.replace(tzinfo=UTC) if since else None))


async def _replay(apply: bool, since: datetime | None) -> None:
    count = 0
    async with open_desk() as rt:
        reader = Reader(rt.settings.parser_processes, seconds=rt.settings.parser_seconds, memory=rt.settings.parser_memory)
        await reader.start()
        try:
            again = Replay(rt, reader, apply=apply)
            async for difference in again.run(since):
                count += 1
                print(_line(difference))
        finally:
            await reader.close()
    print(f"\n{again.looked_at} mails were read again; {count} difference(s).")


def _line(one: Difference) -> str:
    sizes = f"{len(one.was)} characters would be read as {len(one.would_be)}"
    told = sizes if one.kind == "words" else f"{one.was}; would be: {one.would_be}"
    return f"mail {one.inbound_mail_id:6}  {one.kind:10} {told}" + ("  (put right)" if one.applied else "")
