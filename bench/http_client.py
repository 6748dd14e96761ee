"""An HTTP generator that costs little itself: keep-alive connections over plain asyncio streams, one request after another on each."""

from __future__ import annotations

import asyncio
import re
import statistics
import time
from dataclasses import dataclass

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: answers per second, and the 99th percentile of the time one took, in milliseconds."""

    rate: float
    p99: float


async def load(port: int, path: str, seconds: float, connections: int = 16, token: str | None = None) -> Load:
    """GET one path for some seconds; AssertionError for anything but 200."""
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n" + (f"Authorization: Bearer {token}\r\n" if token else "") + "\r\n"
    times: list[float] = []
    began = time.perf_counter()
    await asyncio.gather(*(_connection(port, head.encode(), began + seconds, times) for _ in range(connections)))
    return Load(len(times) / (time.perf_counter() - began), statistics.quantiles(times, n=100)[98] * 1000)


async def _connection(port: int, request: bytes, until: float, times: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    while (now := time.perf_counter()) < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = _LENGTH.search(head)
        assert length is not None
        await reader.readexactly(int(length.group(1)))
        times.append(time.perf_counter() - now)
    writer.close()
