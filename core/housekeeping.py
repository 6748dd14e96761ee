"""What is tidied up by the clock: rows that have served their time, files that nothing refers to."""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from core.runtime import SYSTEM, Runtime

log = structlog.get_logger()

_ORPHANS_LIVE = timedelta(days=1)  # a blob written just before its row, or whose last reference was just removed
_BATCH = 500


async def tidy(rt: Runtime) -> None:
    """Remove expired sessions, links, stored answers and receipts, old entries of the job log, and what killed workers left. Safe to run at any time."""
    async with rt.transaction(SYSTEM) as tx:
        row = await tx.row("housekeeping.expired", tx.now)
    await asyncio.to_thread(_sweep, rt.settings.data_dir / "scratch", rt.clock.now() - _ORPHANS_LIVE)
    log.info("housekeeping.tidied", **dict(row or {}))


async def collect_blobs(rt: Runtime) -> int:
    """Delete blobs that are older than a day and that no row refers to; returns how many."""
    removed = 0
    before = rt.clock.now() - _ORPHANS_LIVE
    batch: list[str] = []
    async for key in rt.blobs.keys(before):
        batch.append(key)
        if len(batch) == _BATCH:
            removed += await _collect(rt, batch)
            batch = []
    removed += await _collect(rt, batch)
    log.info("housekeeping.blobs_collected", removed=removed)
    return removed


def _sweep(folder: Path, before: datetime) -> None:
    """Remove what workers that were killed left half done."""
    for left in folder.glob("*"):
        if left.stat().st_mtime < before.timestamp():
            shutil.rmtree(left, ignore_errors=True)


async def _collect(rt: Runtime, keys: list[str]) -> int:
    orphans = [row["key"] for row in await rt.database.rows("housekeeping.unreferenced", keys)] if keys else []
    for key in orphans:
        # A blob put again meanwhile was touched by its writer: the store spares what is younger.
        await rt.blobs.delete(key, older_than=rt.clock.now() - _ORPHANS_LIVE)
    return len(orphans)
