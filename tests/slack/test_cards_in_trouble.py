"""Cards when Slack fails: nothing is posted twice, nothing is lost, nothing spills into the channel, and the operator hears of it once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.demo.slack_values import Fault, broken, cut_off, rate_limited, refused
from core import tickets
from core.errors import HelpdeskError, TemporaryFailure
from core.models.slack import SlackCard, SlackWorkspace
from core.models.tickets import Via
from core.runtime import Actor
from tests.slack.office import Office


@pytest.mark.parametrize("fault", [broken(503, after_work=True), cut_off(after_work=True), broken(500), cut_off()])
async def test_after_a_broken_answer_the_card_stands_there_once(office: Office, fault: Fault) -> None:
    number = await office.desk.ticket(quiet=False)
    office.slack.ws.fails("chat.postMessage", fault)
    assert [type(failure) for failure in await office.jobs()] == [TemporaryFailure]
    await office.show(number)
    assert len(office.cards) == 1
    assert len(office.thread(office.card)) == 1


@pytest.mark.parametrize("after_work", [True, False])
async def test_after_a_broken_answer_a_comment_stands_below_the_card_once(office: Office, after_work: bool) -> None:
    number = await office.opened()
    await office.desk.says(office.desk.eva, number, "One")
    await office.desk.says(office.desk.eva, number, "Two")
    office.slack.ws.fails("chat.postMessage", broken(502, after_work=after_work))
    assert any(isinstance(failure, TemporaryFailure) for failure in await office.jobs())
    await office.show(number)
    assert [text.split("\n")[1] for text in office.thread(office.card)] == ["It burns.", "One", "Two"]


async def test_a_rate_limit_puts_the_job_off_for_as_long_as_slack_says(office: Office) -> None:
    number = await office.desk.ticket(quiet=False)
    office.slack.ws.fails("chat.postMessage", rate_limited(17))
    (failure,) = await office.jobs()
    assert isinstance(failure, TemporaryFailure) and failure.retry_after == timedelta(seconds=17)
    await office.show(number)
    assert office.card


async def test_a_thread_whose_card_was_deleted_does_not_spill_into_the_channel(office: Office) -> None:
    number = await office.opened()
    office.slack.ws.messages[office.triage.id].clear()
    await office.desk.says(office.desk.boris, number, "Between us", public=False)
    assert await office.jobs() == []
    assert "Ticket #" in office.card.text, "the card is shown anew, and nothing else stands in the channel"
    assert [text.split("\n")[1] for text in office.thread(office.card)] == ["It burns.", "Between us"]


async def test_a_deleted_card_that_left_a_tombstone_is_shown_anew(office: Office) -> None:
    number = await office.opened()
    office.slack.ws.erase(office.card)
    async with office.desk.rt.transaction(Actor(office.desk.anna.id, Via.API)) as tx:
        await tickets.take(tx, number)
    assert await office.jobs() == []
    assert [card.tombstone for card in office.cards] == [True, False]
    assert len(office.thread(office.cards[1])) == 1


ADVICE = [("not_in_channel", "/invite"), ("is_archived", "archived"), ("token_revoked", "reinstall"), ("missing_scope", "scope")]


@pytest.mark.parametrize(("error", "advice"), ADVICE)
async def test_what_an_operator_must_mend_keeps_the_work_and_is_told_once(office: Office, error: str, advice: str) -> None:
    number = await office.desk.ticket(quiet=False)
    office.slack.ws.fails("chat.postMessage", refused(error), refused(error))
    with capture_logs() as logs:
        (failure,) = await office.jobs()
        with pytest.raises(TemporaryFailure):
            await office.show(number)
    assert isinstance(failure, TemporaryFailure)
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["slack.needs_attention"]
    workspace = await SlackWorkspace.get()
    assert workspace.last_error is not None and advice in workspace.last_error
    assert workspace.failing_since is not None
    await office.show(number)
    assert office.card
    workspace = await SlackWorkspace.get()
    assert (workspace.last_error, workspace.failing_since) == (None, None)


async def test_a_message_that_slack_never_takes_is_held_for_a_person(office: Office) -> None:
    await office.desk.ticket(quiet=False)
    office.slack.ws.fails("chat.postMessage", refused("invalid_blocks"))
    (failure,) = await office.jobs()
    assert not isinstance(failure, TemporaryFailure)
    assert "invalid_blocks" in ((await SlackCard.get()).last_error or "")


async def test_a_change_while_the_job_runs_is_not_lost_and_not_shown_twice(office: Office) -> None:
    number = await office.desk.ticket(quiet=False)
    first = asyncio.create_task(office.jobs())
    await office.slack.until(lambda: office.slack.calls("chat.postMessage"))
    await office.desk.says(office.desk.eva, number, "Meanwhile")
    assert [*await office.jobs(), *await first] == []
    assert [text.split("\n")[1] for text in office.thread(office.card)] == ["It burns.", "Meanwhile"]
    card = await SlackCard.get()
    assert (card.wanted, card.shown, card.last_error) == (2, 2, None)


async def test_a_card_in_trouble_does_not_keep_the_requesters_thread_back(office: Office) -> None:
    asked = await office.slack.says(office.eva, office.slack.ws.direct(office.eva), "My screen is black")
    office.triage.is_archived = True
    (failure,) = await office.jobs()
    assert isinstance(failure, HelpdeskError)
    assert asked.message is not None
    assert len(office.thread(asked.message)) == 1
    assert office.cards == []
