"""The limit of the reads: bare aiohttp, asyncpg and orjson with the very statements of the API: `python -m bench.bare_api` prints its port."""

from __future__ import annotations

import asyncio
import os
import sys

import asyncpg
import orjson
import uvloop
from aiohttp import web

from bench.reads import TICKET, statements
from core.db import connect_options


async def main() -> None:
    pool = await asyncpg.create_pool(**connect_options(os.environ["DATABASE_URL"]), min_size=2, max_size=10)
    (list_sql, list_args), ticket_sql = await statements()

    async def tickets(_request: web.Request) -> web.Response:
        row = await pool.fetchrow(list_sql, *list_args)
        return web.Response(
            body=orjson.dumps({"items": orjson.Fragment(row["items"]), "next_cursor": None}), content_type="application/json"
        )

    async def ticket(_request: web.Request) -> web.Response:
        row = await pool.fetchrow(ticket_sql, 1, TICKET)
        return web.Response(body=row["json"], content_type="application/json")

    app = web.Application()
    app.router.add_get("/tickets", tickets)
    app.router.add_get("/ticket", ticket)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as running:
        running.run(main())
