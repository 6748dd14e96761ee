"""The bot's own HTTP: health, and later Slack's requests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.worker import Worker
from core import health
from core.runtime import Runtime
from core.settings import cannot_listen, host_and_port


@asynccontextmanager
async def serve_http(rt: Runtime, worker: Worker, app: web.Application) -> AsyncIterator[int]:
    """Serve at BOT_LISTEN while the block runs; yields the port. `app` holds what else is served (Slack)."""
    app.router.add_get("/health/live", _live)
    app.router.add_get("/health/ready", _ready_of(rt, worker))
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=2)
    await runner.setup()
    host, port = host_and_port(rt.settings.bot_listen)
    try:
        await _listen(runner, host, port, shared=rt.settings.listen_shared)
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int, *, shared: bool) -> None:
    try:
        await web.TCPSite(runner, host, port, reuse_port=shared or None).start()
    except OSError as error:
        raise cannot_listen("BOT_LISTEN", f"{host}:{port}", error) from error


async def _live(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


def _ready_of(rt: Runtime, worker: Worker) -> Handler:
    async def ready(_request: web.Request) -> web.Response:
        found = await health.problems(rt)
        if not worker.ready.is_set():
            found["worker"] = "The worker is not connected."
        return web.json_response({"status": "failing" if found else "ok", "problems": found}, status=503 if found else 200)

    return ready
