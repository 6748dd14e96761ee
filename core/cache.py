"""The cache: bytes that may vanish at any moment, and counters for rate limits, in Redis where there is one, else in this process.

Redis is never needed. While it is down, or slower than a quarter of a second, reads miss, writes are dropped and counting goes on in
this process; one warning is logged for the whole outage, and every few seconds one caller tries again. A write lost on the way could
leave something outdated behind, so after such an outage the values are emptied before the first of them is read.
"""

from __future__ import annotations

import asyncio
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Protocol, TypeVar

import cashews
import structlog
from cashews.exceptions import CacheError
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from core.errors import ConfigurationError

PATIENCE = 0.25  # seconds an answer may take
PAUSE = 5.0  # seconds between two tries while Redis is down
LARGEST_VALUE = 128 * 1024  # bytes; larger ones are cheaper to make again than to carry around

_VALUES = "helpdesk:value:"
_COUNTERS = "helpdesk:count:"
_LOCAL_VALUES, _LOCAL_COUNTERS = 1_000, 20_000  # how many this process holds; the ones not used for longest go first
_CLEARING = 1.0  # seconds; what was emptied until then stays so, and the next try goes on

T = TypeVar("T")
log = structlog.get_logger()


async def open_cache(redis_url: str | None, *, now: Callable[[], float] = time.monotonic, patience: float = PATIENCE) -> Cache:
    """Open the cache: `redis://` or `rediss://` with user, password and database number, or None for this process alone.

    An unreachable Redis is no error; a URL that is none is a `ConfigurationError`. `now` counts seconds and never goes back;
    `patience` is how many of them an answer of Redis may take.
    """
    counters = _in_process(_LOCAL_COUNTERS)
    if redis_url:
        shared = await _redis(redis_url, patience)
        cache = Cache(shared, shared, counters, now, patience)
    else:
        values = _in_process(_LOCAL_VALUES)  # apart from the counters, or many values would push a rate limit out
        await values.init()
        cache = Cache(values, counters, counters, now, patience)
    await counters.init()
    return cache


class Cache:
    """What several processes remember together for a while. No method raises when Redis fails."""

    def __init__(self, values: _Backend, counters: _Backend, local_counters: _Backend, now: Callable[[], float], patience: float) -> None:
        self._values = values
        self._counters = counters
        self._local_counters = local_counters
        self._now = now
        self._patience = patience
        self._down = False
        self._retry_at = 0.0
        self._outdated = False  # a write was lost, so what Redis holds may be older than the database

    async def get(self, key: str) -> bytes | None:
        """What was set under this key, if it is still there."""
        value = await self._asked(partial(self._values.get, _VALUES + key), None)
        return value if isinstance(value, bytes) else None

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """What was set under each of these keys, by one question."""
        nothing: tuple[object, ...] = (None,) * len(keys)
        values = await self._asked(partial(self._values.get_many, *(_VALUES + key for key in keys)), nothing) if keys else nothing
        return [value if isinstance(value, bytes) else None for value in values]

    async def set(self, key: str, value: bytes, ttl: timedelta) -> None:
        """Remember it for so long. More than `LARGEST_VALUE` bytes are forgotten instead."""
        if len(value) > LARGEST_VALUE:
            await self.delete(key)
        else:
            await self._written(partial(self._values.set, _VALUES + key, value, expire=ttl.total_seconds()))

    async def delete(self, *keys: str) -> None:
        """Forget them, in every process."""
        if keys:
            await self._written(partial(self._values.delete_many, *(_VALUES + key for key in keys)))

    async def clear(self) -> None:
        """Forget every value. Counters stay: nobody gets around a rate limit by this."""
        await self._written(self._empty, patience=max(self._patience, _CLEARING))

    async def get_or_fill(self, key: str, ttl: timedelta, fill: Callable[[], Awaitable[bytes]]) -> bytes:
        """What is remembered, or else what `fill` makes, remembered from now on. What `fill` raises is the caller's."""
        found = await self.get(key)
        if found is not None:
            return found
        value = await fill()
        await self.set(key, value, ttl)
        return value

    async def incr(self, key: str, window: timedelta) -> int:
        """Count one more and say how many there were in this window, which begins with the first.

        While Redis is down every process counts for itself.
        """
        name, seconds = _COUNTERS + key, window.total_seconds()
        count = await self._asked(partial(self._counters.incr, name, 1, expire=seconds), None)
        return await self._local_counters.incr(name, 1, expire=seconds) if count is None else count

    async def reset(self, key: str) -> None:
        """Count from zero again."""
        name = _COUNTERS + key
        await self._asked(partial(self._counters.delete_many, name), None)
        await self._local_counters.delete_many(name)

    async def close(self) -> None:
        """Close the connections."""
        with warnings.catch_warnings(), suppress(CacheError, RedisError, OSError):
            warnings.filterwarnings("ignore", "Call to deprecated close", DeprecationWarning)  # cashews 7.6 says close, redis 8 aclose
            await self._values.close()
        await self._local_counters.close()

    async def _written(self, write: Callable[[], Awaitable[object]], patience: float | None = None) -> None:
        if await self._asked(partial(_done, write), otherwise=False, patience=patience) is not True:
            self._outdated = True

    async def _asked(self, ask: Callable[[], Awaitable[T]], otherwise: T, patience: float | None = None) -> T:
        """Redis's answer; `otherwise` when there is none in time, or while nobody should ask."""
        try:
            if self._down and not await self._is_back():
                return otherwise
            async with asyncio.timeout(patience or self._patience):
                return await ask()
        except (CacheError, RedisError, OSError) as error:
            self._lost(error)
            return otherwise

    async def _is_back(self) -> bool:
        """Try again when it is time, one caller only: for the others the next try is moved away first."""
        if self._now() < self._retry_at:
            return False
        self._retry_at = self._now() + PAUSE
        async with asyncio.timeout(self._patience):
            await self._values.ping()
        while self._outdated:
            await self._mend()
        self._down = False
        log.info("cache.back")
        return True

    async def _mend(self) -> None:
        """Another write may be lost while this goes on: then `_outdated` is set anew."""
        self._outdated = False
        try:
            async with asyncio.timeout(max(self._patience, _CLEARING)):
                await self._empty()
        except BaseException:
            self._outdated = True
            raise

    def _lost(self, error: Exception) -> None:
        self._retry_at = self._now() + PAUSE
        if not self._down:
            self._down = True
            cause = error.__cause__ or error
            log.warning("cache.down", reason=type(cause).__name__, detail=str(cause)[:200], retry_seconds=PAUSE)

    async def _empty(self) -> None:
        batch: list[str] = []
        async for name in self._values.scan(f"{_VALUES}*", batch_size=1000):
            batch.append(name)
            if len(batch) == 1000:
                await self._values.delete_many(*batch)
                batch.clear()
        if batch:
            await self._values.delete_many(*batch)


class _Backend(Protocol):
    """The part of a cashews backend that is used here. `expire` is in seconds."""

    async def init(self) -> None: ...
    async def get(self, key: str) -> object: ...
    async def get_many(self, *keys: str) -> tuple[object, ...]: ...
    async def set(self, key: str, value: object, expire: float | None = None) -> object: ...
    async def delete_many(self, *keys: str) -> object: ...
    async def incr(self, key: str, value: int = 1, expire: float | None = None) -> int: ...
    async def ping(self) -> object: ...
    def scan(self, pattern: str, batch_size: int = 100) -> AsyncIterator[str]: ...
    async def close(self) -> None: ...


async def _done(write: Callable[[], Awaitable[object]]) -> bool:
    await write()
    return True


def _in_process(size: int) -> _Backend:
    return cashews.Cache().setup("mem://", size=size, check_interval=10, pickle_type="null", check_repr=False)


async def _redis(url: str, patience: float) -> _Backend:
    """Without pickle: who can write to Redis must not be able to run code here."""
    if not url.startswith(("redis://", "rediss://")):
        raise ConfigurationError("REDIS_URL must begin with redis:// or rediss://, like redis://localhost:6379/0.")
    try:
        backend: _Backend = cashews.Cache().setup(
            url,
            suppress=False,
            pickle_type="null",
            check_repr=False,
            client_name="helpdesk",
            max_connections=50,
            wait_for_connection_timeout=patience,
            socket_timeout=patience,
            socket_connect_timeout=patience,
            retry=Retry(NoBackoff(), 1),  # a connection that Redis closed while it was idle is no outage
        )
        await backend.init()
    except ValueError as error:
        raise ConfigurationError("REDIS_URL is not a valid URL: write it like redis://localhost:6379/0.") from error
    return backend
