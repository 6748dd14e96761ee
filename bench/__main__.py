"""`make bench`: everything, or the parts named: `python -m bench mail reads memory`."""

from __future__ import annotations

import asyncio
import sys

import uvloop

from bench import mail
from bench.memory import memory
from bench.reads import reads
from bench.stage import stage
from bench.table import Figure, shown


async def measure(parts: list[str]) -> list[Figure]:
    """Run the parts one after the other, each on a stage of its own."""
    figures: list[Figure] = []
    if "mail" in parts:
        bare = await mail.limit()
        async with stage() as place:
            figures.append(await mail.accepted(place, bare))
        async with stage() as place:
            figures += await mail.end_to_end(place, bare)
    if "reads" in parts:
        async with stage() as place:
            figures += await reads(place)
    if "memory" in parts:
        async with stage() as place:
            figures += await memory(place)
    return figures


def main() -> None:
    parts = sys.argv[1:] or ["mail", "reads", "memory"]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        figures = runner.run(measure(parts))
    print(shown(figures))
    sys.exit(0 if all(figure.reached for figure in figures) else 1)


if __name__ == "__main__":
    main()
