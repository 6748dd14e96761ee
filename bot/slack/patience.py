"""Slack wants an answer within three seconds; what takes longer goes on behind it and nothing is lost.

A command or click that takes long is acknowledged, and answered later at its response URL. An event that takes long is not
acknowledged, so Slack sends it again: the repetition joins the work under way, or, should that have died, begins it anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping

import aiohttp
import structlog
from slack_bolt.async_app import AsyncAck, AsyncRespond

from core.errors import TemporaryFailure

log = structlog.get_logger()

SECONDS = 2.0  # of Slack's three; the rest is for the way
_GRACE = 2.0

Answer = Mapping[str, object]
"""A message for whoever asked; an empty one says nothing."""


class Patience:
    """The work that requests of Slack have set going."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._events: dict[str, asyncio.Task[None]] = {}
        self._answers: set[asyncio.Task[None]] = set()

    async def answer(self, ack: AsyncAck, respond: AsyncRespond, work: Coroutine[object, object, Answer], *, typed: bool) -> None:
        """Acknowledge with what `work` answers; later by the response URL. A click's answer always goes there (`typed` False)."""
        task = asyncio.create_task(work)
        done, _ = await asyncio.wait({task}, timeout=self._seconds)
        if done and typed:
            await ack(dict(task.result()) or "")
            return
        await ack()
        later = asyncio.create_task(_answered_later(task, respond))
        self._answers.add(later)
        later.add_done_callback(self._answers.discard)

    async def carry_out(self, key: str, work: Callable[[], Coroutine[object, object, None]]) -> None:
        """Do what an event asks for, once per key at a time. Raises TemporaryFailure when it is not done in time."""
        task = self._events.get(key)
        if task is None:
            task = self._events[key] = asyncio.create_task(work())
            task.add_done_callback(lambda ended: self._ended(key, ended))
        done, _ = await asyncio.wait({task}, timeout=self._seconds)
        if not done:
            raise TemporaryFailure("This takes longer; it is being done.")
        task.result()

    async def close(self) -> None:
        """Give what is under way two seconds to end. Events that do not come back are sent again by Slack."""
        tasks = {*self._answers, *self._events.values()}
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=_GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _ended(self, key: str, task: asyncio.Task[None]) -> None:
        del self._events[key]
        if not task.cancelled() and task.exception() is not None:
            log.info("slack.event_failed", error=type(task.exception()).__name__)


async def _answered_later(work: asyncio.Task[Answer], respond: AsyncRespond) -> None:
    answer = dict(await work)
    if not answer:
        return
    try:
        await respond({"response_type": "ephemeral", "replace_original": False, **answer})
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        log.warning("slack.answer_lost", error=type(error).__name__)
