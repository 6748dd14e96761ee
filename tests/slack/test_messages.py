"""Conversations with the app: a message opens a ticket, its thread is the conversation, files come along, notes never do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.demo.slack_files import LOGIN_PAGE
from bot.demo.slack_people import Upload
from bot.demo.slack_values import Message, broken
from core import comments, tickets
from core.errors import TemporaryFailure
from core.models.slack import SlackReceipt
from core.models.tickets import Attachment, Comment, Status, Ticket, Via
from core.models.ties import TicketParticipant
from core.runtime import SYSTEM, Actor, Runtime
from core.settings import Settings
from tests.slack.office import Office

ELSEWHERE = (
    "http://evil.example/x", "http://127.0.0.1.evil.example/x", "http://127.0.0.1@evil.example/x", "https://127.0.0.1/x", "file:///etc/passwd",
)  # fmt: skip


async def asks(office: Office, text: str = "My screen is black", **more: object) -> Message:
    """Eva writes to the app; returns her message."""
    answer = await office.slack.says(office.eva, office.slack.ws.direct(office.eva), text, **more)  # type: ignore[arg-type]  # files, thread
    assert answer.status == 200 and answer.message is not None
    return answer.message


async def bodies(**which: object) -> list[str]:
    return [comment.body for comment in await Comment.filter(**which).order_by("id")]


async def test_a_direct_message_opens_a_ticket_and_is_confirmed_in_its_thread(office: Office) -> None:
    message = await asks(office, "My screen is black\nsince noon, <@" + office.anna.id + "> knows &lt;why&gt;")
    ticket = await Ticket.get()
    assert (ticket.requester_id, ticket.via, ticket.subject) == (office.desk.eva.id, Via.SLACK, "My screen is black")
    assert await bodies() == ["My screen is black\nsince noon, @Anna Berg knows <why>"]
    assert await office.jobs() == []
    (receipt,) = office.thread(message)
    assert receipt.startswith(f"Ticket #{ticket.id} *My screen is black* is new.")
    assert len(office.thread(office.card)) == 1, "and staff sees it"


async def test_what_follows_in_the_thread_is_public_and_what_begins_anew_is_another_ticket(office: Office) -> None:
    message = await asks(office)
    await asks(office, "And the mouse is dead", thread=message)
    await asks(office, "Something else")
    first, second = await Ticket.all().order_by("id")
    assert (first.subject, second.subject) == ("My screen is black", "Something else")
    assert await bodies(ticket_id=first.id, public=True) == ["My screen is black", "And the mouse is dead"]


async def test_a_repeated_event_opens_one_ticket(office: Office) -> None:
    answer = await office.slack.says(office.eva, office.slack.ws.direct(office.eva), "Once")
    for attempt in (1, 2, 3):
        assert (await office.slack.sends_again(answer, attempt)).status == 200
    assert await Ticket.all().count() == 1


async def test_a_repetition_is_carried_out_when_the_first_delivery_was_lost(office: Office) -> None:
    answer = await office.slack.says(office.eva, office.slack.ws.direct(office.eva), "Once")
    await Ticket.all().delete()
    await SlackReceipt.all().delete()
    assert (await office.slack.sends_again(answer, 2)).status == 200
    assert await Ticket.all().count() == 1


async def test_an_answer_that_comes_before_its_question_lands_on_the_same_ticket(office: Office) -> None:
    ws, channel = office.slack.ws, office.slack.ws.direct(office.eva)
    question = ws.post(Message(channel.id, ws.next_ts(), "The question", office.eva.id))
    await asks(office, "The answer", thread=question)
    place: dict[str, object] = {"type": "message", "channel": channel.id, "channel_type": "im"}
    await office.slack.sends(place | {"user": office.eva.id, "text": question.text, "ts": question.ts})
    await office.jobs()
    assert await Ticket.all().count() == 1
    assert await bodies() == ["The answer", "The question"]
    assert [text for text in office.thread(question) if "Eva" in text] == [], "her own words are not said to her again"


async def test_public_answers_appear_in_the_thread_and_notes_never(office: Office) -> None:
    message = await asks(office)
    ticket = await Ticket.get()
    await office.desk.says(office.desk.anna, ticket.id, "SECRET by API", public=False)
    await office.jobs()
    await office.slack.says(office.anna, office.triage, "SECRET in the thread", thread=office.card)
    await office.slack.slash(office.anna, f"/ticket note {ticket.id} SECRET by command")
    await office.slack.slash(office.anna, f"/ticket reply {ticket.id} Press the button")
    await office.desk.says(office.desk.boris, ticket.id, "And wait")
    assert await office.jobs() == []
    assert office.thread(message)[1:] == ["*Anna Berg*:\nPress the button", "*Boris Lund*:\nAnd wait"]
    assert "SECRET" not in "".join(str(post.blocks) + post.text for post in office.direct(office.eva))
    assert len([text for text in office.thread(office.card) if "SECRET" in text]) == 3


async def test_the_confirmation_follows_the_ticket(office: Office) -> None:
    message = await asks(office)
    ticket = await Ticket.get()
    async with office.desk.rt.transaction(Actor(office.desk.anna.id, Via.API)) as tx:
        await comments.resolve(tx, ticket.id, "Done")
    await office.jobs()
    assert "is resolved" in office.thread(message)[0]
    await asks(office, "Not at all", thread=message)
    assert (await Ticket.get()).status == Status.OPEN


async def test_an_answer_is_shown_when_it_can_no_longer_be_taken_back(office: Office) -> None:
    message = await asks(office)
    ticket = await Ticket.get()
    await office.jobs()
    await office.desk.says(office.desk.anna, ticket.id, "Press the button")
    soon = office.desk.rt.clock.now() + timedelta(seconds=10)
    await Comment.filter(body="Press the button").update(send_after=soon)
    (failure,) = await office.jobs()
    assert isinstance(failure, TemporaryFailure)
    assert failure.retry_after is not None and failure.retry_after <= timedelta(seconds=10)
    assert "Press the button" in office.thread(office.card)[-1], "staff sees it at once"
    assert len(office.thread(message)) == 1
    office.desk.rt.clock.advance(timedelta(seconds=11))
    await office.show(ticket.id)
    assert office.thread(message)[-1] == "*Anna Berg*:\nPress the button"


async def test_who_is_no_longer_part_of_a_ticket_reads_nothing_more_of_it(office: Office) -> None:
    message = await asks(office)
    await office.jobs()
    ticket = await Ticket.get()
    await Ticket.filter(id=ticket.id).update(requester_id=office.desk.boris.id)
    await office.desk.says(office.desk.anna, ticket.id, "Not for Eva")
    await office.jobs()
    assert len(office.thread(message)) == 1
    await TicketParticipant.create(ticket_id=ticket.id, user_id=office.desk.eva.id, added_at=office.desk.rt.clock.now())
    await office.show(ticket.id)
    assert len(office.thread(message)) == 2


async def test_a_message_that_may_not_be_added_is_told_to_its_writer(office: Office) -> None:
    message = await asks(office)
    async with office.desk.rt.transaction(SYSTEM) as tx:
        await tickets.set_status(tx, (await Ticket.get()).id, Status.CLOSED)
    office.desk.rt.clock.advance(timedelta(days=30))
    await asks(office, "Hello again?", thread=message)
    assert "was closed too long ago" in office.told(office.eva)
    assert await bodies() == ["My screen is black"]


async def test_staff_who_ask_in_their_conversation_are_requesters_there(office: Office) -> None:
    answer = await office.slack.says(office.anna, office.slack.ws.direct(office.anna), "My chair squeaks")
    assert answer.message is not None
    await office.slack.says(office.anna, office.slack.ws.direct(office.anna), "Loudly", thread=answer.message)
    assert (await Ticket.get()).requester_id == office.desk.anna.id
    assert await bodies(public=True) == ["My chair squeaks", "Loudly"]


async def test_a_deleted_question_does_not_end_the_conversation(office: Office) -> None:
    message = await asks(office)
    await office.jobs()
    office.slack.ws.messages[message.channel].clear()
    await office.desk.says(office.desk.anna, (await Ticket.get()).id, "Press the button")
    assert await office.jobs() == []
    receipt, answer = office.direct(office.eva)
    assert "Ticket #" in receipt.text and answer.thread_ts == receipt.ts
    await asks(office, "I did", thread=receipt)
    assert await bodies(author_id=office.desk.eva.id) == ["My screen is black", "I did"]


async def test_files_are_copied_and_those_of_other_workspaces_asked_for(office: Office, rt: Runtime) -> None:
    files = [Upload("screen.png", b"\x89PNG", "image/png"), Upload("../../log.html", b"<p>log</p>", "text/html", connect=True)]
    await asks(office, "", files=files)
    ticket = await Ticket.get()
    kept = await Attachment.filter(ticket_id=ticket.id).order_by("id")
    assert [(file.filename, file.content_type) for file in kept] == [("screen.png", "image/png"), ("log.html", "text/html")]
    assert [await rt.blobs.read(file.blob) for file in kept] == [b"\x89PNG", b"<p>log</p>"]
    assert ticket.subject == "A file"


async def test_files_in_a_cards_thread_belong_to_the_note(office: Office) -> None:
    number = await office.desk.ticket(quiet=False)
    await office.jobs()
    await office.slack.says(office.anna, office.triage, "see", thread=office.card, files=[Upload("a.txt", b"a", "text/plain")])
    file = await Attachment.get().prefetch_related("comment")
    assert (file.ticket_id, file.comment.public if file.comment else None) == (number, False)


@pytest.mark.parametrize("url", ELSEWHERE)
async def test_the_token_goes_to_slack_alone(office: Office, url: str) -> None:
    shared = {"id": "F1", "name": "bait.txt", "mimetype": "text/plain", "url_private": url, "size": 1, "mode": "hosted"}
    channel = office.slack.ws.direct(office.eva)
    event = {"type": "message", "subtype": "file_share", "channel": channel.id, "channel_type": "im", "user": office.eva.id, "text": "see"}
    assert (await office.slack.sends(event | {"ts": office.slack.ws.next_ts(), "files": [shared]})).status == 200
    assert await bodies() == ["see\n\n[The file bait.txt could not be copied from Slack: its address is not one of Slack's.]"]
    assert not await Attachment.exists()


async def test_a_login_page_is_not_taken_for_the_file(office: Office) -> None:
    office.slack.ws.scopes.discard("files:read")
    as_long_as_the_page = b"x" * len(LOGIN_PAGE)
    await asks(office, "see", files=[Upload("a.txt", as_long_as_the_page, "text/plain"), Upload("b.html", b"<p>", "text/html")])
    (body,) = await bodies()
    assert body.count("login page") == 2
    assert not await Attachment.exists()


async def test_a_file_that_is_too_large_is_left_out_and_said_so(office: Office, settings: Settings) -> None:
    await asks(office, "see", files=[Upload("big.bin", b"x" * (settings.upload_limit + 1))])
    assert "it is larger than" in (await bodies())[0]


@pytest.mark.parametrize("subtype", ["channel_join", "pinned_item", "reminder_add", "bot_message", "message_replied"])
async def test_what_slack_itself_says_about_a_person_is_nothing_he_said(office: Office, subtype: str) -> None:
    place = office.slack.ws.direct(office.eva)
    event: dict[str, object] = {"type": "message", "subtype": subtype, "channel": place.id, "channel_type": "im"}
    assert (await office.slack.sends(event | {"user": office.eva.id, "text": "Eva did it", "ts": office.slack.ws.next_ts()})).status == 200
    assert not await Ticket.exists()


async def test_a_message_comes_again_when_slack_fails_meanwhile(office: Office) -> None:
    stub = Upload("log.txt", b"log", "text/plain", connect=True)
    office.slack.ws.fails("files.info", broken(503))
    answer = await office.slack.says(office.eva, office.slack.ws.direct(office.eva), "see", files=[stub])
    assert answer.status == 503
    assert not await Ticket.exists()
    assert (await office.slack.sends_again(answer)).status == 200
    assert await Attachment.all().count() == 1
