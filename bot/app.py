"""The bot, put together: its doors, its worker, its own HTTP. Opened in this order, closed in reverse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot.http import serve_http
from bot.imap.door import ImapDoor
from bot.intake import Intake
from bot.locks import TicketLocks
from bot.mailroom import Mailroom
from bot.schedule import SCHEDULE
from bot.smtp import SmtpDoor
from bot.worker import Work, Worker
from core import jobs, metrics
from core.mail.account import AccountPostman
from core.mail.alarm import AlarmPostman
from core.mail.authentication import is_checked_here
from core.mail.outbound import Postman
from core.mail.reading import Reader
from core.mail.staff_receipt import ReceiptPostman
from core.mail.templates import Templates
from core.mail.transport import outgoing
from core.runtime import Runtime
from core.settings import Settings

if TYPE_CHECKING:
    from core.mail.sender_check import SenderCheck

log = structlog.get_logger()

LANGUAGES = ("en", "de")


@dataclass(frozen=True, slots=True)
class Bot:
    """A running bot."""

    rt: Runtime
    worker: Worker
    smtp: SmtpDoor
    http_port: int
    lmtp: SmtpDoor | None = None


@asynccontextmanager
async def open_bot(rt: Runtime, *, work: bool = True) -> AsyncIterator[Bot]:
    """Run every door and the worker until the block ends; then stop within five seconds, promises kept. `work=False` only accepts."""
    async with AsyncExitStack() as stack:
        doing = await _work(rt, stack)
        worker = Worker(rt, doing, SCHEDULE)
        intake = Intake(rt)
        smtp = await _opened(stack, SmtpDoor(rt, intake))
        lmtp = await _opened(stack, SmtpDoor(rt, intake, lmtp=True)) if rt.settings.lmtp_listen else None
        imap = ImapDoor(rt, intake)
        imap.open()
        stack.push_async_callback(imap.close)
        http = web.Application()
        if rt.settings.slack_enabled:
            from bot.slack.app import open_slack  # Slack's libraries cost 0.3 s and 15 MB: only who is connected pays

            slack = await stack.enter_async_context(open_slack(rt))
            slack.mount(http)
            doing[jobs.SHOW_IN_SLACK] = slack.show
        http_port = await stack.enter_async_context(serve_http(rt, worker, http))
        stack.enter_context(metrics.served(rt.settings.bot_metrics_listen, "BOT_METRICS_LISTEN"))
        if work:
            running = asyncio.create_task(worker.run())
            stack.push_async_callback(_stop, worker, running)
            await worker.ready.wait()
        yield Bot(rt, worker, smtp, http_port, lmtp)


async def _opened(stack: AsyncExitStack, door: SmtpDoor) -> SmtpDoor:
    await door.open()
    stack.push_async_callback(door.close)
    return door


async def _work(rt: Runtime, stack: AsyncExitStack) -> dict[str, Work]:
    settings = rt.settings
    reader = Reader(settings.parser_processes, seconds=settings.parser_seconds, memory=settings.parser_memory)
    await reader.start()
    stack.push_async_callback(reader.close)
    transport = outgoing(settings)
    stack.push_async_callback(transport.close)
    locks = TicketLocks(rt.database)
    stack.push_async_callback(locks.close)
    mailroom = Mailroom(rt, reader, _senders(settings, stack))
    templates = Templates(settings.templates_dir, LANGUAGES)
    postman = Postman(rt, transport, templates)

    async def tell_people(payload: Mapping[str, int]) -> None:
        async with locks.held(payload["ticket"]):
            await postman.tell_people(payload["event"])

    return {
        jobs.FILE_MAIL: mailroom.file_mail,
        jobs.TELL_PEOPLE: tell_people,
        jobs.MAIL_LINK: _by_id(AccountPostman(rt, transport, templates).mail_link, "nonce"),
        jobs.TELL_OPERATORS: _by_id(AlarmPostman(rt, transport, templates).tell_operators, "alarm"),
        jobs.STAFF_RECEIPT: _by_id(ReceiptPostman(rt, transport, templates).staff_receipt, "inbound_mail"),
    }


def _by_id(work: Callable[[int], Awaitable[None]], name: str) -> Work:
    """A job whose payload is one id."""

    async def do(payload: Mapping[str, int]) -> None:
        await work(payload[name])

    return do


def _senders(settings: Settings, stack: AsyncExitStack) -> SenderCheck | None:
    if not is_checked_here(settings):
        return None
    from core.mail.sender_check import SenderCheck  # with its libraries: only who checks senders pays

    senders = SenderCheck(private_too=settings.check_senders == "on")
    stack.callback(senders.close)
    return senders


async def _stop(worker: Worker, running: asyncio.Task[None]) -> None:
    await worker.stop()
    await asyncio.wait([running], timeout=2)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
