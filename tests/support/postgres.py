"""Holds the suite's PostgreSQL for as long as standard input is open: `python -m tests.support.postgres FOLDER` prints its URL."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import structlog

from core.db import connect
from core.embedded_postgres import running
from tests.support.databases import TEMPLATE


async def main(folder: Path) -> None:
    async with running(folder, durable=False, database=TEMPLATE) as server:
        await _no_vacuum(server.url)
        print(server.url, flush=True)
        await asyncio.to_thread(sys.stdin.read)


async def _no_vacuum(url: str) -> None:
    """Nothing moves rows or counts them anew at a moment of its own: every test sees the plans and the order of a young table."""
    connection = await connect(url)
    try:
        await connection.execute("ALTER SYSTEM SET autovacuum = off")
        await connection.execute("SELECT pg_reload_conf()")
    finally:
        await connection.close()


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    asyncio.run(main(Path(sys.argv[1])))
