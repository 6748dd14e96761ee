"""Two servers in processes of their own: bare aiosmtpd with a handler that does nothing (the limit), and a sink that notes arrivals.

`python -m bench.smtp_servers` prints its port; the sink writes one line per mail: arrival time and X-Ticket-ID.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time

import uvloop
from aiosmtpd.smtp import SMTP, Envelope, Session

_TICKET = re.compile(rb"^X-Ticket-ID: (\d+)", re.MULTILINE)


class Sink:
    """Takes everything and says when what came."""

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.original_content or b""
        ticket = _TICKET.search(content)
        print(time.time(), ticket.group(1).decode() if ticket else "-", flush=True)
        return "250 OK"


class Nothing:
    """The limit: no handler at all."""

    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        return "250 OK"


async def main(handler: object) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname="bench", enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(Sink() if sys.argv[1:] == ["sink"] else Nothing()))
