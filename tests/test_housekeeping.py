"""What the clock tidies up, and what it leaves alone."""

from __future__ import annotations

import os
from datetime import timedelta

from core import housekeeping, queues
from core.models.queues import Queue
from core.runtime import SYSTEM, Runtime
from tests.support.desk import Desk


async def test_blobs_that_nothing_refers_to_are_collected_after_a_day(desk: Desk) -> None:
    orphan = await desk.rt.blobs.put(b"nobody refers to me")
    assert await housekeeping.collect_blobs(desk.rt) == 0
    desk.rt.clock.advance(timedelta(days=2))
    assert await housekeeping.collect_blobs(desk.rt) == 1
    assert orphan not in [key async for key in desk.rt.blobs.keys(desk.rt.clock.now())]


async def test_what_a_killed_worker_left_is_swept_after_a_day(rt: Runtime) -> None:
    left, fresh = (rt.settings.data_dir / "scratch" / name for name in ("1-1", "2-2"))
    for folder in (left, fresh):
        folder.mkdir(parents=True)
    os.utime(left, (0, 0))
    await housekeeping.tidy(rt)
    assert not left.exists() and fresh.exists()


async def test_a_queue_may_be_named_in_any_alphabet(desk: Desk) -> None:
    async with desk.rt.transaction(SYSTEM) as tx:
        first, second = await queues.add(tx, "Бюро"), await queues.add(tx, "财务")
    assert [queue.name for queue in await Queue.filter(id__in=[first.id, second.id]).order_by("id")] == ["Бюро", "财务"]
    assert first.slug != second.slug
