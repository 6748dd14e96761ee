"""Whom a mail is from: the one address that everything else hangs on."""

from __future__ import annotations

from core.mail.addresses import Address
from core.mail.parsed import ParsedMail
from core.mail.reading import Reading
from core.mail.screen.marks import NO_REPLY
from core.text import storable

NOBODY = Address("unknown-sender@invalid")


def sender_of(reading: Reading, envelope_from: str | None) -> Address:
    """Whom a mail is from: From, else Reply-To, else the envelope; a mail of nobody's is still kept.

    A web form writes as noreply@ or as the mailbox itself, with its user in Reply-To: then it is from him.
    """
    mail = reading.mail
    stands_in = _is_form(mail) or any(hit.rule == "own_address" for hit in reading.screening.hits)
    order = (*mail.reply_to, mail.sender) if stands_in else (mail.sender, *mail.reply_to)
    candidates = [*order, Address(envelope_from) if envelope_from else None]
    return next((kept(a) for a in candidates if a is not None and is_usable(a)), NOBODY)


def _is_form(mail: ParsedMail) -> bool:
    """Whether From is nobody's, and somebody else is to be answered."""
    return mail.sender is not None and bool(mail.reply_to) and bool(NO_REPLY.search(mail.sender.local_part))


def is_usable(address: Address) -> bool:
    """Whether it can be kept, and be written to."""
    return bool(address.local_part and address.domain) and len(address.key) <= 320


def kept(address: Address) -> Address:
    """As PostgreSQL takes it."""
    return Address(storable(address.email), storable(address.name))
