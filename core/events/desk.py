"""What happens to no ticket."""

from __future__ import annotations

from dataclasses import dataclass

from core.events.base import DeskEvent


@dataclass(frozen=True, slots=True)
class MailAccepted(DeskEvent):
    """A mail was taken responsibility for; the ledger of mail in is its record."""

    inbound_mail_id: int


@dataclass(frozen=True, slots=True)
class UserInvited(DeskEvent):
    """Somebody was asked to choose a password and work here. The link in the mail is made when it is sent."""

    user_id: int
    invited_by: int | None
