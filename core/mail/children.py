"""Child processes that do one piece of work at a time, under a limit of memory and a deadline each.

A child that dies or is too slow fails its own work only, and another takes its place. Parent and child speak over a socket: a length of
four bytes, then a pickle; both ends are ours. When the parent is gone the socket closes, and the child ends.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import pickle
import resource
import signal
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_HEAD = 4  # bytes of length before each pickle


class ChildDiedError(Exception):
    """The child that did the work is gone: killed, crashed, or stopped with the others."""


@dataclass(frozen=True, slots=True)
class _Child:
    process: BaseProcess
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def kill(self) -> None:
        self.process.kill()
        self.writer.close()


class Children(Generic[P, T]):
    """`workers` children that run `work`, a function of a module; `preload` names modules imported once and shared by all.

    `seconds` is the deadline of one piece of work, `memory` the bytes a child may take over what it starts with.
    """

    def __init__(self, work: Callable[P, T], workers: int, *, seconds: float, memory: int, preload: Sequence[str]) -> None:
        self._work, self._seconds, self._memory, self._preload = work, seconds, memory, list(preload)
        self._slots: asyncio.LifoQueue[_Child | None] = asyncio.LifoQueue()
        self._workers = workers
        self._all: set[_Child] = set()
        self.closed = True

    async def start(self) -> None:
        """Start the children, and wait until they can work."""
        self.closed = False
        for child in await asyncio.gather(*(self._born() for _ in range(self._workers))):
            self._slots.put_nowait(child)

    async def close(self) -> None:
        """End them; work under way fails with ChildDiedError."""
        self.closed = True
        children = list(self._all)
        for child in children:
            self._bury(child)
        await asyncio.gather(*(asyncio.to_thread(child.process.join, 2) for child in children))

    async def do(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """The work's result, or what it raised; TimeoutError over the deadline, ChildDiedError when its child died."""
        child = await self._slots.get()
        try:
            if child is None or child.reader.at_eof():
                child = await self._reborn(child)
            async with asyncio.timeout(self._seconds):
                result: T | Exception = await _asked(child, (args, kwargs))
        except BaseException:
            if child is not None:
                self._bury(child)
            self._slots.put_nowait(None)
            raise
        self._slots.put_nowait(child)
        if isinstance(result, Exception):
            raise result
        return result

    async def _reborn(self, dead: _Child | None) -> _Child:
        if dead is not None:
            self._bury(dead)
        if self.closed:
            raise ChildDiedError("The children were stopped.")
        return await self._born()

    async def _born(self) -> _Child:
        ours, theirs = socket.socketpair()
        with theirs:
            process = await asyncio.to_thread(self._forked, theirs)
        reader, writer = await asyncio.open_unix_connection(sock=ours)
        child = _Child(process, reader, writer)
        self._all.add(child)
        if self.closed:
            self._bury(child)
        try:
            await reader.readexactly(1)
        except asyncio.IncompleteReadError:
            raise ChildDiedError("A child died at its start.") from None
        return child

    def _forked(self, theirs: socket.socket) -> BaseProcess:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(self._preload)
        process = context.Process(target=_serve, args=(theirs, self._work, self._memory), daemon=True)
        process.start()
        return process

    def _bury(self, child: _Child) -> None:
        self._all.discard(child)
        child.kill()


async def _asked(child: _Child, question: object) -> Any:
    """What the work returned, or the exception it raised, as a value."""
    try:
        _write(child.writer, question)
        length = int.from_bytes(await child.reader.readexactly(_HEAD), "big")
        return pickle.loads(await child.reader.readexactly(length))  # noqa: S301 - from our own child
    except (asyncio.IncompleteReadError, ConnectionError) as error:
        raise ChildDiedError("The process that did the work died.") from error


def _write(writer: asyncio.StreamWriter, question: object) -> None:
    data = pickle.dumps(question, pickle.HIGHEST_PROTOCOL)
    writer.write(len(data).to_bytes(_HEAD, "big") + data)


def _serve(theirs: socket.socket, work: Callable[..., object], memory: int) -> None:
    """The life of a child."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us in its order
    _limit(memory)
    with theirs, theirs.makefile("rwb") as stream, suppress(BrokenPipeError):
        stream.write(b"\0")
        stream.flush()
        while head := stream.read(_HEAD):
            args, kwargs = pickle.loads(stream.read(int.from_bytes(head, "big")))  # noqa: S301 - from our own parent
            answer = _answered(work, args, kwargs)
            stream.write(len(answer).to_bytes(_HEAD, "big") + answer)
            stream.flush()


def _answered(work: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, object]) -> bytes:
    try:
        return pickle.dumps(work(*args, **kwargs), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps(MemoryError())
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the parent's to judge
        with suppress(Exception):
            return pickle.dumps(error)
        return pickle.dumps(RuntimeError(type(error).__name__))


def _limit(extra: int) -> None:
    """Let this process take `extra` bytes of address space over what it has now: the interpreter and its modules."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + extra
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
