"""The receipt for a colleague's mail: which of his lines were done, which were not, and why. An answer without lines needs none."""

from __future__ import annotations

import orjson

from core import tokens
from core.db import Row
from core.mail.addresses import Address
from core.mail.compose import OutgoingMail
from core.mail.direct import DirectPostman, Letter
from core.mail.templates import PersonView, Templates
from core.mail.transport import Transport
from core.runtime import Runtime


class ReceiptPostman:
    """Writes and delivers receipts."""

    def __init__(self, rt: Runtime, transport: Transport, templates: Templates) -> None:
        self._rt, self._templates = rt, templates
        self._postman = DirectPostman(rt, transport)

    async def staff_receipt(self, inbound_mail_id: int) -> None:
        """Tell him. Safe to repeat. Raises TemporaryFailure to be tried again."""
        row = await self._rt.database.row("ledger.staff_receipt", inbound_mail_id)
        outcomes = orjson.loads(row["trace"]).get("done", []) if row is not None else []
        if row is not None and outcomes:
            await self._postman.deliver(
                Letter(self._written(row, outcomes), "staff_receipt", row["user_id"], row["email"], row["plus_addressing"])
            )

    def _written(self, row: Row, outcomes: list[dict[str, object]]) -> OutgoingMail:
        rendered = self._templates.render("staff_receipt", row["language"], {
            "recipient": PersonView(row["person"]), "organisation": row["desk"], "number": row["ticket_id"], "outcomes": outcomes,
        })  # fmt: skip
        same_each_time = row["id"].to_bytes(5, "big")
        answers_to = tokens.staff_address(self._rt.keys, row["address"], row["ticket_id"], row["user_id"])
        return OutgoingMail(
            kind="account", message_id=tokens.message_id(self._rt.keys, row["ticket_id"], 0, same_each_time, row["address"].rpartition("@")[2]),
            sender=Address(row["address"], row["desk"]), reply_to=Address(answers_to) if row["plus_addressing"] else None,
            to=(Address(row["email"], row["person"]),), cc=(), subject=rendered.subject, in_reply_to=row["message_id"], references=(),
            language=rendered.language, instance=self._rt.keys.instance, ticket_id=row["ticket_id"], ticket_status=None, queue=None, reason=None,
            text=rendered.text, html=rendered.html, attachments=(), date=row["filed_at"], list_unsubscribe=None,
        )  # fmt: skip
