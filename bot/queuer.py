"""pgqueuer as the worker runs it: its habits under load, and when the database is lost or full, are changed here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import asyncpg
import structlog
from pgqueuer import PgQueuer
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.models import Job, TracebackRecord
from pgqueuer.ports.repository import EntrypointExecutionParameter

from core.db import UNAVAILABLE

log = structlog.get_logger()

_SOON = timedelta(seconds=0.05)  # until jobs that waited for a free hand are looked for again
_BUSY = 4  # jobs in hand
_MOMENT = 0.03  # seconds until whoever is busy looks for more


def queuer_on(connection: asyncpg.Connection) -> PgQueuer:
    """A queuer without jobs yet, which takes no more of them when the connection is lost."""
    driver = AsyncpgDriver(connection)
    queries = _Queries(driver)
    queuer = PgQueuer(driver, queries=queries)
    queuer.qm = _Queue(queries, queuer.channel)
    queuer.qm.shutdown = queuer.shutdown
    queuer.qm.min_dequeue_poll_interval = _SOON
    lost = queuer.shutdown.set
    connection.add_termination_listener(lambda _connection: lost())
    return queuer


class _Queue(QueueManager):
    """pgqueuer's, but whoever is busy looks for more only after a moment, once: jobs that are taken together share their statements and
    commits. An idle worker takes a job at once."""

    async def fetch_jobs(self, batch_size: int, global_concurrency_limit: int | None, heartbeat_timeout: timedelta) -> AsyncGenerator[Job]:
        if len(self.job_context) >= _BUSY:
            await asyncio.sleep(_MOMENT)
        any_number = EntrypointExecutionParameter(concurrency_limit=0)
        entrypoints = dict.fromkeys(self.entrypoint_registry, any_number)
        found = batch_size
        while found == batch_size and not self.shutdown.is_set():
            jobs = await self.queries.dequeue(batch_size, entrypoints, self.queue_manager_id, global_concurrency_limit, heartbeat_timeout)
            for job in jobs:
                yield job
            found = len(jobs)


class _Queries(Queries):
    async def retry_job(self, job: Job, delay: timedelta, traceback_record: TracebackRecord | None) -> None:
        """Send a job back. Where that cannot be written down it is taken up again when its heartbeat is missed: pgqueuer would take it for
        one that failed, and hold it."""
        try:
            await super().retry_job(job, delay, traceback_record)
        except UNAVAILABLE as error:
            log.warning("job.not_sent_back", error=type(error).__name__)
