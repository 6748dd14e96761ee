"""Calls to Slack, and what its refusals mean to us.

What can pass (limits, outages) is a TemporaryFailure. What an operator has to mend keeps the work too: it is tried again
after a while, and the operator is told once, with what to do, in the log and in the workspace's `last_error`. Everything else is a
`Refused` with Slack's word, for the caller to make sense of.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from core import slack
from core.errors import PermanentFailure, TemporaryFailure
from core.runtime import SYSTEM, Runtime

log = structlog.get_logger()

Reply = dict[str, Any]
"""What Slack answers to a call."""

PATIENCE = aiohttp.ClientTimeout(total=20, connect=5)
MENDED_AFTER = timedelta(minutes=10)
_PASSING = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"})
_IN_A_CHANNEL = {
    "not_in_channel": "The app is not in channel {place}: type /invite @Helpdesk there.",
    "channel_not_found": "The app cannot see channel {place}: use its id (C…), and type /invite @Helpdesk there if it is private.",
    "is_archived": "Channel {place} is archived: unarchive it, or choose another one.",
    "restricted_action": "The app may not post in channel {place}: change who can post there.",
}
_EVERYWHERE = {
    "missing_scope": "The app lacks the scope {needed}: add it under OAuth & Permissions (`helpdesk slack manifest` has it) and reinstall.",
    "token_revoked": "SLACK_BOT_TOKEN was revoked: reinstall the app and set the new token.",
    "token_expired": "SLACK_BOT_TOKEN has expired: turn token rotation off for the app, reinstall it and set the new token.",
    "account_inactive": "The app was uninstalled: install it again and set the new SLACK_BOT_TOKEN.",
    "invalid_auth": "SLACK_BOT_TOKEN is not valid: copy the Bot User OAuth Token (xoxb-…) of the app.",
    "not_authed": "SLACK_BOT_TOKEN is missing: copy the Bot User OAuth Token (xoxb-…) of the app.",
    "org_login_required": "Slack moves this workspace at the moment; nothing needs to be done.",
}


class Refused(PermanentFailure):
    """Slack said no; `word` is its own for it, such as `message_not_found`."""

    def __init__(self, word: str) -> None:
        super().__init__(f"Slack refused it: {word}.")
        self.word = word


class NotReady(TemporaryFailure):
    """An operator has to do something first; the message says what."""


class SlackWeb:
    """Slack's Web API with the token of the settings, and what is wrong with it at the moment."""

    def __init__(self, rt: Runtime, session: aiohttp.ClientSession) -> None:
        token = rt.settings.slack_bot_token
        self.token = token.get_secret_value() if token else ""
        self.session = session
        self.client = AsyncWebClient(self.token, base_url=rt.settings.slack_api_url, session=session, retry_handlers=[])
        self.host = urlsplit(rt.settings.slack_api_url)
        self._rt = rt
        self._workspace: slack.Workspace | None = None
        self._troubles: dict[str, str] = {}
        self._meeting = asyncio.Lock()

    async def workspace(self) -> slack.Workspace:
        """The workspace of the token, asked for once; staff rights count there."""
        async with self._meeting:
            if self._workspace is None:
                found = _workspace_of(await self.ask(self.client.auth_test()))
                async with self._rt.transaction(SYSTEM) as tx:
                    await slack.workspace_seen(tx, found, self._rt.settings.slack_trusted_domains)
                self._workspace = found
                log.info("slack.connected", team=found.team_id)
            return self._workspace

    async def ask(self, call: Awaitable[AsyncSlackResponse], place: str = "") -> Reply:
        """The answer to a call, never awaited inside a transaction. `place` is the channel it is about.

        Raises TemporaryFailure, NotReady or Refused.
        """
        try:
            response = await call
        except SlackApiError as error:
            failure = _failure_of(error, place)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            failure = TemporaryFailure(f"Slack does not answer at the moment ({type(error).__name__}).")
        else:
            return response.data if isinstance(response.data, dict) else {}
        if isinstance(failure, NotReady):
            await self._trouble(place, str(failure))
        raise failure

    async def well(self, place: str) -> None:
        """A whole piece of work in this channel succeeded: what was wrong there, or everywhere, is over."""
        over = [key for key in self._troubles if key in (place, "")]
        for key in over:
            del self._troubles[key]
        if over:
            log.info("slack.well_again", channel=place)
            await self._write_troubles()

    async def _trouble(self, place: str, sentence: str) -> None:
        if self._troubles.get(place) != sentence:
            self._troubles[place] = sentence
            log.error("slack.needs_attention", channel=place, reason=sentence)
            await self._write_troubles()

    async def _write_troubles(self) -> None:
        if self._workspace is None:
            return
        told = "\n".join(dict.fromkeys(self._troubles.values())) or None
        async with self._rt.transaction(SYSTEM) as tx:
            await tx.rows("slack.workspace_troubled", self._workspace.team_id, told, tx.now)


def _failure_of(error: SlackApiError, place: str) -> TemporaryFailure | Refused:
    response = error.response
    status = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    data = getattr(response, "data", None)
    word = str(data.get("error", "")) if isinstance(data, dict) else ""
    if status == 429 or word in ("ratelimited", "rate_limited"):
        seconds = str(response.headers.get("Retry-After", "30"))
        return TemporaryFailure("Slack asked to slow down.", timedelta(seconds=int(seconds) if seconds.isdigit() else 30))
    if status >= 500 or word in _PASSING or not word:
        return TemporaryFailure(f"Slack is out of order at the moment ({word or status}).")
    if place and word in _IN_A_CHANNEL:
        return NotReady(_IN_A_CHANNEL[word].format(place=place), MENDED_AFTER)
    if word in _EVERYWHERE:
        needed = data.get("needed", "") if isinstance(data, dict) else ""
        return NotReady(_EVERYWHERE[word].format(needed=needed), MENDED_AFTER)
    return Refused(word)


def _workspace_of(who: Reply) -> slack.Workspace:
    names = (str(who.get(key) or "") for key in ("enterprise_id", "team", "user_id", "bot_id"))
    return slack.Workspace(str(who["team_id"]), *names)
