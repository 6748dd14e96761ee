"""`helpdesk mailbox`: the addresses of the desk, and how their mail is fetched."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import click

from bot.cli.desk import open_desk, run
from core import mailboxes
from core.errors import PermanentFailure
from core.imap import consent
from core.imap.box import Box, begin, box_for
from core.imap.trial import Trial, look, sends_to_itself
from core.mail.addresses import normal
from core.mail.connection import Afterwards, Connection, checked
from core.mailboxes import MailboxFields
from core.models.queues import Mailbox, Queue
from core.runtime import SYSTEM, Runtime
from core.settings import load_settings


@click.group()
def mailbox() -> None:
    """The addresses of the desk, and how their mail is fetched."""


@mailbox.command("list")
def list_() -> None:
    """All mailboxes, with how their mail comes."""
    run(_list())


async def _list() -> None:
    async with open_desk() as rt:
        for box in await Mailbox.all().order_by("priority", "id").prefetch_related("queue"):
            comes = "from {folder} of {user} at {host}".format(**box.connection) if box.kind == "imap" else "by SMTP"
            print(f"{box.address:36} to {box.queue.name:16} {comes}{' (paused)' if box.paused_at else ''}")
            if trouble := _sealed_for_good(rt, box) or box.last_error:
                print(f"{'':36} {trouble}")


def _sealed_for_good(rt: Runtime, box: Mailbox) -> str | None:
    """Why its secret cannot be opened, also while no bot runs that would find it out."""
    try:
        if box.kind == "imap":
            Connection.restored(rt.keys, box.connection)
    except PermanentFailure as error:
        return str(error)
    return None


@mailbox.command()
@click.argument("address")
@click.option("--queue", default=None, help="The slug of the queue it feeds; the first one without it.")
@click.option("--name", default="Support", show_default=True, help="What signs mail from it.")
@click.option("--language", default="en", show_default=True, help="For people who do not say theirs.")
@click.option("--no-plus", is_flag=True, help="Its provider refuses plus addresses (support+t7-…@).")
@click.option("--imap", "host", default=None, help="Fetch its mail from this IMAP server; without it mail comes by SMTP.")
@click.option("--port", default=993, show_default=True, help="Where the server listens, with TLS.")
@click.option("--user", default=None, help="Who logs in there; the address without it.")
@click.option("--password", default=None, envvar="MAILBOX_PASSWORD", help="Asked for when missing. Also MAILBOX_PASSWORD.")
@click.option("--folder", default="INBOX", show_default=True, help="Which folder there.")
@click.option("--flag", is_flag=True, help="Mark fetched mail there as seen and flagged.")
@click.option("--move-to", default="", help="Move fetched mail there to this folder.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Also fetch mail that came since that day (UTC), quietly; without it only what comes from now on.",
)
@click.option("--insecure", is_flag=True, help="Accept any certificate of the server.")
def add(address: str, queue: str | None, name: str, language: str, no_plus: bool, host: str | None, port: int, user: str | None, password: str | None,
        folder: str, flag: bool, move_to: str, since: datetime | None, insecure: bool) -> None:  # fmt: skip
    """Make an address the desk's (or change how its mail is fetched), by SMTP or from an IMAP server."""
    connection = None
    if host is not None:
        password = password or click.prompt(f"Password of {user or address} at {host}", hide_input=True)
        afterwards: Afterwards = "move" if move_to else "flag" if flag else "leave"
        connection = checked(Connection(host, user or address, port, folder=folder, password=password, afterwards=afterwards, move_to=move_to,
                                        verify=not insecure))  # fmt: skip
    run(_add(address, queue, MailboxFields(0, name, language, 100, not no_plus), connection, since.replace(tzinfo=UTC) if since else None))


async def _add(address: str, queue: str | None, wanted: MailboxFields, connection: Connection | None, since: datetime | None) -> None:
    async with open_desk() as rt:
        trial = await look(Box(0, address, connection)) if connection is not None else None  # what does not work is not kept
        box = await _made(rt, address, queue, wanted)
        if connection is None or trial is None:
            print(f"{box.address} is the desk's now. Let its mail come to SMTP_LISTEN or LMTP_LISTEN.")
            return
        await _connected(rt, box, connection, trial, since)


async def _made(rt: Runtime, address: str, queue: str | None, wanted: MailboxFields) -> Mailbox:
    known = await Mailbox.get_or_none(address=normal(address))
    if known is not None:
        print(f"{known.address} is the desk's already: its queue, name and language stay as they are.")
        return known
    found = await Queue.filter(archived_at=None, **({"slug": queue} if queue else {"private": False})).order_by("position", "id").first()
    if found is None:
        raise click.ClickException(f"There is no queue {queue}.")
    async with rt.transaction(SYSTEM) as tx:
        return await mailboxes.add(tx, address, replace(wanted, queue_id=found.id))


async def _connected(rt: Runtime, box: Mailbox, connection: Connection, trial: Trial, since: datetime | None) -> None:
    if since is not None:
        connection = connection.since(since)
    async with rt.transaction(SYSTEM) as tx:
        await mailboxes.connect(tx, box.id, connection)
    older = await begin(rt, Box(box.id, box.address, connection), since)
    print(f"{box.address}: {trial.count} mail(s) in {trial.folder}. Newest:")
    print("\n".join(f"  {subject or '(no subject)'}" for subject in trial.newest) or "  none")
    print(
        f"Fetched from now on, with {older} that came since then: these are filed quietly, nobody is told of them."
        if since
        else "Fetched from now on; what lay there before stays."
    )


@mailbox.command()
@click.argument("address")
def test(address: str) -> None:
    """Log in and look into the folder; then send a mail from the mailbox to itself and see it come back."""
    run(_test(address))


async def _test(address: str) -> None:
    async with open_desk() as rt:
        box = box_for(rt, await mailboxes.by_address(address))
        trial = await look(box)
        print(
            f"{trial.count} mail(s) in {trial.folder}. Newest:\n" + "\n".join(f"  {subject or '(no subject)'}" for subject in trial.newest)
        )
        back = await sends_to_itself(rt, box)
    if back is None:
        print("No SMTP_URL is set, so nothing can be sent: mail lands in a folder.")
    elif not back:
        raise click.ClickException("The mail that was sent to it did not come back within a minute.")
    else:
        print("A mail was sent to it, and came back.")


@mailbox.command()
@click.argument("address")
def pause(address: str) -> None:
    """Stop fetching for a while; mail that comes by SMTP cannot be paused."""
    run(_pause(address, paused=True))


@mailbox.command()
@click.argument("address")
def resume(address: str) -> None:
    """Go on fetching where it stopped."""
    run(_pause(address, paused=False))


async def _pause(address: str, *, paused: bool) -> None:
    async with open_desk() as rt, rt.transaction(SYSTEM) as tx:
        box = await mailboxes.by_address(address)
        await mailboxes.pause(tx, box.id, paused=paused)
    print(f"Mail of {box.address} {_how_it_comes(box, paused=paused)}.")


def _how_it_comes(box: Mailbox, *, paused: bool) -> str:
    if box.kind != "imap":
        return "comes by SMTP, as it did"
    return "is not fetched until you resume it" if paused else "is fetched again"


@mailbox.group()
def connect() -> None:
    """Fetch from Google or Microsoft 365, with the consent of the mailbox's owner instead of a password."""


@connect.command()
@click.argument("address")
@click.option(
    "--client-id", required=True, envvar="OAUTH_CLIENT_ID", help="Of your app registration (public client, IMAP.AccessAsUser.All)."
)
@click.option("--tenant", default="common", show_default=True, help="Your directory, when the app is registered for it alone.")
@click.option("--queue", default=None, help="The slug of the queue it feeds; the first one without it.")
def microsoft(address: str, client_id: str, tenant: str, queue: str | None) -> None:
    """By a code that its owner types in at microsoft.com (device flow)."""
    run(_consented(address, queue, consent.microsoft(client_id, tenant, load_settings().microsoft_login_url)))


@connect.command()
@click.argument("address")
@click.option("--client-id", required=True, envvar="OAUTH_CLIENT_ID", help="Of an OAuth client of kind Desktop app.")
@click.option("--client-secret", required=True, envvar="OAUTH_CLIENT_SECRET", help="Of the same client; also OAUTH_CLIENT_SECRET.")
@click.option("--queue", default=None, help="The slug of the queue it feeds; the first one without it.")
def google(address: str, client_id: str, client_secret: str, queue: str | None) -> None:
    """By a page that its owner opens; the address it ends at is pasted here."""
    run(_consented(address, queue, consent.google(client_id, client_secret)))


async def _consented(address: str, queue: str | None, provider: consent.Provider) -> None:
    agreed = await provider.consent(address, print, lambda words: str(click.prompt(words)))
    async with open_desk() as rt:
        trial = await look(Box(0, address, agreed))
        box = await _made(rt, address, queue, MailboxFields(0, "Support", "en", 100, plus_addressing=True))
        await _connected(rt, box, agreed, trial, None)
