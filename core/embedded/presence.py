"""Who is there: three files whose locks and pipe ends the kernel counts, so that `kill -9` of anybody leaves the truth behind.

`lock` is held (flock) by whoever starts, joins or leaves the server, so these happen one at a time. `alive` is locked by the server's
own processes, which inherit the descriptor: free means that no postmaster and no backend lives, whatever `postmaster.pid` says.
`users` is a FIFO that every user of the server holds open for writing and the server's watcher reads: end of file means that
the last user has left or died, and the line `stop` that it shall end although there are users.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import struct
import termios
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from core.embedded.place import Place
from core.errors import TemporaryFailure

_PATIENCE = 180.0
_PAUSE = 0.01


@asynccontextmanager
async def locked(place: Place) -> AsyncIterator[None]:
    """Alone among all processes of this data folder. Raises `TemporaryFailure` after three minutes."""
    descriptor = os.open(place.home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + _PATIENCE
        while not _try_lock(descriptor, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise TemporaryFailure(f"Another process has been starting or stopping PostgreSQL in {place.home} for minutes: try again.")
            await asyncio.sleep(_PAUSE)
        yield
    finally:
        os.close(descriptor)


def is_alive(place: Place) -> bool:
    """Whether any process of the server lives, ready or not."""
    try:
        descriptor = os.open(place.home / "alive", os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return not _try_lock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


async def claim_life(place: Place) -> int:
    """The locked descriptor that a new server inherits. Only for who holds the lock and has seen that none is alive."""
    descriptor = os.open(place.home / "alive", os.O_RDWR | os.O_CREAT, 0o600)
    while not _try_lock(descriptor, fcntl.LOCK_EX):  # somebody looks at this moment
        await asyncio.sleep(_PAUSE)
    return descriptor


def enter(place: Place) -> int:
    """Become a user of the server for as long as the returned descriptor stays open."""
    # Opened for both directions: an open for writing alone fails while nobody reads.
    return os.open(_fifo(place), os.O_RDWR | os.O_NONBLOCK)


def is_used(place: Place) -> bool:
    """Whether anybody uses the server."""
    descriptor = os.open(_fifo(place), os.O_RDONLY | os.O_NONBLOCK)
    try:
        while os.read(descriptor, 4096):  # what nobody was left to read
            pass
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)


def watching_end(place: Place) -> int:
    """The end of the FIFO a watcher reads, blocking. The caller must be a user already."""
    descriptor = os.open(_fifo(place), os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(descriptor, True)
    return descriptor


async def tell(place: Place, user: int, word: str) -> None:
    """Write a line to the watcher and wait until it is read: then the watcher knows of `user`, and had not given the server up before.

    After a second, or when no server is alive any more, nobody is going to read it."""
    os.write(user, f"{word}\n".encode())
    deadline = time.monotonic() + 1
    while _unread(user) and is_alive(place) and time.monotonic() < deadline:
        await asyncio.sleep(_PAUSE / 10)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _fifo(place: Place) -> Path:
    path = place.home / "users"
    if not path.is_fifo():  # missing, or what a careless copy of the folder made of it
        path.unlink(missing_ok=True)
        os.mkfifo(path, 0o600)
    return path


def _unread(descriptor: int) -> int:
    (count,) = struct.unpack("i", fcntl.ioctl(descriptor, termios.FIONREAD, struct.pack("i", 0)))
    return int(count)
