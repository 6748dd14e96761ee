"""Holds the suite's PostgreSQL for as long as standard input is open: `python -m tests.support.postgres FOLDER` prints its URL."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import structlog

from core.embedded_postgres import running


async def main(folder: Path) -> None:
    async with running(folder, durable=False, database="template_of_tests") as server:
        print(server.url, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    asyncio.run(main(Path(sys.argv[1])))
