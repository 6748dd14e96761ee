"""The fake Slack refuses what Slack refuses: texts, blocks and dialogs beyond its limits, triggers and URLs beyond their time."""

from __future__ import annotations

import json
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient as Client
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.demo.slack_people import FakeSlack
from bot.demo.slack_values import Channel, Json, Message, User
from bot.demo.slack_views import show, submitted
from tests.fakes.slack.calls import MovableClock, error_of, said

PLAIN = {"type": "plain_text", "text": "x"}
BUTTON = {"type": "button", "action_id": "a", "text": PLAIN}
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}


async def test_limits_are_slacks(slack: FakeSlack, client: Client, triage: Channel) -> None:
    long = await client.chat_postMessage(channel=triage.id, text="x" * 40_001)
    assert long["warning"] == "message_truncated"
    assert len(slack.ws.messages[triage.id][long["ts"]].text) == 40_000
    assert await error_of(client.chat_update(channel=triage.id, ts=long["ts"], text="x" * 4001)) == "msg_too_long"
    assert await error_of(client.api_call("chat.postMessage", json={"channel": triage.id})) == "no_text"
    many = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}] * 5
    assert await error_of(said(client, triage, blocks=many)) == "msg_blocks_too_long"


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        ({"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}, "less than 3001 characters"),
        ({"type": "section"}, "missing required field: text"),
        ({"type": "section", "text": {"type": "mrkdwn", "text": ""}}, "more than 0 characters"),
        ({"type": "section", "fields": [{"type": "mrkdwn", "text": "x"}] * 11}, "no more than 10 items"),
        ({"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}, "less than 151 characters"),
        ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "unsupported type: mrkdwn"),
        ({"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}, "no more than 10 items"),
        ({"type": "actions", "elements": [BUTTON | {"action_id": str(number)} for number in range(26)]}, "no more than 25 items"),
        ({"type": "actions", "elements": [BUTTON, BUTTON]}, "action_id already exists"),
        ({"type": "actions", "elements": [BUTTON | {"text": {"type": "plain_text", "text": "x" * 76}}]}, "less than 76 characters"),
        ({"type": "actions", "elements": [BUTTON | {"action_id": "x" * 256}]}, "less than 256 characters"),
        ({"type": "actions", "elements": [{"type": "static_select", "options": [{"text": PLAIN, "value": "v" * 151}]}]}, "less than 151"),
        ({"type": "actions", "elements": [{"type": "static_select", "options": [{"text": PLAIN, "value": "v"}] * 101}]}, "more than 100"),
        ({"type": "image", "image_url": "https://x.example", "alt_text": "x" * 2001}, "less than 2001 characters"),
        ({"type": "image", "image_url": "https://x.example"}, "missing required field: alt_text"),
        ({"type": "divider", "text": "x"}, "invalid additional property: text"),
        ({"type": "carousel_of_dreams"}, "unsupported type: carousel_of_dreams"),
    ],
)
async def test_a_block_slack_would_refuse_is_refused(client: Client, triage: Channel, block: dict[str, Any], fault: str) -> None:
    with pytest.raises(SlackApiError) as caught:
        await said(client, triage, blocks=[block])
    answer = caught.value.response
    assert answer["error"] == "invalid_blocks"
    assert fault in answer["errors"][0]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {error}" for error in answer["errors"]]


async def test_no_message_has_more_than_fifty_blocks(client: Client, triage: Channel) -> None:
    assert await error_of(said(client, triage, blocks=[{"type": "divider"}] * 51)) == "invalid_blocks"
    assert await said(client, triage, blocks=[{"type": "divider"}] * 50)


MODAL: Json = {"type": "modal", "title": PLAIN, "blocks": []}


async def test_a_trigger_opens_one_dialog_within_three_seconds(slack: FakeSlack, client: Client, anna: User, clock: MovableClock) -> None:
    trigger = slack.ws.new_trigger(anna)
    view = (await client.views_open(trigger_id=trigger, view=MODAL))["view"]
    assert slack.modal(anna).id == view["id"]
    assert await error_of(client.views_open(trigger_id=trigger, view=MODAL)) == "exchanged_trigger_id"
    late = slack.ws.new_trigger(anna)
    clock.move(seconds=3.1)
    assert await error_of(client.views_open(trigger_id=late, view=MODAL)) == "expired_trigger_id"
    assert await error_of(client.views_open(trigger_id="1.2.3", view=MODAL)) == "invalid_trigger_id"


async def test_a_hash_guards_a_view_against_late_changes(slack: FakeSlack, client: Client, anna: User) -> None:
    first = (await client.views_publish(user_id=anna.id, view={"type": "home", "blocks": []}))["view"]
    await client.views_publish(user_id=anna.id, view={"type": "home", "blocks": [SECTION]}, hash=first["hash"])
    assert slack.home(anna).body["id"] == first["id"]
    late = client.views_publish(user_id=anna.id, view={"type": "home", "blocks": []}, hash=first["hash"])
    assert await error_of(late) == "hash_conflict"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"title": {"type": "plain_text", "text": "x" * 25}}, "less than 25 characters"),
        ({"private_metadata": "x" * 3001}, "less than 3001 characters"),
        ({"blocks": [{"type": "divider"}] * 101}, "no more than 100 items"),
        ({"blocks": [{"type": "input", "label": PLAIN, "element": {"type": "plain_text_input", "action_id": "a"}}]}, "submit"),
    ],
)
async def test_a_view_slack_would_refuse_is_refused(
    slack: FakeSlack, client: Client, anna: User, change: dict[str, Any], fault: str
) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.views_open(trigger_id=slack.ws.new_trigger(anna), view=MODAL | change)
    assert caught.value.response["error"] == "invalid_arguments"
    assert fault in caught.value.response["response_metadata"]["messages"][0]


async def test_a_response_url_is_good_for_five_answers_in_half_an_hour(
    slack: FakeSlack, anna: User, triage: Channel, clock: MovableClock
) -> None:
    url = slack.ws.new_response_url(anna, triage.id)
    hook = AsyncWebhookClient(f"{slack.ws.base_url}/response/{url.id}")
    answers = [await hook.send(text=f"answer {number}") for number in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert json.loads(answers[-1].body)["error"] == "used_url"
    assert [message.ephemeral_for for message in url.answers] == [anna.id] * 5
    late = slack.ws.new_response_url(anna, triage.id)
    clock.move(minutes=31)
    expired = await AsyncWebhookClient(f"{slack.ws.base_url}/response/{late.id}").send(text="late")
    assert json.loads(expired.body)["error"] == "expired_url"


async def test_an_answer_may_replace_or_remove_what_was_clicked(slack: FakeSlack, anna: User, triage: Channel) -> None:
    card = slack.ws.post(Message(triage.id, slack.ws.next_ts(), "old", slack.ws.bot.id, slack.ws.bot_id))
    url = slack.ws.new_response_url(anna, triage.id, card)
    hook = AsyncWebhookClient(f"{slack.ws.base_url}/response/{url.id}")
    await hook.send(text="new", replace_original=True)
    assert card.text == "new"
    await hook.send(delete_original=True)
    assert card.deleted
    await hook.send(text="for all", response_type="in_channel")
    assert [message.text for message in slack.ws.messages[triage.id].values()] == ["for all"]


async def test_dialogs_are_stacked_three_deep_and_changed_by_id(slack: FakeSlack, client: Client, anna: User) -> None:
    first = (await client.views_open(trigger_id=slack.ws.new_trigger(anna), view=MODAL))["view"]
    second = (await client.views_push(trigger_id=slack.ws.new_trigger(anna, first["id"]), view=MODAL))["view"]
    assert (second["root_view_id"], second["previous_view_id"]) == (first["id"], first["id"])
    await client.views_push(trigger_id=slack.ws.new_trigger(anna, second["id"]), view=MODAL)
    fourth = client.views_push(trigger_id=slack.ws.new_trigger(anna, second["id"]), view=MODAL)
    assert await error_of(fourth) == "push_limit_reached"
    changed = await client.views_update(view_id=second["id"], view=MODAL | {"blocks": [SECTION]}, hash=second["hash"])
    assert changed["view"]["blocks"][0]["text"] == SECTION["text"]
    assert await error_of(client.views_update(view_id=second["id"], view=MODAL, hash=second["hash"])) == "hash_conflict"
    assert await error_of(client.views_update(view_id="V404", view=MODAL)) == "not_found"


async def test_what_an_app_answers_to_a_dialog_is_done(slack: FakeSlack, anna: User) -> None:
    view = show(slack.ws, anna.id, MODAL)
    submitted(slack.ws, view, {"response_action": "update", "view": MODAL | {"blocks": [SECTION]}})
    assert view.body["blocks"] != []
    submitted(slack.ws, view, {"response_action": "push", "view": MODAL})
    assert slack.modal(anna) is not view
    submitted(slack.ws, view, None)
    assert view.is_open, "an app that fails leaves the dialog as it is"
    with pytest.raises(ValueError, match="Slack shows errors under input blocks only"):
        submitted(slack.ws, view, {"response_action": "errors", "errors": {"nowhere": "?"}})
    with pytest.raises(ValueError, match="would not show this view"):
        submitted(slack.ws, view, {"response_action": "update", "view": MODAL | {"title": None}})
    submitted(slack.ws, view, {"response_action": "clear"})
    assert not any(each.is_open for each in slack.ws.views.values())
