"""What the desk writes down of Slack: requests carried out, accounts and whose they are, which message is which comment.

Every function belongs into the transaction of the work it records, so that a request that Slack repeats is done once.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from core import users
from core.errors import Invalid
from core.mail.addresses import Address
from core.runtime import Tx


@dataclass(frozen=True, slots=True)
class Workspace:
    """An installation as Slack names it."""

    team_id: str
    enterprise_id: str
    name: str
    bot_user_id: str
    bot_id: str


@dataclass(frozen=True, slots=True)
class Account:
    """A Slack account. `email` is one that Slack verified, or None; only a `trusted` account may carry staff rights."""

    team_id: str
    slack_user_id: str
    name: str
    email: str | None
    trusted: bool
    im_channel_id: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message in Slack; `thread_ts` is the one it answers, None for one that may begin a thread."""

    team_id: str
    channel_id: str
    ts: str
    thread_ts: str | None = None


async def first_time(tx: Tx, key: str) -> bool:
    """Whether the request of this key was never carried out; from commit on it was. Waits for one that is at it just now."""
    return bool(await tx.value("slack.first_time", key, tx.now))


async def workspace_seen(tx: Tx, workspace: Workspace, trusted_domains: Sequence[str]) -> bool:
    """Keep the installation up to date, without troubles; returns whether staff rights count there."""
    who = (workspace.enterprise_id, workspace.team_id, workspace.name[:200], workspace.bot_user_id, workspace.bot_id)
    return bool(await tx.value("slack.workspace_seen", *who, json.dumps(list(trusted_domains)), tx.now))


async def link(tx: Tx, account: Account) -> int:
    """Find out whose account this is and remember it; returns the user's id.

    It is whoever has its verified address. An account without one, and an untrusted one whose address is a colleague's, is a
    requester of its own who cannot be reached by mail: an address alone never makes anybody staff.
    """
    user_id = await _user_of(tx, account)
    if user_id is None or (not account.trusted and await tx.value("users.is_staff", user_id)):
        user_id = (await users.ids_for(tx, [Address(_nowhere(account), account.name)]))[0]
    await tx.rows("slack.link_person", account.team_id, account.slack_user_id, user_id, not account.trusted, account.im_channel_id, tx.now)
    return user_id


async def begin_thread(tx: Tx, ticket_id: int, team_id: str, channel_id: str, root: str | None) -> int | None:
    """Let a ticket live in a direct conversation, below the message `root` or, without one, below a post of ours to come.

    Returns the thread's id, None when the ticket lives there already.
    """
    card_id: int | None = await tx.value("slack.add_thread", ticket_id, team_id, channel_id, root, nonce(tx), tx.now)
    return card_id


async def remember(tx: Tx, message: Message, card_id: int, comment_id: int | None, *, outgoing: bool) -> None:
    """Write down that this message is that comment; without a comment it is the post that shows the ticket's state."""
    where = (message.team_id, message.channel_id, message.ts, message.thread_ts)
    await tx.rows("slack.remember", *where, card_id, comment_id, outgoing, tx.now)


async def want(tx: Tx, ticket_id: int, team_id: str, channels: Sequence[str]) -> None:
    """Count one more reason to look at the ticket's cards; a channel without a card gets one."""
    await tx.rows("slack.want", ticket_id, team_id, list(channels), [nonce(tx) for _ in channels], tx.now)


def nonce(tx: Tx) -> uuid.UUID:
    """What a post can be recognised by when nobody could write down that it was posted."""
    return uuid.UUID(bytes=tx.clock.secret(16), version=4)


async def _user_of(tx: Tx, account: Account) -> int | None:
    with suppress(Invalid):
        if account.email:
            return (await users.ids_for(tx, [Address(users.checked_email(account.email), account.name)]))[0]
    return None


def _nowhere(account: Account) -> str:
    return f"slack-{account.team_id}-{account.slack_user_id}@invalid"
