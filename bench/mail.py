"""Mail: accepted per second against bare aiosmtpd, end to end until the sink has it, and the time to a receipt when one comes alone."""

from __future__ import annotations

import asyncio
import smtplib
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench.mails import mixed
from bench.smtp_client import Mail, send_all
from bench.stage import MAILBOX, Stage, helper
from bench.table import Figure
from core import queues, tickets, tokens, users
from core.mail.addresses import Address
from core.models.people import Role
from core.runtime import SYSTEM, Actor, Runtime, open_runtime

_COUNT = 1200
_ALONE = 15


@dataclass(frozen=True, slots=True)
class Limit:
    """Mails a second that bare aiosmtpd takes with a handler that does nothing: on kept connections, which is what ours is held against,
    and as smtplib meets it, with a connection for each mail."""

    kept: float
    each: float


async def limit() -> Limit:
    """Measured on the loop that our processes run on."""
    async with helper("bench.smtp_servers") as (port, _):
        await send_all(port, mixed(100, MAILBOX))
        kept = _COUNT / await send_all(port, mixed(_COUNT, MAILBOX, first=100))
        began, mails = time.perf_counter(), mixed(_COUNT // 2, MAILBOX)
        await asyncio.to_thread(_by_smtplib, port, mails)
        return Limit(kept, len(mails) / (time.perf_counter() - began))


def _by_smtplib(port: int, mails: Sequence[Mail]) -> None:
    def send(mail: Mail) -> None:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="bench") as client:
            client.sendmail(mail.sender, [mail.recipient], mail.content)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(send, mails))


async def accepted(stage: Stage, bare: Limit) -> Figure:
    """Mails a second until `250`, durable, with no worker."""
    await prepared(stage)
    bot = await stage.start("bench.bot_without_worker")
    await send_all(stage.ports["smtp"], mixed(100, MAILBOX))
    rate = _COUNT / await send_all(stage.ports["smtp"], mixed(_COUNT, MAILBOX, first=100))
    await stage.stop(bot)
    return Figure("mail accepted, durable (per s)", rate, bare.kept, rate / bare.kept, 0.5)


async def end_to_end(stage: Stage, bare: Limit) -> list[Figure]:
    """Mails a second from the first greeting until the sink has every mail they caused; and the median time to a lone receipt."""
    references = await _assigned_tickets(stage, 300)
    async with helper("bench.smtp_servers", "sink") as (port, sink):
        await stage.start("bot", SMTP_URL=f"smtp://127.0.0.1:{port}")
        arrivals: list[tuple[float, str]] = []
        listening = asyncio.create_task(_listen(sink, arrivals))
        await _drain(stage, mixed(60, MAILBOX, references), arrivals, 60)
        arrivals.clear()
        seconds = await _drain(stage, mixed(_COUNT, MAILBOX, references, 60), arrivals, _COUNT)
        alone = [await _receipt(stage, number, arrivals) for number in range(_ALONE)]
        listening.cancel()
    rate, median = _COUNT / seconds, statistics.median(alone) * 1000
    return [
        Figure("mail end to end (per s)", rate, bare.kept, rate / bare.kept, 0.22),
        Figure("… to bare with a connection a mail", rate, bare.each, rate / bare.each, None),
        Figure("receipt after 250, p50 (ms)", median, None, 150 / median, 1.0),
    ]


async def _drain(stage: Stage, mails: list[Mail], arrivals: list[tuple[float, str]], wanted: int) -> float:
    began = time.perf_counter()
    await send_all(stage.ports["smtp"], mails)
    async with asyncio.timeout(120):
        while len(arrivals) < wanted:
            await asyncio.sleep(0.02)
    return time.perf_counter() - began


async def _receipt(stage: Stage, number: int, arrivals: list[tuple[float, str]]) -> float:
    arrivals.clear()
    content = f"From: <alone{number}@alone.example>\r\nTo: {MAILBOX}\r\nSubject: Alone {number}\r\nMessage-ID: <{number}@alone.example>\r\n\r\nHello.\r\n"
    await send_all(stage.ports["smtp"], [Mail(f"alone{number}@alone.example", MAILBOX, content.encode())], 1)
    accepted_at = time.time()
    while not arrivals:
        await asyncio.sleep(0.001)
    return arrivals[0][0] - accepted_at


async def _listen(sink: asyncio.subprocess.Process, arrivals: list[tuple[float, str]]) -> None:
    assert sink.stdout is not None
    async for line in sink.stdout:
        at, ticket = line.decode().split()
        arrivals.append((float(at), ticket))


async def prepared(stage: Stage) -> None:
    """Give the stage its queue and mailbox."""
    async with open_runtime(stage.settings, stage.url) as rt, rt.transaction(SYSTEM, quiet=True) as tx:
        await queues.seed(tx, MAILBOX)


async def _assigned_tickets(stage: Stage, count: int) -> list[tuple[str, str]]:
    """Tickets with an assignee, as (requester's address, a Message-ID of ours he can answer)."""
    async with open_runtime(stage.settings, stage.url) as rt:
        async with rt.transaction(SYSTEM, quiet=True) as tx:
            await queues.seed(tx, MAILBOX)
            staff = await users.add(tx, "staff@bench.example", "Staff", Role.STAFF)
        return [await _assigned_ticket(rt, staff.id, number) for number in range(count)]


async def _assigned_ticket(rt: Runtime, staff_id: int, number: int) -> tuple[str, str]:
    address = f"known{number}@known.example"
    async with rt.transaction(SYSTEM, quiet=True) as tx:
        [person] = await users.ids_for(tx, [Address(address, f"Known {number}")])
        opened = await tickets.open(tx, tickets.NewTicket(f"Known matter {number}", "Please help.", person))
    async with rt.transaction(Actor(staff_id), quiet=True) as tx:
        await tickets.assign(tx, opened.ticket_id, staff_id)
    return address, tokens.message_id(rt.keys, opened.ticket_id, opened.comment_id, b"bench", "bench.example")
