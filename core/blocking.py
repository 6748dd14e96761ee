"""Senders who are not heard: an address, or a domain with everything below it. Their mail is kept in the ledger, and opens nothing."""

from __future__ import annotations

import re

from core import policy
from core.errors import Invalid, NotFound
from core.mail.addresses import normal
from core.models.queues import BlockedSender
from core.queries import Reader
from core.runtime import Tx
from core.text import one_line

_PATTERN = re.compile(r"(?:[^\s@<>,;]{1,200}@)?[^\s@<>,;*]{1,250}")


async def block(tx: Tx, pattern: str, reason: str = "") -> None:
    """Hear a sender no longer; again is no error. Invalid for what is neither an address nor a domain, and for one of the desk's own."""
    await policy.require(tx, "write_suppressions")
    pattern = _normal(pattern)
    if not _PATTERN.fullmatch(pattern) or "." not in pattern.rpartition("@")[2]:
        raise Invalid("That is neither a mail address nor a domain.", {"pattern": "must look like eva@example.org or example.org"})
    if await tx.value("mailboxes.own_blocked_by", pattern):
        raise Invalid("That is where this desk or its staff writes from.", {"pattern": "must not be of the desk's own"})
    await BlockedSender.update_or_create(
        {"reason": one_line(reason)[:300], "created_by_id": tx.actor.user_id, "created_at": tx.now}, pattern=pattern
    )


async def unblock(tx: Tx, pattern: str) -> None:
    """Hear a sender again. NotFound when nothing of that form is blocked."""
    await policy.require(tx, "write_suppressions")
    if not await BlockedSender.filter(pattern=_normal(pattern)).delete():
        raise NotFound("Nothing is blocked by that.")


def _normal(pattern: str) -> str:
    """As it is kept: `@example.org`, `*.example.org` and `example.org.` mean the domain, with all below it anyway."""
    return normal(pattern).removeprefix("*").removeprefix("@").strip(".")


async def page(db: Reader) -> bytes:
    """What is blocked, as a JSON array."""
    row = await db.row("blocking.page", 1000)
    assert row is not None
    items: bytes = row["items"]
    return items
