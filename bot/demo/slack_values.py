"""The things of a fake Slack workspace, without behaviour: who, where, what was said, and what shall go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class User:
    """A person or bot. Without `email` (guests of Slack Connect) nobody can be found by mail; `team_id` may be another's."""

    id: str
    name: str
    real_name: str
    email: str | None = None
    team_id: str = ""
    is_bot: bool = False
    is_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False
    tz: str = "Etc/UTC"


@dataclass(slots=True, eq=False)
class Channel:
    """A place to talk. `kind` is Slack's `channel_type`; members are user ids."""

    id: str
    name: str
    members: set[str]
    kind: Literal["channel", "group", "im", "mpim"] = "channel"
    is_archived: bool = False
    is_ext_shared: bool = False


@dataclass(slots=True, eq=False)
class Message:
    """One message, or, with `ephemeral_for`, something only one person sees. `ts` is its id within the channel."""

    channel: str
    ts: str
    text: str
    user: str
    bot_id: str = ""
    username: str = ""
    thread_ts: str = ""
    client_msg_id: str = ""
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    files: list[str] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    unfurls: Json = field(default_factory=dict)
    edited_ts: str = ""
    broadcast: bool = False
    ephemeral_for: str = ""
    deleted: bool = False
    tombstone: bool = False


@dataclass(slots=True, eq=False)
class File:
    """A file; `content` is None until it was uploaded. With `connect`, events show only that `files.info` must be asked."""

    id: str
    name: str
    title: str
    mimetype: str
    user: str
    size: int
    content: bytes | None = None
    channels: set[str] = field(default_factory=set)
    connect: bool = False
    deleted: bool = False


@dataclass(slots=True, eq=False)
class View:
    """A modal or a Home tab as one user has it before him; `body` is what Slack answers, ids and hash included."""

    id: str
    user: str
    body: Json
    root_id: str
    previous_id: str = ""
    is_open: bool = True


@dataclass(slots=True, eq=False)
class ResponseUrl:
    """Where an app may answer a command or click five times; `answers` are the messages that came of it."""

    id: str
    user: str
    channel: str
    until: datetime
    original: Message | None = None
    uses: int = 0
    answers: list[Message] = field(default_factory=list)


@dataclass(slots=True)
class Trigger:
    """What lets an app open a dialog, once."""

    user: str
    until: datetime
    view_id: str = ""
    used: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Web API, as it came and as it was answered (status 0: the connection was cut)."""

    method: str
    args: Mapping[str, object]
    status: int
    answer: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Fault:
    """What the next call of a method meets instead of an answer. `after_work`: it was done all the same, and nobody said so."""

    status: int = 200
    error: str = "internal_error"
    retry_after: int = 0
    after_work: bool = False
    cut: bool = False


def rate_limited(seconds: int) -> Fault:
    """429 with `Retry-After`."""
    return Fault(status=429, error="ratelimited", retry_after=seconds)


def broken(status: int = 503, *, after_work: bool = False) -> Fault:
    """A 5xx, before or after the work was done."""
    return Fault(status=status, error="service_unavailable", after_work=after_work)


def refused(error: str) -> Fault:
    """Slack's `{"ok": false, "error": …}`."""
    return Fault(error=error)


def cut_off(*, after_work: bool = False) -> Fault:
    """The connection ends without an answer."""
    return Fault(cut=True, after_work=after_work)


def elements_of(block: Mapping[str, object]) -> list[Json]:
    """The elements of a block one can act on, and the texts of a context."""
    found = [block.get("accessory"), block.get("element")]
    listed = block.get("elements")
    if block.get("type") != "rich_text" and isinstance(listed, list):
        found += listed
    return [element for element in found if isinstance(element, dict)]
