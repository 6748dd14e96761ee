"""What happens to no ticket."""

from __future__ import annotations

from dataclasses import dataclass

from core.events.base import DeskEvent


@dataclass(frozen=True, slots=True)
class MailAccepted(DeskEvent):
    """A mail was taken responsibility for; the ledger of mail in is its record."""

    inbound_mail_id: int


@dataclass(frozen=True, slots=True)
class AlarmChanged(DeskEvent):
    """An alarm was raised, or is over."""

    alarm_id: int


@dataclass(frozen=True, slots=True)
class StaffMailHandled(DeskEvent):
    """A colleague's mail was carried out; the ledger's trace tells what came of it."""

    inbound_mail_id: int


@dataclass(frozen=True, slots=True)
class LinkMade(DeskEvent):
    """Somebody is to get a link that works once, by mail. `nonce` is what the link is made from (`core/one_time.py`)."""

    nonce: int
