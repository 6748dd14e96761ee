"""What is done by the clock, once over all workers: cron times in UTC, and the work. pgqueuer keeps the times in the database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from core import alarms, clocks, housekeeping
from core.mail import ledger
from core.runtime import Runtime

SCHEDULE: tuple[tuple[str, str, Callable[[Runtime], Awaitable[object]]], ...] = (
    ("sweep_clocks", "* * * * *", clocks.sweep),
    ("watch_alarms", "* * * * *", alarms.watch),
    ("remember_mail", "* * * * *", ledger.remember),
    ("tidy", "17 * * * *", housekeeping.tidy),
    ("forget_raw_mail", "29 3 * * *", ledger.forget_bytes),
    ("collect_blobs", "41 3 * * *", housekeeping.collect_blobs),
)
