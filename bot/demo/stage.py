"""The stage of a demo: a throw-away desk with real processes, a relay that is the requesters' mail client, and steps with timings."""

from __future__ import annotations

import asyncio
import os
import shutil
import smtplib
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import aiohttp
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.cli.processes import waiting
from bot.cli.up import ADMIN, seed, told
from core.embedded_postgres import running
from core.migrate import migrate
from core.ports import free_port
from core.settings import ENV_FILE, GivenSettings

DESK = "support@helpdesk.localhost"
_PATIENCE = 8.0  # seconds a step may take
_OF_THE_MACHINE = ("PATH", "HOME", "TMPDIR", "TZ", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH")


class Differs(Exception):
    """The story went another way than told."""


@dataclass(slots=True)
class Stage:
    """A running desk: its ports, its admin, the mail its relay got, and the clock of the story."""

    ports: dict[str, int]
    password: str
    http: aiohttp.ClientSession
    arrived: list[tuple[str, EmailMessage]] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def say(self, sentence: str) -> None:
        """One line of the story, with the seconds since it began."""
        print(f"{time.monotonic() - self.began:6.2f} s  {sentence}", flush=True)

    async def send(self, message: EmailMessage) -> None:
        """Send a mail to the desk by SMTP."""
        await asyncio.to_thread(self._send, message)

    async def mail_to(self, address: str, containing: str) -> EmailMessage:
        """Wait for a mail in somebody's postbox whose subject, text or headers contain something; it is taken out."""
        async with self._patience(f"a mail to {address} with “{containing}”"):
            while True:
                for entry in self.arrived:
                    if entry[0] == address and containing in f"{entry[1].as_string()}{plain(entry[1])}":
                        self.arrived.remove(entry)
                        return entry[1]
                await asyncio.sleep(0.01)

    async def api(self, method: str, path: str, **body: object) -> Any:
        """One call of the REST API; Differs unless it succeeds."""
        url = f"http://127.0.0.1:{self.ports['api']}/api/v1{path}"
        async with self.http.request(method, url, json=body or None) as answer:
            if answer.status >= 400:
                raise Differs(f"{method} {path} was answered {answer.status}: {await answer.text()}")
            return await answer.json() if answer.status != 204 else None

    async def ticket_when(self, number: int, **wanted: object) -> Any:
        """Wait until a ticket's fields have these values."""
        async with self._patience(f"ticket #{number} with {wanted}"):
            while True:
                ticket = await self.api("GET", f"/tickets/{number}")
                if all(ticket[name] == value for name, value in wanted.items()):
                    return ticket
                await asyncio.sleep(0.02)

    def hand_over(self, message: EmailMessage, sender: str, recipient: str) -> None:
        """Send a mail to the desk with an envelope of its own; blocks."""
        with smtplib.SMTP("127.0.0.1", self.ports["smtp"]) as client:
            client.sendmail(sender, [recipient], message.as_bytes(policy=policy.SMTP))

    def _send(self, message: EmailMessage) -> None:
        with smtplib.SMTP("127.0.0.1", self.ports["smtp"]) as client:
            client.send_message(message)

    @asynccontextmanager
    async def _patience(self, wanted: str) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(_PATIENCE):
                yield
        except TimeoutError:
            raise Differs(f"{wanted} did not come within {_PATIENCE:.0f} s") from None


def check(truth: bool, sentence: str) -> None:
    """Differs unless the sentence is true."""
    if not truth:
        raise Differs(f"not so: {sentence}")


def plain(message: EmailMessage) -> str:
    """The text of a mail."""
    part = message.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""


@asynccontextmanager
async def stage(mailbox: str = DESK, **extra: str) -> AsyncIterator[Stage]:
    """A desk of its own in a temporary folder, thrown away at the end. `extra` are settings as the environment has them.

    Nothing of the operator's desk reaches it: real mail that it took would be thrown away with it.
    """
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-demo-"))
    folder.chmod(0o711)  # the embedded PostgreSQL may run as another user, who has to get at its own folder
    stopped = asyncio.Event()
    began = time.monotonic()
    ports = {name: free_port() for name in ("api", "bot", "smtp", "relay")}
    settings = GivenSettings(data_dir=folder, mailbox_address=mailbox)
    try:
        async with waiting(_bare()) as processes, running(folder, durable=False) as server, aiohttp.ClientSession() as http:
            await migrate(server.url)
            password = await seed(settings, server.url)
            play = Stage(ports, password or "", http, began=began)
            async with _relay(play), processes.running({**told(settings, server.url), **_listening(ports), **extra}, stopped):
                yield play
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def log_in(play: Stage) -> None:
    """Log in as the admin; later calls of `play.api` are his."""
    answer = await play.api("POST", "/auth/login", email=ADMIN, password=play.password)
    play.http.headers["Authorization"] = f"Bearer {answer['access_token']}"


@asynccontextmanager
async def _relay(play: Stage) -> AsyncIterator[None]:
    class Postbox:
        async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
            message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
            assert isinstance(message, EmailMessage)
            play.arrived += [(address.lower(), message) for address in envelope.rcpt_tos]
            return "250 OK"

    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Postbox(), hostname="relay", enable_SMTPUTF8=True, loop=loop), "127.0.0.1", play.ports["relay"]
    )
    try:
        yield
    finally:
        server.close()


def _bare() -> dict[str, str]:
    """What programs need of a machine, and no setting: neither of the environment nor of a file."""
    return {**{name: os.environ[name] for name in _OF_THE_MACHINE if name in os.environ}, ENV_FILE: ""}


def _listening(ports: dict[str, int]) -> dict[str, str]:
    return {
        "API_LISTEN": f"127.0.0.1:{ports['api']}", "BOT_LISTEN": f"127.0.0.1:{ports['bot']}", "SMTP_LISTEN": f"127.0.0.1:{ports['smtp']}",
        "SMTP_URL": f"smtp://127.0.0.1:{ports['relay']}", "API_METRICS_LISTEN": "off", "BOT_METRICS_LISTEN": "off", "UNDO_SECONDS": "0",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "error"), "LOG_FORMAT": "console",
    }  # fmt: skip
