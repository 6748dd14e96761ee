"""The cache remembers while it can, and the desk works on while it cannot."""

from __future__ import annotations

import asyncio
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from core import presence
from core.cache import LARGEST_VALUE, PATIENCE, PAUSE, Cache, open_cache
from core.errors import ConfigurationError
from core.presence import Place

HOUR = timedelta(hours=1)
needs_redis = pytest.mark.skipif(shutil.which("redis-server") is None, reason="needs Debian package redis-server")


@dataclass
class Clock:
    """Time that moves when the test says so."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Redis:
    """A real server with a password, that can be stopped, frozen and started again on the same port."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def url(self) -> str:
        return f"redis://:s%2Fcret@127.0.0.1:{self.port}/3"

    def start(self) -> None:
        options = f"--port {self.port} --bind 127.0.0.1 --requirepass s/cret --save 3600 1"
        self.process = subprocess.Popen(["redis-server", *options.split()], cwd=self.folder, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while b"PONG" not in self.cli("PING"):
            assert time.monotonic() < deadline

    def stop(self) -> None:
        """It saves what it has; asked to start again, it has it still."""
        if self.process is not None:
            self.process.terminate()
            self.send(signal.SIGCONT)
            self.process.wait(30)
            self.process = None

    def send(self, what: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(what)

    def cli(self, *words: str) -> bytes:
        command = ["redis-cli", "-p", str(self.port), "-n", "3", "--no-auth-warning", "-a", "s/cret", *words]
        return subprocess.run(command, capture_output=True, check=False).stdout


@pytest.fixture
def redis(tmp_path: Path, unused_tcp_port: int) -> Iterator[Redis]:
    server = Redis(unused_tcp_port, tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@asynccontextmanager
async def opened(url: str | None, clock: Clock | None = None, patience: float = 10.0) -> AsyncIterator[Cache]:
    """Patient, so that a busy machine is no outage; the tests about a slow Redis say how long they wait."""
    cache = await open_cache(url, now=clock or Clock(), patience=patience)
    try:
        yield cache
    finally:
        await cache.close()


@pytest.fixture(params=["process", pytest.param("redis", marks=needs_redis)])
async def cache(request: pytest.FixtureRequest) -> AsyncIterator[Cache]:
    url = request.getfixturevalue("redis").url if request.param == "redis" else None
    async with opened(url) as cache:
        yield cache


@asynccontextmanager
async def silent_server() -> AsyncIterator[int]:
    """Takes connections and commands, and never says a word."""
    ended: list[asyncio.Event] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended.append(end := asyncio.Event())
        with suppress(ConnectionError):
            while await reader.read(4096):
                pass
            writer.close()
            await writer.wait_closed()
        end.set()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
        await asyncio.gather(*(end.wait() for end in ended))


def warnings_in(logs: list[dict[str, object]]) -> list[object]:
    return [line["event"] for line in logs if line["log_level"] == "warning"]


# In this process and in Redis


@pytest.mark.parametrize("value", [b"", b"123", b"007", b"bytes:x", b"\x80\x04N.", bytes(range(256)), bytes(LARGEST_VALUE)])
async def test_what_was_set_comes_back_byte_for_byte(cache: Cache, value: bytes) -> None:
    await cache.set("key", value, HOUR)
    assert await cache.get("key") == value


async def test_what_was_deleted_or_never_set_is_missing(cache: Cache) -> None:
    for key in ("a", "b", "c"):
        await cache.set(key, b"value", HOUR)
    await cache.delete("a", "b", "unknown")
    await cache.delete()
    assert [await cache.get(key) for key in ("a", "b", "c", "d")] == [None, None, b"value", None]


async def test_several_are_asked_for_at_once_and_come_in_their_order(cache: Cache) -> None:
    await cache.set("a", b"1", HOUR)
    await cache.set("b", b"\x00", HOUR)
    assert await cache.get_many(["b", "unknown", "a", "b"]) == [b"\x00", None, b"1", b"\x00"]
    assert await cache.get_many([]) == []


async def test_two_colleagues_see_each_other_also_over_redis(cache: Cache) -> None:
    now = datetime(2026, 11, 2, tzinfo=UTC)
    anna, boris = Place(7, 1, {2: "Boris"}, now), Place(7, 2, {1: "Anna"}, now)
    await presence.arrive(cache, anna, writing=True)
    await presence.arrive(cache, boris, writing=False)
    assert [(one.name, one.writing) for one in await presence.others(cache, boris)] == [("Anna", True)]
    await presence.leave(cache, anna)
    assert (await presence.others(cache, boris), [one.name for one in await presence.others(cache, anna)]) == ([], ["Boris"])


async def test_a_value_is_forgotten_after_its_time(cache: Cache) -> None:
    await cache.set("short", b"value", timedelta(milliseconds=20))
    await cache.set("long", b"value", HOUR)
    async with asyncio.timeout(5):
        while await cache.get("short") is not None:
            await asyncio.sleep(0)
    assert await cache.get("long") == b"value"


async def test_a_value_too_large_is_not_kept_and_neither_is_the_one_before(cache: Cache) -> None:
    await cache.set("key", b"old", HOUR)
    await cache.set("key", bytes(LARGEST_VALUE + 1), HOUR)
    assert await cache.get("key") is None


async def test_a_counter_counts_within_its_window_and_begins_anew_after_it(cache: Cache) -> None:
    assert [await cache.incr("login", HOUR) for _ in range(3)] == [1, 2, 3]
    assert await cache.incr("another", HOUR) == 1
    window = timedelta(milliseconds=50)
    counts = [await cache.incr("short", window), await cache.incr("short", window)]
    assert counts == [1, 2]
    async with asyncio.timeout(5):
        while await cache.incr("short", window) != 1:
            await asyncio.sleep(0)


async def test_values_can_be_emptied_while_counters_stay(cache: Cache) -> None:
    await cache.incr("key", HOUR)
    for number in range(1_500):
        await cache.set(str(number), b"value", HOUR)
    await cache.clear()
    assert [await cache.get("1499"), await cache.get("0"), await cache.incr("key", HOUR)] == [None, None, 2]


async def test_what_is_missing_is_made_once(cache: Cache) -> None:
    made = iter([b"first", b"second"])

    async def fill() -> bytes:
        return next(made)

    assert [await cache.get_or_fill("key", HOUR, fill) for _ in range(2)] == [b"first", b"first"]
    await cache.delete("key")
    assert await cache.get_or_fill("key", HOUR, fill) == b"second"


async def test_a_fill_that_fails_is_the_callers_failure_and_nothing_is_remembered(cache: Cache) -> None:
    async def failing() -> bytes:
        raise OSError("the database is away")

    async def fine() -> bytes:
        return b"value"

    with capture_logs() as logs, pytest.raises(OSError, match="the database is away"):
        await cache.get_or_fill("key", HOUR, failing)
    assert warnings_in(list(map(dict, logs))) == []
    assert await cache.get_or_fill("key", HOUR, fine) == b"value"


# Redis alone


@needs_redis
async def test_processes_share_values_and_counters(redis: Redis) -> None:
    async with opened(redis.url) as one, opened(redis.url) as other:
        await one.set("key", b"value", HOUR)
        assert await other.get("key") == b"value"
        assert [await one.incr("login", HOUR), await other.incr("login", HOUR)] == [1, 2]
        await other.delete("key")
        assert await one.get("key") is None


@needs_redis
async def test_a_pickle_planted_in_redis_is_not_loaded(redis: Redis) -> None:
    """Who can write to Redis must not be able to run code in the desk."""
    async with opened(redis.url) as cache:
        await cache.set("key", b"value", HOUR)
        name = redis.cli("KEYS", "*value:key").decode().strip()
        assert redis.cli("SET", name, "cbuiltins\nexit\n(tR.").strip() == b"OK"
        assert await cache.get("key") is None


@needs_redis
async def test_a_redis_that_dies_and_comes_back_is_used_again(redis: Redis, clock: Clock) -> None:
    async with opened(redis.url, clock) as cache:
        await cache.set("key", b"value", HOUR)
        redis.stop()
        with capture_logs() as logs:
            assert [await cache.get("key") for _ in range(5)] == [None] * 5
            redis.start()
            assert await cache.get("key") is None, "nobody asks again before the pause is over"
            clock.seconds += PAUSE
            assert await cache.get("key") == b"value"
        assert [line["event"] for line in logs] == ["cache.down", "cache.back"]


@needs_redis
async def test_nothing_outdated_is_read_after_an_outage(redis: Redis, clock: Clock) -> None:
    async with opened(redis.url, clock) as cache:
        await cache.set("ticket", b"old subject", HOUR)
        await cache.incr("login", HOUR)
        redis.stop()
        await cache.delete("ticket")
        redis.start()
        assert b"value:ticket" in redis.cli("KEYS", "*"), "it survived the restart"
        clock.seconds += PAUSE
        assert await cache.get("ticket") is None
        assert await cache.incr("login", HOUR) == 2
        await cache.set("ticket", b"new subject", HOUR)
        assert await cache.get("ticket") == b"new subject"


@needs_redis
async def test_an_answer_that_comes_too_late_is_never_taken_for_another_one(redis: Redis, clock: Clock) -> None:
    keys = [f"key{number}" for number in range(40)]
    async with opened(redis.url, clock) as patient, opened(redis.url, clock, PATIENCE) as cache:
        for key in keys:
            await patient.set(key, key.encode(), HOUR)
        redis.send(signal.SIGSTOP)
        assert await asyncio.gather(*(cache.get(key) for key in keys)) == [None] * 40
        redis.send(signal.SIGCONT)
        async with asyncio.timeout(30):
            while await cache.get(keys[0]) is None:
                clock.seconds += PAUSE
        found = await asyncio.gather(*(cache.get(key) for key in keys))
        assert [value or key.encode() for key, value in zip(keys, found, strict=True)] == [key.encode() for key in keys]


@needs_redis
async def test_a_refused_password_is_an_outage_with_its_reason(redis: Redis) -> None:
    with capture_logs() as logs:
        async with opened(f"redis://:wrong@127.0.0.1:{redis.port}/0") as cache:
            assert await cache.get("key") is None
    assert logs[0]["reason"] == "AuthenticationError"
    assert ":wrong" not in str(logs)


# Outages


async def test_a_redis_that_stops_answering_costs_one_short_wait_and_one_warning(clock: Clock) -> None:
    async with silent_server() as port, opened(f"redis://127.0.0.1:{port}/0", clock, PATIENCE) as cache:
        began = time.monotonic()
        with capture_logs() as logs:
            assert await asyncio.gather(*(cache.get(str(number)) for number in range(100))) == [None] * 100
            for number in range(100):
                await cache.set(str(number), b"value", HOUR)
                await cache.delete(str(number))
        assert PATIENCE <= time.monotonic() - began < 10, "waiting for each of them would take a minute"
        assert warnings_in(list(map(dict, logs))) == ["cache.down"]


async def test_a_long_outage_is_one_warning_however_often_it_is_tried(unused_tcp_port: int, clock: Clock) -> None:
    async with opened(f"redis://127.0.0.1:{unused_tcp_port}/0", clock) as cache:
        with capture_logs() as logs:
            for _ in range(10):
                assert await cache.get("key") is None
                clock.seconds += PAUSE
        assert [line["event"] for line in logs] == ["cache.down"]


async def test_rate_limits_hold_in_this_process_while_redis_is_down(unused_tcp_port: int) -> None:
    async with opened(f"redis://127.0.0.1:{unused_tcp_port}/0") as cache:
        assert [await cache.incr("login", HOUR) for _ in range(3)] == [1, 2, 3]


async def test_what_is_wanted_is_made_while_redis_is_down(unused_tcp_port: int) -> None:
    async def fill() -> bytes:
        return b"value"

    async with opened(f"redis://127.0.0.1:{unused_tcp_port}/0") as cache:
        assert await cache.get_or_fill("key", HOUR, fill) == b"value"


async def test_only_one_caller_waits_for_a_redis_that_may_be_back(clock: Clock) -> None:
    async with silent_server() as port, opened(f"redis://127.0.0.1:{port}/0", clock, PATIENCE) as cache:
        await cache.get("key")
        clock.seconds += PAUSE
        trial = asyncio.create_task(cache.get("key"))
        await asyncio.sleep(0)
        assert [await cache.get("key") for _ in range(50)] == [None] * 50
        assert not trial.done()
        assert await trial is None


@pytest.mark.parametrize("url", ["localhost:6379", "http://localhost:6379", "redis://localhost:port/0"])
async def test_a_url_that_is_none_stops_the_start(url: str) -> None:
    with pytest.raises(ConfigurationError, match="REDIS_URL"):
        await open_cache(url)
