"""`make chaos`: mail comes in while everything is killed with -9 at random; afterwards every mail is in its one right place, in order.

A client sends pairs (a mail, and its sender's answer to it) and tries again on anything but 250. Meanwhile the API, the bot, its reading
children and PostgreSQL die, again and again; the desk is started again when it ends. Then the database is asked.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import smtplib
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from core.db import connect
from core.embedded_postgres import running
from core.ports import free_port

_MAILBOX = "support@chaos.example"
_SENDERS = 6
_SETTLES_WITHIN = 180.0  # seconds after the last mail until everything has to be filed


@dataclass
class Desk:
    """A desk that is started again whenever it ends."""

    folder: Path
    ports: dict[str, int]
    process: asyncio.subprocess.Process | None = None
    stopping: bool = False

    async def keep(self) -> None:
        while not self.stopping:
            with (self.folder / "up.log").open("ab") as log:
                self.process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "bot.cli",
                    "up",
                    env={**os.environ, **self._settings()},
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            await self.process.wait()

    async def stop(self) -> None:
        self.stopping = True
        if self.process is not None and self.process.returncode is None:
            self.process.terminate()
            await asyncio.wait_for(self.process.wait(), 30)

    def victims(self) -> list[tuple[str, int]]:
        """Everything of this desk that can be killed: (what it is, its pid)."""
        marks = {"api": "-m\0api", "bot": "-m\0bot\0", "child": "multiprocessing", "postgres": "postgres"}
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with suppress(OSError):
                words, environment = (entry / "cmdline").read_text(), (entry / "environ").read_bytes()
                if str(self.folder).encode() in environment or str(self.folder) in words:
                    found += [(what, int(entry.name)) for what, mark in marks.items() if mark in words][:1]
        return found

    def _settings(self) -> dict[str, str]:
        listen = {f"{name.upper()}_LISTEN": f"127.0.0.1:{port}" for name, port in self.ports.items()}
        return {**listen, "DATA_DIR": str(self.folder), "MAILBOX_ADDRESS": _MAILBOX, "API_METRICS_LISTEN": "off", "BOT_METRICS_LISTEN": "off",
                "LOG_FORMAT": "json", "LOG_LEVEL": "warning", "AUTOMATIC_MAIL_PER_HOUR": "1000000", "PYTHONPATH": str(Path.cwd())}  # fmt: skip


async def chaos(pairs: int, kills: int, chance: random.Random) -> list[str]:
    """Play it; returns what went wrong, in sentences: nothing, if all is well."""
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-chaos-", dir="/var/tmp"))
    folder.chmod(0o711)
    desk = Desk(folder, {name: free_port() for name in ("api", "bot", "smtp")})
    keeping = asyncio.create_task(desk.keep())
    try:
        killing = asyncio.create_task(_kill(desk, kills, chance))
        tries = await _send_all(desk.ports["smtp"], pairs, killing)
        killed = await killing
        print(f"{2 * pairs} mails accepted in {tries} tries, while {sum(killed.values())} processes were killed: {killed}", flush=True)
        return await _settled(desk, pairs)
    finally:
        await desk.stop()
        keeping.cancel()
        shutil.rmtree(folder, ignore_errors=True)


async def _kill(desk: Desk, kills: int, chance: random.Random) -> dict[str, int]:
    killed: dict[str, int] = {}
    while sum(killed.values()) < kills:
        await asyncio.sleep(chance.uniform(0.3, 1.5))
        victims = await asyncio.to_thread(desk.victims)
        kinds = sorted({what for what, _ in victims})
        if not kinds:
            continue
        what = chance.choice(kinds)
        with suppress(ProcessLookupError):
            os.kill(chance.choice([pid for kind, pid in victims if kind == what]), signal.SIGKILL)
            killed[what] = killed.get(what, 0) + 1
    return killed


async def _send_all(port: int, pairs: int, killing: asyncio.Task[dict[str, int]]) -> int:
    """Every pair in its order, several at once, until all are accepted; slowly enough that the killing is over first."""
    waiting = list(range(pairs))
    tries = 0

    async def sender() -> None:
        nonlocal tries
        while waiting:
            number = waiting.pop(0)
            for answer in (False, True):
                needed = await asyncio.to_thread(_until_accepted, port, number, answer)
                tries += needed
            if not killing.done():
                await asyncio.sleep(0.02)

    await asyncio.gather(*(sender() for _ in range(_SENDERS)))
    return tries


def _until_accepted(port: int, number: int, answer: bool) -> int:
    tries = 0
    while True:
        tries += 1
        with suppress(OSError, smtplib.SMTPException), smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
            client.sendmail(_sender(number), [_MAILBOX], _mail(number, answer=answer))
            return tries
        _pause()


def _pause() -> None:
    time.sleep(0.2)


def _sender(number: int) -> str:
    return f"person{number}@customer{number % 50}.example"


def _mail(number: int, *, answer: bool) -> bytes:
    thread = f"In-Reply-To: <{number}.a@chaos.example>\r\nReferences: <{number}.a@chaos.example>\r\n" if answer else ""
    kind, words = ("b", "It is the red one.") if answer else ("a", "The printer is on fire.")
    return (
        f"From: Person {number} <{_sender(number)}>\r\nTo: {_MAILBOX}\r\nSubject: {'Re: ' if answer else ''}Matter {number}\r\n"
        f"Message-ID: <{number}.{kind}@chaos.example>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n{thread}\r\n{words} ({number})\r\n"
    ).encode()


async def _settled(desk: Desk, pairs: int) -> list[str]:
    """Wait until everything has its place, then look whether it is the right one."""
    async with asyncio.timeout(_SETTLES_WITHIN):
        while True:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                async with running(desk.folder) as server:
                    connection = await connect(server.url)
                    try:
                        if await connection.fetchval("SELECT count(*) FROM inbound_mails WHERE disposition IS NULL") == 0:
                            return await _wrong(connection, pairs)
                    finally:
                        await connection.close()
            await asyncio.sleep(0.5)


async def _wrong(connection: asyncpg.Connection, pairs: int) -> list[str]:
    wrong = []
    rows = await connection.fetch(
        "SELECT message_id, array_agg(ticket_id ORDER BY id) AS tickets, min(id) AS id FROM comments WHERE message_id IS NOT NULL GROUP BY 1"
    )
    said = {row["message_id"]: row for row in rows}
    for number in range(pairs):
        first, second = said.get(f"{number}.a@chaos.example"), said.get(f"{number}.b@chaos.example")
        if first is None or second is None:
            wrong.append(f"A mail of pair {number} is lost.")
        elif len(first["tickets"]) > 1 or len(second["tickets"]) > 1:
            wrong.append(f"A mail of pair {number} is filed twice: {first['tickets']} {second['tickets']}.")
        elif first["tickets"] != second["tickets"] or first["id"] > second["id"]:
            wrong.append(f"Pair {number} is not in one ticket, in order: {first['tickets']} {second['tickets']}.")
    tickets = await connection.fetchval("SELECT count(*) FROM tickets")
    return wrong if tickets == pairs else [*wrong, f"There are {tickets} tickets for {pairs} matters."]


def main() -> None:
    pairs, kills = (int(word) for word in (sys.argv[1:] or ["1000", "50"]))
    wrong = asyncio.run(chaos(pairs, kills, random.Random()))
    print("\n".join(wrong[:50]) or "Every mail is in its one right place, in order.")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
