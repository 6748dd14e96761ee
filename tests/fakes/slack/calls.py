"""What tests of the fake Slack share: a clock to move, and two short ways to call it with Slack's SDK."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.slack_values import Channel


class MovableClock:
    """A time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


async def error_of(call: Awaitable[object]) -> str:
    """The error Slack answers this call with; a call that succeeds fails the test."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def said(client: AsyncWebClient, channel: Channel, text: str = "Hello", **more: object) -> str:
    """The `ts` of a message our bot posts."""
    answer = await client.api_call("chat.postMessage", json={"channel": channel.id, "text": text, **more})
    return str(answer["ts"])
