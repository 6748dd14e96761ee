"""The API and the bot as processes of their own, started together, kept running, and stopped together.

They are the same `python -m api` and `python -m bot` that larger installations run many of. They hold one end of a pipe whose other end
is ours: should we be killed, they see it close and stop by themselves.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from core.errors import ConfigurationError
from core.process import LIFELINE, READY

_STARTS_WITHIN = 60.0  # seconds until a process that says nothing is given up
_ENDS_WITHIN = 4.0  # seconds from SIGTERM to SIGKILL
_RESTARTS = 5  # of one process, within a minute


@dataclass(slots=True)
class Supervised:
    """One of our processes, started again when it dies."""

    name: str
    environment: dict[str, str]
    lifeline: int
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start and wait until it is open for work; ConfigurationError when it ends before (it has said why)."""
        readable, writable = os.pipe()
        environment = {**self.environment, LIFELINE: str(self.lifeline), READY: str(writable)}
        # A session of its own: Ctrl-C in a terminal goes to us, and we decide the order of the end.
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", self.name, env=environment, pass_fds=(self.lifeline, writable), start_new_session=True
        )
        os.close(writable)
        try:
            said = await asyncio.wait_for(asyncio.to_thread(os.read, readable, 100), _STARTS_WITHIN)
        except TimeoutError:
            raise ConfigurationError(f"The {self.name} did not start within {_STARTS_WITHIN:.0f} s; its log says more.") from None
        finally:
            os.close(readable)
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
            await self.start()

    async def stop(self) -> None:
        if self.process is None or self.process.returncode is not None:
            return
        self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), _ENDS_WITHIN)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


@asynccontextmanager
async def processes(environment: Mapping[str, str], stopped: asyncio.Event) -> AsyncIterator[list[Supervised]]:
    """The API and the bot with this environment. Sets `stopped` when one of them cannot be kept running, and raises why at the end."""
    lifeline, ours = os.pipe()
    running = [Supervised(name, dict(environment), lifeline) for name in ("api", "bot")]
    keepers: list[asyncio.Task[None]] = []
    try:
        await asyncio.gather(*(process.start() for process in running))
        keepers = [asyncio.create_task(process.keep()) for process in running]
        for keeper in keepers:
            keeper.add_done_callback(lambda _keeper: stopped.set())
        yield running
        for keeper in keepers:
            if keeper.done() and not keeper.cancelled() and (error := keeper.exception()):
                raise error
    finally:
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*(process.stop() for process in running))
        os.close(lifeline)
        os.close(ours)
