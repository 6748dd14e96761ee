"""What a blob store promises, whichever way it keeps the bytes.

A blob is known by the sha256 of its content (64 lower-case hex digits), so the same file sent twice is kept once and a
key never changes its meaning. Stores give back exactly what was put in, or say in one sentence why they cannot.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from core.errors import NotFound

CHUNK = 256 * 1024
_KEY = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a blob went: its key, and its size in bytes."""

    key: str
    size: int


@dataclass(frozen=True, slots=True)
class S3Config:
    """An S3 bucket. `endpoint_url` None means Amazon; `public_url` is the host people's browsers reach, None when there is none."""

    endpoint_url: str | None
    bucket: str
    region: str
    access_key: str
    secret_key: str = field(repr=False)
    public_url: str | None = None


class BlobStore(Protocol):
    """Content-addressed bytes. Every method raises `TemporaryFailure` when the store is full, down or misconfigured."""

    async def put(self, content: bytes) -> str:
        """Keep these bytes and return their key. When it returns, they survive a power cut."""
        ...

    async def put_file(self, path: Path) -> Stored:
        """Keep a file's content, in bounded memory. The file is consumed: it is gone afterwards, but stays after a failure."""
        ...

    async def put_stream(self, chunks: AsyncIterator[bytes], limit: int) -> Stored:
        """Keep a stream, in bounded memory. More than `limit` bytes raise `TooLarge`, and nothing is left behind."""
        ...

    async def read(self, key: str) -> bytes:
        """The whole content, or `NotFound`."""
        ...

    def stream(self, key: str, start: int = 0, end: int | None = None, chunk: int = CHUNK) -> AsyncGenerator[bytes, None]:
        """The bytes from `start` up to, not including, `end`; what lies beyond the content is left out. `NotFound` comes with the first."""
        ...

    async def size(self, key: str) -> int:
        """How many bytes it has, or `NotFound`."""
        ...

    def local_path(self, key: str) -> AbstractAsyncContextManager[Path]:
        """The content as a file, to read and never to write, until the context ends; or `NotFound`."""
        ...

    async def delete(self, key: str, *, older_than: datetime | None = None) -> None:
        """Forget it; missing is fine. With `older_than`, one that was put (again) since then stays."""
        ...

    def keys(self, older_than: datetime) -> AsyncIterator[str]:
        """Every blob last put before that instant: the candidates of garbage collection, in no order."""
        ...

    async def link(self, key: str, *, filename: str, content_type: str, expires: timedelta) -> str | None:
        """A signed URL that downloads it for so long, without asking the store; None when the desk has to stream it itself."""
        ...

    async def check(self) -> None:
        """Can it be written to now? `TemporaryFailure` says what is wrong."""
        ...

    async def close(self) -> None:
        """Let go of threads and connections, after what is under way."""
        ...


def place_of(key: str) -> str:
    """Where a blob lies below the root: `ab/abcd…`. What is no key exists nowhere: `NotFound`, so no path can be smuggled in."""
    if not _KEY.fullmatch(key):
        raise missing()
    return f"{key[:2]}/{key}"


def is_key(name: str) -> bool:
    """Whether a name found in the store is a blob of ours."""
    return _KEY.fullmatch(name) is not None


def missing() -> NotFound:
    """The one answer to a key that nothing is known under."""
    return NotFound("This file is no longer there.")
