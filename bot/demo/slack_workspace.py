"""The state of a fake Slack workspace: people, channels, messages, files, dialogs, and a log of what the app asked for.

Nothing here speaks HTTP. `slack_server` lets the app at it through the Web API, `slack_people` moves it as persons do. Time
comes from a clock, so that tests can move triggers and response URLs past their end.
"""

from __future__ import annotations

import asyncio
import copy
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.demo.slack_values import Call, Channel, Fault, File, Json, Message, ResponseUrl, Trigger, User, View, elements_of

Clock = Callable[[], datetime]

TRIGGER_LIFE = timedelta(seconds=3)
RESPONSE_URL_LIFE = timedelta(minutes=30)
_SCOPES = (
    "app_mentions:read channels:history channels:join channels:read chat:write chat:write.customize commands files:read "
    "files:write groups:history groups:read im:history im:read im:write links:read links:write mpim:history mpim:read "
    "reactions:read reactions:write team:read users:read users:read.email"
)


class Workspace:
    """One workspace with our app installed. Everything is public: tests arrange and look as they like."""

    def __init__(self, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self.clock = clock
        self.base_url = ""
        self.team_id, self.domain, self.app_id, self.bot_id = "T0DESK", "desk-demo", "A0DESK", "B0DESK"
        self.bot_token, self.app_token = "xoxb-demo-token", "xapp-demo-token"
        self.token_error = ""  # "token_revoked", "account_inactive", …: what a good token is refused with
        self.signing_secret = "demo-signing-secret"
        self.scopes = set(_SCOPES.split())
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, dict[str, Message]] = defaultdict(dict)
        self.ephemerals: list[Message] = []
        self.files: dict[str, File] = {}
        self.views: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.calls: list[Call] = []
        self.faults: dict[str, deque[Fault]] = defaultdict(deque)
        self.echoes: list[Json] = []  # events of what the app did itself, as Slack sends them back to it
        self.changed = asyncio.Condition()
        self._numbers = count(1)
        self._last_ts = 0
        self.bot = self.add_user("helpdesk", "Helpdesk", is_bot=True)

    def new_id(self, prefix: str) -> str:
        """An id nobody has yet, in Slack's shape."""
        return f"{prefix}0{next(self._numbers):08X}"

    def next_ts(self) -> str:
        """A `ts` of now: seconds and microseconds, later than every one before."""
        self._last_ts = max(round(self.clock().timestamp() * 1_000_000), self._last_ts + 100)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06}"

    def add_user(self, name: str, real_name: str = "", email: str | None = None, *, is_bot: bool = False) -> User:
        """Somebody new in this workspace. Guests and strangers: `put_user(replace(user, is_restricted=True))`."""
        return self.put_user(User(self.new_id("U"), name, real_name or name.title(), email, self.team_id, is_bot))

    def put_user(self, user: User) -> User:
        """This person with these properties, in place of whoever had the id."""
        self.users[user.id] = user
        return user

    def add_channel(self, name: str, *members: User, private: bool = False, with_bot: bool = True) -> Channel:
        """A new channel with these members, our bot among them unless `with_bot` is false."""
        ids = {member.id for member in members} | ({self.bot.id} if with_bot else set())
        channel = Channel(self.new_id("C"), name, ids, "group" if private else "channel")
        self.channels[channel.id] = channel
        return channel

    def direct(self, *users: User) -> Channel:
        """The conversation of our bot with these people alone, opened when it is the first time."""
        members = {user.id for user in users} | {self.bot.id}
        known = (channel for channel in self.channels.values() if channel.kind in ("im", "mpim") and channel.members == members)
        channel = next(known, None)
        if channel is None:
            channel = Channel(self.new_id("D"), "", members, "im" if len(members) == 2 else "mpim")
            self.channels[channel.id] = channel
        return channel

    def post(self, message: Message) -> Message:
        """Into its channel, or before the eyes of one person."""
        message.blocks = self.with_ids(message.blocks)
        if message.ephemeral_for:
            self.ephemerals.append(message)
        else:
            self.messages[message.channel][message.ts] = message
            self.files_shared(message.files, message.channel)
        return message

    def files_shared(self, files: Iterable[str], channel: str) -> None:
        """From now on who is in the channel may read them."""
        for file in files:
            self.files[file].channels.add(channel)

    def erase(self, message: Message) -> None:
        """Gone; a message with answers leaves a tombstone, as in Slack."""
        message.deleted = True
        if message.ephemeral_for:
            return
        if len(self.thread(message.channel, message.ts)) > 1:
            message.tombstone, message.text, message.blocks = True, "This message was deleted.", []
        else:
            del self.messages[message.channel][message.ts]

    def thread(self, channel: str, ts: str) -> list[Message]:
        """A message and its answers, oldest first."""
        found = [message for message in self.messages[channel].values() if ts in (message.ts, message.thread_ts)]
        return sorted(found, key=lambda message: message.ts)

    def with_ids(self, blocks: Iterable[Json]) -> list[Json]:
        """A copy of the blocks in which each has a `block_id` and each element an `action_id`, as Slack gives them."""
        copies = copy.deepcopy(list(blocks))
        for block in copies:
            block.setdefault("block_id", self.new_id("b"))
            for element in elements_of(block):
                if element.get("type") not in ("mrkdwn", "plain_text", "image"):
                    element.setdefault("action_id", self.new_id("a"))
        return copies

    def new_trigger(self, user: User, view_id: str = "") -> str:
        """An id that opens one dialog within three seconds."""
        trigger = f"{next(self._numbers)}.{self.team_id}.{self.app_id.lower()}"
        self.triggers[trigger] = Trigger(user.id, self.clock() + TRIGGER_LIFE, view_id)
        return trigger

    def new_response_url(self, user: User, channel: str, original: Message | None = None) -> ResponseUrl:
        """A place to answer at; its address is `base_url` + `/response/` + id."""
        url = ResponseUrl(self.new_id("r"), user.id, channel, self.clock() + RESPONSE_URL_LIFE, original)
        self.response_urls[url.id] = url
        return url

    def fails(self, method: str, *faults: Fault) -> None:
        """The next calls of this method meet these faults, one each."""
        self.faults[method].extend(faults)
