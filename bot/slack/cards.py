"""The job that shows a ticket in Slack: what should stand there, what does, and the difference is posted, edited or taken away.

A ticket has a card in each triage channel it belongs to, with everything said in the thread below, and, where somebody asked in Slack, a
thread in his conversation with the app that holds public words only. Doing the job again changes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

import structlog

from bot.locks import TicketLocks
from bot.slack import views
from bot.slack.blocks import Json
from bot.slack.posts import Poster, ThreadGoneError
from bot.slack.web import SlackWeb
from core import slack
from core.db import Row
from core.errors import HelpdeskError, TemporaryFailure
from core.runtime import SYSTEM, Runtime

log = structlog.get_logger()

_ROUNDS = 10  # of one job; a ticket that changes faster gets another job


class Cards:
    """Does the jobs of SHOW_IN_SLACK, one ticket at a time over all workers."""

    def __init__(self, rt: Runtime, web: SlackWeb, locks: TicketLocks) -> None:
        self._rt = rt
        self._web = web
        self._locks = locks

    async def show(self, payload: Mapping[str, int]) -> None:
        """Bring the ticket's cards and threads up to date. TemporaryFailure: what is left has to wait, for Slack or until it is final."""
        ticket_id = payload["ticket"]
        team_id = (await self._web.workspace()).team_id
        now = self._rt.clock.now()
        channels = await self._channels(ticket_id, team_id)
        async with self._rt.transaction(SYSTEM) as tx:
            await slack.want(tx, ticket_id, team_id, channels)
        async with self._locks.held(ticket_id):
            for _ in range(_ROUNDS):
                if not await self._round(ticket_id, team_id, now):
                    break
            else:
                raise TemporaryFailure("The ticket changes faster than Slack can show it.")
        final_at = await self._rt.database.value("slack.final_at", ticket_id, now)
        if final_at is not None:
            raise TemporaryFailure("An answer can still be taken back; whoever asked in Slack sees it afterwards.", final_at - now)

    async def _channels(self, ticket_id: int, team_id: str) -> list[str]:
        rows = await self._rt.database.rows("slack.targets", ticket_id, team_id, self._rt.settings.slack_triage_channel)
        return [row["channel_id"] for row in rows]

    async def _round(self, ticket_id: int, team_id: str, now: datetime) -> bool:
        """Look at every card once; returns whether something happened meanwhile. A card that fails does not keep the others back."""
        channels = await self._channels(ticket_id, team_id)
        failures: list[HelpdeskError] = []
        moved = False
        for card in await self._rt.database.rows("slack.cards", ticket_id):
            if card["shown"] >= card["wanted"] or card["team_id"] != team_id:
                continue
            belongs = card["channel_id"] in channels if card["kind"] == "card" else card["reader_belongs"]
            try:
                moved |= await self._settle(card, ticket_id, now, belongs=belongs)
            except HelpdeskError as failure:
                failures.append(failure)
                await self._failed(card, failure)
        if failures:
            raise next((failure for failure in failures if isinstance(failure, TemporaryFailure)), failures[0])
        return moved

    async def _settle(self, card: Row, ticket_id: int, now: datetime, *, belongs: bool) -> bool:
        """Make one card right; returns whether it has to be looked at again."""
        if not belongs and card["kind"] == "card":
            await self._take_down(card)
            return False
        try:
            if belongs:
                await self._bring_up_to_date(card, ticket_id, now)
        except ThreadGoneError:
            log.info("slack.thread_gone", ticket=ticket_id, card=card["id"])
            async with self._rt.transaction(SYSTEM) as tx:
                await tx.rows("slack.uproot", card["id"], slack.nonce(tx))
            return True
        await self._web.well(card["channel_id"])
        async with self._rt.transaction(SYSTEM) as tx:
            return bool(await tx.value("slack.settled", card["id"], card["wanted"], tx.now))

    async def _bring_up_to_date(self, card: Row, ticket_id: int, now: datetime) -> None:
        poster = Poster(self._rt, self._web, card)
        thread = await self._show_face(poster, card, ticket_id)
        for said in await self._rt.database.rows("slack.unshown", card["id"], now):
            await poster.post(views.post(said, to_requester=card["kind"] == "dm"), thread, said["id"])

    async def _show_face(self, poster: Poster, card: Row, ticket_id: int) -> str:
        """The post that shows the ticket's state, posted or edited; returns the beginning of the thread it stands at."""
        facts = await self._rt.database.row("slack.facts", ticket_id)
        assert facts is not None
        face = views.card(facts) if card["kind"] == "card" else views.receipt(facts)
        digest = _digest(face)
        if card["face_ts"] is not None and card["shown_hash"] == digest:
            return str(card["ts"])
        if card["face_ts"] is None:
            posted = await poster.post(face, card["ts"])
        else:
            posted = card["face_ts"]
            await poster.update(face, posted)
        thread = str(card["ts"] or posted)
        async with self._rt.transaction(SYSTEM) as tx:
            await tx.rows("slack.face_shown", card["id"], thread, digest, tx.now)
        return thread

    async def _take_down(self, card: Row) -> None:
        """The ticket left this channel's queue: our posts go, what people wrote there is theirs."""
        poster = Poster(self._rt, self._web, card)
        for post in await self._rt.database.rows("slack.own_posts", card["id"]):
            await poster.delete(post["ts"])
        async with self._rt.transaction(SYSTEM) as tx:
            await tx.rows("slack.forget_card", card["id"])

    async def _failed(self, card: Row, failure: HelpdeskError) -> None:
        async with self._rt.transaction(SYSTEM) as tx:
            await tx.rows("slack.failed", card["id"], str(failure), tx.now)


def _digest(content: Json) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
