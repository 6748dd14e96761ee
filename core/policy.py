"""May this actor do this? One table for tickets, one for everything else, and the only door to a ticket one may change.

Rights are read from the database with each request, never from a token. What one may not see does not exist (NotFound); what one
sees and may not do is Forbidden. On a ticket, being its requester or participant comes before being staff: nobody works on his own
case, or reads the notes about it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from core.db import Row
from core.errors import Forbidden, NotFound
from core.models.people import RANK, Role
from core.models.tickets import Priority, Status, Ticket, Via
from core.runtime import Actor, Tx


class Standing(StrEnum):
    """What somebody is to a ticket."""

    REQUESTER = "requester"
    PARTICIPANT = "participant"
    STAFF = "staff"
    SYSTEM = "system"


_ALL = frozenset(Standing)
_STAFF = frozenset({Standing.STAFF, Standing.SYSTEM})
_REQUESTER = _STAFF | {Standing.REQUESTER}

TICKET_RULES: dict[str, frozenset[Standing]] = {
    "see": _ALL,
    "comment": _ALL,
    "mute": _ALL,
    "close": _REQUESTER,
    "reopen": _REQUESTER,
    "add_participant": _REQUESTER,
    "remove_participant": _REQUESTER,
    "leave": frozenset({Standing.PARTICIPANT}),
    "read_notes": _STAFF,
    "note": _STAFF,
    "assign": _STAFF,
    "set_status": _STAFF,
    "set_priority": _STAFF,
    "set_subject": _STAFF,
    "tag": _STAFF,
    "move": _STAFF,
    "snooze": _STAFF,
    "merge": _STAFF,
    "split": _STAFF,
    "link": _STAFF,
    "decide_join": _STAFF,
    "watch": _STAFF,
    "be_present": _STAFF,
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A right that admins have, and staff where the desk chose so (`core/choices.py`)."""

    choice: str


DESK_RULES: dict[str, Role | Chosen] = {
    "open_ticket": Role.USER,
    "open_ticket_for_another": Role.STAFF,
    "see_own_profile": Role.USER,
    "change_own_profile": Role.USER,
    "see_notifications": Role.USER,
    "vote_on_faqs": Role.USER,
    "see_people": Role.STAFF,
    "add_people": Role.ADMIN,
    "change_people": Role.ADMIN,
    "merge_people": Role.ADMIN,
    "see_tags": Role.STAFF,
    "write_tags": Chosen("staff_write_tags"),
    "write_faqs": Chosen("staff_write_faqs"),
    "see_unpublished_faqs": Role.STAFF,
    "see_canned_replies": Role.STAFF,
    "write_canned_replies": Role.STAFF,
    "see_queues": Role.STAFF,
    "write_queues": Role.ADMIN,
    "see_choices": Role.ADMIN,
    "write_choices": Role.ADMIN,
    "see_mail_ledger": Role.ADMIN,
    "write_suppressions": Role.ADMIN,
    "see_jobs": Role.ADMIN,
}


@dataclass(frozen=True, slots=True)
class Access:
    """A ticket that is locked for this transaction, and what the actor is to it.

    `said_on` is where his words belong: on the ticket itself, but on one that was merged into it, if he named that, where the people
    of that one (he, or whom he answers) do not see the ticket it goes on in.
    """

    ticket: Ticket
    standing: Standing
    said_on: int


async def ticket_for(tx: Tx, ticket_id: int, verb: str, author_id: int | None = None) -> Access:
    """The ticket, locked, if the actor may do `verb` (a key of TICKET_RULES) to it; a merged ticket leads to the one it goes on in.

    `author_id` is for whom a door speaks. Raises NotFound when there is none or the actor may not see it, Forbidden when he sees it and may
    not do that.
    """
    speaker = tx.actor.user_id if tx.actor.user_id is not None else author_id
    row = await _locked(tx, ticket_id, speaker)
    standing = standing_in(row, tx.actor) if row is not None else None
    if row is None or standing is None:
        raise NotFound(f"There is no ticket #{ticket_id}.")
    if standing not in TICKET_RULES[verb]:
        raise Forbidden(f"You may not {verb.replace('_', ' ')} on ticket #{ticket_id}.")
    return Access(_ticket(row), standing, row["named_id"] if _speaks_apart(row, speaker, standing) else row["id"])


async def lock(tx: Tx, *ticket_ids: int) -> None:
    """Lock the tickets that these numbers lead to, all at once: always in the same order, so that two who want several never wait for each
    other. Every command that needs more than one ticket begins with it."""
    tx.locked.update([row["id"] for row in await tx.rows("policy.tickets_locked_in_order", list(ticket_ids))])


async def _locked(tx: Tx, ticket_id: int, viewer_id: int | None) -> Row | None:
    """Locked first, read then: so what is read is what whoever held the lock has left."""
    if tx.locked:
        row = await tx.row("policy.ticket", ticket_id, viewer_id)
        if row is not None and row["id"] in tx.locked:
            return row
    live_id = await tx.value("policy.lock_if_free", ticket_id)
    row = await tx.row("policy.ticket", ticket_id, viewer_id) if live_id is not None else None
    return row if row is not None and row["id"] == live_id else await _locked_after_waiting(tx, ticket_id, viewer_id)


async def _locked_after_waiting(tx: Tx, ticket_id: int, viewer_id: int | None) -> Row | None:
    """If it was a merge, or its undo, that we waited for, the lock is on the wrong ticket: it is given back, since whoever holds the right
    one may want it."""
    while True:
        with suppress(_WentElsewhere):
            async with tx.attempt():
                live_id = await tx.value("policy.lock", ticket_id)
                row = await tx.row("policy.ticket", ticket_id, viewer_id)
                if row is not None and row["id"] != live_id:
                    raise _WentElsewhere
                return row


class _WentElsewhere(Exception):
    """The ticket goes on in another than a moment ago."""


def standing_in(row: Row, actor: Actor) -> Standing | None:
    """What the actor is to the ticket of a row with the columns of `policy.ticket`; None is: nothing."""
    if actor.user_id is None:
        return Standing.SYSTEM
    if not row["viewer_active"]:
        return None
    stands_here = row["requester_id"] == actor.user_id or row["viewer_participates"]
    if stands_here and row["named_id"] != row["id"] and not row["viewer_belongs_to_named"]:
        return None  # another's ticket goes on in his: its number tells him nothing
    if row["requester_id"] == actor.user_id:
        return Standing.REQUESTER
    if row["viewer_participates"] or row["viewer_belongs_to_named"]:  # whose ticket was merged has a say here, not the say
        return Standing.PARTICIPANT
    return Standing.STAFF if row["viewer_works_on"] and row["confirmed"] else None


async def require(tx: Tx, right: str) -> None:
    """Raise Forbidden unless the actor's role allows `right` (a key of DESK_RULES). The desk itself may do everything."""
    if tx.actor.user_id is None:
        return
    role, rule = await tx.value("policy.role", tx.actor.user_id), DESK_RULES[right]
    if isinstance(rule, Chosen):
        rule = Role.STAFF if await tx.value("policy.chosen", rule.choice) else Role.ADMIN
    if role is None or RANK[Role(role)] < RANK[rule]:
        raise Forbidden(f"You may not {right.replace('_', ' ')}.")


async def require_queue(tx: Tx, queue_id: int, *, archived: bool = False) -> None:
    """Raise NotFound unless the actor may work in the queue: staff, and a member where it is private. `archived`: out of use is fine."""
    if tx.actor.user_id is not None and not await tx.value("policy.may_use_queue", queue_id, tx.actor.user_id, archived):
        raise NotFound("There is no such queue.")


def _speaks_apart(row: Row, speaker: int | None, standing: Standing) -> bool:
    if speaker is not None and row["viewer_belongs_to_named"]:
        return row["requester_id"] != speaker and not row["viewer_participates"]
    return standing in _STAFF and bool(row["named_is_apart"])


def _ticket(row: Row) -> Ticket:
    columns = {name: row[name] for name in Ticket._meta.db_fields}
    enums = {"status": Status(row["status"]), "priority": Priority(row["priority"]), "via": Via(row["via"])}
    return Ticket.construct(_saved_in_db=True, **{**columns, **enums})
