"""One connection of the SMTP or LMTP door: what aiosmtpd does not do for us.

DATA is read here, in chunks: real mail has lines longer than the protocol allows, and bare CR or LF, by which mail is smuggled past
filters, must not pass.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

import structlog
from aiosmtpd.proxy_protocol import ProxyData
from aiosmtpd.smtp import SMTP, Envelope, Session, TLSSetupException, syntax

from bot.smtp_data import IncomingMessage
from bot.smtp_dialogue import Dialogue
from core.errors import TemporaryFailure
from core.mail import inbound
from core.text import storable

if TYPE_CHECKING:
    from bot.smtp import SmtpDoor

log = structlog.get_logger()

_CHUNK = 1 << 20
_MOST_RECIPIENTS = 100
_MOST_CONNECTIONS = 500
_MOST_OF_ONE_PEER = 100
_COMMANDS = {"RCPT": 2000, "DATA": 2000, "MAIL": 2000, "RSET": 2000, "NOOP": 100, "VRFY": 20, "HELP": 20, "*": 50}
_TOO_BUSY = "421 4.3.2 Too busy at the moment, try again later"
_LINGER = 1.0  # seconds
_PROXY_PATIENCE = 5.0  # seconds until a balancer must have said who is calling


class SmtpSession(Dialogue):
    """One connection. Hooks are this object's own `handle_…` methods; the door hands out what they need."""

    line_length_limit = 64 * 1024  # of the reader's buffer: DATA is read in chunks, whatever its lines

    def __init__(self, door: SmtpDoor, loop: asyncio.AbstractEventLoop) -> None:
        self._door = door
        self._receiving = self._committing = self._left = False
        self._caller: str | None = None
        self.gone: asyncio.Future[None] = loop.create_future()
        super().__init__(
            self,
            data_size_limit=door.rt.settings.mail_size_limit,
            enable_SMTPUTF8=True,
            hostname=door.rt.settings.mail_hostname,
            ident="Helpdesk",
            timeout=door.peace,
            command_call_limit=_COMMANDS,
            tls_context=door.certificate.context() if door.certificate else None,
            proxy_protocol_timeout=_PROXY_PATIENCE if door.rt.settings.smtp_proxy_protocol and door.name == "smtp" else None,
            loop=loop,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self.transport is not None:  # the same connection, secret from now on (STARTTLS)
            super().connection_made(transport)
            return
        self._peer = str((transport.get_extra_info("peername") or ("local",))[0])
        self._door.sessions.add(self)
        self._door.peers[self._peer] += 1
        balanced = self._door.rt.settings.smtp_proxy_protocol  # a balancer speaks for many
        crowded = not balanced and self._door.peers[self._peer] > _MOST_OF_ONE_PEER
        if crowded or len(self._door.sessions) > _MOST_CONNECTIONS or self._door.closing:
            writing = cast(asyncio.WriteTransport, transport)  # uvloop's is one without saying so
            writing.write(f"{_TOO_BUSY}\r\n".encode())
            writing.close()
            self._left = True
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._door.sessions.discard(self)
        for peer in (self._peer, self._caller):
            if peer is not None:
                self._door.peers[peer] -= 1
                if not self._door.peers[peer]:
                    del self._door.peers[peer]
        if not self.gone.done():
            self.gone.set_result(None)
        super().connection_lost(error)

    def _timeout_cb(self) -> None:
        """Silence for too long: who does not read either is cut off. `close` would wait until he has read everything."""
        cast(asyncio.WriteTransport, self.transport).abort()

    def data_received(self, data: bytes) -> None:
        if not self._left:
            super().data_received(data)

    def say_goodbye(self) -> None:
        """Tell the client that the desk stops, unless a commit is under way: then it is told after its answer."""
        if self._committing or self._left or self.transport is None or self.transport.is_closing():
            return
        self._left = True
        self._writer.write(b"421 4.3.2 The service is shutting down, try again later\r\n")  # `push` would wait for those who never read
        if self._receiving:
            # What is on its way is read and dropped: the kernel would answer it with a reset, which overtakes our words.
            self._writer.write_eof()
            self.loop.call_later(_LINGER, self._writer.close)
        else:
            self._writer.close()

    async def handle_PROXY(self, _server: SMTP, _session: Session, _envelope: Envelope, proxy: ProxyData) -> bool:  # noqa: N802 - aiosmtpd's name
        """A balancer in front tells who is calling: the limit of one peer is his."""
        if proxy.valid and proxy.src_addr is not None:
            self._caller = str(proxy.src_addr)
            self._door.peers[self._caller] += 1
            if self._door.peers[self._caller] > _MOST_OF_ONE_PEER:
                await self.push(_TOO_BUSY)
                return False
        return bool(proxy.valid)

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 - aiosmtpd's name
        """Only mail to our own mailboxes, plus addresses included."""
        if len(envelope.rcpt_tos) >= _MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients in one mail"
        try:
            known = await self._door.intake.mailbox_of([address])
        except TemporaryFailure:
            return "451 4.3.0 Temporary trouble here, try again later"
        if known is None:
            log.info("smtp.unknown_recipient", peer=self._caller or self._peer)
            return "550 5.1.1 There is no such mailbox here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        """Read the message and take responsibility for it, or say why not."""
        if await self.check_helo_needed():
            return
        assert self.envelope is not None
        if not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        self._receiving = True
        message = await self._read_message()
        self._receiving = False
        if self._left:
            return
        envelope = self.envelope
        self._set_rset_state()  # type: ignore[no-untyped-call]  # whatever becomes of this mail, the next begins anew (RFC 5321 §4.1.1.4)
        await self._answer(envelope, await self._accepted(envelope, message))
        if self._door.closing:
            self.say_goodbye()

    async def _answer(self, _envelope: Envelope, answer: str) -> None:
        await self.push(answer)

    async def _read_message(self) -> IncomingMessage:
        """The whole message, also of one that will be refused. ConnectionError when the client hung up before: nothing was promised."""
        message = IncomingMessage(self._door.rt.settings.mail_size_limit)
        while True:
            self._reset_timeout()
            chunk = await self._reader.read(_CHUNK)
            if not chunk:
                raise ConnectionResetError("the client hung up in DATA")
            rest = message.take(chunk)
            if rest is not None:
                if rest:
                    self._reader.feed_data(rest)  # `read` emptied the buffer, so what was sent too early keeps its place
                return message

    async def _accepted(self, envelope: Envelope, incoming: IncomingMessage) -> str:
        if incoming.too_large:
            return f"552 5.3.4 The mail is larger than {self._door.rt.settings.mail_size_limit} bytes"
        if incoming.has_bare_line_ends:
            return "550 5.6.0 Lines must end with CR LF"
        self._committing = True
        try:
            # A client that hangs up while we commit must not interrupt the commit: it will come again, and be known.
            inbound_mail_id = await asyncio.shield(self._take(envelope, incoming.content()))
        except TemporaryFailure as failure:
            log.error("mail.not_accepted", reason=str(failure))
            return "451 4.3.0 Temporary trouble here, nothing was accepted; try again later"
        finally:
            self._committing = False
        return f"250 2.0.0 OK, accepted as {inbound_mail_id}"

    async def _take(self, envelope: Envelope, message: bytes) -> int:
        recipients = tuple(storable(address)[:1000] for address in envelope.rcpt_tos)
        sender = storable(envelope.mail_from or "").removeprefix("<>")[:1000]  # aiosmtpd's null sender is "<>"
        own = await self._door.intake.mailbox_of(recipients)
        taken = inbound.Envelope(self._door.name, recipients, own, sender, self._caller or self._peer)
        return await self._door.intake.take(taken, message)

    async def handle_exception(self, error: Exception) -> str:
        """What aiosmtpd asks when something unforeseen happens in a command."""
        if isinstance(error, TLSSetupException):  # every scanner tries: after STARTTLS came no TLS, or too old a one
            log.info("smtp.no_handshake", peer=self._caller or self._peer, reason=str(error.__cause__)[:200])
        elif not isinstance(error, ConnectionError):
            log.exception("smtp.unexpected", peer=self._peer)
        return "451 4.3.0 Temporary trouble here, try again later"


class LmtpSession(SmtpSession):
    """LMTP (RFC 2033): another greeting, and an answer for each recipient. One commit decides for all of them."""

    show_smtp_greeting = False

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        await super().smtp_EHLO(arg)

    async def smtp_HELO(self, _arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        await self.push("500 5.5.1 This is LMTP: say LHLO")

    async def smtp_EHLO(self, _arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        await self.push("500 5.5.1 This is LMTP: say LHLO")

    async def _answer(self, envelope: Envelope, answer: str) -> None:
        for _ in envelope.rcpt_tos:
            await self.push(answer)
