"""An IMAP server of others that hangs up the moment it is asked one certain thing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_ANSWERS = {
    "SELECT": b"* 0 EXISTS\r\n* OK [UIDVALIDITY 1] .\r\n* OK [UIDNEXT 1] .\r\n",
    "UID": b"* SEARCH\r\n",
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n",
}


@asynccontextmanager
async def imap_hanging_up(at: str, ended: list[str] | None = None) -> AsyncIterator[int]:
    """The port of a server with an empty folder; `at` is the command that ends a connection, or GREETING. Each end is noted in `ended`."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if at != "GREETING":
                writer.write(b"* OK [CAPABILITY IMAP4rev1 IDLE] here\r\n")
                await _talk(reader, writer, at)
        finally:
            writer.close()
            if ended is not None:
                ended.append(at)

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, at: str) -> None:
    while line := await reader.readline():
        tag, _, rest = line.decode().strip().partition(" ")
        command = (rest or tag).partition(" ")[0].upper()
        if command == at:
            return
        if command == "IDLE":
            writer.write(b"+ idling\r\n* 1 EXISTS\r\n")
            continue
        writer.write(_ANSWERS.get(command, b"") + f"{tag} OK done\r\n".encode())
