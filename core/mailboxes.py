"""Commands on mailboxes: which queue an address feeds, and how the desk writes from it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core import alarms, policy, tokens, users
from core.errors import Conflict, Invalid, NotFound
from core.mail.addresses import normal
from core.mail.connection import Connection, checked
from core.models.queues import Mailbox
from core.queries import Reader
from core.runtime import Tx
from core.text import one_line


@dataclass(frozen=True, slots=True)
class MailboxFields:
    """What can be changed about a mailbox. `name` signs its mail; small priorities come first where a mail names several."""

    queue_id: int
    name: str
    language: str
    priority: int
    plus_addressing: bool


async def change(tx: Tx, mailbox_id: int, wanted: MailboxFields) -> None:
    """Change a mailbox; tickets that came by it stay where they are. Invalid for a queue that is not in use."""
    await policy.require(tx, "write_queues")
    mailbox = await locked(mailbox_id)
    if not one_line(wanted.name):
        raise Invalid("A mailbox needs a name: it signs what the desk writes.", {"name": "must not be empty"})
    if not await tx.value("queues.exists", wanted.queue_id):
        raise Invalid("There is no such queue.", {"queue_id": "must be a queue that is not archived"})
    mailbox.queue_id, mailbox.name, mailbox.language = wanted.queue_id, one_line(wanted.name)[:100], wanted.language
    mailbox.priority, mailbox.plus_addressing, mailbox.updated_at = wanted.priority, wanted.plus_addressing, tx.now
    await mailbox.save()


async def add(tx: Tx, address: str, wanted: MailboxFields) -> Mailbox:
    """Make another address the desk's: mail to it feeds a queue. Conflict when it is the desk's, or a person's, already."""
    await policy.require(tx, "write_queues")
    address = users.checked_email(address)
    if tokens.base_address(address) != address:
        raise Invalid("A mailbox has no + in its address: the desk needs that for its own marks.", {"address": "must have no +"})
    if await Mailbox.exists(address=address) or await tx.value("mailboxes.is_somebodys", address):
        raise Conflict(f"{address} is a mailbox of this desk, or somebody's own address, already.")
    if not await tx.value("queues.exists", wanted.queue_id):
        raise Invalid("There is no such queue.", {"queue_id": "must be a queue that is not archived"})
    return await Mailbox.create(address=address, name=one_line(wanted.name)[:100] or "Support", queue_id=wanted.queue_id, language=wanted.language,
                                priority=wanted.priority, plus_addressing=wanted.plus_addressing, kind="smtp", connection={},
                                created_at=tx.now, updated_at=tx.now)  # fmt: skip


async def connect(tx: Tx, mailbox_id: int, wanted: Connection) -> None:
    """Fetch its mail by IMAP from now on, in this way, also when it was paused. Invalid for a connection that makes no sense; whether it works,
    `core/imap/trial.py` tries."""
    await policy.require(tx, "write_queues")
    mailbox = await locked(mailbox_id)
    known, elsewhere = mailbox.connection, any(mailbox.connection.get(name) != getattr(wanted, name) for name in ("host", "user", "folder"))
    if elsewhere:
        await tx.rows("imap.begin_anew", mailbox_id)  # UIDs of another place mean nothing here
    since = min(
        filter(None, (wanted.fetched_since, "" if elsewhere else str(known.get("fetched_since") or ""))), default=tx.now.isoformat()
    )
    mailbox.kind, mailbox.connection = "imap", checked(replace(wanted, fetched_since=since)).stored(tx.keys)
    mailbox.paused_at, mailbox.updated_at = None, tx.now
    await mailbox.save()
    await tx.rows("imap.failed", mailbox_id, None)


async def disconnect(tx: Tx, mailbox_id: int) -> None:
    """Fetch its mail no longer, and forget the secrets. What comes by SMTP is still taken."""
    await policy.require(tx, "write_queues")
    mailbox = await locked(mailbox_id)
    mailbox.kind, mailbox.connection, mailbox.paused_at, mailbox.updated_at = "smtp", {}, None, tx.now
    await mailbox.save()
    await tx.rows("imap.failed", mailbox_id, None)
    await alarms.sound(tx, alarms.mailbox(mailbox_id), None)


async def pause(tx: Tx, mailbox_id: int, *, paused: bool) -> None:
    """Stop fetching for a while, from the next mail on, or go on where it stopped. Conflict where nothing is fetched: SMTP cannot be paused."""
    await policy.require(tx, "write_queues")
    mailbox = await locked(mailbox_id)
    if paused and mailbox.kind != "imap":
        raise Conflict(f"Mail of {mailbox.address} comes by SMTP and cannot be paused: whoever sends it here would have to stop.")
    mailbox.paused_at, mailbox.updated_at = (mailbox.paused_at or tx.now) if paused else None, tx.now
    await mailbox.save()
    if paused:
        await alarms.sound(tx, alarms.mailbox(mailbox_id), None)


async def by_address(address: str) -> Mailbox:
    """The mailbox of an address, or NotFound."""
    mailbox = await Mailbox.get_or_none(address=normal(address))
    if mailbox is None:
        raise NotFound(f"{address} is no mailbox of this desk: `helpdesk mailbox list` shows them.")
    return mailbox


async def by_id(mailbox_id: int) -> Mailbox:
    """The mailbox, as it is now, or NotFound."""
    mailbox = await Mailbox.get_or_none(id=mailbox_id)
    if mailbox is None:
        raise NotFound("There is no such mailbox.")
    return mailbox


async def locked(mailbox_id: int) -> Mailbox:
    """The mailbox, locked until the transaction ends."""
    mailbox = await Mailbox.select_for_update().get_or_none(id=mailbox_id)
    if mailbox is None:
        raise NotFound("There is no such mailbox.")
    return mailbox


async def page(db: Reader, mailbox_id: int | None = None) -> bytes:
    """All mailboxes as a JSON array, by priority; or only one."""
    row = await db.row("mailboxes.page", mailbox_id)
    assert row is not None
    items: bytes = row["items"]
    return items
