"""Ways for mail to leave: a relay by SMTP with connections kept open, or a folder of `.eml` files when there is none yet."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from core.errors import PermanentFailure, TemporaryFailure
from core.settings import Settings
from core.text import storable

_CONNECTIONS = 8
_TURN = 1.0  # seconds that a mail waits for a connection
_SLOWEST = 5.0  # seconds: who hangs for longer may be well again when the next mail comes
_LONGEST_WAIT = 300.0  # seconds until a mail that found every connection busy comes again
_TIMEOUT = 60  # seconds a relay may take for one command


class Transport(Protocol):
    """Hands one message to the next hop. Raises TemporaryFailure (try again) or PermanentFailure (this recipient is refused)."""

    async def send(self, sender: str, recipient: str, content: bytes) -> None:
        """`sender` is the envelope's, "" for the null sender; `recipient` one address; `content` the whole message."""
        ...

    async def close(self) -> None: ...


def outgoing(settings: Settings) -> Transport:
    """Where mail leaves, by the settings."""
    url = settings.smtp_url.get_secret_value() if settings.smtp_url else None
    return transport_for(url, settings.data_dir / "outbox", settings.mail_hostname)


def transport_for(smtp_url: str | None, outbox: Path, hostname: str) -> Transport:
    """The relay at `smtp://user:password@host:port` (STARTTLS when offered) or `smtps://`, else the outbox folder."""
    return SmtpTransport(smtp_url, hostname) if smtp_url else FolderTransport(outbox)


class FolderTransport:
    """Writes each message as a file into `folder`; what SMTP would say stands in two `X-Envelope` lines on top."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    async def send(self, sender: str, recipient: str, content: bytes) -> None:
        self._count += 1
        head = f"X-Envelope-From: <{sender}>\r\nX-Envelope-To: <{recipient}>\r\n".encode()
        try:
            await asyncio.to_thread(self._write, head + content)
        except OSError as error:
            raise TemporaryFailure(f"The outbox folder cannot be written: {error.strerror}.") from error

    async def close(self) -> None:
        return None

    def _write(self, message: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        newest = max((int(path.stem) for path in self._folder.glob("*.eml") if path.stem.isdigit()), default=0)
        for number in range(newest + 1, newest + 1000):
            with suppress(FileExistsError), (self._folder / f"{number:06}.eml").open("xb") as file:
                file.write(message)
                return
        raise OSError(0, "too many writers at once")


class SmtpTransport:
    """A relay. At most eight connections, opened when needed and used again; one that failed is thrown away."""

    def __init__(self, url: str, hostname: str) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or "localhost"
        self._tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._tls else 25)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._verify = parse_qs(parts.query).get("verify", ["yes"])[0] != "no"
        self._hostname = hostname
        self._context: ssl.SSLContext | None = None
        self._idle: list[aiosmtplib.SMTP] = []
        self._free = asyncio.Semaphore(_CONNECTIONS)
        self._takes = 1.0  # seconds for a mail, of late
        self._last_comes_at = 0.0

    async def send(self, sender: str, recipient: str, content: bytes) -> None:
        try:
            async with self._connection() as relay:
                await relay.sendmail(sender, [recipient], content, mail_options=_options(relay, sender + recipient, content))
        except (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused) as error:
            raise _failure(*_refusal(error)) from error
        except (TimeoutError, aiosmtplib.SMTPException, OSError) as error:
            told = _words(str(error)) or type(error).__name__
            raise TemporaryFailure(f"The mail relay {self._host}:{self._port} cannot be reached: {told}.") from error

    async def close(self) -> None:
        while self._idle:
            relay = self._idle.pop()
            with suppress(aiosmtplib.SMTPException, OSError, asyncio.TimeoutError):
                await asyncio.wait_for(relay.quit(), 1)
            relay.close()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiosmtplib.SMTP]:
        async with self._turn():
            relay = self._reusable() or await self._connect()
            try:
                yield relay
            except (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused) as error:
                await self._keep_or_close(relay, _refusal(error)[0])
                raise
            except BaseException:
                relay.close()
                raise
            self._idle.append(relay)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """One of the connections. Who waits long for a slow relay comes again later: meanwhile the worker can do something else."""
        try:
            async with asyncio.timeout(_TURN):
                await self._free.acquire()
        except TimeoutError:
            busy = f"The mail relay {self._host}:{self._port} is slow: every connection to it is busy."
            raise TemporaryFailure(busy, self._until_next_turn()) from None
        began = time.monotonic()
        try:
            yield
        finally:
            self._takes += (min(time.monotonic() - began, _SLOWEST) - self._takes) / _CONNECTIONS
            self._free.release()

    def _until_next_turn(self) -> timedelta:
        """Those who found no connection come again one by one, as fast as the relay takes mail: pauses that grow with each try would leave
        it idle while mail waits."""
        now = time.monotonic()
        self._last_comes_at = min(max(self._last_comes_at, now) + self._takes / _CONNECTIONS, now + _LONGEST_WAIT)
        return timedelta(seconds=self._last_comes_at - now)

    def _reusable(self) -> aiosmtplib.SMTP | None:
        while self._idle:
            relay = self._idle.pop()
            if relay.is_connected:
                return relay
            relay.close()
        return None

    async def _keep_or_close(self, relay: aiosmtplib.SMTP, code: int) -> None:
        """A relay that refused a mail is well, and its connection is used again. One that answered something else than 4xx or 5xx, or whose
        lines are no answers (code -1), is out of step: what it says next would be taken for the answer about another mail."""
        try:
            if not 400 <= code < 600:
                raise aiosmtplib.SMTPResponseException(code, "out of step")
            await relay.rset()  # aiosmtplib has done so, and kept to itself how that was answered
        except (aiosmtplib.SMTPException, OSError):
            relay.close()
        except BaseException:
            relay.close()
            raise
        else:
            self._idle.append(relay)

    async def _connect(self) -> aiosmtplib.SMTP:
        if self._context is None:
            self._context = await asyncio.to_thread(_tls_context, verify=self._verify)
        relay = aiosmtplib.SMTP(hostname=self._host, port=self._port, use_tls=self._tls, local_hostname=self._hostname, timeout=_TIMEOUT,
                                username=self._user, password=self._password, tls_context=self._context)  # fmt: skip
        try:
            await relay.connect()
        except aiosmtplib.SMTPResponseException as error:
            # Whatever it says before it has heard of the mail, a wrong password included, is about us: it may be mended.
            said = f"{error.code} {_words(error.message)}"
            raise TemporaryFailure(f"The mail relay {self._host}:{self._port} lets nobody in: {said}") from error
        return relay


def _options(relay: aiosmtplib.SMTP, addresses: str, content: bytes) -> list[str]:
    """SMTPUTF8 (RFC 6531) for what is not ASCII. Without it addresses cannot be said; a header can, and most take it."""
    if addresses.isascii() and content.isascii():
        return []
    if relay.supports_extension("smtputf8"):
        return ["SMTPUTF8"]
    if not addresses.isascii():
        raise PermanentFailure(
            "The mail relay takes no addresses with letters outside ASCII (SMTPUTF8): use another relay, or another address."
        )
    return []


def _tls_context(*, verify: bool) -> ssl.SSLContext:
    """Reading the machine's certificates takes some 40 ms: once, and in a thread."""
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _refusal(error: aiosmtplib.SMTPResponseException | aiosmtplib.SMTPRecipientsRefused) -> tuple[int, str]:
    """Code and words of the answer; the code is -1 where it was none."""
    answer = error.recipients[0] if isinstance(error, aiosmtplib.SMTPRecipientsRefused) else error
    return answer.code, _words(answer.message)


def _words(said: str) -> str:
    """What a relay says, in letters that can be kept: some speak Latin-1."""
    return storable(said)[:500]


def _failure(code: int, message: str) -> TemporaryFailure | PermanentFailure:
    """4xx and a login that is missing may pass (RFC 5321 §4.2.1); any other 5xx is about this recipient or message."""
    if not 400 <= code < 600:
        return TemporaryFailure(f"The mail relay's answer makes no sense: {code} {message}")
    said = f"The mail relay said: {code} {message}"
    return PermanentFailure(said) if code >= 500 and code not in (530, 534, 535, 538) else TemporaryFailure(said)
