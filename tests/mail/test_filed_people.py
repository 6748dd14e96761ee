"""Who is who in a mail: requester, participants, strangers, colleagues, lists, and who waits to be let in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import comments, tickets, tokens
from core.models.mail import Disposition
from core.models.people import Role, User
from core.models.queues import Mailbox
from core.models.record import Event
from core.models.tickets import Comment, Status, Ticket
from core.models.ties import JoinRequest, TicketParticipant
from core.runtime import SYSTEM, Actor
from tests.support.mail import EVA, SUPPORT, MailDesk, execute, letter


async def test_people_in_to_and_cc_become_participants_and_our_own_mailboxes_never(post: MailDesk) -> None:
    token_address = tokens.reply_address(post.rt.keys, SUPPORT, 999_999)
    to, cc = f"Support <{SUPPORT}>, Tom <tom@customer.test>, {token_address}", f"ina@customer.test, Eva <{EVA}>, SUPPORT+x@example.org"
    row = await post.receive(letter(to=to, cc=cc))
    people = await TicketParticipant.filter(ticket_id=row.ticket_id).prefetch_related("user")
    assert {(person.user.email, person.user.name) for person in people} == {("tom@customer.test", "Tom"), ("ina@customer.test", "")}


async def test_a_mail_of_nobody_is_kept_and_answered_to_nobody(post: MailDesk) -> None:
    row = await post.receive(letter(sender="undisclosed"), sender="<>")
    ticket = await Ticket.get(id=row.ticket_id).prefetch_related("requester")
    assert ticket.requester.email == "unknown-sender@invalid"
    await post.post()
    assert post.relay.arrived == []


async def test_the_answer_of_a_participant_reopens_a_resolved_ticket(post: MailDesk) -> None:
    ticket_id = await post.ticket(message_id="first@customer.test", cc="ina@customer.test")
    async with post.rt.transaction(SYSTEM) as tx:
        await tickets.set_status(tx, ticket_id, Status.RESOLVED)
    row = await post.receive(letter("Still burning.", sender="ina@customer.test", in_reply_to="<first@customer.test>"))
    assert (row.disposition, (await Ticket.get(id=ticket_id)).status) == (Disposition.REPLY, Status.OPEN)


@pytest.mark.parametrize("clue", ["subject", "in_reply_to", "references", "known_mail"])
async def test_a_stranger_who_names_a_ticket_gets_one_of_his_own_and_nothing_of_the_other(post: MailDesk, clue: str) -> None:
    ticket_id = await post.ticket(message_id="first@customer.test", subject="Secret merger")
    ours = tokens.message_id(post.rt.keys, ticket_id, 0, b"12345", "example.org")
    headers = {
        "subject": {"subject": f"Re: [#{ticket_id}] gossip"},
        "in_reply_to": {"in_reply_to": f"<{ours}>"},
        "references": {"references": f"<{ours}>"},
        "known_mail": {"in_reply_to": "<first@customer.test>"},
    }[clue]
    row = await post.receive(letter("Let me in.", sender="mallory@elsewhere.test", **headers), sender="mallory@elsewhere.test")
    assert row.disposition == Disposition.WANTS_TO_JOIN
    assert row.ticket_id not in (None, ticket_id)
    request = await JoinRequest.get()
    assert (request.ticket_id, request.own_ticket_id) == (ticket_id, row.ticket_id)
    assert await Comment.filter(ticket_id=ticket_id).count() == 1
    await post.post()
    sent = "\n".join(one.everything for one in post.relay.to("mallory@elsewhere.test"))
    assert sent and "merger" not in sent and "It burns." not in sent and "Eva" not in sent


async def test_who_knows_the_signed_address_is_filed_as_himself_and_flagged(post: MailDesk) -> None:
    ticket_id = await post.ticket()
    address = tokens.reply_address(post.rt.keys, SUPPORT, ticket_id)
    row = await post.receive(letter("I help her.", sender="tom@customer.test", to=address), to=[address], sender="tom@customer.test")
    comment = await Comment.get(id=row.comment_id).prefetch_related("author")
    assert (row.disposition, row.ticket_id, comment.public) == (Disposition.REPLY, ticket_id, True)
    assert comment.author is not None and comment.author.email == "tom@customer.test"
    assert comment.flagged and "not a participant" in comment.flagged


@pytest.mark.parametrize("signed", [True, False])
async def test_mail_that_says_it_is_from_staff_is_an_internal_note_flagged(post: MailDesk, signed: bool) -> None:
    ticket_id = await post.ticket()
    to = tokens.reply_address(post.rt.keys, SUPPORT, ticket_id) if signed else SUPPORT
    raw = letter("Refund her.", sender="anna@example.org", subject=f"[#{ticket_id}]", to=to)
    row = await post.receive(raw, to=[to], sender="anna@example.org")
    comment = await Comment.get(id=row.comment_id)
    assert (row.disposition, row.ticket_id, comment.public) == (Disposition.NOTE, ticket_id, False)
    assert comment.flagged and "not proven" in comment.flagged
    await post.post()
    assert all("Refund" not in one.everything for one in post.relay.to(EVA))


async def test_staff_writing_on_their_own_case_are_requesters(post: MailDesk) -> None:
    ticket_id = await post.ticket(sender="anna@example.org", message_id="hers@example.org")
    row = await post.receive(letter("Any news?", sender="anna@example.org", in_reply_to="<hers@example.org>"))
    assert (row.disposition, row.ticket_id) == (Disposition.REPLY, ticket_id)


async def test_a_person_is_known_again_by_any_of_his_addresses(post: MailDesk) -> None:
    await execute(post.rt, "INSERT INTO user_addresses (email, user_id, created_at) VALUES ('eva@home.test', $1, now())", post.desk.eva.id)
    row = await post.receive(letter(sender="Eva at home <Eva@Home.test>"), sender="eva@home.test")
    assert (await Ticket.get(id=row.ticket_id)).requester_id == post.desk.eva.id
    assert await User.filter(role=Role.USER).count() == 1


async def test_a_stranger_takes_no_ticket_from_the_staff_by_putting_them_in_copy(post: MailDesk) -> None:
    row = await post.receive(letter(cc="anna@example.org, boris@example.org, admin@example.org, tom@customer.test"))
    assert await TicketParticipant.filter(ticket_id=row.ticket_id).values_list("user__email", flat=True) == ["tom@customer.test"]


async def test_what_a_stranger_writes_while_he_waits_to_be_let_in_goes_with_his_first_mail(post: MailDesk) -> None:
    number = await post.ticket(message_id="first@customer.test")
    rows = [
        await post.receive(letter(body, sender="otto@customer.test", in_reply_to="<first@customer.test>"))
        for body in ("Me too.", "Please!")
    ]
    assert [row.disposition for row in rows] == [Disposition.WANTS_TO_JOIN] * 2
    assert rows[0].ticket_id == rows[1].ticket_id != number
    assert await JoinRequest.all().count() == await Event.filter(kind="ticket.join_requested").count() == 1


async def test_a_tag_that_anybody_can_write_brings_nobody_else_in(post: MailDesk) -> None:
    number = await post.ticket()
    await post.receive(letter("Copy my friend.", subject=f"Re: [#{number}] Printer", cc="attacker@evil.test"))
    assert not await TicketParticipant.filter(ticket_id=number).exists()


async def test_an_answer_to_our_mail_brings_in_whom_its_writer_copies(post: MailDesk) -> None:
    number = await post.ticket()
    await post.post()
    ours = str(post.relay.to(EVA)[0].message["Message-ID"])
    await post.receive(letter("My colleague will help.", in_reply_to=ours, cc="tom@customer.test, anna@example.org"))
    assert await TicketParticipant.filter(ticket_id=number).values_list("user__email", flat=True) == ["tom@customer.test"]


async def test_a_form_speaks_for_its_user_and_says_so(post: MailDesk) -> None:
    row = await post.receive(letter(sender="noreply@forms.test", reply_to=EVA))
    comment = await Comment.get(id=row.comment_id)
    assert (comment.author_id, "only another header (Reply-To" in (comment.flagged or "")) == (post.desk.eva.id, True)


async def test_a_mail_of_two_authors_is_of_both(post: MailDesk) -> None:
    row = await post.receive(letter(sender=f"Meyer, Eva <{EVA}>, tom@customer.test"))
    assert (await Ticket.get(id=row.ticket_id)).requester_id == post.desk.eva.id
    assert await TicketParticipant.filter(ticket_id=row.ticket_id).values_list("user__email", flat=True) == ["tom@customer.test"]


@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        ("'Eva Meyer' via Help <help@org.test>", {"X_Original_From": f"Eva Meyer <{EVA}>", "reply_to": "help@org.test"}),
        ("Eva Meyer via Help <help@org.test>", {"reply_to": f"Eva Meyer <{EVA}>"}),
        ("'Eva' via Help <help@org.test>", {"X_Original_Sender": EVA}),
        (f"Support <{SUPPORT}>", {"X_Original_Sender": EVA, "reply_to": SUPPORT}),
    ],
)
async def test_a_group_that_writes_itself_into_from_does_not_hide_who_wrote_to_it(
    post: MailDesk, sender: str, headers: dict[str, str]
) -> None:
    row = await post.receive(letter(sender=sender, **headers), sender="help+bounces@org.test")
    comment = await Comment.get(id=row.comment_id)
    assert (comment.author_id, "X-Original-From" in (comment.flagged or "")) == (post.desk.eva.id, True)


async def test_an_original_sender_counts_only_where_from_stands_for_another(post: MailDesk) -> None:
    row = await post.receive(letter(sender="tom@customer.test", X_Original_From=EVA), sender="tom@customer.test")
    assert (await Comment.get(id=row.comment_id)).author_id != post.desk.eva.id


@pytest.mark.parametrize("name", ["Hotel Via Roma", '"Rossi, via Roma 5"'])
async def test_who_lives_in_the_via_roma_is_no_list(post: MailDesk, name: str) -> None:
    row = await post.receive(letter(sender=f"{name} <hotel@roma.test>", reply_to="desk@roma.test"), sender="hotel@roma.test")
    comment = await Comment.get(id=row.comment_id).prefetch_related("author")
    assert comment.author is not None and comment.author.email == "hotel@roma.test"


async def test_a_list_in_front_of_the_desk_hides_nobody(post: MailDesk) -> None:
    mine = await post.receive(letter("My salary slip", reply_to=SUPPORT))
    other = await post.receive(
        letter("Hello", sender="mallory@evil.test", reply_to=SUPPORT, subject=f"[#{mine.ticket_id}] x"), sender="mallory@evil.test"
    )
    assert (await Ticket.get(id=mine.ticket_id)).requester_id == post.desk.eva.id
    assert other.disposition == Disposition.WANTS_TO_JOIN
    group = await post.receive(letter("By the group", sender=f"'Eva' via Support <{SUPPORT}>", reply_to=EVA, subject="Other"))
    assert (await Ticket.get(id=group.ticket_id)).requester_id == post.desk.eva.id


@pytest.mark.settings(reopen_days=14)
async def test_who_waits_to_be_let_in_is_heard_also_when_his_own_ticket_is_over(post: MailDesk) -> None:
    await post.ticket(message_id="first@customer.test")
    waits = {"sender": "tom@other.test", "in_reply_to": "<first@customer.test>"}
    own = await post.receive(letter("Me too.", **waits), sender="tom@other.test")
    async with post.rt.transaction(SYSTEM) as tx:
        await tickets.set_status(tx, own.ticket_id or 0, Status.CLOSED)
    post.rt.clock.advance(timedelta(days=30))
    again = await post.receive(letter("Hello?", **waits), sender="tom@other.test")
    assert again.ticket_id not in (None, own.ticket_id)


async def test_a_mailbox_with_a_plus_of_its_own_is_in_copy_of_nothing(post: MailDesk) -> None:
    await Mailbox.filter(id=post.desk.mailbox.id).update(address="support+eu@example.org")
    row = await post.receive(letter(to="support+eu@example.org, ina@customer.test"), to=["support+eu@example.org"])
    assert await TicketParticipant.filter(ticket_id=row.ticket_id).values_list("user__email", flat=True) == ["ina@customer.test"]


async def test_who_was_written_to_does_not_learn_of_a_blind_copy_to_the_desk(post: MailDesk) -> None:
    row = await post.receive(letter(to="victim@other.test", cc="boss@other.test"), to=[SUPPORT])
    assert not await TicketParticipant.filter(ticket_id=row.ticket_id).exists()


async def test_who_wants_answers_elsewhere_gets_them_there_too(post: MailDesk) -> None:
    row = await post.receive(letter(reply_to="eva.home@private.test"))
    async with post.rt.transaction(Actor(post.desk.anna.id)) as tx:
        await comments.reply(tx, row.ticket_id or 0, "Pull the plug.")
    await post.post()
    assert all(any("Pull the plug." in mail.text for mail in post.relay.to(address)) for address in (EVA, "eva.home@private.test"))


async def test_a_list_that_wants_the_answers_gets_none(post: MailDesk) -> None:
    row = await post.receive(letter(reply_to="everybody@list.test", list_id="<everybody.list.test>"))
    assert not await TicketParticipant.filter(ticket_id=row.ticket_id).exists()
