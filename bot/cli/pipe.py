"""`helpdesk mail pipe`: a mail from standard input, as a mail server's alias or procmail hands it over (sysexits.h)."""

from __future__ import annotations

import sys

import click

from bot.cli.desk import open_desk, run
from bot.intake import Intake
from core.errors import HelpdeskError
from core.mail import inbound
from core.mail.header_ids import addressees
from core.text import storable

EX_DATAERR, EX_TEMPFAIL = 65, 75


@click.command()
@click.option("--to", "recipients", multiple=True, help="Whom it was sent to, as the envelope says; else its headers tell.")
@click.option("--from", "sender", default=None, help="Who sent it, as the envelope says; empty for the null sender.")
def pipe(recipients: tuple[str, ...], sender: str | None) -> None:
    """Take a mail from standard input. Exit status 0 once it is durable, 75 when it should come again later, 65 when it is too large."""
    try:
        status = run(_pipe(sys.stdin.buffer.read(), recipients, sender))
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the desk, the mail is fine: it stays with who has it
        print(f"helpdesk: {error if isinstance(error, (HelpdeskError, OSError)) else type(error).__name__}", file=sys.stderr)
        status = EX_TEMPFAIL
    sys.exit(status)


async def _pipe(raw: bytes, recipients: tuple[str, ...], sender: str | None) -> int:
    async with open_desk() as rt:
        if len(raw) > rt.settings.mail_size_limit:
            print(f"helpdesk: the mail is larger than {rt.settings.mail_size_limit} bytes", file=sys.stderr)
            return EX_DATAERR
        named = tuple(storable(one)[:1000] for one in recipients) or tuple(addressees(raw))
        intake = Intake(rt)
        mailbox_id = await intake.mailbox_of(named)
        envelope_from = storable(sender.strip("<>"))[:1000] if sender is not None else None
        taken = await intake.take(inbound.Envelope("pipe", named, mailbox_id, envelope_from), raw)
    print(f"accepted as {taken}", file=sys.stderr)
    return 0
