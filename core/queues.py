"""Commands on queues and mailboxes, and what a fresh desk starts with."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core import policy
from core.errors import Conflict, Invalid, NotFound
from core.models.queues import Mailbox, Queue, QueueMember
from core.runtime import Tx
from core.text import one_line


async def add(tx: Tx, name: str, *, private: bool = False, members: Sequence[int] = ()) -> Queue:
    """Make a queue. Its slug comes from its name; Conflict when there is one of that slug."""
    await policy.require(tx, "write_queues")
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
    if not one_line(name):
        raise Invalid("A queue needs a name.", {"name": "must not be empty"})
    slug = slug or f"queue-{tx.clock.secret(4).hex()}"  # a name in another alphabet
    if await Queue.exists(slug=slug):
        raise Conflict(f"There is a queue {slug} already.")
    queue = await Queue.create(slug=slug, name=one_line(name)[:100], private=private, language="en", position=100, assignment="none",
                               reply_sets_pending=False, version=1, created_at=tx.now, updated_at=tx.now)  # fmt: skip
    for user_id in members:
        await add_member(tx, queue.id, user_id)
    return queue


async def add_member(tx: Tx, queue_id: int, user_id: int) -> None:
    """Let somebody work in a queue; being in it already is no error. Invalid unless he is active staff."""
    await policy.require(tx, "write_queues")
    if not await tx.value("queues.exists", queue_id):
        raise NotFound("There is no such queue.")
    if await tx.value("policy.role", user_id) not in ("staff", "admin"):
        raise Invalid("Only active staff can be members of a queue.", {"user_id": "must be active staff"})
    await QueueMember.get_or_create({"lead": False}, queue_id=queue_id, user_id=user_id)


async def seed(tx: Tx, address: str) -> bool:
    """Give a desk without queues its first queue and mailbox; returns whether there was anything to do."""
    if await Queue.exists():
        return False
    queue = await add(tx, "Support")
    await Mailbox.create(address=address, name="Support", queue=queue, language="en", priority=100, plus_addressing=True, kind="smtp",
                         connection={}, created_at=tx.now, updated_at=tx.now)  # fmt: skip
    return True
