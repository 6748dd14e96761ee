"""Colleagues called by name in an internal note: `@anna`, by what stands before the @ of an address, or by the whole address.

Only notes call people: what is said publicly is for the requester. Who may not see the ticket is not told of it, and the writer hears
that; so does whoever calls nobody, or two people at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.runtime import Tx

_CALL = re.compile(r"(?<![\w.@/+-])@([\w][\w.+-]{0,63}(?:@[\w-]+(?:\.[\w-]+)+)?)")
_MOST = 20


@dataclass(frozen=True, slots=True)
class Mentions:
    """Who was called: the ids of those who are told, and the names (as written) of those who are not."""

    reached: list[int]
    unreached: list[str]


async def called(tx: Tx, ticket_id: int, text: str) -> Mentions:
    """Whom a note on the ticket calls, without its writer."""
    names = list(dict.fromkeys(name.rstrip(".-+").lower() for name in _CALL.findall(text)))[:_MOST]
    if not names:
        return Mentions([], [])
    found = {row["name"]: row for row in await tx.rows("mentions.people", ticket_id, names)}
    reached = [found[name]["user_id"] for name in names if name in found and found[name]["sees"]]
    unreached = [name for name in names if not (name in found and found[name]["sees"])]
    return Mentions([user_id for user_id in dict.fromkeys(reached) if user_id != tx.actor.user_id], unreached)
