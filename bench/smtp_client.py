"""A mail generator that costs little itself: SMTP over plain asyncio streams, a few connections, one mail after another on each.

As mail servers do, it sends an envelope in one go where that is offered (RFC 2920), and waits for each answer where it is not.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to send: envelope and the message with CRLF line ends."""

    sender: str
    recipient: str
    content: bytes


async def send_all(port: int, mails: Sequence[Mail], connections: int = 8) -> float:
    """Send every mail; returns the seconds from the first greeting to the last `250`. AssertionError when one is refused."""
    waiting = list(reversed(mails))
    began = time.perf_counter()
    await asyncio.gather(*(_session(port, waiting) for _ in range(connections)))
    return time.perf_counter() - began


async def _session(port: int, waiting: list[Mail]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await _expect(reader, b"220")
    pipelines = b"PIPELINING" in await _say(reader, writer, b"EHLO bench\r\n", b"250")
    while waiting:
        mail = waiting.pop()
        envelope = [
            (f"MAIL FROM:<{mail.sender}>\r\n".encode(), b"250"),
            (f"RCPT TO:<{mail.recipient}>\r\n".encode(), b"250"),
            (b"DATA\r\n", b"354"),
        ]
        if pipelines:
            writer.write(b"".join([line for line, _ in envelope]))
        for line, wanted in envelope:
            await (_expect(reader, wanted) if pipelines else _say(reader, writer, line, wanted))
        await _say(reader, writer, mail.content + b"\r\n.\r\n", b"250")
    writer.write(b"QUIT\r\n")
    writer.close()


async def _say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: bytes, wanted: bytes) -> bytes:
    writer.write(line)
    return await _expect(reader, wanted)


async def _expect(reader: asyncio.StreamReader, wanted: bytes) -> bytes:
    answer = b""
    while True:
        line = await reader.readline()
        assert line.startswith(wanted), line
        answer += line
        if line[3:4] == b" ":
            return answer
