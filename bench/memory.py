"""Memory (proportional set size) at rest and under one large mail, and what that mail delays."""

from __future__ import annotations

import asyncio
import base64
import random
import time
from contextlib import suppress
from pathlib import Path

from bench.mail import prepared
from bench.smtp_client import Mail, send_all
from bench.stage import MAILBOX, Stage
from bench.table import Figure

_LARGE = 25 * 1024 * 1024


async def memory(stage: Stage) -> list[Figure]:
    """Megabytes as how much of the allowance they use; the delay of others while a 25 MB mail comes in, likewise."""
    await prepared(stage)
    bot = await stage.start("bot", SMTP_URL="")
    api = await stage.start("api")
    await send_all(stage.ports["smtp"], [_small(number) for number in range(50)])
    await asyncio.sleep(5)
    resting = _pss(bot.pid), _pss(api.pid)
    peak, delay = await _under_a_large_mail(stage, bot.pid, api.pid)
    return [
        Figure("memory of the api at rest (MB)", resting[1], 110, 110 / resting[1], 1.0),
        Figure("memory of the bot and its children (MB)", resting[0], 160, 160 / resting[0], 1.0),
        Figure("a 25 MB mail costs (MB)", peak - sum(resting), 250, 250 / max(peak - sum(resting), 1), 1.0),
        Figure("a 25 MB mail delays others by (ms)", delay, 100, 100 / max(delay, 1), 1.0),
    ]


async def _under_a_large_mail(stage: Stage, *pids: int) -> tuple[float, float]:
    """The highest sum of memory, and by how much the slowest small mail meanwhile exceeded the usual time."""
    content = f"From: <big@customer.example>\r\nTo: {MAILBOX}\r\nSubject: Big\r\nMessage-ID: <big@customer.example>\r\nMIME-Version: 1.0\r\n".encode()
    file = base64.encodebytes(random.Random(1).randbytes(_LARGE * 73 // 100)).replace(b"\n", b"\r\n")
    content += b'Content-Type: application/octet-stream; name="big.bin"\r\nContent-Disposition: attachment; filename="big.bin"\r\n'
    content += b"Content-Transfer-Encoding: base64\r\n\r\n" + file
    usual = sorted([await _one(stage, 1000 + number) for number in range(40)])[-2]
    peak, slowest, finished = 0.0, 0.0, asyncio.Event()
    sending = asyncio.create_task(send_all(stage.ports["smtp"], [Mail("big@customer.example", MAILBOX, content)], 1))
    until, number = time.monotonic() + 6, 2000
    watching = asyncio.create_task(_watch(finished, pids))
    while time.monotonic() < until:
        slowest, number = max(slowest, await _one(stage, number)), number + 1
    await sending
    finished.set()
    peak = await watching
    return peak, (slowest - usual) * 1000


async def _watch(finished: asyncio.Event, pids: tuple[int, ...]) -> float:
    peak = 0.0
    while not finished.is_set():
        peak = max(peak, await asyncio.to_thread(lambda: sum(_pss(pid) for pid in pids)))
        with suppress(TimeoutError):
            await asyncio.wait_for(finished.wait(), 0.02)
    return peak


async def _one(stage: Stage, number: int) -> float:
    return await send_all(stage.ports["smtp"], [_small(number)], 1)


def _small(number: int) -> Mail:
    content = f"From: <small{number}@customer.example>\r\nTo: {MAILBOX}\r\nSubject: Small {number}\r\nMessage-ID: <{number}@small.example>\r\n\r\nHello.\r\n"
    return Mail(f"small{number}@customer.example", MAILBOX, content.encode())


def _pss(pid: int) -> float:
    """Megabytes of a process and all its children."""
    total = 0.0
    for member in _family(pid):
        with suppress(OSError):
            for line in Path(f"/proc/{member}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) / 1024
    return total


def _family(pid: int) -> list[int]:
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            parents[int(stat.parent.name)] = int(fields[1])
    family = [pid]
    for member in family:
        family += [child for child, parent in parents.items() if parent == member]
    return family
