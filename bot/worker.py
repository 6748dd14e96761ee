"""The worker: takes jobs from the database and does them, at least once, as many at a time as `JOBS_AT_ONCE` says.

What can pass later is tried again with growing pauses; what cannot is held for a person (`helpdesk jobs`). A job that is stopped with
its worker goes back at once, and so does what could not be crossed off because the database was lost; a job whose worker was killed is
taken up by another after HEARTBEAT.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import asyncpg
import orjson
import structlog
from pgqueuer import PgQueuer
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Job as QueuedJob
from pgqueuer.domain.models import Schedule

from bot.queuer import queuer_on
from core import jobs
from core.errors import HelpdeskError, PermanentFailure, TemporaryFailure
from core.metrics import JOBS_DONE
from core.runtime import Runtime

log = structlog.get_logger()

HEARTBEAT = timedelta(seconds=15)
_BATCH = 24
_GRACE = 2.0  # seconds that running jobs have to end by themselves when the worker stops
_UNEXPECTED_TRIES = 5
_LONGEST_OUTAGE = 2.0  # seconds between two looks for a database that was lost
_STILL_AT_IT = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(minutes=15)

Work = Callable[[Mapping[str, int]], Awaitable[None]]
Scheduled = tuple[str, str, Callable[[Runtime], Awaitable[object]]]


class Worker:
    """Runs jobs by name. `work`: what it can do, job name → coroutine function of the payload; `schedule`: (name, cron, work)."""

    def __init__(self, rt: Runtime, work: Mapping[str, Work], schedule: Sequence[Scheduled]) -> None:
        self._rt = rt
        self._work = work
        self._schedule = schedule
        self._running: dict[asyncio.Task[object], int] = {}  # and the job of each
        self._lost: dict[UUID, asyncio.Task[None]] = {}  # runs that the database ended, until all they had taken waits again
        self._surprises: Counter[int] = Counter()  # by job; those of a worker that dies are forgiven
        self._stopping = asyncio.Event()
        self._queuer: PgQueuer | None = None
        self.ready = asyncio.Event()

    async def run(self) -> None:
        """Work until `stop`. A lost database is waited for, with growing pauses."""
        try:
            await self._run_again_and_again()
        finally:
            await asyncio.gather(*self._lost.values(), return_exceptions=True)

    async def _run_again_and_again(self) -> None:
        pause = 0.2
        while not self._stopping.is_set():
            try:
                await self._run_on_one_connection()
                pause = 0.2
            except (TemporaryFailure, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("worker.database_lost", error=type(error).__name__, again_in=pause)
                pause = min(pause * 2, _LONGEST_OUTAGE)
            except Exception:  # pgqueuer has errors of its own for a connection that died; none of them may end the worker
                log.exception("worker.failed", again_in=pause)
                pause = min(pause * 2, _LONGEST_OUTAGE)
            self.ready.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    async def stop(self) -> None:
        """Take no more jobs; give running ones two seconds, then send them back to be done by somebody else."""
        self._stopping.set()
        if self._queuer is not None:
            self._queuer.shutdown.set()
        if self._running:
            await asyncio.wait(list(self._running), timeout=_GRACE)
        for task in list(self._running):
            task.cancel()

    async def _run_on_one_connection(self) -> None:
        # Taking a job and crossing it off are repeated after a crash anyway: a job is done at least once.
        connection = await self._rt.database.connect(repeatable=True)
        try:
            await asyncio.gather(*(self._give_back(run) for run in list(self._lost)))
            self._queuer = queuer = queuer_on(connection)
            for name in self._work:
                queuer.qm.entrypoint(name, on_failure="hold")(self._do)
            for name, times, work in self._schedule:
                queuer.schedule(name, times)(self._scheduled(name, work))
            self.ready.set()
            if not self._stopping.is_set():
                await self._until_lost(queuer, connection)
        finally:
            self._queuer = None
            with suppress(Exception):
                await connection.close(timeout=1)

    async def _until_lost(self, queuer: PgQueuer, connection: asyncpg.Connection) -> None:
        """Take jobs until the worker stops or the connection is lost. What was begun on a lost one goes on, and nothing waits for it."""
        most = self._rt.settings.jobs_at_once
        run = queuer.run(
            batch_size=min(_BATCH, most // 2),
            max_concurrent_tasks=most,
            heartbeat_timeout=HEARTBEAT,
            dequeue_timeout=timedelta(seconds=1),  # nothing wakes the loop for a job that goes back: its pause would grow to this
            shutdown_on_listener_failure=True,
        )
        running, over = asyncio.create_task(run), asyncio.create_task(queuer.shutdown.wait())
        try:
            await asyncio.wait({running, over}, return_when=asyncio.FIRST_COMPLETED)
            if connection.is_closed() and not self._stopping.is_set():
                raise TemporaryFailure("The connection to the database was lost.")
            await running
        except asyncio.CancelledError:
            running.cancel()
            raise
        except Exception:
            taken_by = queuer.qm.queue_manager_id
            self._lost[taken_by] = asyncio.create_task(self._let_end(taken_by, running))
            raise
        finally:
            over.cancel()

    async def _let_end(self, run: UUID, running: asyncio.Task[None]) -> None:
        """What its last jobs did could not be crossed off: they are done again at once, not when their heartbeat is missed."""
        await asyncio.wait([running])
        if not running.cancelled():
            running.exception()  # it was told, or tells no more than that the connection is gone
        with suppress(TemporaryFailure):
            await self._give_back(run)
            del self._lost[run]

    async def _give_back(self, run: UUID) -> None:
        await jobs.release(self._rt.database, run, self._running.values())

    def _scheduled(self, name: str, work: Callable[[Runtime], Awaitable[object]]) -> Callable[[Schedule], Awaitable[None]]:
        async def run(_schedule: Schedule) -> None:
            structlog.contextvars.bind_contextvars(work=name)
            try:
                await work(self._rt)
            except HelpdeskError as error:
                log.warning("schedule.failed", reason=str(error))

        return run

    async def _do(self, job: QueuedJob) -> None:
        task = asyncio.current_task()
        assert task is not None
        if self._stopping.is_set():  # it was taken at that very moment
            raise RetryRequested(timedelta(), "The worker was stopped.")
        if job.id in self._running.values():  # begun on a connection that was lost meanwhile
            raise RetryRequested(_STILL_AT_IT, "It is still being done.")
        self._running[task] = job.id
        structlog.contextvars.bind_contextvars(job=job.id, work=str(job.entrypoint))
        try:
            await self._work[job.entrypoint](orjson.loads(job.payload or b"{}"))
        except asyncio.CancelledError:
            # pgqueuer forgets a cancelled job; ours was only interrupted.
            raise RetryRequested(timedelta(), "The worker was stopped.") from None
        except TemporaryFailure as failure:
            JOBS_DONE.labels(job.entrypoint, "later").inc()
            log.info("job.later", reason=str(failure), attempts=job.attempts)
            raise RetryRequested(failure.retry_after or pause_after(job.attempts), str(failure)) from failure
        except PermanentFailure as failure:
            JOBS_DONE.labels(job.entrypoint, "held").inc()
            log.error("job.held", reason=str(failure))
            raise
        except Exception as error:
            JOBS_DONE.labels(job.entrypoint, "failed").inc()
            log.exception("job.failed", attempts=job.attempts)
            self._surprises[job.id] += 1  # patience with others is counted in `attempts` too, and must not use these up
            if self._surprises[job.id] <= _UNEXPECTED_TRIES and not isinstance(error, HelpdeskError):
                raise RetryRequested(pause_after(self._surprises[job.id]), type(error).__name__) from error
            del self._surprises[job.id]
            raise
        else:
            self._surprises.pop(job.id, None)
        finally:
            del self._running[task]


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many tries: doubling from a second up to a quarter of an hour, with jitter."""
    longest = min(timedelta(seconds=2 ** min(attempts, 12)), _LONGEST_PAUSE)
    return longest * random.uniform(0.7, 1.0)
