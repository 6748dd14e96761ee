"""Two servers in processes of their own: bare aiosmtpd with a handler that does nothing (the limit), and a sink that notes arrivals.

`python -m bench.smtp_servers` prints its port; the sink writes one line per mail: arrival time and X-Ticket-ID. The sink is a few lines of
SMTP over plain streams: it shares the machine with what is measured, and must cost little.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time

import uvloop
from aiosmtpd.smtp import SMTP, Envelope, Session

_TICKET = re.compile(rb"^X-Ticket-ID: (\d+)", re.MULTILINE)


class Nothing:
    """The limit: no handler at all."""

    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        return "250 OK"


async def sink(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take everything and say when what came."""
    writer.write(b"220 sink\r\n")
    while line := await reader.readline():
        command = line[:4].upper()
        writer.write({b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(command, b"250 OK\r\n"))
        if command == b"DATA":
            content = await reader.readuntil(b"\r\n.\r\n")
            ticket = _TICKET.search(content)
            print(time.time(), ticket.group(1).decode() if ticket else "-", flush=True)
            writer.write(b"250 OK\r\n")
    writer.close()


async def main(name: str) -> None:
    loop = asyncio.get_running_loop()
    if name == "sink":
        server = await asyncio.start_server(sink, "127.0.0.1", 0, limit=1 << 26)
    else:
        server = await loop.create_server(lambda: SMTP(Nothing(), hostname="bench", enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(*sys.argv[1:] or ["limit"]))
