"""Blobs in a folder: `ab/<key>`, written so that a power cut loses nothing that was promised.

Bytes go to a file in `tmp/`, reach the disk (`fsync`), and only then get their name; the name reaches the disk as well (`fsync` of its
folder) before the caller hears of it. So a file with a name is always whole. Several processes may share the folder.
"""

# ruff: noqa: PTH104, PTH108, PTH116, PTH123  # plain system calls: a Path costs more than the call it wraps, and this is the hot path of mail intake

from __future__ import annotations

import asyncio
import errno
import hashlib
import itertools
import os
import shutil
import time
from collections.abc import AsyncGenerator, AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from core.blobs.disk import disk_failure, in_thread, spooled
from core.blobs.durable import make_durable, removed_on_failure, sync_folder, write_durably
from core.blobs.store import CHUNK, Stored, is_key, missing, place_of
from core.errors import ConfigurationError

_ABANDONED = timedelta(days=1).total_seconds()
_WRITERS = 16  # threads; the disk gathers the fsyncs of several writers into one, and the default pool stays free for others


async def open_folder(root: Path) -> FolderBlobs:
    """Open the store, made when absent; what crashed writers left behind more than a day ago is removed."""
    try:
        await asyncio.to_thread(_prepare, root)
    except OSError as error:
        raise ConfigurationError(f"The folder for mail and attachments cannot be used ({disk_failure(error)})") from error
    return FolderBlobs(root)


class FolderBlobs:
    """The blob store of one machine, or of several that share a disk."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._temporary = root / "tmp"
        self._name, self._numbers = os.urandom(16).hex(), itertools.count()
        self._threads = ThreadPoolExecutor(_WRITERS, thread_name_prefix="blobs")

    async def put(self, content: bytes) -> str:
        return await in_thread(self._keep, content, threads=self._threads)

    async def put_file(self, path: Path) -> Stored:
        return await in_thread(self._adopt, path, threads=self._threads)

    async def put_stream(self, chunks: AsyncIterator[bytes], limit: int) -> Stored:
        async with spooled(chunks, self._temporary, limit) as spool:
            await in_thread(self._settle, str(spool.path), spool.key, threads=self._threads)
            return Stored(spool.key, spool.size)

    async def read(self, key: str) -> bytes:
        return await in_thread(_read, self._path(key), 0, None, threads=self._threads)

    async def stream(self, key: str, start: int = 0, end: int | None = None, chunk: int = CHUNK) -> AsyncGenerator[bytes, None]:
        size = await self.size(key)
        end = size if end is None else min(end, size)
        for position in range(start, end, chunk):
            yield await in_thread(_read, self._path(key), position, min(chunk, end - position), threads=self._threads)

    async def size(self, key: str) -> int:
        return await in_thread(_size, self._path(key), threads=self._threads)

    @asynccontextmanager
    async def local_path(self, key: str) -> AsyncIterator[Path]:
        await self.size(key)
        yield Path(self._path(key))

    async def delete(self, key: str, *, older_than: datetime | None = None) -> None:
        await in_thread(self._remove, key, older_than.timestamp() if older_than else None, threads=self._threads)

    async def keys(self, older_than: datetime) -> AsyncIterator[str]:
        for first in range(256):
            found = await in_thread(_old_keys, f"{self._root}/{first:02x}", older_than.timestamp(), threads=self._threads)
            for key in found:
                yield key

    async def link(self, key: str, *, filename: str, content_type: str, expires: timedelta) -> str | None:  # the Protocol's
        return None

    async def check(self) -> None:
        await in_thread(self._try_writing, threads=self._threads)

    async def close(self) -> None:
        await asyncio.to_thread(self._threads.shutdown)

    def _path(self, key: str) -> str:
        return f"{self._root}/{place_of(key)}"

    def _fresh(self) -> str:
        return f"{self._temporary}/{self._name}-{next(self._numbers)}.part"

    def _keep(self, content: bytes) -> str:
        """The hot path of mail intake: every system call here is one that durability needs."""
        key = hashlib.sha256(content).hexdigest()
        path = self._path(key)
        if not _touched(path):
            temporary = self._fresh()
            with removed_on_failure(temporary):
                write_durably(temporary, content)
                os.rename(temporary, path)
        sync_folder(path[:-65])
        return key

    def _adopt(self, source: Path) -> Stored:
        with open(os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
            key = hashlib.file_digest(file, "sha256").hexdigest()
            size = os.fstat(file.fileno()).st_size
        self._settle(str(source), key)
        return Stored(key, size)

    def _settle(self, source: str, key: str) -> None:
        """Give a file whose content is known its name; across file systems by copying it first."""
        path = self._path(key)
        if _touched(path):
            os.unlink(source)
        else:
            make_durable(source)
            self._move(source, path)
        sync_folder(path[:-65])

    def _move(self, source: str, path: str) -> None:
        try:
            os.rename(source, path)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            copy = self._fresh()
            with removed_on_failure(copy):
                shutil.copyfile(source, copy)
                make_durable(copy)
                os.rename(copy, path)
            os.unlink(source)

    def _remove(self, key: str, cutoff: float | None) -> None:
        """Moved aside before its time is looked at: a `put` of the same bytes either touched it before, and it comes back, or finds
        nothing, and writes it anew."""
        path, aside = self._path(key), self._fresh()
        try:
            os.rename(path, aside)
        except FileNotFoundError:
            return
        if cutoff is not None and os.stat(aside).st_mtime >= cutoff:
            os.rename(aside, path)
            sync_folder(path[:-65])
        else:
            os.unlink(aside)

    def _try_writing(self) -> None:
        temporary = self._fresh()
        with removed_on_failure(temporary):
            write_durably(temporary, b"\0" * 4096)
            os.unlink(temporary)


def _prepare(root: Path) -> None:
    temporary = root / "tmp"
    temporary.mkdir(mode=0o700, parents=True, exist_ok=True)
    for first in range(256):
        (root / f"{first:02x}").mkdir(mode=0o700, exist_ok=True)
    sync_folder(str(root))
    sync_folder(str(root.parent))
    for entry in os.scandir(temporary):
        with suppress(FileNotFoundError):  # another process is starting too
            if entry.name.endswith(".part") and entry.stat().st_mtime < time.time() - _ABANDONED:
                os.unlink(entry.path)


def _touched(path: str) -> bool:
    """Is it there already? Then it counts as put now, and garbage collection spares it for another day."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _read(path: str, start: int, length: int | None) -> bytes:
    try:
        with open(path, "rb", buffering=0) as file:
            file.seek(start)
            return file.read() if length is None else file.read(length)
    except FileNotFoundError:
        raise missing() from None


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        raise missing() from None


def _old_keys(folder: str, cutoff: float) -> list[str]:
    """The keys in one `ab/`, last touched before the cutoff."""
    found: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                if is_key(entry.name) and entry.stat().st_mtime < cutoff:
                    found.append(entry.name)
    return found
