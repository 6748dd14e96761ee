"""Which ticket a mail belongs to: the rules in their order, and that none of them is fooled."""

from __future__ import annotations

import pytest

from core import tokens
from core.keys import Keys
from core.models.mail import Delivery, Disposition, InboundMail
from core.models.tickets import Ticket
from tests.support.mail import SUPPORT, MailDesk, execute, letter


def ours(post: MailDesk, ticket_id: int) -> str:
    """A Message-ID such as our mails about a ticket carry."""
    return tokens.message_id(post.rt.keys, ticket_id, 0, b"12345", "example.org")


def reply_address(post: MailDesk, ticket_id: int) -> str:
    return tokens.reply_address(post.rt.keys, SUPPORT, ticket_id)


async def reason(post: MailDesk, raw: bytes, to: str = SUPPORT) -> tuple[int | None, str | None]:
    row = await post.receive(raw, to=[to])
    return row.ticket_id, row.reason


async def test_each_clue_alone_leads_to_the_ticket(post: MailDesk) -> None:
    ticket_id = await post.ticket(message_id="first@customer.test")
    address = reply_address(post, ticket_id)
    assert await reason(post, letter(), to=address) == (ticket_id, "found by reply_address")
    assert await reason(post, letter(to=f"Support <{address.upper()}>")) == (ticket_id, "found by reply_address")
    assert await reason(post, letter(in_reply_to=f"<{ours(post, ticket_id)}>")) == (ticket_id, "found by in_reply_to")
    assert await reason(post, letter(in_reply_to=f"a comment <x@y> <{ours(post, ticket_id)}>")) == (ticket_id, "found by in_reply_to")
    assert await reason(post, letter(references=f"<x@y> <{ours(post, ticket_id)}> <z@y>")) == (ticket_id, "found by references")
    assert await reason(post, letter(references="<x@y> <first@customer.test>")) == (ticket_id, "found by known_mail")
    assert await reason(post, letter(in_reply_to="<first@customer.test>")) == (ticket_id, "found by known_mail")
    assert await reason(post, letter(subject=f"AW: WG: [EXT] [#{ticket_id}] 回复")) == (ticket_id, "found by subject_tag")


async def test_the_surer_clue_counts_and_the_trace_tells_of_all(post: MailDesk) -> None:
    by_address, by_answer, by_tag = await post.ticket(), await post.ticket(), await post.ticket()
    raw = letter(subject=f"[#{by_tag}]", in_reply_to=f"<{ours(post, by_answer)}>", references="<unknown@x.test>")
    row = await post.receive(raw, to=[reply_address(post, by_address)])
    assert row.ticket_id == by_address
    matching = row.trace["matching"]
    assert isinstance(matching, list)
    assert [(line["rule"], line["ticket"]) for line in matching] == [
        ("reply_address", by_address), ("in_reply_to", by_answer), ("known_mail", None), ("known_mail", None), ("subject_tag", by_tag),
    ]  # fmt: skip


async def test_of_many_references_the_newest_counts(post: MailDesk) -> None:
    old, new = await post.ticket(), await post.ticket()
    assert (await reason(post, letter(references=f"<{ours(post, old)}> <{ours(post, new)}>")))[0] == new


async def test_a_reply_without_any_clue_opens_a_new_ticket(post: MailDesk) -> None:
    ticket_id = await post.ticket(subject="Printer on fire")
    assert (await reason(post, letter(subject="Re: Printer on fire")))[0] != ticket_id


@pytest.mark.parametrize("number", ["0", "424242", "999999999999999999", "99999999999999999999999999"])
async def test_a_tag_of_no_ticket_opens_a_new_one_without_an_error(post: MailDesk, number: str) -> None:
    row = await post.receive(letter(subject=f"Re: [#{number}] something"))
    assert row.disposition == Disposition.NEW_TICKET


async def test_what_belonged_to_a_deleted_ticket_opens_a_new_one(post: MailDesk) -> None:
    ticket_id = await post.ticket(message_id="first@customer.test")
    await InboundMail.all().delete()
    await Ticket.filter(id=ticket_id).delete()
    raw = letter(subject=f"[#{ticket_id}]", in_reply_to=f"<{ours(post, ticket_id)}> <first@customer.test>")
    row = await post.receive(raw, to=[reply_address(post, ticket_id)])
    assert row.disposition == Disposition.NEW_TICKET and row.ticket_id != ticket_id


async def test_signatures_of_another_desk_lead_nowhere(post: MailDesk) -> None:
    ticket_id, foreign = await post.ticket(), Keys(["another desk's secret, long enough"])
    address = tokens.reply_address(foreign, SUPPORT, ticket_id)
    mid = tokens.message_id(foreign, ticket_id, 0, b"12345", "example.org")
    row = await post.receive(letter(in_reply_to=f"<{mid}>"), to=[address])
    assert row.ticket_id != ticket_id


async def test_the_ways_to_a_merged_ticket_lead_to_its_target(post: MailDesk) -> None:
    source, target = await post.ticket(message_id="first@customer.test"), await post.ticket()
    await execute(post.rt, "UPDATE tickets SET merged_into_id = $2, merged_at = now() WHERE id = $1", source, target)
    for raw in (letter(subject=f"[#{source}]"), letter(in_reply_to="<first@customer.test>"), letter(in_reply_to=f"<{ours(post, source)}>")):
        assert (await reason(post, raw))[0] == target
    assert (await reason(post, letter(), to=reply_address(post, source)))[0] == target


async def test_an_out_of_office_note_to_the_envelope_sender_finds_its_ticket_without_any_header(post: MailDesk) -> None:
    ticket_id = await post.ticket()
    await post.post()
    envelope_sender = post.relay.arrived[0].sender
    row = await post.receive(letter("Away.", subject="Out of office", auto_submitted="auto-replied"), to=[envelope_sender], sender="")
    assert (row.disposition, row.ticket_id) == (Disposition.AUTOMATIC, ticket_id)
    assert (await Delivery.get()).state == "sent"


async def test_a_message_id_that_looks_like_a_number_is_no_ticket(post: MailDesk) -> None:
    first, second = await post.ticket(), await post.ticket()
    await post.receive(
        letter("Mine.", message_id=str(first), subject=f"[#{second}]")
    )  # a comment on the second ticket, its id the first's number
    assert (await reason(post, letter(subject=f"[#{first}]", in_reply_to="<unknown@x.test>")))[0] == first
    assert (await reason(post, letter(in_reply_to=f"<{first}>")))[0] == second


async def test_thousands_of_ids_cost_little_and_the_last_still_count(post: MailDesk) -> None:
    ticket_id = await post.ticket()
    ids = "\r\n ".join(f"<{number}@elsewhere.test>" for number in range(5000))
    assert (await reason(post, letter(references=f"{ids}\r\n <{ours(post, ticket_id)}>")))[0] == ticket_id


TOM = "tom@other.test"


async def test_of_clues_that_anybody_can_write_the_one_to_the_senders_own_ticket_counts(post: MailDesk) -> None:
    await post.receive(letter("a", sender=TOM, message_id="tom1@other.test"), sender=TOM)
    own = await post.ticket(message_id="eva1@customer.test")
    named = {"subject": f"Re: [#{own}] Printer", "references": "<eva1@customer.test> <tom1@other.test>", "in_reply_to": "<tom1@other.test>"}
    assert (await post.receive(letter("More.", **named))).ticket_id == own


async def test_devices_that_all_use_one_id_find_their_own_tickets(post: MailDesk) -> None:
    await post.ticket(message_id="static-id@device")
    toms = await post.receive(letter("Toms", sender=TOM, message_id="static-id@device"), sender=TOM)
    assert (await post.receive(letter("More", sender=TOM, in_reply_to="<static-id@device>"), sender=TOM)).ticket_id == toms.ticket_id


async def test_the_tag_counts_also_behind_many_unknown_ids(post: MailDesk) -> None:
    number = await post.ticket()
    references = " ".join(f"<{i}@elsewhere.test>" for i in range(300))
    assert (await post.receive(letter("x", subject=f"Re: [#{number}] Printer", references=references))).ticket_id == number
