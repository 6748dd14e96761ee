"""The SMTP door, and LMTP beside it: `250` only after the mail is durable, `451` for our own trouble, `550` for people who are not here,
never a relay.

aiosmtpd speaks the protocol (RFC 5321, SIZE, 8BITMIME, SMTPUTF8, STARTTLS); what a connection does beyond that is in `smtp_session.py`.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress

from bot.intake import Intake
from bot.smtp_session import LmtpSession, SmtpSession
from bot.smtp_tls import Certificate
from core.runtime import Runtime
from core.settings import cannot_listen, host_and_port


class SmtpDoor:
    """Listens, and knows every connection, so that none is left in silence at the end. `lmtp` speaks LMTP (RFC 2033) at LMTP_LISTEN;
    `peace` are the seconds of silence after which a connection is closed."""

    def __init__(self, rt: Runtime, intake: Intake, *, lmtp: bool = False, peace: float = 300.0) -> None:  # RFC 5321 §4.5.3.2
        self.rt = rt
        self.peace = peace
        self.intake = intake
        self.name = "lmtp" if lmtp else "smtp"
        self.certificate = None if lmtp else Certificate.of(rt.settings)
        self.sessions: set[SmtpSession] = set()
        self.peers: Counter[str] = Counter()
        self.closing = False
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen at SMTP_LISTEN (or LMTP_LISTEN); ConfigurationError in one sentence when that is not possible."""
        settings = self.rt.settings
        host, port = host_and_port((settings.lmtp_listen or "") if self.name == "lmtp" else settings.smtp_listen)
        loop = asyncio.get_running_loop()
        session = LmtpSession if self.name == "lmtp" else SmtpSession
        try:
            self._server = await loop.create_server(lambda: session(self, loop), host, port, reuse_port=settings.listen_shared or None)
        except OSError as error:
            raise cannot_listen(f"{self.name.upper()}_LISTEN", f"{host}:{port}", error) from error

    @property
    def port(self) -> int:
        """The port listened at, also when the settings said 0."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        """Listen no more; who is in DATA gets 421, who waits for a commit gets its 250 first."""
        self.closing = True
        if self._server is not None:
            self._server.close()
        for session in list(self.sessions):
            session.say_goodbye()
        with suppress(TimeoutError):
            async with asyncio.timeout(3):
                while self.sessions:
                    await asyncio.wait([session.gone for session in self.sessions], return_when=asyncio.FIRST_COMPLETED)
