"""What both stores share about the local disk: its failures in words, and a stream written down before its key is known."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import uuid
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, TypeVarTuple, Unpack

from core.blobs.durable import write_all
from core.errors import TemporaryFailure, TooLarge

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
_BATCH = 1024 * 1024  # bytes gathered before a thread is asked to write them

_FULL = "The disk for mail and attachments is full: free some space or enlarge it, until then nothing new is accepted."
_CLOSED = "The folder for mail and attachments cannot be written: let the desk's user own it, on a disk not mounted read-only."
_GONE = "The folder for mail and attachments is gone: mount it again, then restart the desk."
_SENTENCES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _CLOSED,
    errno.EPERM: _CLOSED,
    errno.EROFS: _CLOSED,
    errno.ENOENT: _GONE,
    errno.ENOTDIR: _GONE,
}


@dataclass(frozen=True, slots=True)
class Spooled:
    """A stream that is now a temporary file."""

    path: Path
    key: str
    size: int


def disk_failure(error: OSError) -> TemporaryFailure:
    """Say what is wrong with the disk and what to do about it."""
    name = errno.errorcode.get(error.errno or 0, "unknown")
    return TemporaryFailure(
        _SENTENCES.get(error.errno or 0, f"The disk for mail and attachments failed ({name}): look at the system's log.")
    )


async def in_thread(work: Callable[[Unpack[Ts]], T], *args: *Ts, threads: Executor | None = None) -> T:
    """Do file work in a thread; an `OSError` becomes a `TemporaryFailure`. A cancelled caller waits for the work to end, so what follows
    (removing the file) never meets a thread that still writes."""
    future = asyncio.get_running_loop().run_in_executor(threads, work, *args)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        await asyncio.wait([future])
        if not future.cancelled():
            future.exception()  # looked at, or asyncio complains that nobody did
        raise
    except OSError as error:
        raise disk_failure(error) from error


@asynccontextmanager
async def spooled(chunks: AsyncIterator[bytes], folder: Path, limit: int | None = None) -> AsyncIterator[Spooled]:
    """Write a stream to a temporary file of `folder` in bounded memory; at exit it is removed, unless it was moved away.

    More than `limit` bytes raise `TooLarge`; what the stream itself raises passes through.
    """
    path = folder / f"{uuid.uuid4().hex}.part"
    digest, size, batch = hashlib.sha256(), 0, bytearray()
    try:
        await in_thread(_create, path)
        async for chunk in chunks:
            size += len(chunk)
            if limit is not None and size > limit:
                raise TooLarge(f"This is larger than the {limit:,} bytes that are allowed: send something smaller, or a link to it.")
            batch += chunk
            if len(batch) >= _BATCH:
                await in_thread(_append, path, batch, digest)
                batch.clear()
        await in_thread(_append, path, batch, digest)
        yield Spooled(path, digest.hexdigest(), size)
    finally:
        await in_thread(_discard, path)


def _create(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _append(path: Path, batch: bytearray, digest: hashlib._Hash) -> None:
    """Opened for each batch, because a file kept open between batches would have to be closed under a cancelled writer."""
    digest.update(batch)
    with path.open("r+b", buffering=0) as file:
        file.seek(0, os.SEEK_END)
        write_all(file.fileno(), batch)


def _discard(path: Path) -> None:
    with suppress(FileNotFoundError):
        path.unlink()
