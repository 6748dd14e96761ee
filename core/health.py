"""Is this process fit for work? The same questions for every process: database, jobs, blobs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import asyncpg

from core import jobs
from core.errors import HelpdeskError, TemporaryFailure
from core.mail import ledger
from core.metrics import JOBS_WAITING, MAIL_WAITING
from core.runtime import Runtime

_PATIENCE = 3.0  # seconds an answer may take
_OLDEST_JOB = 600.0  # seconds a due job may wait before somebody should look


async def problems(rt: Runtime) -> dict[str, str]:
    """What is wrong, by part, in a sentence each; empty when all is well. Never raises, answers within a few seconds."""
    questions = {"database": _database(rt), "jobs": _jobs(rt), "mail": _mail(rt), "blobs": rt.blobs.check()}
    answers = await asyncio.gather(*map(_asked, questions.values()))
    return {name: answer for name, answer in zip(questions, answers, strict=True) if answer}


async def _database(rt: Runtime) -> None:
    await rt.database.value("health.database")


async def _jobs(rt: Runtime) -> None:
    waiting = await jobs.backlog(rt.database)
    JOBS_WAITING.clear()
    for name, (count, _) in waiting.items():
        JOBS_WAITING.labels(name).set(count)
    late = {name: oldest for name, (_, oldest) in waiting.items() if oldest > _OLDEST_JOB}
    if late:
        raise TemporaryFailure("Jobs wait too long: " + ", ".join(f"{name} for {oldest:.0f} s" for name, oldest in late.items()))


async def _mail(rt: Runtime) -> None:
    """Mail in only: what cannot leave is an alarm, for no process would do better that takes the place of this one."""
    MAIL_WAITING.set(await rt.database.value("outbound.waiting"))
    if (sentence := await ledger.late(rt.database, rt.clock.now())) is not None:
        raise TemporaryFailure(sentence)


async def _asked(question: Awaitable[None]) -> str:
    try:
        await asyncio.wait_for(question, _PATIENCE)
    except HelpdeskError as error:
        return str(error)
    except TimeoutError:
        return f"There was no answer within {_PATIENCE:.0f} s."
    except asyncpg.SyntaxOrAccessError as error:
        return f"The database answered {type(error).__name__}: does it have this version's schema? `helpdesk migrate` brings it."
    except asyncpg.PostgresError as error:
        return f"The database answered {type(error).__name__}: {str(error)[:200]}."
    return ""
