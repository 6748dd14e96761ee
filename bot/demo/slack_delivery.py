"""How Slack reaches an app: a signed request over HTTP, or an envelope over Socket Mode, and what the app answered.

Signature v0 as in docs.slack.dev/authentication/verifying-requests-from-slack: HMAC-SHA256 over `v0:timestamp:body`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode

import aiohttp

from bot.demo import slack_responses
from bot.demo.slack_socket import Sockets
from bot.demo.slack_values import Json, Message, ResponseUrl
from bot.demo.slack_workspace import Workspace

Door = Literal["events", "commands", "interactivity"]
ENVELOPES: Mapping[Door, str] = {"events": "events_api", "commands": "slash_commands", "interactivity": "interactive"}
PATIENCE = aiohttp.ClientTimeout(total=15)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One thing to deliver. Sent again it stays the same, `event_id` and all."""

    door: Door
    payload: Json
    response_url: ResponseUrl | None = None

    @property
    def content_type(self) -> str:
        """Events come as JSON, all else as a form."""
        return "application/json" if self.door == "events" else "application/x-www-form-urlencoded"

    @property
    def body(self) -> bytes:
        """The raw body, over which the signature goes."""
        if self.door == "commands":
            return urlencode({name: str(value) for name, value in self.payload.items()}).encode()
        text = json.dumps(self.payload, ensure_ascii=False)
        return (text if self.door == "events" else urlencode({"payload": text})).encode()


@dataclass(slots=True)
class Answer:
    """What the app answered: status and body of its HTTP answer, and everything it showed in consequence.

    Status 0 means that Slack had no reason to tell the app (it is not in that channel). `message` is what a person just said.
    """

    parcel: Parcel | None
    status: int = 0
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    message: Message | None = None
    mention: Answer | None = None

    @property
    def json(self) -> Json:
        """The body as a JSON object; {} when it is none."""
        try:
            parsed = json.loads(self.body)
        except ValueError:
            return {}
        return parsed if isinstance(parsed, dict) else {}

    @property
    def shown(self) -> list[Message]:
        """What came of it before the person's eyes: from the body, and from posts to the response URL until now."""
        return self.parcel.response_url.answers if self.parcel and self.parcel.response_url else []

    @property
    def text(self) -> str:
        """The texts of everything shown, a line each."""
        return "\n".join(message.text for message in self.shown)

    @property
    def errors(self) -> Mapping[str, str]:
        """A dialog's complaints by `block_id`."""
        errors = self.json.get("errors") if self.json.get("response_action") == "errors" else None
        return {str(block): str(error) for block, error in errors.items()} if isinstance(errors, dict) else {}

    @property
    def options(self) -> list[str]:
        """The values offered by an external menu."""
        options = self.json.get("options")
        return [str(option["value"]) for option in options] if isinstance(options, list) else []


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """The value of `X-Slack-Signature`."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


class Postman:
    """Brings parcels to the app: to the URL of their door when there is one, else over Socket Mode."""

    def __init__(self, ws: Workspace, session: aiohttp.ClientSession, sockets: Sockets) -> None:
        self.ws, self.sockets, self._session = ws, sockets, session
        self.doors: Mapping[Door, str] = {}

    async def deliver(self, parcel: Parcel, attempt: int = 0, reason: str = "http_timeout") -> Answer:
        """Deliver once, for the first time or again, and show what the answer says; a broken app raises, as it should in a test."""
        if self.doors:
            answer = await self._post(parcel, attempt, reason)
        elif self.sockets.connected:
            answer = await self._send(parcel, attempt, reason)
        else:
            raise ConnectionError("No app is connected: call `connect` with its URL, or let it open a socket.")
        if parcel.response_url is not None and answer.status == 200:
            slack_responses.show_body(self.ws, parcel.response_url, answer.json or answer.body, typed=parcel.door == "commands")
        return answer

    async def _post(self, parcel: Parcel, attempt: int, reason: str) -> Answer:
        timestamp = int(self.ws.clock().timestamp())
        headers = {
            "Content-Type": parcel.content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": str(timestamp),
            "X-Slack-Signature": signature(self.ws.signing_secret, timestamp, parcel.body),
        }
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        async with self._session.post(self.doors[parcel.door], data=parcel.body, headers=headers, timeout=PATIENCE) as response:
            return Answer(parcel, response.status, await response.text(), dict(response.headers))

    async def _send(self, parcel: Parcel, attempt: int, reason: str) -> Answer:
        payload = await self.sockets.send(ENVELOPES[parcel.door], parcel.payload, retry=attempt, reason=reason)
        return Answer(parcel, 200, json.dumps(payload) if payload else "")
