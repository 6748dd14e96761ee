"""A small desk on Bolt, Slack's own framework: the app that people in the fake Slack talk to in its tests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.slack_people import FakeSlack
from bot.demo.slack_values import Json

PLAIN: Json = {"type": "plain_text", "text": "x"}
CARD: list[Json] = [{"type": "actions", "elements": [{"type": "button", "action_id": "take", "value": "1042", "text": PLAIN}]}]
REPLY: Json = {
    "type": "modal",
    "callback_id": "reply",
    "title": PLAIN,
    "submit": PLAIN,
    "private_metadata": "1042",
    "blocks": [
        {
            "type": "input",
            "block_id": "body",
            "label": PLAIN,
            "element": {"type": "plain_text_input", "action_id": "text", "initial_value": "Dear Ben,"},
        },
        {
            "type": "input",
            "block_id": "status",
            "label": PLAIN,
            "optional": True,
            "element": {
                "type": "static_select",
                "action_id": "status",
                "options": [{"text": PLAIN, "value": "pending"}, {"text": PLAIN, "value": "resolved"}],
            },
        },
        {"type": "input", "block_id": "to", "label": PLAIN, "element": {"type": "external_select", "action_id": "to"}},
    ],
}


@dataclass
class Heard:
    """What the app heard, in order."""

    events: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)


def desk(slack: FakeSlack, heard: Heard) -> AsyncApp:
    """A small app on Slack's own framework, which checks signatures and acknowledges."""
    client = AsyncWebClient(slack.ws.bot_token, base_url=slack.api_url)
    app = AsyncApp(client=client, signing_secret=slack.ws.signing_secret, process_before_response=True, ignoring_self_events_enabled=False)

    @app.command("/ticket")
    async def command(ack: Callable[..., Awaitable[None]], body: dict[str, Any], respond: Callable[..., Awaitable[None]]) -> None:
        heard.bodies.append(body)
        if body["text"] == "list":
            await respond(text="1042 Printer", blocks=CARD)
        if body["text"] == "reply 1042":
            await client.views_open(trigger_id=body["trigger_id"], view=REPLY)
        await ack(f"You said: {body['text']}" if body["text"].startswith("show") else None)

    @app.action("take")
    async def take(ack: Callable[[], Awaitable[None]], body: dict[str, Any], respond: Callable[..., Awaitable[None]]) -> None:
        await ack()
        heard.bodies.append(body)
        await respond(text="taken", replace_original=True)

    @app.options("to")
    async def options(ack: Callable[..., Awaitable[None]], body: dict[str, Any]) -> None:
        await ack(options=[{"text": PLAIN, "value": body["value"] + "@example.org"}])

    @app.view("reply")
    async def submit(ack: Callable[..., Awaitable[None]], body: dict[str, Any]) -> None:
        heard.bodies.append(body)
        text = body["view"]["state"]["values"]["body"]["text"]["value"]
        await ack(response_action="errors", errors={"body": "Say more."}) if len(text) < 3 else await ack()

    @app.shortcut("create_ticket")
    async def shortcut(ack: Callable[[], Awaitable[None]], body: dict[str, Any]) -> None:
        await ack()
        heard.bodies.append(body)

    async def event(body: dict[str, Any]) -> None:
        heard.events.append(body)

    for name in ("message", "app_mention", "reaction_added", "reaction_removed", "app_home_opened", "link_shared"):
        app.event(name)(event)
    return app
