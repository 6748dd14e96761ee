"""A fake Slack for every test that asks for one, with Anna in a private channel and a clock that only tests move."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.slack_people import FakeSlack
from bot.demo.slack_server import running_slack
from bot.demo.slack_values import Channel, User
from tests.fakes.slack.calls import MovableClock


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def slack(clock: MovableClock) -> AsyncIterator[FakeSlack]:
    async with running_slack(clock) as server:
        yield server


@pytest.fixture
def client(slack: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(slack.ws.bot_token, base_url=slack.api_url)


@pytest.fixture
def anna(slack: FakeSlack) -> User:
    return slack.ws.add_user("anna", "Anna Berg", "anna@example.org")


@pytest.fixture
def triage(slack: FakeSlack, anna: User) -> Channel:
    return slack.ws.add_channel("triage", anna, private=True)
