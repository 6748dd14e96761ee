"""Background jobs: rows of the same transaction, done by a worker (`bot/worker.py`), at least once.

Jobs are pgqueuer's. This module is the only place that inserts them; which event causes which job stands in `consequences.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import asyncpg
import orjson
from pgqueuer.adapters.persistence.qb import QueryQueueBuilder

from core.db import Database
from core.errors import NotFound

FILE_MAIL = "file_mail"
TELL_PEOPLE = "tell_people"
MAIL_LINK = "mail_link"
STAFF_RECEIPT = "staff_receipt"
TELL_OPERATORS = "tell_operators"
SHOW_IN_SLACK = "show_in_slack"
MAIL_LOCKS, SLACK_LOCKS, IMAP_LOCKS = (
    1042,
    1043,
    1044,
)  # the first of PostgreSQL's two lock numbers, where a job is at a ticket; the second is the ticket's


# pgqueuer's own statement; its `enqueue` would build it anew for every call.
_ENQUEUE = QueryQueueBuilder().build_enqueue_query("skip")


@dataclass(frozen=True, slots=True)
class Job:
    """Work to be done after commit. `payload` are JSON values; `after` delays it; of jobs that wait under one `key` only one is kept."""

    name: str
    payload: dict[str, int] = field(default_factory=dict)
    after: timedelta | None = None
    key: str | None = None


async def enqueue(connection: asyncpg.Connection, jobs: Sequence[Job]) -> None:
    """Insert jobs in the transaction of `connection`; the worker sees them at commit, never after a rollback."""
    if jobs:
        names, payloads = [job.name for job in jobs], [orjson.dumps(job.payload) for job in jobs]
        after = [job.after or timedelta() for job in jobs]
        none = ["null"] * len(jobs)
        await connection.fetch(_ENQUEUE, [0] * len(jobs), names, payloads, after, [job.key for job in jobs], none)


@dataclass(frozen=True, slots=True)
class HeldJob:
    """A job that failed for good and waits for a person. `error` is the last line of what went wrong."""

    id: int
    name: str
    payload: dict[str, int]
    attempts: int
    error: str
    since: str


async def held(database: Database) -> list[HeldJob]:
    """Held jobs, oldest first, at most 500."""
    rows = await database.rows("jobs.held")
    return [
        HeldJob(r["id"], r["entrypoint"], orjson.loads(r["payload"] or b"{}"), r["attempts"], r["error"] or "", r["since"].isoformat())
        for r in rows
    ]


async def retry(database: Database, job_id: int | None = None) -> int:
    """Give held jobs (or the one with this id) another round of tries; returns how many. NotFound when the id is not held."""
    count = len(await database.rows("jobs.retry", job_id))
    if job_id is not None and not count:
        raise NotFound(f"There is no held job {job_id}; `helpdesk jobs` lists them.")
    return count


async def release(database: Database, run: UUID, but: Collection[int]) -> None:
    """Let jobs wait again that a run of a worker took and can neither finish nor cross off any more, `but` those that are still being done."""
    await database.rows("jobs.release", run, list(but))


async def backlog(database: Database) -> dict[str, tuple[int, float]]:
    """For each kind of job: how many wait, and how old the oldest that is due is, in seconds."""
    return {row["entrypoint"]: (row["waiting"], float(row["oldest"])) for row in await database.rows("jobs.backlog")}
