"""Splitting a ticket: something said on it goes on in a ticket of its own."""

from __future__ import annotations

from core import attachments, events, links, policy, tickets
from core.attachments import StoredFile
from core.db import Row
from core.errors import Invalid, NotFound
from core.models.tickets import Priority, Ticket
from core.runtime import Tx
from core.tickets import NewTicket, Opened


async def split(tx: Tx, comment_id: int, subject: str | None = None) -> Opened:
    """Open a ticket with what was said in a public comment and its files; both tickets are related. The comment stays where it was said.

    Its requester is who said it, also a stranger who knew the ticket's address, or the ticket's where that was staff; a machine is not
    answered. Invalid for an internal note: the requester of the new ticket would read it. NotFound when there is no such comment, or the
    actor may not see it.
    """
    await policy.lock(tx, (await _comment(tx, comment_id))["ticket_id"])
    comment = await _comment(tx, comment_id)  # as it is now: it could be taken back while we waited
    try:
        access = await policy.ticket_for(tx, comment["ticket_id"], "split")
    except NotFound:
        raise NotFound("There is no such comment.") from None
    if not comment["public"]:
        raise Invalid(
            "An internal note cannot be split off: the requester of the new ticket would read it.", {"comment_id": "must be public"}
        )
    opened = await tickets.open(tx, await _new_ticket(tx, access.ticket, comment, subject))
    await Ticket.filter(id=opened.ticket_id).update(split_from_id=access.ticket.id)
    await links.record(tx, opened.ticket_id, "related", access.ticket.id)
    await tx.emit(events.TicketSplit(comment["ticket_id"], comment_id, opened.ticket_id))
    return opened


async def _comment(tx: Tx, comment_id: int) -> Row:
    comment = await tx.row("splitting.comment", comment_id)
    if comment is None:
        raise NotFound("There is no such comment.")
    return comment


async def _new_ticket(tx: Tx, ticket: Ticket, comment: Row, subject: str | None) -> NewTicket:
    requester = comment["author_id"] if comment["is_its_authors"] else comment["requester_id"]
    files = [StoredFile(**file) for file in await tx.rows("splitting.files", comment["id"])]
    return NewTicket(
        subject or "", comment["body"], requester, ticket.queue_id, ticket.mailbox_id, Priority(ticket.priority), ticket.language,
        attachments=await attachments.record(tx, files), full_body=comment["full_body"], html=comment["html"],
        author_id=comment["author_id"], split_from=ticket.id, automatic=comment["automatic"], flagged=comment["flagged"],
        answerable=comment["answerable"],
    )  # fmt: skip
