"""How a call of the Web API reads its arguments, and how it says no."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.demo.slack_values import Channel, Json, Message, User
from bot.demo.slack_workspace import Workspace


class Refused(Exception):
    """Slack's `{"ok": false}`: `error` is its word, `more` what stands beside it."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.error, self.more = error, more


@dataclass(frozen=True, slots=True)
class Args:
    """The arguments as they came: strings of a form, or whatever JSON allows."""

    raw: Mapping[str, object]

    def required(self, name: str) -> str:
        """A text that must be there, or `invalid_arguments`."""
        if not self.text(name):
            raise invalid_arguments(f"missing required field: {name}")
        return self.text(name)

    def text(self, name: str) -> str:
        """A text, empty when absent."""
        value = self.raw.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        """True for everything Slack takes as true."""
        return self.text(name).lower() in ("true", "1")

    def number(self, name: str, default: int) -> int:
        """A whole number, or the default when absent or no number."""
        return int(self.text(name)) if self.text(name).isdigit() else default

    def mapping(self, name: str, error: str) -> Json | None:
        """A JSON object, in a form written as text; anything else is refused with `error`."""
        value = self._json(name, error)
        if value is not None and not isinstance(value, dict):
            raise Refused(error)
        return value

    def objects(self, name: str, error: str) -> list[Json] | None:
        """A JSON array of objects, in a form written as text; anything else is refused with `error`."""
        value = self._json(name, error)
        if value is not None and not (isinstance(value, list) and all(isinstance(item, dict) for item in value)):
            raise Refused(error)
        return value

    def _json(self, name: str, error: str) -> object:
        value = self.raw.get(name)
        if not isinstance(value, str):
            return value
        try:
            parsed: object = json.loads(value)
        except ValueError:
            raise Refused(error) from None
        return parsed


Method = Callable[[Workspace, Args], Json]


def invalid_arguments(*faults: str) -> Refused:
    """What Slack answers to arguments that cannot be; the faults stand in `response_metadata`."""
    return Refused("invalid_arguments", response_metadata={"messages": [f"[ERROR] {fault}" for fault in faults]})


def channel_of(ws: Workspace, args: Args, name: str = "channel") -> Channel:
    """The channel named, if our bot may know of it: private ones only as a member."""
    channel = ws.channels.get(args.required(name))
    if channel is None or (channel.kind != "channel" and ws.bot.id not in channel.members):
        raise Refused("channel_not_found")
    return channel


def channel_to_write(ws: Workspace, args: Args) -> Channel:
    """The channel to post in; a user's id means the direct conversation with that person."""
    user = ws.users.get(args.text("channel"))
    channel = ws.direct(user) if user else channel_of(ws, args)
    if channel.is_archived:
        raise Refused("is_archived")
    if ws.bot.id not in channel.members and "chat:write.public" not in ws.scopes:
        raise Refused("not_in_channel")
    return channel


def message_of(ws: Workspace, args: Args, name: str = "ts") -> Message:
    """The message named by channel and timestamp."""
    message = ws.messages[channel_of(ws, args).id].get(args.required(name))
    if message is None or message.tombstone:
        raise Refused("message_not_found")
    return message


def user_of(ws: Workspace, args: Args, name: str = "user") -> User:
    """The person named by id."""
    user = ws.users.get(args.required(name))
    if user is None:
        raise Refused("user_not_found")
    return user


def page_of(args: Args, items: list[Json], key: str, default: int) -> Json:
    """One page of a list: `limit` items from the cursor on, and the cursor of the next page ("" at the end)."""
    cursor = args.text("cursor").removeprefix("next:")
    if cursor and not cursor.isdigit():
        raise Refused("invalid_cursor")
    start, size = int(cursor or 0), max(args.number("limit", default), 1)
    following = f"next:{start + size}" if start + size < len(items) else ""
    return {key: items[start : start + size], "response_metadata": {"next_cursor": following}}
