"""The ledger of mail in: it adds up, tells why, finds what was forgotten, and can be read again with today's rules."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import NotFound
from core.health import problems
from core.mail import ledger
from core.mail.reading import Reader
from core.mail.replay import Difference, Replay
from core.models.mail import Disposition, InboundMail
from core.models.queues import BlockedSender, Mailbox
from core.models.tickets import Comment, Ticket
from tests.support.mail import MailDesk, execute, letter


async def lose_job(post: MailDesk) -> None:
    await execute(post.rt, "DELETE FROM pgqueuer WHERE entrypoint = 'file_mail'")


async def test_every_mail_is_accounted_for(post: MailDesk) -> None:
    raw = letter()
    await post.receive(raw)
    await post.receive(raw)
    await post.accept(letter())
    found = await ledger.audit(post.rt, with_bytes=True)
    assert (found.received, found.unfiled, found.dispositions, found.gaps) == (3, 1, {"duplicate": 1, "new_ticket": 1}, ())
    assert found.adds_up


async def test_a_mail_that_nobody_will_file_is_a_gap_and_makes_the_desk_unwell_until_it_is_remembered(post: MailDesk) -> None:
    mail = await post.accept(letter())
    await lose_job(post)
    post.rt.clock.advance(timedelta(minutes=11))
    assert [gap.inbound_mail_id for gap in (await ledger.audit(post.rt)).gaps] == [mail]
    assert "1 accepted mail" in (await problems(post.rt))["mail"]
    assert await ledger.remember(post.rt) == 1
    assert (await ledger.remember(post.rt), (await ledger.audit(post.rt)).adds_up) == (0, True)
    await post.mailroom.file_mail({"inbound_mail": mail})
    assert "mail" not in await problems(post.rt)


async def test_a_mail_whose_job_is_held_waits_for_a_person_and_is_a_gap(post: MailDesk) -> None:
    mail = await post.accept(letter())
    await execute(post.rt, "UPDATE pgqueuer SET status = 'failed' WHERE entrypoint = 'file_mail'")
    post.rt.clock.advance(timedelta(minutes=11))
    assert await ledger.remember(post.rt) == 0
    assert [gap.inbound_mail_id for gap in (await ledger.audit(post.rt)).gaps] == [mail]


async def test_a_mail_whose_ticket_or_bytes_are_gone_is_a_gap(post: MailDesk) -> None:
    row = await post.receive(letter())
    await post.rt.blobs.delete(row.blob)
    assert [gap.problem for gap in (await ledger.audit(post.rt, with_bytes=True)).gaps] == ["has no raw bytes any more"]
    await Comment.filter(id=row.comment_id).delete()
    assert "no such comment" in (await ledger.audit(post.rt)).gaps[0].problem


async def test_raw_bytes_are_let_go_when_their_time_is_over(post: MailDesk) -> None:
    row = await post.receive(letter())
    assert await ledger.forget_bytes(post.rt) == 0
    post.rt.clock.advance(timedelta(days=366))
    assert await ledger.forget_bytes(post.rt) == 1
    assert (await ledger.audit(post.rt, with_bytes=True)).adds_up
    with pytest.raises(NotFound, match="not kept any longer"):
        await ledger.raw(post.rt.database, row.id)


async def test_why_tells_every_rule_that_was_asked(post: MailDesk) -> None:
    number = await post.ticket(message_id="first@customer.test")
    row = await post.receive(letter(in_reply_to="<first@customer.test>", precedence="list", subject="Re: [#999] Printer"))
    told = "\n".join(ledger.told(await ledger.why(post.rt.database, row.id)))
    for words in (f"reply, ticket #{number}: found by known_mail", "rule         answer", "known_mail names ticket", "subject_tag names no ticket",
                  "reply_address found nothing to go by", "precedence_bulk (no-answer): precedence: list",
                  "sender       none (SPF none, DKIM none, DMARC none): nobody looked"):  # fmt: skip
        assert words in told, told
    with pytest.raises(NotFound):
        await ledger.why(post.rt.database, 999)


async def test_why_tells_what_a_machine_named_and_what_a_colleague_asked_for(post: MailDesk) -> None:
    number = await post.ticket()
    machine = await post.receive(letter(sender="bot@other.test", auto_submitted="auto-generated", subject=f"[#{number}] Disk"))
    assert machine.reason == f"automatic mail (auto_submitted) that names ticket #{number} only by what anybody can write"
    await execute(post.rt, "UPDATE inbound_mails SET trace = trace || $1::jsonb WHERE id = $2",
                  '{"done": [{"line": "#resolve", "told": "It is resolved.", "done": true}]}', machine.id)  # fmt: skip
    assert "  asked        #resolve: It is resolved." in ledger.told(await ledger.why(post.rt.database, machine.id))


# --- what rules decide about mail of nobody


@pytest.mark.parametrize("pattern", ["eva@customer.test", "customer.test", "test"])
async def test_a_blocked_sender_is_not_heard_and_not_lost(post: MailDesk, pattern: str) -> None:
    await BlockedSender.create(pattern=pattern, created_at=post.rt.clock.now())
    row = await post.receive(letter())
    assert (row.disposition, row.ticket_id, row.reason) == (Disposition.REFUSED, None, f"mail of {pattern} is blocked")


@pytest.mark.parametrize("pattern", ["va@customer.test", "omer.test", "eva@other.test"])
async def test_nobody_is_blocked_by_a_part_of_his_name(post: MailDesk, pattern: str) -> None:
    await BlockedSender.create(pattern=pattern, created_at=post.rt.clock.now())
    assert (await post.receive(letter())).disposition == Disposition.NEW_TICKET


# --- replay


async def again(post: MailDesk, reader: Reader, *, apply: bool = False) -> list[Difference]:
    return [one async for one in Replay(post.rt, reader, apply=apply).run()]


async def test_reading_the_past_again_finds_nothing_to_tell_when_nothing_changed(post: MailDesk, reader: Reader) -> None:
    number = await post.ticket(message_id="first@customer.test")
    await post.receive(letter("Still burning.", in_reply_to="<first@customer.test>"))
    await post.receive(letter("Me too.", sender="otto@customer.test", in_reply_to="<first@customer.test>"))
    await Ticket.filter(id=number).update(status="closed", closed_at=post.rt.clock.now())
    post.rt.clock.advance(timedelta(days=30))  # what is closed too long ago today was not so then
    assert await again(post, reader) == []


async def test_words_that_are_read_better_today_are_put_right_when_asked_for_and_nobody_is_told(post: MailDesk, reader: Reader) -> None:
    row = await post.receive(letter("It burns."))
    await post.post()
    post.relay.arrived.clear()
    await Comment.filter(id=row.comment_id).update(body="It bu")
    [found] = await again(post, reader)
    assert (found.kind, found.was, found.would_be, found.applied) == ("words", "It bu", "It burns.", False)
    [found] = await again(post, reader, apply=True)
    assert (found.applied, (await Comment.get(id=row.comment_id)).body, await again(post, reader)) == (True, "It burns.", [])
    assert (await post.post(), post.relay.arrived) == ([], [])


async def test_what_somebody_edited_stays_as_he_wrote_it(post: MailDesk, reader: Reader) -> None:
    row = await post.receive(letter("It burns."))
    await Comment.filter(id=row.comment_id).update(body="It is fine.", edited_at=post.rt.clock.now())
    assert await again(post, reader, apply=True) == []


async def test_mail_that_opened_nothing_opens_its_ticket_quietly(post: MailDesk, reader: Reader) -> None:
    blocked = await BlockedSender.create(pattern="customer.test", created_at=post.rt.clock.now())
    mail = await post.receive(letter("It burns."))
    await blocked.delete()
    [found] = await again(post, reader, apply=True)
    assert (found.kind, found.was, found.would_be, found.applied) == ("place", "refused", "new_ticket", True)
    assert (await InboundMail.get(id=mail.id)).disposition == Disposition.NEW_TICKET
    assert (await Comment.get()).body == "It burns."
    assert (await post.post(), post.relay.arrived) == ([], [])


async def test_what_would_go_to_another_ticket_is_told_and_left_where_it_is(post: MailDesk, reader: Reader) -> None:
    first = await post.ticket(message_id="first@customer.test")
    row = await post.receive(letter("Another matter."))
    await Comment.filter(id=row.comment_id).update(ticket_id=row.ticket_id)
    await InboundMail.filter(id=row.id).update(disposition="reply", ticket_id=first)
    [found] = await again(post, reader, apply=True)
    assert (found.was, found.would_be, found.applied) == (f"reply on #{first}", "new_ticket", False)


async def test_what_is_hidden_stays_hidden_also_as_a_duplicate_or_without_a_ticket(post: MailDesk) -> None:
    private = await post.desk.private_queue("Board", [post.desk.boris])
    raw = letter("Secret.")
    first = await post.receive(raw)
    await Ticket.filter(id=first.ticket_id).update(queue_id=private.id)
    again_ = await post.receive(raw)
    await Mailbox.all().update(queue_id=private.id)
    waiting = await post.accept(letter("Secret too."))
    for number in (first.id, again_.id, waiting):
        with pytest.raises(NotFound):
            await ledger.raw(post.rt.database, number, post.desk.admin.id)
        shown = await ledger.why(post.rt.database, number, post.desk.admin.id)
        assert b"support@example.org" not in shown.replace(b'"mailbox": "support@example.org"', b"")
        assert (await ledger.raw(post.rt.database, number, post.desk.boris.id))[1] > 0
    page = await ledger.page(post.rt.database, disposition=None, ticket_id=None, limit=10, cursor=None, viewer_id=post.desk.admin.id)
    assert b"eva@customer.test" not in page.items


async def test_replay_leaves_a_colleagues_words_without_his_lines(post: MailDesk, reader: Reader) -> None:
    number = await post.ticket()
    row = await post.receive(letter("#priority low\nPull the plug."))
    await Comment.filter(id=row.comment_id).update(body="Pull the plug.")
    await execute(post.rt, "UPDATE inbound_mails SET trace = trace || jsonb_build_object('colleague', 1) WHERE id = $1", row.id)
    assert number and await again(post, reader) == []
