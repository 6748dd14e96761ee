"""Links between tickets: parent and child, duplicate, follow-up, or only related.

One row of the table says it for both sides; its circles are refused, for a ticket cannot be its own parent, duplicate or follow-up.
"""

from __future__ import annotations

from core import events, policy
from core.errors import Invalid, NotFound
from core.runtime import Tx

# What a ticket is to the other one, as (the link's kind, whether it is the link's source, what the other one is to it).
RELATIONS: dict[str, tuple[str, bool, str]] = {
    "parent": ("parent", True, "child"),
    "child": ("parent", False, "parent"),
    "duplicate": ("duplicate", True, "original"),
    "original": ("duplicate", False, "duplicate"),
    "follow_up": ("follow_up", True, "followed_up"),
    "followed_up": ("follow_up", False, "follow_up"),
    "related": ("related", True, "related"),
}


async def link(tx: Tx, ticket_id: int, relation: str, other_id: int) -> None:
    """Say what a ticket is to another one (a key of RELATIONS); saying it again is no error. Invalid for a circle, or for itself.

    Numbers of merged tickets mean the tickets these go on in.
    """
    ticket_id, other_id = await _both(tx, ticket_id, other_id)
    if ticket_id == other_id:
        raise Invalid("A ticket cannot be linked to itself.", {"ticket_id": "must be another ticket"})
    kind, source, target = _row(ticket_id, relation, other_id)
    if kind != "related" and await tx.value("links.leads_to", target, source, kind):
        raise Invalid(
            f"That would make a circle: #{target} leads to #{source} already.", {"ticket_id": "must not lead back to this ticket"}
        )
    await record(tx, ticket_id, relation, other_id)


async def unlink(tx: Tx, ticket_id: int, relation: str, other_id: int) -> None:
    """Take a link away, also one that a ticket had before it was merged into another. NotFound when there is none."""
    live = await _both(tx, ticket_id, other_id)
    for one, other in dict.fromkeys((live, (ticket_id, other_id), (live[0], other_id), (ticket_id, live[1]))):
        kind, source, target = _row(one, relation, other)
        if await tx.value("links.remove", source, target, kind):
            await tx.emit(events.TicketUnlinked(one, relation, other))
            await tx.emit(events.TicketUnlinked(other, RELATIONS[relation][2], one))
            return
    raise NotFound("There is no such link.")


async def follow_up(tx: Tx, ticket_id: int, earlier_id: int) -> None:
    """Say that a new ticket goes on with an earlier one, which its opener has to see; NotFound otherwise."""
    earlier = (await policy.ticket_for(tx, earlier_id, "see")).ticket
    await record(tx, ticket_id, "follow_up", earlier.id)


async def record(tx: Tx, ticket_id: int, relation: str, other_id: int) -> None:
    """Write a link down that needs no rights of its own: the caller has checked what it means."""
    kind, source, target = _row(ticket_id, relation, other_id)
    if await tx.value("links.add", source, target, kind, tx.now):
        await tx.emit(events.TicketLinked(ticket_id, relation, other_id))
        await tx.emit(events.TicketLinked(other_id, RELATIONS[relation][2], ticket_id))


async def _both(tx: Tx, ticket_id: int, other_id: int) -> tuple[int, int]:
    await policy.lock(tx, ticket_id, other_id)
    return (await policy.ticket_for(tx, ticket_id, "link")).ticket.id, (await policy.ticket_for(tx, other_id, "link")).ticket.id


def _row(ticket_id: int, relation: str, other_id: int) -> tuple[str, int, int]:
    """The link's kind, source and target. Being related has no direction: the older ticket is the source."""
    kind, is_source, _ = RELATIONS[relation]
    source, target = (ticket_id, other_id) if is_source else (other_id, ticket_id)
    return (kind, min(source, target), max(source, target)) if kind == "related" else (kind, source, target)
