"""A desk that is connected to the fake Slack: people on both sides, and the jobs done when a test says so."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from bot.demo.slack_people import FakeSlack
from bot.demo.slack_values import Channel, Message, User
from bot.slack.app import PATH, SlackApp, open_slack
from core.db import connect
from core.errors import HelpdeskError
from core.jobs import SHOW_IN_SLACK
from tests.support.desk import Desk

_TAKE_JOBS = "DELETE FROM pgqueuer WHERE entrypoint = $1 RETURNING id, payload"


@dataclass(frozen=True, slots=True)
class Office:
    """`anna` and `boris` are staff in Slack and on the desk, `eva` is a member of the workspace who asks."""

    desk: Desk
    slack: FakeSlack
    app: SlackApp
    triage: Channel
    anna: User
    boris: User
    eva: User

    async def opened(self, subject: str = "Printer on fire", body: str = "It burns.") -> int:
        """A ticket of eva's by mail, with its card in Slack; returns its number."""
        number = await self.desk.ticket(subject=subject, body=body, quiet=False)
        assert await self.jobs() == []
        return number

    async def jobs(self) -> list[HelpdeskError]:
        """Do every waiting job for Slack, each once, in order; returns what could not be done yet."""
        failures = []
        for payload in await self._waiting():
            try:
                await self.app.show(payload)
            except HelpdeskError as failure:
                failures.append(failure)
        return failures

    async def show(self, ticket_id: int) -> None:
        """Do the job of this ticket once more, as after a failure."""
        await self.app.show({"ticket": ticket_id})

    @property
    def cards(self) -> list[Message]:
        """What stands in the triage channel itself, oldest first."""
        return [message for message in self.slack.ws.messages[self.triage.id].values() if not message.thread_ts]

    @property
    def card(self) -> Message:
        (card,) = self.cards
        return card

    def thread(self, root: Message) -> list[str]:
        """The texts below a message."""
        return [message.text for message in self.slack.ws.thread(root.channel, root.ts)[1:]]

    def direct(self, user: User) -> list[Message]:
        """The conversation of the app with somebody."""
        return sorted(self.slack.ws.messages[self.slack.ws.direct(user).id].values(), key=lambda message: message.ts)

    def told(self, user: User) -> str:
        """What only this person sees."""
        return "\n".join(message.text for message in self.slack.ws.ephemerals if message.ephemeral_for == user.id)

    async def _waiting(self) -> list[dict[str, int]]:
        connection = await connect(self.desk.rt.database.url)
        try:
            rows = await connection.fetch(_TAKE_JOBS, SHOW_IN_SLACK)
            return [json.loads(row["payload"]) for row in sorted(rows, key=lambda row: row["id"])]
        finally:
            await connection.close()


@asynccontextmanager
async def open_office(desk: Desk, slack: FakeSlack, triage: Channel, anna: User) -> AsyncIterator[Office]:
    """Connect the two, over HTTP."""
    ws = slack.ws
    boris = ws.add_user("boris", "Boris Lund", "boris@example.org")
    eva = ws.add_user("eva", "Eva Meyer", "eva@customer.test")
    triage.members |= {boris.id, eva.id}
    async with open_slack(desk.rt) as app, served(app) as url:
        slack.connect(url)
        yield Office(desk, slack, app, triage, anna, boris, eva)


@asynccontextmanager
async def served(app: SlackApp) -> AsyncIterator[str]:
    """The app on a free port; yields the URL to tell Slack."""
    http = web.Application()
    app.mount(http)
    runner = web.AppRunner(http, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    finally:
        await runner.cleanup()
