"""Making one person of two: everything of the source becomes the target's, and the source is switched off."""

from __future__ import annotations

from core import policy, tickets
from core.errors import Conflict, Invalid, NotFound
from core.models.people import RANK, User
from core.runtime import Tx

# Each statement moves what its name says; together they cover every column that refers to a person (a test compares).
STEPS = ("addresses", "tickets", "said", "ties", "desk", "programs")
_DATED = ("addresses", "tickets", "programs")  # those that write down when


async def merge(tx: Tx, source_id: int, target_id: int) -> User:
    """Let the source be the target from now on. This cannot be undone.

    Invalid for a person into himself, Conflict for one who was merged already, has the higher role, or is the last active admin. Who asked
    or is in copy of a ticket does not work on it: such assignments end.
    """
    await policy.require(tx, "merge_people")
    if source_id == target_id:
        raise Invalid("A person cannot be merged into himself.", {"into": "must be another person"})
    people = {user.id: user for user in await User.select_for_update().filter(id__in=[source_id, target_id]).order_by("id")}
    if len(people) < 2:
        raise NotFound("There is no such person.")
    source, target = people[source_id], people[target_id]
    _check(source, target)
    for step in STEPS:
        await tx.rows(f"people.merge_{step}", source.id, target.id, *([tx.now] if step in _DATED else []))
    await tx.rows("sessions.revoke_all", source.id, tx.now)
    for row in await tx.rows("people.held_as_own", target.id):
        await tickets.release(tx, row["id"], target.id)
    return await User.get(id=target.id)


def _check(source: User, target: User) -> None:
    for user in (source, target):
        if user.merged_into_id is not None:
            raise Conflict(f"{user.email} was merged into somebody already.")
    if not target.active:
        raise Conflict(f"{target.email} is switched off: switch it on first, or merge the other way round.")
    if RANK[source.role] > RANK[target.role]:
        raise Conflict(f"{source.email} may do more than {target.email}: merge the other way round.")
