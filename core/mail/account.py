"""Mail about somebody's own account: a link that works once. It belongs to no ticket; its bytes are forgotten once it has left."""

from __future__ import annotations

import structlog

from core import tokens
from core.db import Row
from core.errors import PermanentFailure, TemporaryFailure
from core.keys import hashed
from core.mail.addresses import Address
from core.mail.compose import OutgoingMail, addr_spec, compose
from core.mail.templates import PersonView, Templates
from core.mail.transport import Transport
from core.metrics import MAIL_OUT
from core.one_time import link_tokens
from core.runtime import Runtime

log = structlog.get_logger()

_PAGES = {"invitation": "invitation", "address": "confirm-address"}


class AccountPostman:
    """Writes and delivers the mails that carry links."""

    def __init__(self, rt: Runtime, transport: Transport, templates: Templates) -> None:
        self._rt, self._transport, self._templates = rt, transport, templates

    async def mail_link(self, nonce: int) -> None:
        """Send a link while it works. Safe to repeat: Message-ID and bytes are the same. Raises TemporaryFailure to be tried again."""
        made = {hashed(token): token for token in link_tokens(self._rt.keys, nonce)}
        row = await self._rt.database.row("one_time.letter", list(made), self._rt.clock.now())
        if row is None:
            return
        mail = self._written(row, nonce, made[row["token_hash"]])
        await self._rt.database.rows("one_time.plan", mail.message_id, row["purpose"], mail.subject[:600], compose(mail), row["address"],
                                     row["user_id"], row["email"], self._rt.clock.now())  # fmt: skip
        due = await self._rt.database.row("one_time.try", mail.message_id)
        if due is not None:
            await self._hand_over(due["id"], row, due["content"])

    async def _hand_over(self, delivery_id: int, row: Row, content: bytes) -> None:
        sender = tokens.bounce_address(self._rt.keys, row["address"], delivery_id) if row["plus_addressing"] else row["address"]
        try:
            await self._transport.send(sender, addr_spec(Address(row["email"])), content)
        except TemporaryFailure as failure:
            await self._settle(delivery_id, "pending", str(failure))
            raise
        except PermanentFailure as failure:
            await self._settle(delivery_id, "failed", str(failure))
            log.warning("mail.refused", delivery=delivery_id)
        else:
            await self._settle(delivery_id, "sent", None)

    async def _settle(self, delivery_id: int, state: str, error: str | None) -> None:
        await self._rt.database.rows("one_time.settle", delivery_id, state, error, self._rt.clock.now())
        MAIL_OUT.labels(state).inc()

    def _written(self, row: Row, nonce: int, token: str) -> OutgoingMail:
        rendered = self._templates.render(row["purpose"], row["language"], {
            "recipient": PersonView(row["name"]), "recipient_email": row["email"], "organisation": row["desk"],
            "inviter": row["inviter"] or row["desk"], "expires_at": row["expires_at"],
            "link": f"{self._rt.settings.public_url}/{_PAGES[row['purpose']]}/{token}",
        })  # fmt: skip
        domain = row["address"].rpartition("@")[2]
        return OutgoingMail(
            kind="account", message_id=tokens.message_id(self._rt.keys, 0, 0, nonce.to_bytes(7, "big"), domain),
            sender=Address(row["address"], row["desk"]), reply_to=None, to=(Address(row["email"], row["name"]),), cc=(),
            subject=rendered.subject, in_reply_to=None, references=(), language=rendered.language, instance=self._rt.keys.instance,
            ticket_id=None, ticket_status=None, queue=None, reason=None, text=rendered.text, html=rendered.html, attachments=(),
            date=row["expires_at"], list_unsubscribe=None,
        )  # fmt: skip
