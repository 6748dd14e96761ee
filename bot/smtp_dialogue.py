"""What the SMTP door says otherwise than aiosmtpd: enhanced status codes, what it offers, and that nobody logs in."""

from __future__ import annotations

import re
from typing import AnyStr

from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

_PLAIN_PATH = re.compile(r"<([A-Za-z0-9_+=-][A-Za-z0-9._+=-]{0,62}[A-Za-z0-9_+=-]@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)>(.*)")
_UNCODED = re.compile(r"[245]\d\d (?![245]\.\d)")
_CODES = {"2": "2.0.0", "4": "4.3.0", "5": "5.5.0", "552": "5.3.4"}


class Dialogue(SMTP):
    """The words of a connection; what becomes of mail is its subclass's. Its hooks are its own `handle_…` methods."""

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """The address of a path and what follows it. Nearly all are plain, and aiosmtpd's own way takes longer than all else in a command."""
        plain = _PLAIN_PATH.match(arg)
        return (plain[1], plain[2]) if plain else super()._getaddr(arg)

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Without AUTH, which aiosmtpd offers once a connection is secret. RFC 2033 asks LMTP for both extensions."""
        session.host_name = hostname
        offered = [line for line in responses if not line.startswith("250-AUTH")]
        return [*offered[:-1], "250-PIPELINING", "250-ENHANCEDSTATUSCODES", offered[-1]]

    async def push(self, status: AnyStr) -> None:
        """Answer. All but greetings have an enhanced status code (RFC 2034), what aiosmtpd says by itself too."""
        said = status if isinstance(status, str) else status.decode()
        if _UNCODED.match(said) and not said.startswith((f"220 {self.hostname}", "250 HELP", f"250 {self.hostname}")):
            said = f"{said[:3]} {_CODES.get(said[:3]) or _CODES[said[0]]} {said[4:]}"
        await super().push(said)

    @syntax("STARTTLS")
    async def smtp_STARTTLS(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        if self._tls_protocol is not None:
            await self.push("503 5.5.1 The connection is secret already")
            return
        await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, _arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        """Nobody logs in here, and nobody shall say his password: aiosmtpd would ask for it. Without a syntax HELP does not name it."""
        await self.push("502 5.5.1 Nobody logs in here")
