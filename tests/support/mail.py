"""Mail in the words tests speak: messages, a relay that belongs to others, a desk whose mail is filed and posted when a test says so."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
import smtplib
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs, urlsplit

import asyncpg
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.app import LANGUAGES
from bot.locks import TicketLocks
from bot.mailroom import Mailroom
from core import jobs
from core.db import connect
from core.errors import HelpdeskError
from core.mail import inbound
from core.mail.outbound import Postman
from core.mail.reading import Reader
from core.mail.templates import Templates
from core.mail.transport import SmtpTransport
from core.models.mail import Delivery, InboundMail
from core.runtime import Runtime
from tests.support.desk import Desk

SUPPORT = "support@example.org"
EVA = "eva@customer.test"
_numbers = itertools.count(1)


def letter(body: str | bytes = "It burns.", *, sender: str = f"Eva Meyer <{EVA}>", to: str = SUPPORT, subject: str = "Printer on fire",
           message_id: str | None = "", **headers: str) -> bytes:  # fmt: skip
    """The bytes of a mail. Without `message_id` it gets one of its own, with None it has none; `in_reply_to=` and the like add headers."""
    if message_id == "":
        message_id = f"{next(_numbers)}.{os.getpid()}@customer.test"
    fields = {"From": sender, "To": to, "Subject": subject, "Date": "Mon, 02 Nov 2026 10:15:00 +0100"}
    if message_id is not None:
        fields["Message-ID"] = f"<{message_id}>"
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return head.encode() + b"\r\n" + (body if isinstance(body, bytes) else body.replace("\n", "\r\n").encode()) + b"\r\n"


def mail_with_file(name: str, content: bytes, **headers: str) -> bytes:
    """A mail that brings a file."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"], message["To"], message["Subject"] = headers.pop("sender", EVA), SUPPORT, headers.pop("subject", "With a file")
    for header, value in headers.items():
        message[header.replace("_", "-")] = value
    message.set_content("See the file.")
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


async def until(holds: Callable[[], bool | Awaitable[object]], seconds: float = 10) -> None:
    """Wait until a condition holds, looking every few milliseconds; TimeoutError names it when it does not in time."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                seen = holds()
                if seen if isinstance(seen, bool) else await seen:
                    return
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise TimeoutError(f"{holds} did not hold within {seconds} s") from None


@dataclass(frozen=True, slots=True)
class Arrived:
    """One handing over: the envelope, and the message as it was sent."""

    sender: str
    recipient: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        message = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message

    @property
    def text(self) -> str:
        """The plain text."""
        part = self.message.get_body(("plain",))
        return str(part.get_content()) if part is not None else ""

    @property
    def everything(self) -> str:
        """All that a reader could find in it: headers and every part, decoded."""
        parts = [str(part.get_content()) for part in self.message.walk() if part.get_content_maintype() == "text"]
        return "\n".join([*(f"{name}: {value}" for name, value in self.message.items()), *parts])


@dataclass
class Relay:
    """The mail server of others. What it gets is in `arrived`; what it says instead of 250 can be set at any time.

    `refused`: recipient → answer to RCPT. `after_data`: the answer to each message. `cut`: hang up after the message, before any
    answer. `released`: an answer waits for it.
    """

    arrived: list[Arrived] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    after_data: str | None = None
    greeting: bytes | None = None
    cut: bool = False
    smtputf8: bool = True
    connections: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0
    _server: asyncio.Server | None = None
    _open: list[asyncio.BaseTransport] = field(default_factory=list)

    def to(self, address: str) -> list[Arrived]:
        """What came for an address, oldest first."""
        return [one for one in self.arrived if one.recipient.lower() == address.lower()]

    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _RelaySession(self, loop), "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Down: nobody listens, and every connection ends."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for transport in self._open:
            transport.close()
        self._open.clear()

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]) -> str:  # noqa: N802 - aiosmtpd's name
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        await self.released.wait()
        if self.after_data is not None:
            return self.after_data
        content = envelope.original_content or b""
        self.arrived += [Arrived((envelope.mail_from or "").strip("<>"), address, content) for address in envelope.rcpt_tos]
        if self.cut and server.transport is not None:
            server.transport.close()
        return "250 OK"


class _RelaySession(SMTP):
    def __init__(self, relay: Relay, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(relay, hostname="relay.test", enable_SMTPUTF8=relay.smtputf8, loop=loop)
        self._relay = relay

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._relay.connections += 1
        self._relay._open.append(transport)
        if self._relay.greeting is not None:
            writing = cast(asyncio.WriteTransport, transport)
            writing.write(self._relay.greeting)
            writing.close()
        super().connection_made(transport)


@asynccontextmanager
async def relay_running() -> AsyncIterator[Relay]:
    relay = Relay()
    relay.released.set()
    await relay.start()
    try:
        yield relay
    finally:
        relay.released.set()
        await relay.stop()


@dataclass
class MailDesk:
    """A desk and its mail. Nothing runs by itself: `file` does the jobs that file mail, `post` those that write to people."""

    desk: Desk
    rt: Runtime
    relay: Relay
    mailroom: Mailroom
    postman: Postman
    transport: SmtpTransport
    locks: TicketLocks

    async def accept(self, raw: bytes, *, to: Sequence[str] = (SUPPORT,), sender: str | None = EVA) -> int:
        """Take responsibility for a mail, as a door does; returns its ledger id."""
        envelope = inbound.Envelope("smtp", tuple(to), self.desk.mailbox.id, sender, "127.0.0.1")
        (inbound_mail_id,) = await inbound.accept(self.rt, [await inbound.keep(self.rt, envelope, raw)])
        return inbound_mail_id

    async def receive(self, raw: bytes, *, to: Sequence[str] = (SUPPORT,), sender: str | None = EVA) -> InboundMail:
        """Accept a mail and file it; returns its row of the ledger."""
        inbound_mail_id = await self.accept(raw, to=to, sender=sender)
        await self.mailroom.file_mail({"inbound_mail": inbound_mail_id})
        return await InboundMail.get(id=inbound_mail_id)

    async def ticket(self, **kwargs: str) -> int:
        """A ticket that eva opened by mail."""
        row = await self.receive(letter(**kwargs))
        assert row.ticket_id is not None
        return row.ticket_id

    async def post(self) -> list[HelpdeskError]:
        """Do every waiting job that writes to people, in order, whatever its delay; those that fail wait on. Returns the failures."""
        done = [await self._post_one(*job) for job in await self._waiting(jobs.TELL_PEOPLE)]
        return [failure for failure in done if failure is not None]

    async def post_all_at_once(self) -> None:
        """Do the same jobs as a busy worker does: side by side."""
        assert not any(await asyncio.gather(*(self._post_one(*job) for job in await self._waiting(jobs.TELL_PEOPLE))))

    async def _post_one(self, job_id: int, payload: dict[str, int]) -> HelpdeskError | None:
        try:
            async with self.locks.held(payload["ticket"]):
                await self.postman.tell_people(payload["event"])
        except HelpdeskError as failure:
            return failure
        await execute(self.rt, "DELETE FROM pgqueuer WHERE id = $1", job_id)
        return None

    async def deliveries(self, recipient: str = EVA) -> list[str]:
        """The states of all mails to an address, oldest first."""
        return [str(one.state.value) for one in await Delivery.filter(recipient=recipient).order_by("id")]

    async def _waiting(self, name: str) -> list[tuple[int, dict[str, int]]]:
        rows = await execute(self.rt, "SELECT id, payload FROM pgqueuer WHERE entrypoint = $1 ORDER BY id", name)
        return [(row["id"], json.loads(row["payload"])) for row in rows]


@asynccontextmanager
async def mail_desk(desk: Desk, reader: Reader) -> AsyncIterator[MailDesk]:
    async with relay_running() as relay:
        transport = SmtpTransport(relay.url(), "localhost")
        postman = Postman(desk.rt, transport, Templates(None, LANGUAGES))
        locks = TicketLocks(desk.rt.database)
        yield MailDesk(desk, desk.rt, relay, Mailroom(desk.rt, reader), postman, transport, locks)
        await locks.close()
        await transport.close()


async def execute(rt: Runtime, statement: str, *args: object) -> list[asyncpg.Record]:
    """Any statement, on a connection of its own."""
    connection = await connect(rt.database.url)
    try:
        return list(await connection.fetch(statement, *args))
    finally:
        await connection.close()


async def in_thread(port: int, talk: Callable[[smtplib.SMTP], object]) -> object:
    """Speak SMTP with the door from a thread, with the standard library's client."""

    def run() -> object:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            return talk(client)

    return await asyncio.to_thread(run)


async def send(port: int, raw: bytes, *, to: Sequence[str] = (SUPPORT,), sender: str = EVA, options: Sequence[str] = ()) -> None:
    """Send a mail to the door; raises what smtplib raises when it is refused."""
    await in_thread(port, lambda client: client.sendmail(sender, list(to), raw, options))


class Line:
    """A bare connection to the door, for what no decent client does."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def open(cls, port: int) -> Line:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def greeted(self) -> Line:
        """Past the greeting and HELO."""
        assert (await self.answer()).startswith("220")
        assert (await self.say("HELO client.test")).startswith("250")
        return self

    async def in_data(self, sender: str = EVA, to: str = SUPPORT) -> Line:
        """Ready to send a message."""
        await self.greeted()
        assert (await self.say(f"MAIL FROM:<{sender}>")).startswith("250")
        assert (await self.say(f"RCPT TO:<{to}>")).startswith("250")
        assert (await self.say("DATA")).startswith("354")
        return self

    async def say(self, line: str) -> str:
        self.writer.write(line.encode() + b"\r\n")
        return await self.answer()

    async def answer(self) -> str:
        """The next answer, its last line; "" when the other side hung up."""
        async with asyncio.timeout(10):
            while True:
                line = (await self.reader.readline()).decode()
                if line[3:4] != "-":
                    return line.rstrip("\r\n")

    async def close(self) -> None:
        self.writer.close()
        try:
            await self.writer.wait_closed()
        except ConnectionError:
            return


class DatabaseLine:
    """A socket between a desk and its PostgreSQL that a test can cut: to the desk the database is then down."""

    def __init__(self, url: str) -> None:
        folder = parse_qs(urlsplit(url).query)["host"][0]
        self._real = f"{folder}/.s.PGSQL.5432"
        self._folder = Path(tempfile.mkdtemp(prefix="hd-db-"))
        self.url = url.partition("?")[0] + f"?host={self._folder}"
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._pumps: set[asyncio.Task[None]] = set()

    async def mend(self) -> None:
        self._server = await asyncio.start_unix_server(self._carry, f"{self._folder}/.s.PGSQL.5432")

    async def cut(self) -> None:
        """Every connection ends and no new one is answered, as when the server stops."""
        if self._server is not None:
            self._server.close()
            self._server = None
            (self._folder / ".s.PGSQL.5432").unlink(missing_ok=True)
        for writer in list(self._writers):
            writer.transport.abort()

    async def close(self) -> None:
        await self.cut()
        for pump in list(self._pumps):
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)
        shutil.rmtree(self._folder)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there = await asyncio.open_unix_connection(self._real)
        self._writers |= {writer, there}
        for source, sink in ((reader, there), (there_reader, writer)):
            pump = asyncio.create_task(self._pump(source, sink))
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
        except ConnectionError:
            pass
        finally:
            sink.close()
            self._writers.discard(sink)


@asynccontextmanager
async def database_line(url: str) -> AsyncIterator[DatabaseLine]:
    line = DatabaseLine(url)
    await line.mend()
    try:
        yield line
    finally:
        await line.close()
