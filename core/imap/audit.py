"""Whether every mail of a connected mailbox is accounted for: what lies there is compared with the ledger, by UID."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core import mailboxes
from core.db import Row
from core.errors import HelpdeskError, PermanentFailure
from core.imap.box import Box, box_of
from core.imap.client import connected
from core.imap.position import position_in
from core.runtime import Runtime


@dataclass(frozen=True, slots=True)
class _Untaken:
    """UIDs that lie in the folder and are not in the ledger: `missed` between those that the desk took, `waiting` since."""

    missed: Sequence[int] = ()
    waiting: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """How many mails are about to be fetched, and a sentence for each that is not accounted for."""

    waiting: int
    gaps: Sequence[str]


async def look_into_all(rt: Runtime) -> list[tuple[str, Found]]:
    """Every mailbox that is fetched from, by its address, with what was found there."""
    return [(row["address"], await _look_into(rt, row)) for row in await rt.database.rows("imap.boxes")]


async def look_for_gaps(rt: Runtime, box: Box) -> Found:
    """What was left out, what waits though fetching failed; and a mailbox that nobody can look into is a gap itself."""
    try:
        found = await _untaken(rt, box)
    except HelpdeskError as error:
        return _closed(box.address, error)
    stuck = found.waiting if (await mailboxes.by_id(box.id)).last_error else ()
    gaps = [f"{box.address}: UID {uid} lies in {box.connection.folder} and was never taken" for uid in (*found.missed, *stuck)]
    return Found(len(found.waiting) - len(stuck), gaps)


async def _look_into(rt: Runtime, row: Row) -> Found:
    try:
        box = box_of(rt, row)
    except PermanentFailure as error:  # its secret cannot be opened
        return _closed(row["address"], error)
    return await look_for_gaps(rt, box)


def _closed(address: str, error: HelpdeskError) -> Found:
    return Found(0, [f"{address}: nobody can look into it. {error}"])


async def _untaken(rt: Runtime, box: Box) -> _Untaken:
    """What was not fetched of what is the desk's: what came since it first looked into the folder, and what was asked for."""
    async with connected(box.connection) as client:
        folder = await client.select()
        position = position_in(box.connection, folder, await rt.database.row("imap.position", box.id, box.connection.folder))
        there = await position.wanted(client, 0)
    name = box.names(folder.validity)
    taken = {one["uid"] for one in await rt.database.rows("imap.taken", name, len(name))}
    missed = [uid for uid in there if taken and min(taken) < uid <= position.last_uid and uid not in taken]
    return _Untaken(missed, [uid for uid in there if uid > position.last_uid])
