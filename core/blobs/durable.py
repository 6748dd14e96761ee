"""Writing files so that they survive a power cut: blocking system calls, for threads only."""

# ruff: noqa: PTH108  # plain system calls: a Path costs more than the call it wraps, and this is the hot path of mail intake

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def write_durably(path: str, content: bytes) -> None:
    """Make a new file of ours alone; when this returns the disk has its bytes, though not yet its name (`sync_folder`)."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    try:
        write_all(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_durable(path: str) -> None:
    """The same for a file somebody wrote already: private, of this moment, and on disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fchmod(descriptor, 0o600)
        os.utime(descriptor)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, content: bytes | bytearray) -> None:
    """`os.write` until everything is written: it may take less, and the disk's refusal comes with the next try."""
    with memoryview(content) as view:
        written = 0
        while written < len(view):
            written += os.write(descriptor, view[written:])


def sync_folder(path: str) -> None:
    """The names in a folder reach the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some network file systems know no such thing: there a rename is durable by itself
            raise
    finally:
        os.close(descriptor)


@contextmanager
def removed_on_failure(path: str) -> Iterator[None]:
    """A file half written is not left behind."""
    try:
        yield
    except OSError:
        with suppress(FileNotFoundError):
            os.unlink(path)
        raise
