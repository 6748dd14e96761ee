"""What machines send: bounces of our mail, reports of delay, out-of-office notes, and what they move."""

from __future__ import annotations

import pytest

from core import events, tickets, tokens
from core.models.mail import Delivery, Disposition
from core.models.record import Event
from core.models.tickets import Comment, Status, Ticket
from core.runtime import SYSTEM
from tests.support.bounces import answered, bounce
from tests.support.mail import SUPPORT, MailDesk, letter


async def test_an_out_of_office_note_is_internal_and_moves_nothing(post: MailDesk) -> None:
    ticket_id = await post.ticket(message_id="first@customer.test")
    async with post.rt.transaction(SYSTEM) as tx:
        await tickets.set_status(tx, ticket_id, Status.RESOLVED)
    before = await Ticket.get(id=ticket_id)
    away = letter("Back on Monday.", subject="Out of office", in_reply_to="<first@customer.test>", auto_submitted="auto-replied")
    row = await post.receive(away)
    after, comment = await Ticket.get(id=ticket_id), await Comment.get(id=row.comment_id)
    assert (row.disposition, row.ticket_id, comment.public, comment.automatic) == (Disposition.AUTOMATIC, ticket_id, False, True)
    assert (after.status, after.requester_spoke_at) == (before.status, before.requester_spoke_at)


async def test_automatic_mail_without_a_ticket_opens_one_and_is_not_answered(post: MailDesk) -> None:
    row = await post.receive(letter("Disk full.", sender="monitor@customer.test", auto_submitted="auto-generated"))
    assert row.disposition == Disposition.AUTOMATIC and row.ticket_id is not None
    await post.post()
    assert post.relay.arrived == []


@pytest.mark.parametrize("way", ["verp", "message_id"])
async def test_a_bounced_answer_is_a_note_and_its_comment_says_so(post: MailDesk, way: str) -> None:
    ticket_id, delivery = await answered(post)
    to = tokens.bounce_address(post.rt.keys, SUPPORT, delivery.id) if way == "verp" else SUPPORT
    returned = f"Message-ID: <{delivery.message_id}>\r\n" if way == "message_id" else ""
    row = await post.receive(bounce(returned=returned), to=[to], sender="<>")
    assert (row.disposition, row.ticket_id) == (Disposition.BOUNCE, ticket_id)
    note = await Comment.get(id=row.comment_id)
    assert (note.public, note.author_id) == (False, None)
    said = await Comment.get(ticket_id=ticket_id, body="Use water.")
    assert said.bounced_at is not None
    await delivery.refresh_from_db()
    assert (delivery.state, delivery.last_error) == ("failed", "550 5.1.1 nobody here")
    event = await Event.get(kind=events.DeliveryFailed.kind)
    assert (event.ticket_id, event.data["delivery_id"]) == (ticket_id, delivery.id)


async def test_a_report_of_delay_is_a_note_and_no_failure(post: MailDesk) -> None:
    ticket_id, delivery = await answered(post)
    row = await post.receive(bounce("delayed", "4.4.1"), to=[tokens.bounce_address(post.rt.keys, SUPPORT, delivery.id)], sender="<>")
    assert (row.disposition, row.ticket_id) == (Disposition.BOUNCE, ticket_id)
    assert (await Comment.get(ticket_id=ticket_id, body="Use water.")).bounced_at is None
    assert not await Event.exists(kind=events.DeliveryFailed.kind)


async def test_a_bounce_of_a_notice_to_staff_is_not_mailed_to_the_staff_it_could_not_reach(post: MailDesk) -> None:
    ticket_id = await post.ticket()
    async with post.rt.transaction(SYSTEM) as tx:
        await tickets.assign(tx, ticket_id, post.desk.anna.id)
    await post.post()
    delivery = await Delivery.get(recipient="anna@example.org")
    row = await post.receive(bounce(), to=[tokens.bounce_address(post.rt.keys, SUPPORT, delivery.id)], sender="<>")
    assert row.disposition == Disposition.BOUNCE
    await post.post()
    assert len(post.relay.to("anna@example.org")) == 1  # the notice itself, and no notice of its bounce, whose bounce …


async def test_a_bounced_answer_is_told_to_the_assignee(post: MailDesk) -> None:
    ticket_id, delivery = await answered(post)
    async with post.rt.transaction(SYSTEM) as tx:
        await tickets.assign(tx, ticket_id, post.desk.anna.id)
    await post.receive(bounce(), to=[tokens.bounce_address(post.rt.keys, SUPPORT, delivery.id)], sender="<>")
    await post.post()
    assert any("could not be delivered" in one.everything for one in post.relay.to("anna@example.org"))


async def test_a_bounce_of_somebody_elses_mail_is_automatic_mail(post: MailDesk) -> None:
    row = await post.receive(bounce(returned="Message-ID: <not-ours@elsewhere.test>\r\n"), sender="<>")
    assert row.disposition == Disposition.AUTOMATIC
