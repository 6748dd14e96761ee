"""Commands on queues and who works in them, and what a fresh desk starts with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core import policy, tickets
from core.errors import Conflict, Invalid, NotFound
from core.models.queues import Mailbox, Queue
from core.runtime import Tx
from core.text import one_line


@dataclass(frozen=True, slots=True)
class QueueFields:
    """A queue as an admin wants it. `assignment` is none, round_robin or least_loaded; days are None for never."""

    name: str
    private: bool = False
    language: str = "en"
    position: int = 100
    assignment: str = "none"
    reply_sets_pending: bool = False
    remind_after_days: int | None = None
    close_after_days: int | None = None


async def add(tx: Tx, name: str, *, private: bool = False, members: Sequence[int] = ()) -> Queue:
    """Make a queue of default settings. Its slug comes from its name; Conflict when there is one of that slug."""
    return await make(tx, QueueFields(name, private), members)


async def make(tx: Tx, wanted: QueueFields, members: Sequence[int] = ()) -> Queue:
    """Make a queue with its members. Its slug comes from its name and stays; Conflict when there is one of that slug."""
    await policy.require(tx, "write_queues")
    values = _checked(wanted)
    slug = re.sub(r"[^a-z0-9]+", "-", wanted.name.lower()).strip("-")[:60] or f"queue-{tx.clock.secret(4).hex()}"  # another alphabet
    if await Queue.exists(slug=slug):
        raise Conflict(f"There is a queue {slug} already.")
    queue = await Queue.create(slug=slug, version=1, created_at=tx.now, updated_at=tx.now, **values)
    for user_id in members:
        await add_member(tx, queue.id, user_id)
    return queue


async def change(tx: Tx, queue_id: int, wanted: QueueFields) -> Queue:
    """Change a queue. Who may not see it any longer, now that it is private, loses its tickets and stops watching them."""
    await policy.require(tx, "write_queues")
    queue = await locked(queue_id)
    queue.update_from_dict(_checked(wanted))
    queue.version, queue.updated_at = queue.version + 1, tx.now
    await queue.save()
    await _recheck(tx, queue.id)
    return queue


async def archive(tx: Tx, queue_id: int) -> None:
    """Take a queue out of use: nothing new comes into it, what is in it stays readable. Conflict while a mailbox feeds it, or for the last one."""
    await policy.require(tx, "write_queues")
    queue = await locked(queue_id)
    if queue.archived_at is None:
        await _check_unneeded(tx, queue)
        await Queue.filter(id=queue.id).update(archived_at=tx.now, updated_at=tx.now, version=queue.version + 1)


async def restore(tx: Tx, queue_id: int) -> None:
    """Put an archived queue into use again."""
    await policy.require(tx, "write_queues")
    queue = await locked(queue_id)
    if queue.archived_at is not None:
        await Queue.filter(id=queue.id).update(archived_at=None, updated_at=tx.now, version=queue.version + 1)


async def remove(tx: Tx, queue_id: int) -> None:
    """Delete a queue that holds no ticket. Conflict otherwise, while a mailbox feeds it, and for the last one."""
    await policy.require(tx, "write_queues")
    queue = await locked(queue_id)
    if await tx.value("queues.has_tickets", queue.id):
        raise Conflict("This queue has tickets: move them to another queue first, or archive it.")
    await _check_unneeded(tx, queue)
    await queue.delete()


async def add_member(tx: Tx, queue_id: int, user_id: int, *, lead: bool | None = None) -> None:
    """Let somebody work in a queue, as its lead or not; being in it already is no error. Invalid unless he is active staff."""
    await policy.require(tx, "write_queues")
    if not await tx.value("queues.exists", queue_id):
        raise NotFound("There is no such queue.")
    if not await tx.value("users.works_here_locked", user_id):
        raise Invalid("Only active staff can be members of a queue.", {"user_id": "must be active staff"})
    await tx.rows("queues.add_member", queue_id, user_id, lead)


async def remove_member(tx: Tx, queue_id: int, user_id: int) -> None:
    """Let somebody work there no longer. Of a private queue he loses the tickets; Conflict for its last member while it has open ones."""
    await policy.require(tx, "write_queues")
    queue = await locked(queue_id)
    if queue.private and await tx.value("queues.is_last_with_open_tickets", queue.id, user_id):
        raise Conflict("He is the last who sees this private queue, and it has open tickets: add somebody else first.")
    if not await tx.value("queues.remove_member", queue.id, user_id):
        raise NotFound("He is no member of this queue.")
    await _recheck(tx, queue.id)


async def locked(queue_id: int) -> Queue:
    """The queue, locked until the transaction ends."""
    queue = await Queue.select_for_update().get_or_none(id=queue_id)
    if queue is None:
        raise NotFound("There is no such queue.")
    return queue


async def _recheck(tx: Tx, queue_id: int) -> None:
    """Everybody who could see the queue's tickets is looked at anew."""
    await tx.rows("queues.drop_watchers_without_rights", queue_id)
    for row in await tx.rows("queues.held_without_rights", queue_id):
        await tickets.release(tx, row["id"], row["assignee_id"])


async def _check_unneeded(tx: Tx, queue: Queue) -> None:
    if await Mailbox.exists(queue_id=queue.id):
        raise Conflict("A mailbox feeds this queue: let it feed another one first.")
    if not queue.private and not await tx.value("queues.another_open_one", queue.id):
        raise Conflict("This is the last queue that is open to everybody: make another one first.")


def _checked(wanted: QueueFields) -> dict[str, Any]:
    if not one_line(wanted.name):
        raise Invalid("A queue needs a name.", {"name": "must not be empty"})
    remind, close = wanted.remind_after_days, wanted.close_after_days
    if remind is not None and (close is None or remind >= close):
        raise Invalid("A reminder comes before the end.", {"remind_after_days": "must be less than close_after_days"})
    return {**asdict(wanted), "name": one_line(wanted.name)[:100]}


async def seed(tx: Tx, address: str) -> bool:
    """Give a desk without queues its first queue and mailbox; returns whether there was anything to do. Several starters do it once."""
    await tx.rows("queues.one_seeder")
    if await Queue.exists():
        return False
    queue = await add(tx, "Support")
    await Mailbox.create(address=address, name="Support", queue=queue, language="en", priority=100, plus_addressing=True, kind="smtp",
                         connection={}, created_at=tx.now, updated_at=tx.now)  # fmt: skip
    return True
