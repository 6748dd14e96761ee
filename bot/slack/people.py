"""Who is speaking: a Slack account becomes one of our users, by its verified address and never by its name.

Staff rights come from our own user, and only through a full member of the trusted workspace whose address lies in one of the trusted
domains. Guests, strangers of Slack Connect and everybody else act as plain requesters. What was found out holds for some minutes.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from bot.slack.web import Refused, Reply, SlackWeb
from core import slack
from core.db import Row
from core.mail.addresses import normal
from core.models.tickets import Via
from core.runtime import SYSTEM, Actor, Runtime

_FRESH = timedelta(minutes=15)
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")
_MOST_NAMES = 10  # of one text that Slack is asked for


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in Slack and the user behind him. `im_channel_id` is his conversation with the app, None where there is none."""

    team_id: str
    slack_user_id: str
    user_id: int
    staff: bool
    im_channel_id: str | None

    @property
    def actor(self) -> Actor:
        return Actor(self.user_id, Via.SLACK)


class People:
    """Finds people, and asks Slack only about those it has not asked about lately."""

    def __init__(self, rt: Runtime, web: SlackWeb) -> None:
        self._rt = rt
        self._web = web
        self._since = rt.clock.now()  # settings may have changed before: what was found out under others does not count

    async def find(self, slack_user_id: str) -> Person:
        """The person behind an account of our workspace. Raises TemporaryFailure when Slack cannot be asked."""
        team_id = (await self._web.workspace()).team_id
        row = await self._rt.database.row("slack.person", team_id, slack_user_id)
        if row is None or not self._holds(row):
            account = await self._account(team_id, slack_user_id, row["im_channel_id"] if row else None)
            async with self._rt.transaction(SYSTEM) as tx:
                await slack.link(tx, account)
            row = await self._rt.database.row("slack.person", team_id, slack_user_id)
            assert row is not None
        return Person(team_id, slack_user_id, row["user_id"], row["staff"], row["im_channel_id"])

    async def names_in(self, text: str) -> dict[str, str]:
        """The names of the people that a text from Slack mentions, by their ids."""
        wanted = list(dict.fromkeys(_MENTION.findall(text)))
        if not wanted:
            return {}
        team_id = (await self._web.workspace()).team_id
        names = {row["slack_user_id"]: row["name"] for row in await self._rt.database.rows("slack.names", team_id, wanted)}
        for unknown in [user for user in wanted if user not in names][:_MOST_NAMES]:
            names[unknown] = _name_of(await self._profile(unknown))
        return names

    def _holds(self, row: Row) -> bool:
        became_staff = row["staff"] and row["guest"]
        return row["checked_at"] > max(self._rt.clock.now() - _FRESH, self._since) and not became_staff

    async def _account(self, team_id: str, slack_user_id: str, im_channel_id: str | None) -> slack.Account:
        profile = await self._profile(slack_user_id)
        email = profile.get("profile", {}).get("email")
        email = normal(str(email)) if email and not profile.get("is_stranger") else None
        trusted = email is not None and _is_member(profile, team_id) and self._trusts(email)
        im_channel_id = im_channel_id or await self._direct(slack_user_id)
        return slack.Account(team_id, slack_user_id, _name_of(profile), email, trusted, im_channel_id)

    async def _profile(self, slack_user_id: str) -> Reply:
        try:
            answer = await self._web.ask(self._web.client.users_info(user=slack_user_id))
        except Refused:  # strangers that Slack tells us nothing about
            return {"id": slack_user_id, "is_stranger": True}
        profile: Reply = answer["user"]
        if not profile.get("profile", {}).get("email") and not profile.get("is_stranger"):
            await self._check_sight()
        return profile

    async def _check_sight(self) -> None:
        """Raise NotReady when addresses are missing because we may not see them: nobody would be recognised."""
        with suppress(Refused):
            await self._web.ask(self._web.client.users_lookupByEmail(email="nobody@example.org"))

    async def _direct(self, slack_user_id: str) -> str | None:
        try:
            answer = await self._web.ask(self._web.client.conversations_open(users=slack_user_id))
        except Refused:  # bots and people of other workspaces cannot always be written to
            return None
        return str(answer["channel"]["id"])

    def _trusts(self, email: str) -> bool:
        return email.rpartition("@")[2] in {domain.lower() for domain in self._rt.settings.slack_trusted_domains}


def _is_member(profile: Reply, team_id: str) -> bool:
    limited = any(profile.get(flag) for flag in ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted"))
    return not limited and profile.get("team_id") == team_id


def _name_of(profile: Reply) -> str:
    known = profile.get("profile", {})
    names = (known.get("real_name"), profile.get("real_name"), known.get("display_name"), profile.get("name"))
    return next((str(name) for name in names if name), "Somebody in Slack")
