"""Posting so that nothing stands there twice, and nothing stands where it does not belong.

Every post carries a key in its metadata. A try that ended without an answer may have posted all the same, so a round that follows
such a try first looks for its keys. An answer to a thread whose beginning is gone would silently become a message for the whole
channel: it is taken away at once, and `ThreadGoneError` tells that the card has to be shown anew.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.web import Refused, Reply, SlackWeb
from core import slack
from core.db import Row
from core.runtime import SYSTEM, Runtime

Content = dict[str, Any]
"""`text` and `blocks` of a message."""

EVENT_TYPE = "helpdesk_post"
_PAGE = 200
_PAGES = 5
_CLOCKS_DIFFER = timedelta(minutes=10)
_GONE = ("thread_not_found", "message_not_found")


class ThreadGoneError(Exception):
    """The message that a thread hangs from is no longer there."""


class Poster:
    """What one round posts for one card (a row of `slack.cards`)."""

    def __init__(self, rt: Runtime, web: SlackWeb, card: Row) -> None:
        self._rt = rt
        self._web = web
        self._card = card
        self._marked = False
        self._found: dict[str | None, Mapping[str, str]] = {}

    async def post(self, content: Content, thread_ts: str | None, comment_id: int | None = None) -> str:
        """Post, or find what an earlier try posted, and write it down; returns its `ts`. A post without a comment shows the state."""
        key = self._key(comment_id)
        ts = (await self._earlier(thread_ts)).get(key)
        if ts is None:
            ts = await self._send(content, thread_ts, key)
        message = slack.Message(self._card["team_id"], self._card["channel_id"], ts, thread_ts)
        async with self._rt.transaction(SYSTEM) as tx:
            await slack.remember(tx, message, self._card["id"], comment_id, outgoing=True)
        return ts

    async def update(self, content: Content, ts: str) -> None:
        """Put other content into a post of ours. Raises ThreadGoneError when it is not there."""
        await self._ask(self._web.client.chat_update(channel=self._card["channel_id"], ts=ts, **content))

    async def delete(self, ts: str) -> None:
        """Take a post of ours away; being gone already is fine."""
        with suppress(ThreadGoneError):
            await self._ask(self._web.client.chat_delete(channel=self._card["channel_id"], ts=ts))

    async def _send(self, content: Content, thread_ts: str | None, key: str) -> str:
        await self._mark()
        answer = await self._ask(
            self._web.client.chat_postMessage(
                channel=self._card["channel_id"], thread_ts=thread_ts, unfurl_links=False, unfurl_media=False,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}}, **content,
            )
        )  # fmt: skip
        ts = str(answer["ts"])
        if thread_ts is not None and answer["message"].get("thread_ts") != thread_ts:
            await self.delete(ts)
            raise ThreadGoneError
        return ts

    async def _mark(self) -> None:
        """Write down, before the first post, that from here on something may stand there that nobody wrote down."""
        if not self._marked and self._card["last_error"] is None:
            async with self._rt.transaction(SYSTEM) as tx:
                await tx.rows("slack.begun", self._card["id"])
        self._marked = True

    async def _earlier(self, thread_ts: str | None) -> Mapping[str, str]:
        if self._card["last_error"] is None:
            return {}
        if thread_ts not in self._found:
            self._found[thread_ts] = {key: ts async for key, ts in self._posted(thread_ts)}
        return self._found[thread_ts]

    async def _posted(self, thread_ts: str | None) -> AsyncIterator[tuple[str, str]]:
        cursor = ""
        for _ in range(_PAGES):
            page = await self._page(thread_ts, cursor)
            for message in page["messages"]:
                metadata = message.get("metadata") or {}
                if metadata.get("event_type") == EVENT_TYPE:
                    yield str(metadata["event_payload"].get("key")), str(message["ts"])
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    async def _page(self, thread_ts: str | None, cursor: str) -> Reply:
        channel, client = self._card["channel_id"], self._web.client
        oldest = f"{(self._card['created_at'] - _CLOCKS_DIFFER).timestamp():.6f}"
        if thread_ts is None:
            call = client.conversations_history(channel=channel, oldest=oldest, include_all_metadata=True, limit=_PAGE, cursor=cursor)
        else:
            call = client.conversations_replies(channel=channel, ts=thread_ts, include_all_metadata=True, limit=_PAGE, cursor=cursor)
        return await self._ask(call)

    async def _ask(self, call: Awaitable[AsyncSlackResponse]) -> Reply:
        try:
            return await self._web.ask(call, self._card["channel_id"])
        except Refused as refused:
            if refused.word in _GONE:
                raise ThreadGoneError from refused
            raise

    def _key(self, comment_id: int | None) -> str:
        return self._card["nonce"] if comment_id is None else f"{self._card['nonce']}:{comment_id}"
