"""Mail about somebody's own account: a link that works once. Its bytes are forgotten once it has left."""

from __future__ import annotations

from core import tokens
from core.db import Row
from core.keys import hashed
from core.mail.addresses import Address
from core.mail.compose import OutgoingMail
from core.mail.direct import DirectPostman, Letter
from core.mail.templates import PersonView, Templates
from core.mail.transport import Transport
from core.one_time import link_tokens
from core.runtime import Runtime

_PAGES = {"invitation": "invitation", "address": "confirm-address"}


class AccountPostman:
    """Writes and delivers the mails that carry links."""

    def __init__(self, rt: Runtime, transport: Transport, templates: Templates) -> None:
        self._rt, self._templates = rt, templates
        self._postman = DirectPostman(rt, transport)

    async def mail_link(self, nonce: int) -> None:
        """Send a link while it works. Safe to repeat: Message-ID and bytes are the same. Raises TemporaryFailure to be tried again."""
        made = {hashed(token): token for token in link_tokens(self._rt.keys, nonce)}
        row = await self._rt.database.row("one_time.letter", list(made), self._rt.clock.now())
        if row is not None:
            mail = self._written(row, nonce, made[row["token_hash"]])
            await self._postman.deliver(Letter(mail, row["purpose"], row["user_id"], row["email"], row["plus_addressing"], secret=True))

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
