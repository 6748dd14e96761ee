"""The API and the bot as processes of their own, started together, kept running, and stopped together.

They are the same `python -m api` and `python -m bot` that larger installations run many of. They hold one end of a pipe whose other end
is ours: should we be killed, they see it close and stop by themselves.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from core.errors import ConfigurationError
from core.process import LIFELINE, READY, START

_STARTS_WITHIN = 60.0  # seconds until a process that says nothing is given up
_ENDS_WITHIN = 4.0  # seconds from SIGTERM to SIGKILL
_RESTARTS = 5  # of one process, within a minute


@dataclass(slots=True)
class Supervised:
    """One of our processes, started again when it dies. It finds `environment`, and is told more at its beginning."""

    name: str
    lifeline: int
    environment: Mapping[str, str]
    told: Mapping[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None
    _start: BinaryIO | None = None
    _ready: BinaryIO | None = None

    async def spawn(self) -> None:
        """Start it; it imports what it needs, and waits until it is told to begin."""
        (ready, says), (hears, start) = os.pipe(), os.pipe()
        self._ready, self._start = os.fdopen(ready, "rb", buffering=0), os.fdopen(start, "wb")
        environment = {**self.environment, LIFELINE: str(self.lifeline), READY: str(says), START: str(hears)}
        # A session of its own: Ctrl-C in a terminal goes to us, and we decide the order of the end.
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", self.name, env=environment, pass_fds=(self.lifeline, says, hears), start_new_session=True
        )
        os.close(says)
        os.close(hears)

    async def begin(self) -> None:
        """Let it begin, and wait until it is open for work; ConfigurationError when it ends before (it has said why)."""
        assert self.process is not None and self._start is not None and self._ready is not None
        with suppress(BrokenPipeError), self._start as told:
            told.write(json.dumps(dict(self.told)).encode())
        try:
            said = await asyncio.wait_for(asyncio.to_thread(self._ready.read, 100), _STARTS_WITHIN)
        except TimeoutError:
            raise ConfigurationError(f"The {self.name} did not start within {_STARTS_WITHIN:.0f} s; its log says more.") from None
        finally:
            self._ready.close()
        if not said:
            await self.process.wait()
            raise ConfigurationError(f"The {self.name} did not start (see the line above).")

    async def keep(self) -> None:
        """Start it again whenever it ends, at most five times a minute."""
        starts: list[float] = []
        while True:
            assert self.process is not None
            status = await self.process.wait()
            starts = [at for at in starts if at > time.monotonic() - 60]
            if len(starts) >= _RESTARTS:
                raise ConfigurationError(f"The {self.name} ended {_RESTARTS} times within a minute; its log says why.")
            print(f"The {self.name} ended with status {status}; starting it again.", file=sys.stderr, flush=True)
            starts.append(time.monotonic())
            await self.spawn()
            await self.begin()

    async def stop(self) -> None:
        for pipe in (self._start, self._ready):
            if pipe is not None:
                pipe.close()
        if self.process is None or self.process.returncode is not None:
            return
        self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), _ENDS_WITHIN)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


@dataclass(frozen=True, slots=True)
class Processes:
    """The API and the bot, waiting to be told to begin."""

    supervised: Sequence[Supervised]

    @asynccontextmanager
    async def running(self, told: Mapping[str, str], stopped: asyncio.Event) -> AsyncIterator[None]:
        """Both, open for work, told this beside their environment. Sets `stopped` when one of them cannot be kept running, and raises why at the end."""
        keepers: list[asyncio.Task[None]] = []
        try:
            for process in self.supervised:
                process.told = told
            await asyncio.gather(*(process.begin() for process in self.supervised))
            keepers = [asyncio.create_task(process.keep()) for process in self.supervised]
            for keeper in keepers:
                keeper.add_done_callback(lambda _keeper: stopped.set())
            yield
            for keeper in keepers:
                if keeper.done() and not keeper.cancelled() and (error := keeper.exception()):
                    raise error
        finally:
            for keeper in keepers:
                keeper.cancel()
            await self.stop()

    async def stop(self) -> None:
        await asyncio.gather(*(process.stop() for process in self.supervised))


@asynccontextmanager
async def waiting(environment: Mapping[str, str] | None = None) -> AsyncIterator[Processes]:
    """The API and the bot, started already: what they import takes as long as making a database, and is done meanwhile.

    Their `environment` is ours, unless they get one of their own.
    """
    lifeline, ours = os.pipe()
    both = Processes([Supervised(name, lifeline, os.environ if environment is None else environment) for name in ("api", "bot")])
    try:
        await asyncio.gather(*(process.spawn() for process in both.supervised))
        yield both
    finally:
        await both.stop()
        os.close(lifeline)
        os.close(ours)
