"""Which mailboxes are fetched from, and by whom: each by one process at a time, again and again, with growing pauses when it fails."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

import structlog

from bot.imap.fetcher import POLL, Fetcher, Left
from bot.intake import Intake
from bot.locks import TicketLocks
from core import alarms
from core.db import Row
from core.errors import HelpdeskError, PermanentFailure, TemporaryFailure
from core.imap.box import box_of
from core.jobs import IMAP_LOCKS
from core.runtime import SYSTEM, Runtime

log = structlog.get_logger()

_LOOK_AGAIN = 15.0  # seconds until a mailbox that was added, changed, paused, or left by another process is noticed
_LONGEST_PAUSE = 300.0
_FAILURES_THAT_ALARM = 3


@dataclass(slots=True)
class _Running:
    kept: str
    task: asyncio.Task[None]


class ImapDoor:
    """Keeps a task for each connected mailbox, for as long as it is connected as it is."""

    def __init__(self, rt: Runtime, intake: Intake, *, look_again: float = _LOOK_AGAIN, poll: float = POLL, pause: float = 5.0) -> None:
        self._rt, self._intake, self._poll, self._pause, self._look_again = rt, intake, poll, pause, look_again
        self._locks = TicketLocks(rt.database, IMAP_LOCKS)
        self._running: dict[int, _Running] = {}
        self._watching: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin; mailboxes are looked for at once."""
        self._watching = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """Stop. A mail that was being taken is durable here, or still there."""
        tasks = [one.task for one in self._running.values()] + ([self._watching] if self._watching else [])
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._locks.close()

    async def _watch(self) -> None:
        while True:
            with suppress(HelpdeskError):
                self._adjust(await self._rt.database.rows("imap.boxes"))
            await asyncio.sleep(self._look_again)

    def _adjust(self, rows: list[Row]) -> None:
        wanted = {row["id"]: row for row in rows}
        for mailbox_id, running in list(self._running.items()):
            if mailbox_id not in wanted or wanted[mailbox_id]["connection"] != running.kept or running.task.done():
                running.task.cancel()
                del self._running[mailbox_id]
        for mailbox_id, row in wanted.items():
            if mailbox_id not in self._running:
                self._running[mailbox_id] = _Running(row["connection"], asyncio.create_task(self._serve(row)))

    async def _serve(self, row: Row) -> None:
        with suppress(TemporaryFailure):  # another process has it; whether it still has is looked at again
            async with self._locks.held(row["id"]):
                await self._keep_fetching(row)

    async def _keep_fetching(self, row: Row) -> None:
        failures, pause, stumbles = 0, self._pause, Counter[int]()
        while True:
            fetcher: Fetcher | None = None
            try:
                fetcher = Fetcher(self._rt, self._intake, box_of(self._rt, row), poll=self._poll, stumbles=stumbles)
                await fetcher.run()
            except Left:
                return  # whether it is to be fetched from again is looked at with all others
            except HelpdeskError as failure:
                # Servers and routers end connections as they like: one that did its work is no failure.
                works = fetcher is not None and fetcher.works
                failures, pause = (0, self._pause) if works else (failures + 1, min(pause * 2, _LONGEST_PAUSE))
                await self._tell(row, failure, failures)
            except Exception as error:
                log.exception("imap.unexpected", mailbox=row["id"])
                failures, pause = failures + _FAILURES_THAT_ALARM, _LONGEST_PAUSE
                await self._tell(row, PermanentFailure(f"something unforeseen happened ({type(error).__name__}), see the log"), failures)
            await asyncio.sleep(pause)

    async def _tell(self, row: Row, failure: HelpdeskError, failures: int) -> None:
        log.warning("imap.failed", mailbox=row["id"], reason=str(failure), failures=failures)
        with suppress(HelpdeskError):
            if failures:
                await self._rt.database.rows("imap.failed", row["id"], str(failure)[:1000])
            if failures >= _FAILURES_THAT_ALARM or isinstance(failure, PermanentFailure):
                async with self._rt.transaction(SYSTEM) as tx:
                    await alarms.sound(tx, alarms.mailbox(row["id"]), f"Mail of {row['address']} is not fetched: {failure}")
