"""Telling operators of an alarm: one mail to each admin when it is raised, one when it is over."""

from __future__ import annotations

from core import tokens
from core.db import Row
from core.mail.addresses import Address
from core.mail.compose import OutgoingMail
from core.mail.direct import DirectPostman, Letter
from core.mail.templates import PersonView, Templates
from core.mail.transport import Transport
from core.runtime import Runtime


class AlarmPostman:
    """Writes and delivers the mails about alarms."""

    def __init__(self, rt: Runtime, transport: Transport, templates: Templates) -> None:
        self._rt, self._templates = rt, templates
        self._postman = DirectPostman(rt, transport)

    async def tell_operators(self, alarm_id: int) -> None:
        """Tell every admin how it stands now. Safe to repeat. Raises TemporaryFailure to be tried again."""
        for row in await self._rt.database.rows("alarms.get", alarm_id):
            await self._postman.deliver(Letter(self._written(row), "alarm", row["user_id"], row["email"], row["plus_addressing"]))

    def _written(self, row: Row) -> OutgoingMail:
        over = row["cleared_at"] is not None
        rendered = self._templates.render("alarm", row["language"], {
            "recipient": PersonView(row["person"]), "organisation": row["desk"], "alarm": row["name"].partition(":")[0], "detail": row["detail"],
            "over": over, "since": row["raised_at"],
        })  # fmt: skip
        same_each_time = bytes([1 + over]) + row["user_id"].to_bytes(4, "big")
        return OutgoingMail(
            kind="account", message_id=tokens.message_id(self._rt.keys, 0, row["id"], same_each_time, row["address"].rpartition("@")[2]),
            sender=Address(row["address"], row["desk"]), reply_to=None, to=(Address(row["email"], row["person"]),), cc=(),
            subject=rendered.subject, in_reply_to=None, references=(), language=rendered.language, instance=self._rt.keys.instance,
            ticket_id=None, ticket_status=None, queue=None, reason=None, text=rendered.text, html=rendered.html, attachments=(),
            date=row["cleared_at"] or row["raised_at"], list_unsubscribe=None,
        )  # fmt: skip
