"""Staff by mail: a colleague answers a notice, and lines like #resolve act; only he, and only when his domain vouches for the mail."""

from __future__ import annotations

import asyncio

import pytest

from core import tickets, tokens, users
from core.mail import ledger
from core.mail.reading import Reader
from core.mail.replay import Replay
from core.mail.staff_lines import Spoken, spoken
from core.mail.staff_receipt import ReceiptPostman
from core.mail.staff_words import WORDS
from core.mail.templates import Templates
from core.mail.trim import trim
from core.models.mail import Disposition, InboundMail
from core.models.queues import Mailbox
from core.models.record import Event
from core.models.tickets import Comment, Priority, Status, Tag, Ticket, TicketTag
from core.runtime import SYSTEM, Actor
from tests.support.mail import EVA, MailDesk, execute, letter

ANNA = "Anna Berg <anna@example.org>"
VOUCHED = "mx.example.org; dmarc=pass header.from=example.org"


pytestmark = pytest.mark.settings(authserv_id="mx.example.org")  # a mail server of our own checks senders


async def writes(
    post: MailDesk, number: int, body: str, *, sender: str = ANNA, vouched: str | None = VOUCHED, user: int | None = None, **headers: str
) -> InboundMail:
    address = tokens.staff_address(post.rt.keys, post.desk.mailbox.address, number, user or post.desk.anna.id)
    headers |= {"Authentication-Results": vouched} if vouched else {}
    raw = letter(body, sender=sender, to=address, subject="Re: [#1] New ticket", **headers)
    return await post.receive(raw, to=[address], sender=sender)


async def receipts(post: MailDesk) -> list[str]:
    postman = ReceiptPostman(post.rt, post.transport, Templates(None, ("en", "de")))
    post.relay.arrived.clear()
    for row in await execute(
        post.rt, "SELECT convert_from(payload, 'UTF8')::json ->> 'inbound_mail' AS id FROM pgqueuer WHERE entrypoint = 'staff_receipt'"
    ):
        for _ in range(2):
            await postman.staff_receipt(int(row["id"]))
    return [mail.text for mail in post.relay.to("anna@example.org")]


async def test_a_notice_is_answered_where_only_its_reader_can(post: MailDesk) -> None:
    number = await post.ticket()
    async with post.rt.transaction(Actor(post.desk.boris.id)) as tx:
        await tickets.assign(tx, number, post.desk.anna.id)
    await post.post()
    (notice,) = post.relay.to("anna@example.org")
    assert tokens.staff_of_address(post.rt.keys, str(notice.message["Reply-To"])) == (number, post.desk.anna.id)


async def test_an_answer_of_a_colleague_is_his_and_goes_to_the_requester(post: MailDesk) -> None:
    number = await post.ticket()
    row = await writes(post, number, "Pull the plug.\n\nOn Mon, 2 Nov 2026 at 10:15, Support wrote:\n> It burns.")
    comment = await Comment.get(id=row.comment_id)
    assert (row.disposition, comment.body, comment.public, comment.author_id) == (
        Disposition.REPLY,
        "Pull the plug.",
        True,
        post.desk.anna.id,
    )
    event = await Event.get(ticket_id=number, kind="comment.added")
    assert (event.actor_id, event.via, event.data["by"]) == (post.desk.anna.id, "email", "staff")
    await post.post()
    assert "Pull the plug." in post.relay.to(EVA)[-1].text
    assert await receipts(post) == []


async def test_lines_act_in_their_order_and_the_receipt_tells_what_came_of_each(post: MailDesk) -> None:
    number, now = await post.ticket(), post.rt.clock.now()
    await Tag.create(name="vpn", created_at=now, updated_at=now)
    await writes(
        post, number, "#assign boris@example.org\n#tag vpn\n#priority high\n#priority enormous\n#dance\n\nBoris takes over.\n\n-- \nAnna"
    )
    ticket = await Ticket.get(id=number)
    assert (ticket.assignee_id, ticket.priority) == (post.desk.boris.id, Priority.HIGH)
    assert await TicketTag.filter(ticket_id=number).count() == 1
    assert (await Comment.filter(ticket_id=number).order_by("-id").first()).body == "Boris takes over."  # type: ignore[union-attr]
    (text,) = await receipts(post)
    for words in (
        "✓ #assign boris@example.org: given to Boris Lund",
        "✓ #tag vpn: tagged vpn",
        "✗ #priority enormous:",
        "✗ #dance: was not understood",
    ):
        assert words in text


async def test_a_solution_and_resolve_are_one_mail(post: MailDesk) -> None:
    number = await post.ticket()
    await post.post()
    post.relay.arrived.clear()
    await writes(post, number, "#resolve\nIt was unplugged.")
    await post.post()
    assert ((await Ticket.get(id=number)).status, len(post.relay.to(EVA)), "unplugged" in post.relay.to(EVA)[0].text) == (
        Status.RESOLVED,
        1,
        True,
    )


async def test_a_note_stays_among_colleagues(post: MailDesk) -> None:
    number = await post.ticket()
    row = await writes(post, number, "#note\nShe always says so.")
    assert (row.disposition, (await Comment.get(id=row.comment_id)).public) == (Disposition.NOTE, False)


@pytest.mark.parametrize(
    "vouched", [None, "mx.example.org; dmarc=fail header.from=example.org", "evil.test; dmarc=pass header.from=example.org"]
)
async def test_a_forged_from_changes_nothing_and_is_visible(post: MailDesk, vouched: str | None) -> None:
    number = await post.ticket()
    row = await writes(post, number, "#close\nPay to this account.", vouched=vouched)
    comment = await Comment.get(id=row.comment_id)
    assert (row.disposition, comment.public, (await Ticket.get(id=number)).status) == (Disposition.NOTE, False, Status.NEW)
    assert "not proven" in (comment.flagged or "")
    assert await receipts(post) == []


@pytest.mark.parametrize("sender", ["boris@example.org", "eva@customer.test", "stranger@example.org"])
async def test_the_address_of_another_is_of_no_use(post: MailDesk, sender: str) -> None:
    number = await post.ticket()
    await writes(post, number, "#close", sender=sender, vouched=f"mx.example.org; dmarc=pass header.from={sender.partition('@')[2]}")
    assert (await Ticket.get(id=number)).status == Status.NEW


async def test_a_colleague_has_no_more_rights_by_mail(post: MailDesk) -> None:
    private = await post.desk.private_queue("Board", [post.desk.boris])
    number = await post.desk.ticket(queue=private)
    row = await writes(post, number, "#close\nHello.")
    assert ((await Ticket.get(id=number)).status, (await Comment.get(id=row.comment_id)).public) == (Status.NEW, False)
    (told,) = await receipts(post)
    assert "✗ Hello.: There is no ticket" in told and "✗ #close: Not done" in told


async def test_a_mail_that_is_filed_twice_at_once_acts_once(post: MailDesk) -> None:
    number = await post.ticket()
    address = tokens.staff_address(post.rt.keys, post.desk.mailbox.address, number, post.desk.anna.id)
    mail = await post.accept(
        letter("Once.", sender=ANNA, to=address, **{"Authentication-Results": VOUCHED}), to=[address], sender="anna@example.org"
    )
    await asyncio.gather(*(post.mailroom.file_mail({"inbound_mail": mail}) for _ in range(3)), return_exceptions=True)
    assert await Comment.filter(body="Once.").count() == 1


def test_what_only_looks_like_a_line_is_an_answer() -> None:
    def read(body: str) -> Spoken:
        return spoken(trim(body, None))

    assert (list(read("#1042 is the same.").words), read("#1042 is the same.").answer) == ([], "#1042 is the same.")
    assert [word for word, _, _ in read("#take\n  #tag: vpn, wlan \n\nDone. #resolve").words] == ["take", "tag"]
    assert (read("# Steps\nPull the plug.").answer, read("# Steps\nPull the plug.").doubt) == ("# Steps\nPull the plug.", "")
    assert read("").words == [] and "resolve" in WORDS


async def noted(post: MailDesk) -> tuple[int, str]:
    """A ticket of anna's on which boris has noted a secret; its number, and the notice she got, each line quoted."""
    number = await post.ticket()
    async with post.rt.transaction(Actor(post.desk.boris.id)) as tx:
        await tickets.assign(tx, number, post.desk.anna.id)
    await post.post()
    post.relay.arrived.clear()
    await post.desk.says(post.desk.boris, number, "SECRET bills.", public=False)
    await post.post()
    notice = post.relay.to("anna@example.org")[-1].text
    post.relay.arrived.clear()
    return number, "\n".join(f"> {line}" for line in notice.splitlines())


ON = "On Mon, 2 Nov 2026 at 10:15, Support wrote:\n"


@pytest.mark.parametrize(
    "how", ["without a word", "with a signature", "between the lines", "above, without marks", "between, without marks"]
)
async def test_nothing_of_a_notice_reaches_the_requester_however_it_is_answered(post: MailDesk, how: str) -> None:
    number, quoted = await noted(post)
    bare = "\n".join(line.removeprefix("> ") for line in quoted.splitlines())
    await writes(post, number, {
        "without a word": f"\n{ON}{quoted}",
        "with a signature": f"-- \nAnna Berg\n\n{ON}{quoted}",
        "between the lines": ON + quoted.replace("> SECRET bills.", "> SECRET bills.\n\nWe looked at it.\n") + "\n\nBye",
        "above, without marks": f"We looked at it.\n\n{bare}",
        "between, without marks": "See below.\n\n" + bare.replace("SECRET bills.", "SECRET bills.\n\nWe looked at it.\n"),
    }[how])  # fmt: skip
    await post.post()
    assert not any("SECRET" in mail.everything for mail in post.relay.to(EVA))
    if how == "between the lines":
        assert "We looked at it." in post.relay.to(EVA)[-1].text


async def test_a_mail_of_a_colleague_without_a_word_is_told_so(post: MailDesk) -> None:
    number, quoted = await noted(post)
    await writes(post, number, ON + quoted)
    assert "no word of yours" in (await receipts(post))[0]


@pytest.mark.parametrize("line", ["#notes", "#internal", "# note", "##note", "*#note*", "\u200b#note", "Hi,\n#note"])
async def test_what_might_be_meant_as_a_note_is_not_published(post: MailDesk, line: str) -> None:
    number = await post.ticket()
    await post.post()
    post.relay.arrived.clear()
    row = await writes(post, number, f"{line}\nShe always lies.", content_type="text/plain; charset=utf-8")
    await post.post()
    assert not post.relay.to(EVA)
    comment = await Comment.get(id=row.comment_id)
    assert (comment.public, "She always lies." in comment.body, comment.author_id) == (False, True, post.desk.anna.id)


async def test_an_answer_that_was_not_sent_ends_nothing(post: MailDesk) -> None:
    number = await post.ticket()
    await writes(post, number, "#resolve\n#intern\nShe always lies.")
    (told,) = await receipts(post)
    assert "✗ #resolve: Not done" in told and "✗ #intern: was not understood" in told and "were not sent" in told
    assert (await Ticket.get(id=number)).status == Status.NEW


async def test_what_stands_on_the_line_of_a_word_that_speaks_is_said(post: MailDesk) -> None:
    first, second, third = [await post.ticket() for _ in range(3)]
    await post.post()
    post.relay.arrived.clear()
    noted = await writes(post, first, "#note She always says so.\nReally.")
    assert (await Comment.get(id=noted.comment_id)).body == "She always says so.\nReally."
    await writes(post, second, "#resolve It was unplugged.")
    await writes(post, third, "#close It is over.")
    await post.post()
    assert ["unplugged" in mail.text for mail in post.relay.to(EVA)] == [True]
    assert [one.status for one in await Ticket.all().order_by("id")] == [Status.NEW, Status.RESOLVED, Status.NEW]


@pytest.mark.parametrize(
    "line", ["#merge \u00b2", "#queue " + "q" * 80, "#tag " + "x" * 500, "#snooze 999w", "#assign " + "y" * 400, "#priority \u0130"]
)
async def test_a_line_that_makes_no_sense_keeps_no_answer_from_being_sent(post: MailDesk, line: str) -> None:
    number = await post.ticket()
    await writes(post, number, f"{line}\n\nHello.", content_type="text/plain; charset=utf-8")
    await post.post()
    assert "Hello." in post.relay.to(EVA)[-1].text


@pytest.mark.parametrize(("disposition", "name"), [("attachment", "manual.pdf"), ("inline", "logo.png")])
async def test_an_answer_of_a_colleague_brings_its_files_along(post: MailDesk, disposition: str, name: str) -> None:
    number = await post.ticket()
    await post.post()
    post.relay.arrived.clear()
    part = f"--b\n{{}}\n--b\nContent-Type: application/pdf\nContent-Disposition: {disposition}; filename={name}\n\nPDF\n--b--"
    await writes(
        post, number, part.format("Content-Type: text/plain\n\n#resolve\nSee the manual."), content_type="multipart/mixed; boundary=b"
    )
    await post.post()
    (mail,) = post.relay.to(EVA)
    assert "See the manual." in mail.text and [one.get_filename() for one in mail.message.iter_attachments()] == [name]


@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        ("lamps@evil.test", {"X-Original-From": ANNA, "Authentication-Results": "mx.example.org; dmarc=pass header.from=evil.test"}),
        ("noreply@evil.test", {"Reply-To": ANNA, "Authentication-Results": "mx.example.org; dmarc=pass header.from=evil.test"}),
        ("Anna <anna@example.org>, x@evil.test", {"Authentication-Results": "mx.example.org; dmarc=pass header.from=evil.test"}),
        ("Anna <anna@example.org>, x@evil.test", {"Authentication-Results": VOUCHED}),
        ("(x@evil.test) anna@example.org", {"Authentication-Results": "mx.example.org; dmarc=pass header.from=evil.test"}),
    ],
)
async def test_a_domain_that_vouches_for_another_vouches_for_nobody(post: MailDesk, sender: str, headers: dict[str, str]) -> None:
    number = await post.ticket()
    address = tokens.staff_address(post.rt.keys, post.desk.mailbox.address, number, post.desk.anna.id)
    row = await post.receive(
        letter("#close\nPay to this account.", sender=sender, to=address, **headers), to=[address], sender="x@evil.test"
    )
    assert (await Ticket.get(id=number)).status == Status.NEW
    assert row.comment_id is None or not (await Comment.get(id=row.comment_id)).public or row.ticket_id != number


async def test_what_stands_around_his_words_is_not_for_the_requester(post: MailDesk) -> None:
    number = await post.ticket()
    row = await writes(
        post, number, "#priority low\nPull the plug.\n\nOn Mon, 2 Nov 2026 at 10:15, Support wrote:\n> INTERNAL: eva is a pain"
    )
    comment = await Comment.get(id=row.comment_id)
    assert (comment.body, comment.full_body, comment.html) == ("Pull the plug.", None, None)


async def test_words_that_may_not_be_sent_are_kept_as_a_note_and_told(post: MailDesk) -> None:
    number = await post.ticket()
    async with post.rt.transaction(Actor(post.desk.admin.id)) as tx:
        await tickets.move(tx, number, (await post.desk.private_queue("Board", [post.desk.boris])).id)
    row = await writes(post, number, "My last words.")
    comment = await Comment.get(id=row.comment_id)
    assert (comment.body, comment.public) == ("My last words.", False)
    assert "kept as an internal note" in (await receipts(post))[0]


async def test_a_lone_note_line_leaves_no_gap(post: MailDesk) -> None:
    await writes(post, await post.ticket(), "#note")
    assert (await ledger.audit(post.rt)).adds_up


async def test_who_left_the_desk_acts_no_more(post: MailDesk) -> None:
    number = await post.ticket()
    async with post.rt.transaction(SYSTEM) as tx:
        await users.change(tx, post.desk.anna.id, users.Change(active=False))
    await writes(post, number, "#close")
    assert (await Ticket.get(id=number)).status == Status.NEW


async def test_reading_the_past_again_leaves_notes_of_colleagues_where_they_are(post: MailDesk, reader: Reader) -> None:
    number = await post.ticket()
    for body in ("#note\nHe is angry.", "Pull the plug.\n#resolve", "Pull the plug."):
        await writes(post, number, body)
    assert [one async for one in Replay(post.rt, reader).run()] == []


@pytest.mark.parametrize(
    "first",
    ["- #note", "• #note", "1. #note", "＃note", "﹟note", '"#note"', "“#note”", "[#note]", "(#note)", "\\#note", "🔒 #note", "→ #note", "# notes",
     "#note2", "#nоte", "♯note", "Please #note that", "He lies #note", "Hello,\n\n#internal"],
)  # fmt: skip
def test_what_may_be_meant_as_a_note_is_held(first: str) -> None:
    assert spoken(trim(f"{first} he never pays.\n\nMore of it.", None)).is_note


@pytest.mark.parametrize(
    "answer",
    [
        "See #1042.",
        "Use C# please.",
        "https://x.test/#note and page.html#open",
        "# Steps\n1. Pull",
        "Hi\n\n# Notes\n- a",
        "Post it with #printers.",
        "Run:\n\n    sudo apt update\n    # open the file",
        "Ask in #open-source.",
        "Please use #vote.",
        "PR #merged.",
        "Room #Tango.",
    ],
)
def test_other_marks_in_an_answer_hold_nothing(answer: str) -> None:
    assert spoken(trim(answer, None)) == Spoken([], answer)


@pytest.mark.parametrize(
    "words",
    ["Thank you for your email. I am out of the office until Monday.", "Ich bin bis zum 3. Mai nicht im Büro.\n\nViele Grüße\nAnna"],
)
async def test_a_colleagues_absence_is_nothing_that_the_requester_is_told(post: MailDesk, words: str) -> None:
    number = await post.ticket()
    row = await writes(post, number, words)
    assert (row.disposition, (await Comment.get(id=row.comment_id)).public) == (Disposition.NOTE, False)
    assert "read like an absence note" in (await receipts(post))[0]


async def test_an_answer_that_mentions_an_absence_is_an_answer(post: MailDesk) -> None:
    row = await writes(post, await post.ticket(), "Pull the plug. I am out of the office until Monday.")
    assert row.disposition == Disposition.REPLY


async def test_a_colleague_whose_mail_goes_to_nobody_is_told_so_a_few_times(post: MailDesk) -> None:
    number, told = await post.ticket(), []
    for tag in ("#tag a", "#tag b", "#tag c"):  # his other receipts do not count
        await writes(post, number, tag)
    await receipts(post)
    for body in ("Solved.", "Solved!", "Really.", "So what", "Hello?"):
        raw = letter(body, sender=ANNA, subject=f"Re: [#{number}] Printer", Authentication_Results=VOUCHED)
        row = await post.receive(raw, sender="anna@example.org")
        comment = await Comment.get(id=row.comment_id)
        assert (row.disposition, comment.public, "not proven" in (comment.flagged or "")) == (Disposition.NOTE, False, False)
        told += await receipts(post)
    assert len(told) == 3 and all("was not sent" in one for one in told)


async def test_who_is_not_proven_to_be_the_colleague_is_told_nothing(post: MailDesk) -> None:
    number = await post.ticket()
    await post.receive(letter("Solved.", sender=ANNA, subject=f"Re: [#{number}] Printer"), sender="anna@example.org")
    assert await receipts(post) == []


async def test_where_a_colleague_cannot_answer_by_mail_his_notice_says_so(post: MailDesk) -> None:
    await Mailbox.filter(id=post.desk.mailbox.id).update(plus_addressing=False)
    number = await post.ticket()
    async with post.rt.transaction(Actor(post.desk.boris.id)) as tx:
        await tickets.assign(tx, number, post.desk.anna.id)
    await post.post()
    (notice,) = post.relay.to("anna@example.org")
    assert "stays an internal note" in notice.text and "above this line" not in notice.text
    assert "above this line" in post.relay.to(EVA)[0].text
