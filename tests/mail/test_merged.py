"""Mail and merged tickets: who is told, and where answers to old mails go."""

from __future__ import annotations

from core import comments, merging, participants, queries, tickets, tokens
from core.models.mail import Disposition
from core.models.tickets import Comment, Status, Ticket
from core.runtime import Actor
from tests.support.mail import EVA, SUPPORT, MailDesk, letter

OTTO = "otto@customer.test"


async def merge(post: MailDesk, source: int, target: int, *, share: bool | None = None) -> None:
    async with post.rt.transaction(Actor(post.desk.anna.id)) as tx:
        await merging.merge(tx, source, target, confirmed=True, share=share)


async def told_already(post: MailDesk) -> None:
    assert await post.post() == []
    post.relay.arrived.clear()


async def of_otto(post: MailDesk) -> int:
    row = await post.receive(letter("Mine smokes.", sender=f"Otto <{OTTO}>", message_id="otto@customer.test"), sender=OTTO)
    assert row.ticket_id is not None
    return row.ticket_id


async def test_a_requester_hears_where_his_ticket_goes_on(post: MailDesk) -> None:
    source, target = await post.ticket(), await post.ticket()
    await told_already(post)
    await merge(post, source, target)
    assert await post.post() == []
    (mail,) = post.relay.arrived
    assert (mail.recipient, f"continues as #{target}" in mail.text) == (EVA, True)
    assert mail.message["Auto-Submitted"] == "auto-generated"


async def test_who_sees_his_own_part_only_hears_nothing_of_the_other(post: MailDesk) -> None:
    source, target = await of_otto(post), await post.ticket()
    await told_already(post)
    await merge(post, source, target)
    assert await post.post() == []
    assert post.relay.arrived == []


async def test_answers_to_mails_of_a_merged_ticket_reopen_the_one_it_goes_on_in(post: MailDesk) -> None:
    source, target = await post.ticket(message_id="first@customer.test"), await post.ticket()
    await merge(post, source, target)
    await Ticket.filter(id=target).update(status=Status.PENDING)
    row = await post.receive(letter("And?", in_reply_to="<first@customer.test>"))
    assert (row.disposition, row.ticket_id, (await Ticket.get(id=target)).status) == (Disposition.REPLY, target, Status.OPEN)


async def test_what_otto_answers_is_read_by_otto_and_staff_alone(post: MailDesk) -> None:
    source, target = await of_otto(post), await post.ticket()
    await merge(post, source, target)
    row = await post.receive(letter("Mine too.", sender=f"Otto <{OTTO}>", in_reply_to="<otto@customer.test>"), sender=OTTO)
    comment = await Comment.get(id=row.comment_id)
    assert (row.disposition, comment.ticket_id) == (Disposition.REPLY, source)
    assert (await Ticket.get(id=target)).status == (await Ticket.get(id=source)).status


async def test_an_answer_to_the_merged_ticket_goes_to_its_own_requester(post: MailDesk) -> None:
    source, target = await of_otto(post), await post.ticket()
    await merge(post, source, target)
    await told_already(post)
    await post.desk.says(post.desk.anna, source, "For Otto.")
    await post.desk.says(post.desk.anna, target, "For Eva.")
    post.rt.clock.advance(post.rt.channels.undo)
    assert await post.post() == []
    assert {mail.recipient: mail.text.splitlines()[0] for mail in post.relay.arrived} == {OTTO: "For Otto.", EVA: "For Eva."}
    (to_otto,) = post.relay.to(OTTO)
    assert tokens.ticket_of_address(post.rt.keys, to_otto.message["Reply-To"]) == source
    assert "Eva" not in to_otto.everything and f"#{target}" not in to_otto.everything


async def test_people_who_were_let_in_get_the_answers(post: MailDesk) -> None:
    source, target = await of_otto(post), await post.ticket()
    await merge(post, source, target, share=True)
    await told_already(post)
    await post.desk.says(post.desk.anna, target, "For both.")
    post.rt.clock.advance(post.rt.channels.undo)
    assert await post.post() == []
    assert {mail.recipient for mail in post.relay.arrived} == {EVA, OTTO}


async def test_the_address_of_a_merged_ticket_still_belongs_to_it(post: MailDesk) -> None:
    source, target = await post.ticket(), await post.ticket()
    await merge(post, source, target)
    row = await post.receive(letter("By the old address."), to=[tokens.reply_address(post.rt.keys, SUPPORT, source)])
    assert row.ticket_id == target


async def test_words_that_resolve_go_to_the_people_of_the_number_they_were_written_to(post: MailDesk) -> None:
    source, target = await of_otto(post), await post.ticket()
    await merge(post, source, target)
    await told_already(post)
    async with post.rt.transaction(Actor(post.desk.anna.id)) as tx:
        await comments.resolve(tx, source, "Your password is 1234.")
    assert await post.post() == []
    assert [mail.recipient for mail in post.relay.arrived if "1234" in mail.text] == [OTTO]
    assert sorted({mail.recipient for mail in post.relay.arrived}) == [EVA, OTTO]  # each hears that his own is resolved


async def test_the_history_does_not_tell_one_requester_who_the_other_is(post: MailDesk) -> None:
    source, target = await of_otto(post), await post.ticket()
    await merge(post, source, target)
    async with post.rt.transaction(Actor(post.desk.anna.id)) as tx:
        await tickets.set_status(tx, target, Status.RESOLVED)
    await post.receive(letter("Again.", sender=f"Otto <{OTTO}>", in_reply_to="<otto@customer.test>"), sender=OTTO)
    assert (await Ticket.get(id=target)).status == Status.OPEN
    told = (await queries.events(post.rt.database, post.desk.eva.id, target, limit=50, cursor=None)).json()
    assert b"open" in told and b"Otto" not in told


async def test_what_somebody_in_copy_of_a_merged_ticket_writes_stays_where_he_reads_it(post: MailDesk) -> None:
    pat = await post.desk.person("pat@customer.test")
    source, target = await post.ticket(message_id="first@customer.test"), await post.ticket()
    async with post.rt.transaction(Actor(post.desk.anna.id)) as tx:
        await participants.add(tx, source, pat.id)
    await merge(post, source, target, share=False)
    row = await post.receive(letter("Pat's word.", sender="pat@customer.test", in_reply_to="<first@customer.test>"))
    assert row.comment_id is not None and (await Comment.get(id=row.comment_id)).ticket_id == source
