"""Merging two tickets into one, and taking that back.

Merging is a pointer: what was said stays on the ticket it was said on, whose numbers, tokens and Message-IDs lead on. The pointers are flat:
what had been merged into the source points to the target as well, and the event remembers it, so that an undo is exact. Each
requester goes on seeing his own part only, unless he is let in (`share`).
"""

from __future__ import annotations

from datetime import timedelta

from core import events, policy, tickets
from core.errors import Conflict, Invalid, NeedsConfirmation
from core.models.tickets import Status, Ticket
from core.runtime import Tx

UNDO_WITHIN = timedelta(days=1)


async def merge(tx: Tx, source_id: int, target_id: int, *, confirmed: bool = False, share: bool | None = None) -> Ticket:
    """Let the source go on in the target, and return that.

    Tickets of different requesters raise NeedsConfirmation unless `confirmed`. With `share` the source's requester and participants are
    let in on the target; by default they are when both are of one requester. Invalid for a ticket into itself or into its own child,
    Conflict when one of them is merged or closed already.
    """
    await policy.lock(tx, source_id, target_id)
    source = (await policy.ticket_for(tx, source_id, "merge")).ticket
    target = (await policy.ticket_for(tx, target_id, "merge")).ticket
    await _check(tx, source, target, source_id, target_id)
    same = source.requester_id == target.requester_id
    if not same and not confirmed:
        raise NeedsConfirmation(
            f"#{source.id} and #{target.id} have different requesters. Each goes on seeing his own part only, unless you share it with him."
        )
    return await _merge(tx, source, target, share=same if share is None else share)


async def undo(tx: Tx, source_id: int) -> Ticket:
    """Let a merged ticket go on by itself again, with what it had brought along and in the state it had. Conflict after a day.

    Who was let in by the merge is let out; what was said meanwhile stays where it was said.
    """
    live = (await policy.ticket_for(tx, source_id, "merge")).ticket
    if live.id == source_id:
        raise Conflict(f"#{source_id} is not merged into another ticket.")
    row = await tx.row("merging.last", source_id)
    if row is None or row["into"] != live.id:
        raise Conflict(f"#{source_id} came into #{live.id} together with another ticket: undo the merge of that one.")
    if row["created_at"] + UNDO_WITHIN < tx.now:
        raise Conflict("A merge can be undone within a day; this one is older. Split what belongs elsewhere instead.")
    as_it_was = [row["resolved_at"], row["closed_at"], row["snoozed_until"]]
    await tx.rows("merging.undo", source_id, row["brought"], row["before"], tx.now, *as_it_was)
    await _let_out(tx, live, row["shared"])
    await tickets.save(tx, live)
    await tx.emit(events.TicketUnmerged(source_id, live.id))
    await tx.emit(events.MergeUndone(live.id, source_id))
    return await Ticket.get(id=source_id)


async def _check(tx: Tx, source: Ticket, target: Ticket, source_id: int, target_id: int) -> None:
    if source_id == target_id:
        raise Invalid("A ticket cannot be merged into itself.", {"into": "must be another ticket"})
    if source.id != source_id:
        raise Conflict(f"#{source_id} was merged into #{source.id} already.")
    if source.id == target.id:
        raise Conflict(f"#{target_id} was merged into #{source.id} already.")
    if await tx.value("links.is_below", target.id, source.id):
        raise Invalid(
            f"#{target.id} is a child of #{source.id}: merge it the other way round.", {"into": "must not be a child of this ticket"}
        )
    if target.status == Status.CLOSED:
        raise Conflict(f"#{target.id} is closed: reopen it first, or merge the other way round.")


async def _merge(tx: Tx, source: Ticket, target: Ticket, *, share: bool) -> Ticket:
    people = await tx.rows("merging.let_in", source.id, target.id, share, tx.now)
    let_in = [row["user_id"] for row in people if row["is_new"]]
    brought = [row["id"] for row in await tx.rows("merging.point", source.id, target.id, tx.now) if row["id"] != source.id]
    asks_again = await tx.value("merging.heard", source.id, target.id)
    await tx.rows("tickets.mirror", target.id)
    if target.assignee_id in let_in:  # being in copy comes before being staff
        await tickets.release(tx, target.id, target.assignee_id)
    await tx.rows("tickets.touch", target.id, tx.now)
    for user_id in let_in:
        await tx.emit(events.ParticipantAdded(target.id, user_id))
    await tx.emit(events.MergeReceived(target.id, source.id))
    kept = [None if at is None else at.isoformat() for at in (source.resolved_at, source.closed_at, source.snoozed_until)]
    await tx.emit(events.TicketMerged(source.id, target.id, source.status, brought, [row["user_id"] for row in people], *kept))
    live = await Ticket.get(id=target.id)
    if asks_again:
        await tickets.change_status(tx, live, Status.OPEN)
    return live


async def _let_out(tx: Tx, live: Ticket, shared: list[int]) -> None:
    for row in await tx.rows("merging.let_out", live.id, shared):
        await tx.emit(events.ParticipantRemoved(live.id, row["user_id"]))
