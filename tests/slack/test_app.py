"""The app as a whole: who may speak to it, over which doors, and the way from a person's words to the job's posts."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import open_bot
from bot.demo.slack_people import FakeSlack
from bot.demo.slack_values import Channel, Message, User, broken
from bot.slack.app import open_slack
from bot.slack.manifest import EVENTS, SCOPES, manifest
from bot.slack.patience import Patience
from core.errors import TemporaryFailure
from core.models.slack import SlackWorkspace
from core.models.tickets import Comment, Ticket
from core.runtime import Runtime
from core.settings import Settings
from tests.slack.office import Office, served
from tests.support.desk import Desk


async def test_from_a_direct_message_to_the_answer_through_the_real_bot(desk: Desk, slack: FakeSlack, triage: Channel, anna: User) -> None:
    eva = slack.ws.add_user("eva", "Eva Meyer", "eva@customer.test")
    async with open_bot(desk.rt) as bot:
        slack.connect(f"http://127.0.0.1:{bot.http_port}/slack/events")
        asked = await slack.says(eva, slack.ws.direct(eva), "My screen is black")
        assert asked.message is not None
        card = await slack.until(lambda: next((m for m in slack.ws.messages[triage.id].values() if not m.thread_ts), None))
        assert card is not None
        await slack.click(anna, card, "take")
        await slack.until(lambda: "Assignee: Anna Berg" in card.text)
        await slack.slash(anna, f"/ticket reply {(await Ticket.get()).id} Press the button", triage)
        root = asked.message
        await slack.until(lambda: any("Press the button" in m.text for m in slack.ws.thread(root.channel, root.ts)))


async def test_a_wrong_or_old_signature_is_refused(office: Office) -> None:
    office.slack.ws.signing_secret = "somebody-elses"
    assert (await office.slack.slash(office.anna, "/ticket new Lamp")).status == 401
    assert (await office.slack.says(office.eva, office.slack.ws.direct(office.eva), "Hello")).status == 401
    async with aiohttp.ClientSession() as session, session.post(office.slack.postman.doors["events"], data=b"{}") as response:
        assert response.status == 401
    assert not await Ticket.exists()


async def test_the_url_is_verified(office: Office) -> None:
    answer = await office.slack.verifies_url("3eZbrw1a")
    assert (answer.status, "3eZbrw1a" in answer.body) == (200, True)


async def test_another_workspace_is_not_listened_to(office: Office) -> None:
    await office.slack.slash(office.anna, "/ticket help")
    office.slack.ws.team_id = "T0OTHER"
    assert (await office.slack.slash(office.anna, "/ticket new Lamp")).status == 403
    assert not await Ticket.exists()


async def test_an_event_this_version_does_not_know_is_acknowledged(office: Office) -> None:
    message = office.slack.ws.post(Message(office.triage.id, office.slack.ws.next_ts(), "hi", office.eva.id))
    assert (await office.slack.reacts(office.eva, message, "eyes")).status == 200


async def test_talk_in_channels_that_is_none_of_ours_is_left_alone(office: Office) -> None:
    said = await office.slack.says(office.eva, office.triage, "Lunch?")
    assert said.message is not None
    await office.slack.says(office.anna, office.triage, "Yes", thread=said.message)
    assert not await Ticket.exists() and not await Comment.exists()
    assert office.slack.calls("users.info") == [], "nobody is looked up for it"


async def test_the_workspace_of_the_token_is_known_from_the_start(office: Office) -> None:
    workspace = await SlackWorkspace.get()
    assert (workspace.team_id, workspace.trusted, workspace.trusted_domains) == (office.slack.ws.team_id, True, ["example.org"])
    assert (workspace.bot_id, workspace.bot_token) == (office.slack.ws.bot_id, None)


async def test_a_slack_that_is_down_at_the_start_is_met_later(desk: Desk, slack: FakeSlack, anna: User) -> None:
    slack.ws.fails("auth.test", broken(), broken())
    async with open_slack(desk.rt) as app, served(app) as url:
        slack.connect(url)
        assert (await slack.slash(anna, "/ticket help")).status == 503
        assert "/ticket new" in (await slack.slash(anna, "/ticket help")).text


async def test_a_slack_that_cannot_say_who_is_speaking_is_a_sentence_to_people_and_a_no_to_events(office: Office) -> None:
    await office.slack.slash(office.anna, "/ticket help")
    office.slack.ws.fails("users.info", broken(), broken())
    assert "Nothing was done; please try again" in (await office.slack.slash(office.eva, "/ticket new Lamp")).text
    said = await office.slack.says(office.eva, office.slack.ws.direct(office.eva), "Hello")
    assert said.status == 503
    assert (await office.slack.sends_again(said)).status == 200
    assert await Ticket.all().count() == 1


async def test_over_socket_mode_no_address_is_needed(desk: Desk, slack: FakeSlack, anna: User) -> None:
    by_socket = desk.rt.settings.model_copy(update={"slack_app_token": SecretStr(slack.ws.app_token), "slack_signing_secret": None})
    eva = slack.ws.add_user("eva", "Eva Meyer", "eva@customer.test")
    async with open_slack(replace(desk.rt, settings=by_socket)) as app:
        await slack.until(lambda: slack.postman.sockets.connected)
        assert "is open" in (await slack.slash(eva, "/ticket new Lamp")).text
        await slack.says(eva, slack.ws.direct(eva), "Hello")
        assert await Ticket.all().count() == 2
        async with served(app) as url, aiohttp.ClientSession() as session, session.post(url, data=b"{}") as response:
            assert response.status == 404, "without a signing secret nobody may post"


async def test_an_answer_that_takes_longer_comes_by_the_response_url() -> None:
    acknowledged: list[object] = []
    responded: list[object] = []
    go = asyncio.Event()

    async def ack(answer: object = "") -> None:
        acknowledged.append(answer)

    async def respond(answer: object) -> None:
        responded.append(answer)

    async def work() -> dict[str, object]:
        await go.wait()
        return {"text": "done"}

    patience = Patience(seconds=0)
    await patience.answer(ack, respond, work(), typed=True)  # type: ignore[arg-type]  # the two of Bolt
    assert (acknowledged, responded) == ([""], [])
    go.set()
    await patience.close()
    assert responded == [{"response_type": "ephemeral", "replace_original": False, "text": "done"}]


async def test_an_event_that_takes_longer_is_joined_by_its_repetition_and_done_once() -> None:
    go, done = asyncio.Event(), []

    async def work() -> None:
        await go.wait()
        done.append("once")

    patience = Patience(seconds=5)
    both = asyncio.gather(patience.carry_out("key", work), patience.carry_out("key", work))
    go.set()
    await both
    assert done == ["once"]


async def test_an_event_that_is_not_done_in_time_is_not_acknowledged_and_done_all_the_same() -> None:
    go, done = asyncio.Event(), []

    async def work() -> None:
        await go.wait()
        done.append("once")

    patience = Patience(seconds=0)
    with pytest.raises(TemporaryFailure):
        await patience.carry_out("key", work)
    go.set()
    await patience.close()
    assert done == ["once"]


def test_the_manifest_names_what_the_app_uses(settings: Settings) -> None:
    over_http = manifest(settings.model_copy(update={"public_url": "https://desk.example.org"}))
    assert "https://desk.example.org/slack/events" in str(over_http)
    assert str(over_http).count("https://desk.example.org/slack/events") == 3
    assert all(scope in str(over_http) for scope in (*SCOPES, *EVENTS))
    by_socket = manifest(settings.model_copy(update={"slack_app_token": SecretStr("xapp-1")}))
    assert "slack/events" not in str(by_socket) and "'socket_mode_enabled': True" in str(by_socket)


async def test_the_scopes_of_the_manifest_are_enough(rt: Runtime, office: Office) -> None:
    office.slack.ws.scopes = set(SCOPES)
    asked = await office.slack.says(office.eva, office.slack.ws.direct(office.eva), "My screen is black")
    assert asked.status == 200
    office.slack.ws.fails("chat.postMessage", broken(after_work=True))
    await office.jobs()
    await office.show((await Ticket.get()).id)
    await office.slack.click(office.anna, office.card, "take")
    assert await office.jobs() == []
    refused = [call for call in office.slack.ws.calls if call.answer.get("error") == "missing_scope"]
    assert refused == []
