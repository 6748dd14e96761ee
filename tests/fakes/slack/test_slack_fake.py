"""The fake Slack's Web API, called by Slack's own SDK: messages, threads, people, files, scopes, and faults on order."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient as Client

from bot.demo.slack_people import FakeSlack
from bot.demo.slack_values import Channel, Message, User, broken, cut_off, rate_limited, refused
from tests.fakes.slack.calls import error_of, said

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}


async def test_a_client_learns_whose_token_it_has(slack: FakeSlack, client: Client) -> None:
    who = await client.auth_test()
    assert (who["user_id"], who["bot_id"], who["team_id"]) == (slack.ws.bot.id, "B0DESK", "T0DESK")
    assert await error_of(Client("xoxb-wrong", base_url=slack.api_url).auth_test()) == "invalid_auth"
    assert await error_of(Client(base_url=slack.api_url).auth_test()) == "not_authed"
    slack.ws.token_error = "token_revoked"
    assert await error_of(client.auth_test()) == "token_revoked"


async def test_a_card_is_posted_edited_and_taken_away(slack: FakeSlack, client: Client, triage: Channel) -> None:
    ts = await said(client, triage, "Ticket #1042", blocks=[SECTION])
    await client.chat_update(channel=triage.id, ts=ts, text="Ticket #1042, taken")
    card = slack.ws.messages[triage.id][ts]
    assert card.text == "Ticket #1042, taken"
    assert card.blocks[0]["text"] == SECTION["text"], "blocks not given to chat.update stay"
    link = await client.chat_getPermalink(channel=triage.id, message_ts=ts)
    assert link["permalink"].endswith(f"/{triage.id}/p{ts.replace('.', '')}")
    await client.chat_delete(channel=triage.id, ts=ts)
    assert slack.ws.messages[triage.id] == {}
    assert await error_of(client.chat_update(channel=triage.id, ts=ts, text="x")) == "message_not_found"


async def test_a_thread_is_read_page_by_page_with_its_metadata(slack: FakeSlack, client: Client, triage: Channel) -> None:
    metadata = {"event_type": "comment", "event_payload": {"id": 7}}
    parent = await said(client, triage, metadata=metadata, client_msg_id="key-1")
    for number in range(4):
        await said(client, triage, f"answer {number}", thread_ts=parent)
    first = await client.conversations_replies(channel=triage.id, ts=parent, limit=3, include_all_metadata=True)
    assert [message["text"] for message in first["messages"]] == ["Hello", "answer 0", "answer 1"]
    assert first["messages"][0]["metadata"] == metadata
    assert first["messages"][0]["client_msg_id"] == "key-1"
    assert first["messages"][0]["reply_count"] == 4
    cursor = first["response_metadata"]["next_cursor"]
    rest = await client.conversations_replies(channel=triage.id, ts=parent, limit=3, cursor=cursor)
    assert [message["text"] for message in rest["messages"]] == ["answer 2", "answer 3"]
    assert not rest["has_more"]
    newer = await client.conversations_replies(channel=triage.id, ts=parent, oldest=rest["messages"][0]["ts"])
    assert [message["text"] for message in newer["messages"]] == ["Hello", "answer 3"], "the parent always comes"
    assert "metadata" not in newer["messages"][0]
    history = await client.conversations_history(channel=triage.id)
    assert [message["text"] for message in history["messages"]] == ["Hello"]


async def test_an_answer_to_a_message_that_is_gone_becomes_a_message_of_its_own(client: Client, triage: Channel) -> None:
    parent = await said(client, triage)
    await client.chat_delete(channel=triage.id, ts=parent)
    answer = await client.chat_postMessage(channel=triage.id, text="late", thread_ts=parent)
    assert "thread_ts" not in answer["message"]


async def test_a_deleted_parent_leaves_a_tombstone(client: Client, triage: Channel) -> None:
    parent = await said(client, triage)
    await said(client, triage, "answer", thread_ts=parent)
    await client.chat_delete(channel=triage.id, ts=parent)
    thread = await client.conversations_replies(channel=triage.id, ts=parent)
    assert [message.get("subtype") for message in thread["messages"]] == ["tombstone", None]


async def test_places_the_bot_cannot_write_to(slack: FakeSlack, client: Client, anna: User, triage: Channel) -> None:
    public = slack.ws.add_channel("general", anna, with_bot=False)
    secret = slack.ws.add_channel("board", anna, private=True, with_bot=False)
    assert await error_of(said(client, public)) == "not_in_channel"
    assert await error_of(said(client, secret)) == "channel_not_found"
    assert await error_of(client.chat_postMessage(channel="C404", text="x")) == "channel_not_found"
    triage.is_archived = True
    assert await error_of(said(client, triage)) == "is_archived"
    await client.conversations_join(channel=public.id)
    assert await said(client, public)


async def test_a_missing_scope_is_named(slack: FakeSlack, client: Client, triage: Channel) -> None:
    slack.ws.scopes -= {"groups:history", "users:read.email"}
    with pytest.raises(SlackApiError) as caught:
        await client.conversations_history(channel=triage.id)
    assert caught.value.response["needed"] == "groups:history"
    assert "chat:write" in caught.value.response["provided"]
    assert await error_of(client.users_lookupByEmail(email="anna@example.org")) == "missing_scope"


async def test_a_custom_name_is_ignored_without_its_scope(slack: FakeSlack, client: Client, triage: Channel) -> None:
    named = (await client.chat_postMessage(channel=triage.id, text="x", username="Ben via mail"))["message"]
    assert (named["subtype"], named["username"], named.get("user")) == ("bot_message", "Ben via mail", None)
    slack.ws.scopes.discard("chat:write.customize")
    plain = (await client.chat_postMessage(channel=triage.id, text="x", username="Ben via mail"))["message"]
    assert (plain.get("subtype"), plain["user"]) == (None, slack.ws.bot.id)


async def test_a_rate_limit_says_when_to_come_back(slack: FakeSlack, client: Client, triage: Channel) -> None:
    slack.ws.fails("chat.postMessage", rate_limited(30))
    with pytest.raises(SlackApiError) as caught:
        await said(client, triage)
    assert (caught.value.response.status_code, caught.value.response["error"]) == (429, "ratelimited")
    assert caught.value.response.headers["Retry-After"] == "30"
    assert await said(client, triage), "one fault, one call"


async def test_after_a_5xx_the_message_may_be_there_all_the_same(slack: FakeSlack, client: Client, triage: Channel) -> None:
    slack.ws.fails("chat.postMessage", broken(503), broken(503, after_work=True))
    for _ in range(2):
        with pytest.raises(SlackApiError):
            await said(client, triage, metadata={"event_type": "comment", "event_payload": {"id": 7}})
    found = await client.conversations_history(channel=triage.id, include_all_metadata=True)
    assert [message["metadata"]["event_payload"]["id"] for message in found["messages"]] == [7]


async def test_a_connection_cut_after_the_work_leaves_the_message(slack: FakeSlack, client: Client, triage: Channel) -> None:
    client.retry_handlers.clear()
    slack.ws.fails("chat.postMessage", cut_off(after_work=True))
    with pytest.raises(aiohttp.ClientError):
        await said(client, triage)
    assert len(slack.ws.messages[triage.id]) == 1


async def test_any_error_can_be_ordered(slack: FakeSlack, client: Client, triage: Channel) -> None:
    slack.ws.fails("chat.update", refused("edit_window_closed"))
    assert await error_of(client.chat_update(channel=triage.id, ts="1.1", text="x")) == "edit_window_closed"


async def test_people_are_found_by_mail_unless_they_are_strangers_or_gone(slack: FakeSlack, client: Client, anna: User) -> None:
    found = await client.users_lookupByEmail(email="Anna@Example.org")
    assert found["user"]["id"] == anna.id
    guest = slack.ws.put_user(replace(anna, is_restricted=True))
    assert (await client.users_info(user=guest.id))["user"]["is_restricted"]
    stranger = slack.ws.put_user(replace(anna, is_stranger=True, team_id="T0OTHER"))
    assert "email" not in (await client.users_info(user=stranger.id))["user"]["profile"]
    assert await error_of(client.users_lookupByEmail(email="anna@example.org")) == "users_not_found"
    assert await error_of(client.users_info(user="U404")) == "user_not_found"


async def test_everyone_is_listed_page_by_page(slack: FakeSlack, client: Client) -> None:
    for number in range(5):
        slack.ws.add_user(f"user{number}")
    names = []
    async for page in await client.users_list(limit=2):
        names += [member["name"] for member in page["members"]]
    assert names == ["helpdesk", *(f"user{number}" for number in range(5))]


async def test_a_direct_conversation_is_opened_once(slack: FakeSlack, client: Client, anna: User) -> None:
    first = await client.conversations_open(users=anna.id)
    again = await client.conversations_open(users=[anna.id])
    assert first["channel"]["id"] == again["channel"]["id"] == slack.ws.direct(anna).id
    assert again["already_open"]
    assert (await client.conversations_info(channel=first["channel"]["id"]))["channel"]["is_im"]
    await client.chat_postMessage(channel=anna.id, text="to a user's id")
    assert len(slack.ws.messages[slack.ws.direct(anna).id]) == 1


async def test_reactions_are_put_once(slack: FakeSlack, client: Client, triage: Channel) -> None:
    ts = await said(client, triage)
    await client.reactions_add(channel=triage.id, timestamp=ts, name="eyes")
    assert await error_of(client.reactions_add(channel=triage.id, timestamp=ts, name="eyes")) == "already_reacted"
    await client.reactions_remove(channel=triage.id, timestamp=ts, name="eyes")
    assert await error_of(client.reactions_remove(channel=triage.id, timestamp=ts, name="eyes")) == "no_reaction"


async def test_an_ephemeral_message_needs_a_member(slack: FakeSlack, client: Client, anna: User, triage: Channel) -> None:
    await client.chat_postEphemeral(channel=triage.id, user=anna.id, text="only you")
    assert [(message.text, message.ephemeral_for) for message in slack.ws.ephemerals] == [("only you", anna.id)]
    other = slack.ws.add_user("ben")
    assert await error_of(client.chat_postEphemeral(channel=triage.id, user=other.id, text="x")) == "user_not_in_channel"


async def test_reading_methods_do_not_see_json(slack: FakeSlack, client: Client, triage: Channel) -> None:
    assert await error_of(client.api_call("conversations.info", json={"channel": triage.id})) == "invalid_arguments"
    assert (await client.api_call("conversations.info", params={"channel": triage.id}))["channel"]["name"] == "triage"
    assert await error_of(client.api_call("chat.nonsense", json={})) == "unknown_method"


async def test_a_file_goes_up_and_comes_down_again(slack: FakeSlack, client: Client, triage: Channel) -> None:
    parent = await said(client, triage)
    done = await client.files_upload_v2(filename="größe.txt", content="hello", channel=triage.id, thread_ts=parent, initial_comment="see")
    message = slack.ws.thread(triage.id, parent)[1]
    assert (message.text, message.files) == ("see", [done["file"]["id"]])
    url = (await client.files_info(file=done["file"]["id"]))["file"]["url_private"]
    async with aiohttp.ClientSession() as session:
        async with session.get(url, headers={"Authorization": f"Bearer {slack.ws.bot_token}"}) as good:
            assert await good.read() == b"hello"
        async with session.get(url) as page:
            assert (page.status, page.content_type) == (200, "text/html")


async def test_an_upload_that_never_came_cannot_be_shared(client: Client, triage: Channel) -> None:
    ident = (await client.files_getUploadURLExternal(filename="a", length=3))["file_id"]
    assert await error_of(client.files_completeUploadExternal(files=[{"id": ident}], channel_id=triage.id)) == "file_not_found"


async def test_waiting_ends_with_what_was_waited_for(slack: FakeSlack, client: Client, triage: Channel) -> None:
    later = asyncio.create_task(said(client, triage))
    assert await slack.until(lambda: slack.ws.messages[triage.id])
    await later
    with pytest.raises(TimeoutError):
        await slack.until(lambda: False, seconds=0.01)


async def test_channels_and_their_members_are_listed(slack: FakeSlack, client: Client, anna: User, triage: Channel) -> None:
    slack.ws.add_channel("board", anna, private=True, with_bot=False)
    general = slack.ws.add_channel("general", anna, with_bot=False)
    listed = await client.conversations_list(types="public_channel,private_channel")
    assert [channel["id"] for channel in listed["channels"]] == [triage.id, general.id]
    assert (await client.conversations_members(channel=triage.id))["members"] == sorted([anna.id, slack.ws.bot.id])
    assert [channel["id"] for channel in (await client.users_conversations())["channels"]] == [triage.id]


async def test_a_link_unfurls_at_its_message(slack: FakeSlack, client: Client, anna: User, triage: Channel) -> None:
    link = slack.ws.post(Message(triage.id, slack.ws.next_ts(), "<https://desk.example/t/1042>", anna.id))
    unfurls = {"https://desk.example/t/1042": {"blocks": [SECTION]}}
    await client.chat_unfurl(unfurl_id=f"{triage.id}.{link.ts}.x", source="conversations_history", unfurls=unfurls)
    assert link.unfurls == unfurls
    assert await error_of(client.chat_unfurl(channel=triage.id, ts="1.1", unfurls=unfurls)) == "cannot_find_message"
