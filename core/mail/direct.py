"""Handing over mail that belongs to no ticket: about an account, or to the operators. Safe to repeat: same Message-ID, same bytes, once."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from core import tokens
from core.errors import PermanentFailure, TemporaryFailure
from core.mail.addresses import Address
from core.mail.compose import OutgoingMail, addr_spec, compose
from core.mail.transport import Transport
from core.metrics import MAIL_OUT
from core.runtime import Runtime

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one person. `template` is its kind; `secret`: its bytes are forgotten once it has left."""

    mail: OutgoingMail
    template: str
    user_id: int
    email: str
    verp: bool
    secret: bool = False


class DirectPostman:
    """Freezes the bytes of a letter, then hands it over."""

    def __init__(self, rt: Runtime, transport: Transport) -> None:
        self._rt, self._transport = rt, transport

    async def deliver(self, letter: Letter) -> None:
        """Send it, unless it has left already. Raises TemporaryFailure to be tried again."""
        mail, now = letter.mail, self._rt.clock.now()
        await self._rt.database.rows("direct.plan", mail.message_id, letter.template, mail.subject[:600], compose(mail), mail.sender.email,
                                     letter.user_id, letter.email, now)  # fmt: skip
        due = await self._rt.database.row("direct.try", mail.message_id)
        if due is not None:
            await self._hand_over(due["id"], letter, due["content"])

    async def _hand_over(self, delivery_id: int, letter: Letter, content: bytes) -> None:
        sender = letter.mail.sender.email
        envelope = tokens.bounce_address(self._rt.keys, sender, delivery_id) if letter.verp else sender
        try:
            await self._transport.send(envelope, addr_spec(Address(letter.email)), content)
        except TemporaryFailure as failure:
            await self._settle(delivery_id, letter, "pending", str(failure))
            raise
        except PermanentFailure as failure:
            await self._settle(delivery_id, letter, "failed", str(failure))
            log.warning("mail.refused", delivery=delivery_id)
        else:
            await self._settle(delivery_id, letter, "sent", None)

    async def _settle(self, delivery_id: int, letter: Letter, state: str, error: str | None) -> None:
        await self._rt.database.rows("direct.settle", delivery_id, state, error, self._rt.clock.now(), letter.secret)
        MAIL_OUT.labels(state).inc()
