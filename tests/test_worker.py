"""The worker: every job is done at least once, tried again when that can help, held for a person when not, and never lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import pytest

from bot import worker
from bot.locks import TicketLocks
from bot.worker import Work, Worker
from core import jobs
from core.errors import NotFound, PermanentFailure, TemporaryFailure
from core.runtime import Runtime, open_runtime
from core.settings import Settings
from tests.support.databases import refuse_writes, take_writes, was_refused
from tests.support.mail import database_line, execute, until

WORK = "work"
SOON = timedelta(milliseconds=1)


async def enqueue(rt: Runtime, *numbers: int, name: str = WORK, after: timedelta | None = None) -> None:
    async with rt.database.transaction() as connection:
        await jobs.enqueue(connection, [jobs.Job(name, {"n": number}, after) for number in numbers])


@asynccontextmanager
async def working(rt: Runtime, work: Work, name: str = WORK) -> AsyncIterator[Worker]:
    one = Worker(rt, {name: work}, ())
    running = asyncio.create_task(one.run())
    await one.ready.wait()
    try:
        yield one
    finally:
        await one.stop()
        async with asyncio.timeout(10):
            await running


async def waiting(rt: Runtime) -> list[str]:
    """The states of all jobs that are not done."""
    return [row["status"] for row in await execute(rt, "SELECT status FROM pgqueuer ORDER BY id")]


async def nothing_waits(rt: Runtime) -> None:
    async def done() -> bool:
        return await waiting(rt) == []

    await until(done)


async def test_jobs_are_done_in_their_order_and_gone(rt: Runtime) -> None:
    done: list[int] = []

    async def work(payload: Mapping[str, int]) -> None:
        done.append(payload["n"])

    await enqueue(rt, *range(30))
    async with working(rt, work):
        await until(lambda: len(done) == 30)
        await nothing_waits(rt)
    assert done == list(range(30))


async def test_a_rolled_back_transaction_leaves_no_job(rt: Runtime) -> None:
    with pytest.raises(RuntimeError, match="no"):
        async with rt.database.transaction() as connection:
            await jobs.enqueue(connection, [jobs.Job(WORK)])
            raise RuntimeError("no")
    assert await waiting(rt) == []


async def test_what_can_pass_is_tried_again_until_it_does(rt: Runtime) -> None:
    tries: list[int] = []

    async def work(payload: Mapping[str, int]) -> None:
        tries.append(payload["n"])
        if len(tries) < 4:
            raise TemporaryFailure("Not yet.", SOON)

    await enqueue(rt, 1)
    async with working(rt, work):
        await until(lambda: len(tries) == 4)
        await nothing_waits(rt)


async def test_what_cannot_pass_is_held_with_its_reason_and_done_when_a_person_says_so(rt: Runtime) -> None:
    allowed = asyncio.Event()
    done: list[int] = []

    async def work(payload: Mapping[str, int]) -> None:
        if not allowed.is_set():
            raise PermanentFailure("The form is wrong: mend it.")
        done.append(payload["n"])

    async def one_is_held() -> bool:
        return len(await jobs.held(rt.database)) == 1

    await enqueue(rt, 7)
    async with working(rt, work):
        await until(one_is_held)
        (held,) = await jobs.held(rt.database)
        assert (held.name, held.payload, held.error) == (WORK, {"n": 7}, "The form is wrong: mend it.")
        with pytest.raises(NotFound):
            await jobs.retry(rt.database, held.id + 1)
        allowed.set()
        assert await jobs.retry(rt.database, held.id) == 1
        await until(lambda: done == [7])
        await nothing_waits(rt)


async def test_the_unexpected_is_tried_again_a_few_times_and_then_held(rt: Runtime) -> None:
    tries: list[int] = []

    async def work(payload: Mapping[str, int]) -> None:
        tries.append(payload["n"])
        raise KeyError("a mistake of ours")

    async def hurried() -> bool:
        await execute(rt, "UPDATE pgqueuer SET execute_after = now() WHERE status = 'queued' AND execute_after > now()")
        await enqueue(rt, 0, name="of_another_worker")  # wakes ours
        return bool(await jobs.held(rt.database))

    await enqueue(rt, 1)
    async with working(rt, work):
        await until(hurried)
    assert len(tries) == 6
    assert "failed" in await waiting(rt)


def test_pauses_grow_from_a_second_to_a_quarter_of_an_hour() -> None:
    for attempts in (0, 1, 5, 12, 100):
        longest = min(2.0 ** min(attempts, 12), 900)
        assert all(0.7 * longest <= worker.pause_after(attempts).total_seconds() <= longest for _ in range(50))


async def test_a_job_stopped_with_its_worker_goes_back_at_once_and_is_done_by_the_next(rt: Runtime) -> None:
    started = asyncio.Event()
    done: list[int] = []

    async def endless(payload: Mapping[str, int]) -> None:
        started.set()
        await asyncio.Event().wait()

    async def work(payload: Mapping[str, int]) -> None:
        done.append(payload["n"])

    await enqueue(rt, 1)
    async with working(rt, endless):
        await started.wait()
    assert await waiting(rt) == ["queued"]
    async with working(rt, work):
        await until(lambda: done == [1])


async def test_a_job_near_its_end_is_not_interrupted_by_the_stop(rt: Runtime) -> None:
    started, go_on = asyncio.Event(), asyncio.Event()
    done: list[int] = []

    async def work(payload: Mapping[str, int]) -> None:
        started.set()
        await go_on.wait()
        done.append(payload["n"])

    await enqueue(rt, 1)
    async with working(rt, work) as one:
        await started.wait()
        stopping = asyncio.create_task(one.stop())
        go_on.set()
        await stopping
    assert done == [1] and await waiting(rt) == []


async def test_a_job_that_is_taken_as_its_worker_stops_goes_back_undone(rt: Runtime) -> None:
    begun: list[int] = []

    async def somebody_waits() -> bool:
        return bool(await execute(rt, "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'pgqueuer'::regclass"))

    async def work(payload: Mapping[str, int]) -> None:
        begun.append(payload["n"])

    await enqueue(rt, 1)
    connection = await rt.database.connect()
    await connection.execute("BEGIN; LOCK pgqueuer IN SHARE MODE")
    async with working(rt, work) as one:
        await until(somebody_waits)
        await one.stop()
        await connection.execute("COMMIT")
    await connection.close()
    assert begun == [] and await waiting(rt) == ["queued"]


async def test_a_job_whose_worker_was_killed_is_taken_up_by_another(rt: Runtime) -> None:
    await enqueue(rt, 1)
    await execute(
        rt, "UPDATE pgqueuer SET status = 'picked', queue_manager_id = gen_random_uuid(), heartbeat = now() - interval '1 minute'"
    )
    done: list[int] = []

    async def work(payload: Mapping[str, int]) -> None:
        done.append(payload["n"])

    async with working(rt, work):
        await until(lambda: done == [1])


async def test_a_lost_database_is_waited_for(settings: Settings, database_url: str) -> None:
    done: list[int] = []

    async def work(payload: Mapping[str, int]) -> None:
        done.append(payload["n"])

    async with database_line(database_url) as line, open_runtime(settings, line.url) as rt, working(rt, work) as one:
        await enqueue(rt, 1)
        await until(lambda: done == [1])
        for number in range(2, 5):
            await line.cut()
            await until(lambda: not one.ready.is_set())
            await line.mend()
            await one.ready.wait()
            await enqueue(rt, number)
            await until(partial(done.__contains__, number))


async def test_what_was_under_way_when_the_database_was_lost_is_done_again_as_soon_as_it_is_back(
    settings: Settings, database_url: str
) -> None:
    lost = asyncio.Event()
    begun: list[int] = []
    done: list[int] = []

    async def work(payload: Mapping[str, int]) -> None:
        begun.append(payload["n"])
        await lost.wait()
        await rt.database.value("health.database")
        done.append(payload["n"])

    async with database_line(database_url) as line, open_runtime(settings, line.url) as rt, working(rt, work) as one:
        await enqueue(rt, *range(8))
        await until(lambda: len(begun) == 8)
        await line.cut()
        lost.set()
        await until(lambda: not one.ready.is_set())
        await line.mend()
        await until(lambda: sorted(done) == list(range(8)), worker.HEARTBEAT.total_seconds() / 2)
        await nothing_waits(rt)


async def test_a_job_that_takes_long_keeps_no_other_waiting_after_the_database_was_lost(settings: Settings, database_url: str) -> None:
    ends = asyncio.Event()
    begun: list[int] = []
    done: list[int] = []

    async def work(payload: Mapping[str, int]) -> None:
        begun.append(payload["n"])
        if payload["n"] == 0:
            await ends.wait()
        done.append(payload["n"])

    async with database_line(database_url) as line, open_runtime(settings, line.url) as rt, working(rt, work) as one:
        await enqueue(rt, 0)
        await until(lambda: begun == [0])
        await line.cut()
        await until(lambda: not one.ready.is_set())
        await line.mend()
        await one.ready.wait()
        await enqueue(rt, 1)
        await until(lambda: done == [1])
        ends.set()
        await nothing_waits(rt)
        assert begun[:2] == [0, 1]


async def test_a_job_that_finds_no_room_in_the_database_waits_and_is_never_held(rt: Runtime) -> None:
    tries: list[int] = []
    done: list[int] = []

    async def work(payload: Mapping[str, int]) -> None:
        tries.append(payload["n"])
        async with rt.database.transaction() as connection:
            await connection.execute("INSERT INTO hourly_counts (kind, hour, count) VALUES ('work', now(), 1)")
        done.append(payload["n"])

    async def tried_often() -> bool:
        await execute(rt, "UPDATE pgqueuer SET execute_after = now() WHERE status = 'queued' AND execute_after > now()")
        await enqueue(rt, 0, name="of_another_worker")  # wakes ours
        return len(tries) > 8

    async def tried_until_done() -> bool:
        return await tried_often() and done == [1]

    await refuse_writes(rt.database.url, "hourly_counts")
    await enqueue(rt, 1)
    async with working(rt, work):
        await until(tried_often)
        await take_writes(rt.database.url, "hourly_counts")
        await until(tried_until_done)
        await execute(rt, "DELETE FROM pgqueuer WHERE entrypoint = 'of_another_worker'")
        await nothing_waits(rt)


async def test_a_job_that_could_not_even_be_sent_back_for_want_of_room_is_not_held(rt: Runtime) -> None:
    tries: list[int] = []
    full = asyncio.Event()

    async def work(payload: Mapping[str, int]) -> None:
        tries.append(payload["n"])
        if len(tries) == 1:
            await refuse_writes(rt.database.url, "pgqueuer")
            full.set()
            raise TemporaryFailure("There is no room.", SOON)

    async def heartbeat_is_missed() -> bool:
        await execute(rt, "UPDATE pgqueuer SET heartbeat = now() - interval '1 minute'")
        return len(tries) > 1

    await enqueue(rt, 1)
    async with working(rt, work):
        await full.wait()
        await until(lambda: was_refused(rt.database.url))
        await take_writes(rt.database.url, "pgqueuer")
        await until(heartbeat_is_missed)
        await nothing_waits(rt)


async def test_a_worker_can_be_stopped_while_the_database_is_down(settings: Settings, database_url: str) -> None:
    async def work(payload: Mapping[str, int]) -> None:
        raise AssertionError("there is no job")

    async with database_line(database_url) as line, open_runtime(settings, line.url) as rt:
        async with working(rt, work) as one:
            await line.cut()
            await until(lambda: not one.ready.is_set())
        await line.mend()


async def test_one_at_a_time_per_ticket_over_all_workers_and_others_side_by_side(rt: Runtime) -> None:
    here, elsewhere = TicketLocks(rt.database), TicketLocks(rt.database)
    async with here.held(1):
        with pytest.raises(TemporaryFailure, match="Another worker"):
            async with elsewhere.held(1):
                raise AssertionError("both have it")
        async with elsewhere.held(2):
            pass
        second = asyncio.create_task(_hold(here, 1))
        await asyncio.sleep(0)
        assert not second.done()
    await second

    await until(lambda: _can_hold(elsewhere))
    await here.close()
    await elsewhere.close()


async def test_a_lock_whose_connection_died_is_free_and_can_be_taken_again(rt: Runtime) -> None:
    here, elsewhere = TicketLocks(rt.database), TicketLocks(rt.database)
    async with here.held(1):
        await execute(
            rt,
            "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database d ON d.oid = database AND datname = current_database()"
            " WHERE locktype = 'advisory' AND granted",
        )
        await until(lambda: _can_hold(elsewhere))

    await until(lambda: _can_hold(here))
    await here.close()
    await elsewhere.close()


class StoppedAtThatMoment(TicketLocks):
    """Whoever wants a lock here is stopped just when it was taken for him."""

    stopped: asyncio.Task[None]

    async def _ask_once(self, given_back: list[int], wanted: list[tuple[int, asyncio.Future[bool]]]) -> None:
        await super()._ask_once(given_back, wanted)
        self.stopped.cancel()


async def test_who_is_stopped_as_he_gets_a_lock_does_not_keep_it(rt: Runtime) -> None:
    here, elsewhere = StoppedAtThatMoment(rt.database), TicketLocks(rt.database)
    here.stopped = stopped = asyncio.create_task(_hold(here, 1))
    with pytest.raises(asyncio.CancelledError):
        await stopped

    await until(lambda: _can_hold(elsewhere))
    await here.close()
    await elsewhere.close()


async def _hold(locks: TicketLocks, ticket_id: int) -> None:
    async with locks.held(ticket_id):
        pass


async def _can_hold(locks: TicketLocks) -> bool:
    try:
        await _hold(locks, 1)
    except TemporaryFailure:
        return False
    return True
