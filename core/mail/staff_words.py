"""What a colleague does by mail: lines like `#resolve` or `#assign eva@example.org` (`staff_lines.py` finds them).

Each word is a command of the core with his own rights; one that fails is told and keeps no other from being done. To add one, write a
function and its row in WORDS.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from core import merging, snoozing, tickets, users
from core.errors import HelpdeskError, Invalid, NeedsConfirmation
from core.models.people import User
from core.models.queues import Queue
from core.models.tickets import Priority, Status
from core.runtime import Tx

_SPAN = re.compile(r"(\d{1,3})\s*(h|d|w)", re.IGNORECASE)
Work = Callable[[Tx, int, str], Awaitable[str]]
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A line, and what came of it: a sentence, done or not."""

    line: str
    told: str
    done: bool


async def act(
    tx: Tx, ticket_id: int, words: Sequence[tuple[str, str, str]], solution_id: int | None = None, *, unsaid: bool = False
) -> list[Outcome]:
    """Do what the lines say, each by itself, with the actor's rights. `solution_id` is the public answer of the same mail; where that was left
    `unsaid`, nothing is ended that waits for it."""
    known: dict[str, Work] = {**WORDS, "resolve": partial(_resolve, solution_id)}
    if unsaid:
        known |= dict.fromkeys(_ENDING, _not_without_answer)
    return [await _one(tx, ticket_id, known.get(word), argument, line) for word, argument, line in words if word != NOTE]


async def _not_without_answer(_tx: Tx, _ticket_id: int, _: str) -> str:
    raise Invalid("Not done, because your answer was not sent.")


async def _one(tx: Tx, ticket_id: int, work: Work | None, argument: str, line: str) -> Outcome:
    if work is None:
        return Outcome(line, f"was not understood; there are: {', '.join(f'#{each}' for each in sorted(KNOWN))}", done=False)
    try:
        async with tx.attempt():
            return Outcome(line, await work(tx, ticket_id, argument), done=True)
    except HelpdeskError as error:
        return Outcome(line, str(error), done=False)


def _alone(work: Work, word: str) -> Work:
    """A word that takes nothing: what stands behind it may be meant for somebody, and nobody knows for whom."""

    async def do(tx: Tx, ticket_id: int, argument: str) -> str:
        if argument:
            raise Invalid(f"#{word} stands alone on its line; your answer begins below it.")
        return await work(tx, ticket_id, argument)

    return do


async def _resolve(solution_id: int | None, tx: Tx, ticket_id: int, _: str) -> str:
    await tickets.set_status(tx, ticket_id, Status.RESOLVED, solution_id)
    return "resolved"


async def _close(tx: Tx, ticket_id: int, _: str) -> str:
    await tickets.set_status(tx, ticket_id, Status.CLOSED)
    return "closed"


async def _open(tx: Tx, ticket_id: int, _: str) -> str:
    await tickets.set_status(tx, ticket_id, Status.OPEN)
    return "opened"


async def _pending(tx: Tx, ticket_id: int, _: str) -> str:
    await tickets.set_status(tx, ticket_id, Status.PENDING)
    return "waits for the requester"


async def _take(tx: Tx, ticket_id: int, _: str) -> str:
    await tickets.take(tx, ticket_id)
    return "is yours"


async def _assign(tx: Tx, ticket_id: int, argument: str) -> str:
    if argument.lower() in ("nobody", "none", "-"):
        await tickets.assign(tx, ticket_id, None)
        return "given to nobody"
    person = await User.get(id=tx.actor.user_id) if argument.lower() == "me" else await users.by_email(argument.strip("<>"))
    await tickets.assign(tx, ticket_id, person.id)
    return f"given to {person.name or person.email}"


async def _tag(tx: Tx, ticket_id: int, argument: str) -> str:
    wanted = [name.lower() for name in re.split(r"[,\s]+", argument) if name]
    if not wanted:
        raise Invalid("#tag needs a tag, such as #tag vpn.")
    has = [row["name"] for row in await tx.rows("tags.of_ticket", ticket_id)]
    await tickets.set_tags(tx, ticket_id, [*has, *wanted])
    return f"tagged {', '.join(wanted)}"


async def _untag(tx: Tx, ticket_id: int, argument: str) -> str:
    gone = {name.lower() for name in re.split(r"[,\s]+", argument) if name}
    has = [row["name"] for row in await tx.rows("tags.of_ticket", ticket_id)]
    await tickets.set_tags(tx, ticket_id, [name for name in has if name not in gone])
    return f"no longer tagged {', '.join(sorted(gone))}"


async def _priority(tx: Tx, ticket_id: int, argument: str) -> str:
    if argument.lower() not in {one.value for one in Priority}:
        raise Invalid(f"#priority is one of {', '.join(one.value for one in Priority)}.")
    await tickets.set_priority(tx, ticket_id, Priority(argument.lower()))
    return f"priority {argument.lower()}"


async def _queue(tx: Tx, ticket_id: int, argument: str) -> str:
    queue = await Queue.get_or_none(slug=argument.lower(), archived_at=None) if len(argument) <= 60 else None
    if queue is None:
        raise Invalid("There is no queue of that name.")
    await tickets.move(tx, ticket_id, queue.id)
    return f"moved to {queue.name}"


async def _merge(tx: Tx, ticket_id: int, argument: str) -> str:
    number, _, confirm = argument.lstrip("#").partition(" ")
    if not (number.isascii() and number.isdigit()) or len(number) > 18:
        raise Invalid("#merge needs the number of a ticket, such as #merge 1042.")
    try:
        live = await merging.merge(tx, ticket_id, int(number), confirmed=confirm.strip().lower() == "confirm")
    except NeedsConfirmation as asked:
        raise Invalid(f"{asked} If you are sure: #merge {number} confirm") from None
    return f"merged into #{live.id}"


async def _snooze(tx: Tx, ticket_id: int, argument: str) -> str:
    await snoozing.snooze(tx, ticket_id, _until(tx.now, argument))
    return f"sleeps for {argument}"


def _until(now: datetime, argument: str) -> datetime:
    if (found := _SPAN.fullmatch(argument.strip())) is None:
        raise Invalid("#snooze needs a time, such as #snooze 4h, 3d or 2w.")
    return now + int(found[1]) * _UNITS[found[2].lower()]


WORDS: dict[str, Work] = {
    "resolve": partial(_resolve, None), "close": _alone(_close, "close"), "open": _alone(_open, "open"), "pending": _alone(_pending, "pending"),
    "take": _alone(_take, "take"), "assign": _assign, "tag": _tag, "untag": _untag, "priority": _priority, "queue": _queue, "merge": _merge,
    "snooze": _snooze,
}  # fmt: skip
NOTE = "note"
KNOWN = frozenset({*WORDS, NOTE})
SPEAKING = frozenset({NOTE, "resolve"})  # what stands on their line is said
_ENDING = ("resolve", "close", "pending")
