"""The card in the triage channel and the thread below it: posted once, kept up to date, never leaking."""

from __future__ import annotations

from bot.demo.slack_values import Message
from core import comments, tickets
from core.models.queues import Queue
from core.models.slack import SlackCard, SlackChannel
from core.models.tickets import Comment, Status, Ticket, Via
from core.runtime import SYSTEM, Actor
from tests.slack.office import Office


async def said_on(number: int) -> list[tuple[bool, str, str]]:
    """Everything said on a ticket: whether publicly, the door, the words."""
    return [(row.public, str(row.via), row.body) for row in await Comment.filter(ticket_id=number).order_by("id")]


def buttons(card: Message) -> list[object]:
    return [element["action_id"] for block in card.blocks if block["type"] == "actions" for element in elements(block)]


def elements(block: dict[str, object]) -> list[dict[str, object]]:
    found = block["elements"]
    assert isinstance(found, list)
    return found


async def test_a_new_ticket_gets_one_card_with_what_was_asked_below(office: Office) -> None:
    number = await office.opened()
    assert f"Ticket #{number}: Printer on fire" in office.card.text
    assert "Requester: Eva Meyer" in office.card.text
    assert office.thread(office.card) == ["*Eva Meyer* wrote by mail:\nIt burns."]
    assert buttons(office.card) == ["take", "resolve"]


async def test_doing_the_job_again_posts_and_edits_nothing(office: Office) -> None:
    number = await office.opened()
    calls = len(office.slack.ws.calls)
    await office.show(number)
    assert len(office.slack.ws.calls) == calls


async def test_the_card_is_edited_in_place_when_the_ticket_changes(office: Office) -> None:
    number = await office.opened()
    ts = office.card.ts
    async with office.desk.rt.transaction(Actor(office.desk.anna.id, Via.API)) as tx:
        await tickets.take(tx, number)
    assert await office.jobs() == []
    assert office.card.ts == ts
    assert "Status: open, Assignee: Anna Berg" in office.card.text
    assert buttons(office.card) == ["resolve"]


async def test_take_and_resolve_on_the_card_work_for_staff(office: Office) -> None:
    number = await office.opened()
    assert (await office.slack.click(office.anna, office.card, "take")).status == 200
    await office.jobs()
    await office.slack.click(office.boris, office.card, "resolve")
    await office.jobs()
    ticket = await Ticket.get(id=number)
    assert (ticket.assignee_id, ticket.status) == (office.desk.anna.id, Status.RESOLVED)
    assert "Status: resolved" in office.card.text
    assert buttons(office.card) == []


async def test_a_ticket_somebody_took_already_is_not_taken_away_by_a_click(office: Office) -> None:
    number = await office.opened()
    await office.slack.click(office.anna, office.card, "take")
    await office.slack.click(office.boris, office.card, "take")
    await office.slack.until(lambda: office.told(office.boris))
    assert office.told(office.boris) == f"Ticket #{number} is already taken by Anna Berg."
    assert (await Ticket.get(id=number)).assignee_id == office.desk.anna.id


async def test_somebody_who_is_no_staff_cannot_use_the_buttons(office: Office) -> None:
    number = await office.opened()
    await office.slack.click(office.eva, office.card, "take")
    await office.slack.until(lambda: office.told(office.eva))
    assert office.told(office.eva) == f"You may not assign on ticket #{number}."
    assert (await Ticket.get(id=number)).assignee_id is None


async def test_a_repeated_click_is_done_once(office: Office) -> None:
    number = await office.opened()
    answer = await office.slack.click(office.anna, office.card, "take")
    async with office.desk.rt.transaction(Actor(office.desk.anna.id, Via.API)) as tx:
        await tickets.assign(tx, number, None)
    assert (await office.slack.sends_again(answer)).status == 200
    assert (await Ticket.get(id=number)).assignee_id is None


async def test_words_of_staff_in_the_thread_are_internal_notes_and_not_echoed(office: Office) -> None:
    number = await office.opened()
    await office.slack.says(office.anna, office.triage, "Looks like arson &amp; <@" + office.boris.id + "> knows", thread=office.card)
    await office.jobs()
    assert (await said_on(number))[-1] == (False, "slack", "Looks like arson & @Boris Lund knows")
    assert office.thread(office.card)[1:] == [f"Looks like arson &amp; <@{office.boris.id}> knows"]


async def test_a_message_that_comes_twice_becomes_one_note(office: Office) -> None:
    number = await office.opened()
    answer = await office.slack.says(office.anna, office.triage, "Once", thread=office.card)
    assert (await office.slack.sends_again(answer)).status == 200
    assert [body for _, _, body in await said_on(number)] == ["It burns.", "Once"]


async def test_our_own_posts_and_edits_come_back_as_events_and_lead_to_nothing(office: Office) -> None:
    number = await office.opened()
    said = await office.slack.says(office.anna, office.triage, "A note", thread=office.card)
    assert said.message is not None
    assert {answer.status for answer in await office.slack.echoes()} == {200}
    for text in ("A note", "A note, corrected"):
        assert (await office.slack.edits(said.message, text)).status == 200
    assert (await office.slack.deletes(said.message)).status == 200
    assert [body for _, _, body in await said_on(number)] == ["It burns.", "A note"]


async def test_what_a_requester_or_guest_writes_below_a_card_is_told_to_be_lost(office: Office) -> None:
    number = await office.opened()
    await office.slack.says(office.eva, office.triage, "Psst", thread=office.card)
    assert office.told(office.eva) == f"You may not note on ticket #{number}. Your message was not added to a ticket."
    assert len(await said_on(number)) == 1


async def test_what_is_said_elsewhere_appears_below_the_card(office: Office) -> None:
    number = await office.opened()
    await office.desk.says(office.desk.eva, number, "It still burns <!channel>", via=Via.EMAIL)
    await office.desk.says(office.desk.boris, number, "She is angry", public=False)
    await office.jobs()
    assert office.thread(office.card)[1:] == [
        "*Eva Meyer* wrote by mail:\nIt still burns &lt;!channel&gt;",
        "*Boris Lund* noted internally by API:\nShe is angry",
    ]


async def test_nobody_can_write_a_mention_through_a_subject_or_a_name(office: Office) -> None:
    await office.opened(subject="<!channel> *now* <https://evil.example|Login>")
    assert "<!channel>" not in str(office.card.blocks) + office.card.text
    assert "<https://evil.example" not in str(office.card.blocks) + office.card.text
    assert not any(call.get("unfurl_links") for call in office.slack.calls("chat.postMessage"))


async def test_tickets_of_a_private_queue_show_no_card_in_the_common_channel(office: Office) -> None:
    queue = await office.desk.private_queue("Wages", [office.desk.anna])
    await office.desk.ticket(queue=queue, quiet=False)
    assert await office.jobs() == []
    assert office.cards == []


async def test_a_queue_with_a_channel_of_its_own_shows_its_cards_there(office: Office) -> None:
    queue = await office.desk.private_queue("Wages", [office.desk.anna])
    own = office.slack.ws.add_channel("wages", office.anna, private=True)
    team, now = office.slack.ws.team_id, office.desk.rt.clock.now()
    await SlackChannel.create(team_id=team, channel_id=own.id, queue=queue, purpose="triage", created_at=now)
    await office.desk.ticket(queue=queue, quiet=False)
    assert await office.jobs() == []
    assert office.cards == []
    assert len(office.slack.ws.messages[own.id]) == 2


async def test_moving_to_a_private_queue_takes_the_card_and_our_posts_away(office: Office) -> None:
    number = await office.opened()
    await office.slack.says(office.anna, office.triage, "My own words", thread=office.card)
    wages: Queue = await office.desk.private_queue("Wages", [office.desk.anna])
    async with office.desk.rt.transaction(Actor(office.desk.anna.id, Via.API)) as tx:
        await tickets.move(tx, number, wages.id)
    assert await office.jobs() == []
    left = [message for message in office.slack.ws.messages[office.triage.id].values() if not message.tombstone]
    assert [message.text for message in left] == ["My own words"]
    assert not await SlackCard.exists()


async def test_a_closed_ticket_says_so_on_its_card(office: Office) -> None:
    number = await office.opened()
    async with office.desk.rt.transaction(SYSTEM) as tx:
        await comments.resolve(tx, number)
    await office.jobs()
    assert "Status: resolved" in office.card.text
