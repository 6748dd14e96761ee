"""For every test of Slack that asks: a fake Slack, a desk with settings for it, and the office that connects them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from bot.demo.slack_people import FakeSlack
from bot.demo.slack_server import running_slack
from bot.demo.slack_values import Channel, User
from core.settings import Settings
from tests.slack.office import Office, open_office
from tests.support.desk import Desk


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with running_slack() as server:
        yield server


@pytest.fixture
def anna(slack: FakeSlack) -> User:
    return slack.ws.add_user("anna", "Anna Berg", "anna@example.org")


@pytest.fixture
def triage(slack: FakeSlack, anna: User) -> Channel:
    return slack.ws.add_channel("triage", anna, private=True)


@pytest.fixture
def settings(settings: Settings, slack: FakeSlack, triage: Channel) -> Settings:
    connected = {
        "slack_bot_token": SecretStr(slack.ws.bot_token),
        "slack_signing_secret": SecretStr(slack.ws.signing_secret),
        "slack_api_url": slack.api_url,
        "slack_triage_channel": triage.id,
        "slack_trusted_domains": ["example.org"],
    }
    return settings.model_copy(update=connected)


@pytest.fixture
async def office(desk: Desk, slack: FakeSlack, triage: Channel, anna: User) -> AsyncIterator[Office]:
    async with open_office(desk, slack, triage, anna) as office:
        yield office
