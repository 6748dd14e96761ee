"""How a process of the desk starts and ends: settings, logs, runtime, and a graceful stop on SIGTERM, SIGINT or its parent's death."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import structlog
import uvloop

from core import known_keys
from core.errors import ConfigurationError, HelpdeskError
from core.logs import configure_logs
from core.migrate import check_current
from core.misspelt import misspelt
from core.runtime import Runtime, open_runtime
from core.settings import Settings, load_settings

log = structlog.get_logger()

LIFELINE = "HELPDESK_LIFELINE"
"""Names the file descriptor of a pipe whose other end the supervisor holds: when it closes, the supervisor is gone."""
READY = "HELPDESK_READY"
"""Names the file descriptor of a pipe to which a process writes one line when it is open for work."""

START = "HELPDESK_START"
"""Names the file descriptor of a pipe from which a process that was started early takes the rest of its environment, as JSON."""


def serve(name: str, open_process: Callable[[Runtime], AbstractAsyncContextManager[object]]) -> None:
    """Run a process until it is told to stop. A wrong setting or a taken port is one sentence on standard error and exit status 1."""
    _wait_for_start()
    try:
        settings = load_settings()
        configure_logs(settings.log_format, settings.log_level, name)
        if READY not in os.environ:  # who started us has told it
            tell_of_misspelt_settings()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(name, settings, open_process))
    except HelpdeskError as error:
        sys.stderr.write(f"helpdesk {name}: {error}\n")
        sys.exit(1)


async def _serve(name: str, settings: Settings, open_process: Callable[[Runtime], AbstractAsyncContextManager[object]]) -> None:
    if settings.database_url is None:
        raise ConfigurationError("DATABASE_URL is not set. `helpdesk up` brings a database of its own; a process run by itself needs one.")
    async with stop_signal() as stopped, open_runtime(settings, settings.database_url.get_secret_value()) as rt:
        await check_current(rt.database)
        await known_keys.check(rt)
        async with open_process(rt):
            settle_memory()
            log.info("process.ready")
            _say_ready(name)
            await stopped.wait()
            log.info("process.stopping")


def tell_of_misspelt_settings() -> None:
    """Warn of what nearly is a setting: nothing reads it."""
    for name, setting in misspelt(os.environ, Settings.model_fields).items():
        log.warning("setting.misspelt", name=name, nearest=setting)


@asynccontextmanager
async def stop_signal() -> AsyncIterator[asyncio.Event]:
    """An event that is set by SIGTERM, SIGINT, or the end of the process that started this one."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    lifeline = os.environ.pop(LIFELINE, None)
    if lifeline is not None:
        loop.add_reader(int(lifeline), stopped.set)
    try:
        yield stopped
    finally:
        if lifeline is not None:
            loop.remove_reader(int(lifeline))
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def _wait_for_start() -> None:
    descriptor = os.environ.pop(START, None)
    if descriptor is not None:
        with open(int(descriptor)) as pipe:  # noqa: PTH123 - a pipe
            told = pipe.read()
        if not told:  # who started us is gone, or gave up
            sys.exit(0)
        os.environ.update(json.loads(told))


def settle_memory() -> None:
    """What was made so far stays: the collector need not look at it again, nor look as often as by default at what comes and goes."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


def _say_ready(name: str) -> None:
    descriptor = os.environ.pop(READY, None)
    if descriptor is not None:
        os.write(int(descriptor), f"{name}\n".encode())
        os.close(int(descriptor))
