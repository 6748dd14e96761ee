"""Mail to a ticket that is closed: it reopens it, opens a linked one, or is only noted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import tickets, tokens
from core.models.mail import Disposition
from core.models.tickets import Status, Ticket
from core.models.ties import TicketLink
from core.runtime import SYSTEM
from tests.support.bounces import answered, bounce
from tests.support.mail import SUPPORT, MailDesk, letter


async def test_an_answer_to_a_ticket_closed_too_long_ago_opens_a_linked_one(post: MailDesk) -> None:
    ticket_id = await post.ticket(message_id="first@customer.test")
    await close(post, ticket_id, timedelta(days=15))
    row = await post.receive(letter("Again!", in_reply_to="<first@customer.test>"))
    assert row.disposition == Disposition.NEW_TICKET and row.ticket_id != ticket_id
    link = await TicketLink.get()
    assert (link.source_id, link.target_id, link.kind) == (row.ticket_id, ticket_id, "follow_up")
    assert (await Ticket.get(id=ticket_id)).status == Status.CLOSED


async def test_an_answer_within_two_weeks_reopens_a_closed_ticket(post: MailDesk) -> None:
    ticket_id = await post.ticket(message_id="first@customer.test")
    await close(post, ticket_id, timedelta(days=13))
    row = await post.receive(letter("Again!", in_reply_to="<first@customer.test>"))
    assert (row.ticket_id, (await Ticket.get(id=ticket_id)).status) == (ticket_id, Status.OPEN)


@pytest.mark.parametrize("kind", ["out-of-office", "bounce", "staff"])
async def test_notes_are_still_taken_on_a_ticket_closed_long_ago(post: MailDesk, kind: str) -> None:
    ticket_id, delivery = await answered(post)
    await close(post, ticket_id, timedelta(days=100))
    raw, to = {
        "out-of-office": (letter("Away.", in_reply_to=f"<{delivery.message_id}>", auto_submitted="auto-replied"), SUPPORT),
        "bounce": (bounce(), tokens.bounce_address(post.rt.keys, SUPPORT, delivery.id)),
        "staff": (letter("By the way.", sender="anna@example.org", subject=f"[#{ticket_id}]"), SUPPORT),
    }[kind]
    row = await post.receive(raw, to=[to], sender="<>")
    assert (row.ticket_id, (await Ticket.get(id=ticket_id)).status) == (ticket_id, Status.CLOSED)


async def close(post: MailDesk, ticket_id: int, ago: timedelta) -> None:
    async with post.rt.transaction(SYSTEM) as tx:
        await tickets.set_status(tx, ticket_id, Status.CLOSED)
    post.rt.clock.advance(ago)
