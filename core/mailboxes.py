"""Commands on mailboxes: which queue an address feeds, and how the desk writes from it."""

from __future__ import annotations

from dataclasses import dataclass

from core import policy
from core.errors import Invalid, NotFound
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
