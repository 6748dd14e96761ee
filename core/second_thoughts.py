"""Changing or taking back what one said: notes at any time, answers until they leave, a requester's words for a quarter of an hour.

What was said before stays in the revisions. Retracting an answer does not undo what it did to the ticket: its status is there to be seen
and changed, and nobody is told of a solution that was taken back. Who was called by name in a note stays told, and an edit calls nobody.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from core import events, policy
from core.comments import LONGEST
from core.db import Row
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.jobs import MAIL_LOCKS
from core.models.tickets import Via
from core.runtime import Tx
from core.text import storable

_PATIENCE, _MOMENT = 10, 0.05  # looks, and seconds between them
REQUESTERS_HAVE = timedelta(minutes=15)


async def edit(tx: Tx, comment_id: int, body: str) -> None:
    """Say something else instead. Raises Forbidden for another's words, Conflict for what has left already, Invalid for nothing."""
    comment, body = await _own(tx, comment_id), storable(body)[:LONGEST]
    if not body.strip():
        raise Invalid("There is nothing to say: the text is empty. Take the comment back instead.", {"body": "must not be empty"})
    if body != comment["body"]:
        await tx.rows("second_thoughts.edit", comment_id, tx.now, tx.actor.user_id, body)
        await tx.emit(events.CommentEdited(comment["ticket_id"], comment_id, comment["public"]))


async def retract(tx: Tx, comment_id: int) -> None:
    """Take it back: nobody reads it any more, and a mail that has not left does not leave. What opened a ticket stays."""
    comment = await _own(tx, comment_id)
    if comment["opened_it"]:
        raise Conflict("This opened the ticket, so it stays: edit it, or close the ticket.")
    await tx.rows("second_thoughts.retract", comment_id, tx.now, tx.actor.user_id)
    await tx.emit(events.CommentRetracted(comment["ticket_id"], comment_id, comment["public"]))


async def _own(tx: Tx, comment_id: int) -> Row:
    """The actor's own comment, with its ticket locked, if it can still be changed."""
    comment = await tx.row("second_thoughts.comment", comment_id)
    if comment is None:
        raise NotFound("There is no such comment.")
    alone = comment["author_id"] == tx.actor.user_id and await _alone(tx, comment)  # before the ticket is locked: a worker may need it
    try:
        access = await policy.ticket_for(tx, comment["ticket_id"], "see")
    except NotFound:
        raise NotFound("There is no such comment.") from None
    if not comment["public"] and access.standing not in policy.TICKET_RULES["read_notes"]:
        raise NotFound("There is no such comment.")
    comment = await tx.row("second_thoughts.comment", comment_id)  # as it is now that we have the ticket
    if comment is None:
        raise NotFound("There is no such comment.")
    if comment["public"] and comment["via"] == Via.EMAIL:
        raise Conflict("This came by mail, and stays as it was written.")
    if comment["author_id"] != tx.actor.user_id:
        raise Forbidden("Only who wrote this may change it.")
    await _check_time(tx, comment, alone)
    return comment


async def _check_time(tx: Tx, comment: Row, alone: bool) -> None:
    if not comment["public"]:
        return
    if comment["send_after"] is None:
        if comment["created_at"] + REQUESTERS_HAVE < tx.now:
            raise Conflict("This was said too long ago to be changed: say what is different now.")
        return
    if comment["send_after"] <= tx.now or await tx.value("second_thoughts.has_left", comment["id"]):
        raise Conflict("This has left already: write a correction.")
    if not alone:
        raise Conflict("Other mail about this ticket is leaving at this moment: try again in a few seconds.")


async def _alone(tx: Tx, comment: Row) -> bool:
    """Whether no worker is at the mail of an answer's ticket until we are done. Most are at it for a moment only."""
    if comment["send_after"] is None or comment["send_after"] <= tx.now:
        return False
    for _ in range(_PATIENCE):
        if await tx.value("second_thoughts.alone", MAIL_LOCKS, comment["ticket_id"]):
            return True
        await asyncio.sleep(_MOMENT)
    return False
