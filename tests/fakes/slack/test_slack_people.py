"""People in the fake Slack, and a Bolt app that listens to them: what it hears must be what it would hear from Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.signature import Clock, SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.slack_delivery import Parcel, signature
from bot.demo.slack_people import FakeSlack, Upload
from bot.demo.slack_server import running_slack
from bot.demo.slack_values import Channel, Message, User
from tests.fakes.slack.bolt_desk import CARD, Heard, desk


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """Bolt reads the real clock, so this Slack does too."""
    async with running_slack() as server:
        yield server


@pytest.fixture
async def heard(slack: FakeSlack) -> AsyncIterator[Heard]:
    heard = Heard()
    runner = web.AppRunner(desk(slack, heard).web_app("/slack/events"), shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.connect(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    yield heard
    await runner.cleanup()


@pytest.fixture
def anna(slack: FakeSlack) -> User:
    return slack.ws.add_user("anna", "Anna Berg", "anna@example.org")


@pytest.fixture
def triage(slack: FakeSlack, anna: User) -> Channel:
    return slack.ws.add_channel("triage", anna, private=True)


def card(slack: FakeSlack, channel: Channel) -> Message:
    """A message of our app with a button."""
    return slack.ws.post(Message(channel.id, slack.ws.next_ts(), "card", slack.ws.bot.id, slack.ws.bot_id, blocks=CARD))


async def test_a_command_is_answered_in_the_body(slack: FakeSlack, heard: Heard, anna: User, triage: Channel) -> None:
    answer = await slack.slash(anna, "/ticket show 1042", triage)
    assert (answer.status, answer.text) == (200, "You said: show 1042")
    assert answer.shown[0].ephemeral_for == anna.id
    body = heard.bodies[0]
    assert (body["command"], body["text"], body["user_id"], body["channel_id"]) == ("/ticket", "show 1042", anna.id, triage.id)


async def test_a_list_comes_by_the_response_url_and_its_button_works(slack: FakeSlack, heard: Heard, anna: User) -> None:
    listed = await slack.slash(anna, "/ticket list")
    assert listed.text == "1042 Printer"
    pressed = await slack.click(anna, listed.shown[0], "take")
    assert pressed.text == listed.text == "taken", "the list was replaced"
    assert heard.bodies[-1]["container"]["is_ephemeral"]
    assert "message" not in heard.bodies[-1]
    with pytest.raises(LookupError, match="nothing to press named 'take', only nothing"):
        await slack.click(anna, listed.shown[0], "take")


async def test_a_click_on_a_card_carries_the_card(slack: FakeSlack, heard: Heard, anna: User, triage: Channel) -> None:
    message = card(slack, triage)
    await slack.click(anna, message, "take")
    body = heard.bodies[0]
    assert (body["message"]["ts"], body["channel"]["id"], body["user"]["id"]) == (message.ts, triage.id, anna.id)
    assert body["actions"][0]["value"] == "1042"
    assert message.text == "taken"


async def test_a_dialog_is_filled_in_refused_and_sent(slack: FakeSlack, heard: Heard, anna: User) -> None:
    await slack.slash(anna, "/ticket reply 1042")
    view = slack.modal(anna)
    assert (await slack.suggests(anna, view, "to", "ben")).options == ["ben@example.org"]
    with pytest.raises(ValueError, match="to is not there"):
        await slack.submits(anna, view, {})
    with pytest.raises(ValueError, match="no field named colour"):
        await slack.submits(anna, view, {"colour": "red"})
    with pytest.raises(ValueError, match="no option with the value"):
        await slack.submits(anna, view, {"status": "gone"})
    refused = await slack.submits(anna, view, {"body": "x", "to": "ben@example.org"})
    assert refused.errors == {"body": "Say more."}
    assert slack.modal(anna) is view
    await slack.submits(anna, view, {"to": "ben@example.org", "status": "pending"})
    values = heard.bodies[-1]["view"]["state"]["values"]
    assert values["body"]["text"]["value"] == "Dear Ben,"
    assert values["status"]["status"]["selected_option"]["value"] == "pending"
    assert heard.bodies[-1]["view"]["private_metadata"] == "1042"
    with pytest.raises(LookupError, match="no dialog open"):
        slack.modal(anna)


async def test_a_message_in_a_thread_with_a_file(slack: FakeSlack, heard: Heard, anna: User, triage: Channel) -> None:
    parent = card(slack, triage)
    stub = Upload("log.txt", b"log", connect=True)
    said = await slack.says(anna, triage, "look", thread=parent, files=[Upload("a.png", b"png", "image/png"), stub])
    event = heard.events[-1]["event"]
    assert said.message is not None
    assert (event["type"], event["subtype"], event["ts"], event["thread_ts"]) == ("message", "file_share", said.message.ts, parent.ts)
    assert (event["channel_type"], event["parent_user_id"]) == ("group", slack.ws.bot.id)
    assert event["files"][0]["mimetype"] == "image/png"
    assert event["files"][1]["file_access"] == "check_file_info"
    assert event["event_ts"] == event["ts"]


async def test_a_mention_comes_twice_with_two_ids(slack: FakeSlack, heard: Heard, anna: User, triage: Channel) -> None:
    await slack.says(anna, triage, f"<@{slack.ws.bot.id}> help")
    assert [body["event"]["type"] for body in heard.events] == ["message", "app_mention"]
    assert heard.events[0]["event"]["ts"] == heard.events[1]["event"]["ts"]
    assert heard.events[0]["event_id"] != heard.events[1]["event_id"]


async def test_the_app_hears_nothing_from_where_it_is_not(slack: FakeSlack, heard: Heard, anna: User) -> None:
    elsewhere = slack.ws.add_channel("board", anna, with_bot=False)
    assert (await slack.says(anna, elsewhere, "psst")).status == 0
    assert heard.events == []


async def test_an_edit_an_unfurl_and_a_deletion(slack: FakeSlack, heard: Heard, anna: User, triage: Channel) -> None:
    message = (await slack.says(anna, triage, "one")).message
    assert message is not None
    for text in ("two", "two"):
        await slack.edits(message, text)
    await slack.deletes(message)
    edit, unfurl, deletion = (body["event"] for body in heard.events[1:])
    assert (edit["previous_message"]["text"], edit["message"]["text"], edit["message"]["edited"]["user"]) == ("one", "two", anna.id)
    assert unfurl["subtype"] == "message_changed"
    assert unfurl["previous_message"]["text"] == unfurl["message"]["text"]
    assert (deletion["subtype"], deletion["deleted_ts"]) == ("message_deleted", message.ts)


async def test_a_deleted_parent_comes_as_a_tombstone(slack: FakeSlack, heard: Heard, anna: User, triage: Channel) -> None:
    parent = (await slack.says(anna, triage, "parent")).message
    assert parent is not None
    await slack.says(anna, triage, "child", thread=parent)
    await slack.deletes(parent)
    event = heard.events[-1]["event"]
    assert (event["subtype"], event["message"]["subtype"]) == ("message_changed", "tombstone")


async def test_emoji_home_links_and_shortcuts(slack: FakeSlack, heard: Heard, anna: User, triage: Channel) -> None:
    message = card(slack, triage)
    await slack.reacts(anna, message, "eyes")
    await slack.unreacts(anna, message, "eyes")
    await slack.opens_home(anna)
    await slack.shares_link(anna, triage, "https://desk.example/t/1042")
    await slack.shortcut(anna, "create_ticket", message)
    await slack.shortcut(anna, "create_ticket")
    kinds = [body["event"]["type"] for body in heard.events]
    assert kinds == ["reaction_added", "reaction_removed", "app_home_opened", "link_shared"]
    assert heard.events[0]["event"]["item"] == {"type": "message", "channel": triage.id, "ts": message.ts}
    assert heard.events[3]["event"]["links"] == [{"domain": "desk.example", "url": "https://desk.example/t/1042"}]
    assert [body["type"] for body in heard.bodies] == ["message_action", "shortcut"]
    assert heard.bodies[0]["message"]["ts"] == message.ts


async def test_the_same_delivery_comes_again_with_the_same_id(slack: FakeSlack, heard: Heard, anna: User, triage: Channel) -> None:
    first = await slack.says(anna, triage, "one")
    await slack.sends_again(first, attempt=2, reason="http_error")
    assert heard.events[0] == heard.events[1]


async def test_what_the_app_did_itself_comes_back_to_it(slack: FakeSlack, heard: Heard, triage: Channel) -> None:
    client = AsyncWebClient(slack.ws.bot_token, base_url=slack.api_url)
    ts = (await client.chat_postMessage(channel=triage.id, text="mine"))["ts"]
    await client.chat_update(channel=triage.id, ts=ts, text="mine still")
    assert [answer.status for answer in await slack.echoes()] == [200, 200]
    post, edit = (body["event"] for body in heard.events)
    assert (post["bot_id"], post["user"]) == (slack.ws.bot_id, slack.ws.bot.id)
    assert edit["message"]["bot_id"] == slack.ws.bot_id


async def test_a_saved_request_url_is_verified(slack: FakeSlack, heard: Heard) -> None:
    assert (await slack.verifies_url("challenge-1")).json == {"challenge": "challenge-1"}


async def test_a_wrong_secret_or_an_old_request_is_refused_by_the_app(slack: FakeSlack, heard: Heard, anna: User) -> None:
    slack.ws.signing_secret = "another"
    assert (await slack.slash(anna, "/ticket show 1")).status == 401


async def test_socket_mode_brings_the_same(slack: FakeSlack, anna: User, triage: Channel) -> None:
    heard = Heard()
    app = desk(slack, heard)
    handler = AsyncSocketModeHandler(app, slack.ws.app_token, web_client=AsyncWebClient(slack.ws.app_token, base_url=slack.api_url))
    await handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt leaves it unannotated
    await slack.until(lambda: slack.postman.sockets.connected)
    try:
        assert (await slack.slash(anna, "/ticket show 1042", triage)).text == "You said: show 1042"
        first = await slack.says(anna, triage, "hello")
        await slack.sends_again(first)
        assert [body["event"]["text"] for body in heard.events] == ["hello", "hello"]
        assert heard.events[0]["event_id"] == heard.events[1]["event_id"]
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # slack_bolt leaves it unannotated


async def test_without_an_app_nothing_can_be_told(slack: FakeSlack, anna: User) -> None:
    with pytest.raises(ConnectionError, match="No app is connected"):
        await slack.slash(anna, "/ticket")


def test_the_signature_is_the_documented_one() -> None:
    body = (
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar"
        "&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
        "%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121"
        ".803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert signature("8f742231b10e8888abcd99yyyzzz85a5", 1531420618, body.encode()) == expected


def test_slacks_own_verifier_accepts_the_signature() -> None:
    class Fixed(Clock):
        def now(self) -> float:
            return 1_800_000_000

    body = Parcel("interactivity", {"type": "shortcut", "text": "Grüße"}).body
    verifier = SignatureVerifier("secret", clock=Fixed())
    good = signature("secret", 1_800_000_000, body)
    assert verifier.is_valid(body, "1800000000", good)
    assert not verifier.is_valid(body + b" ", "1800000000", good)
