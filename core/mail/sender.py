"""Whom a mail is from: the one address that everything else hangs on."""

from __future__ import annotations

import re

from core.mail.addresses import Address
from core.mail.parse.addresslist import read_addresses
from core.mail.parsed import ParsedMail
from core.mail.screen.facts import Own
from core.mail.screen.marks import NO_REPLY
from core.text import storable

_VIA = re.compile(r"[^\s,]\s+v[ií]a\s+\S")  # small, and no comma before it: others live in the Via Roma
_REPLACED = ("x-original-from", "x-original-sender")
NOBODY = Address("unknown-sender@invalid")


def written_by(mail: ParsedMail, own: Own) -> Address | None:
    """Whom a mail says it is from: From, else Reply-To. None when neither names anybody.

    A web form writes as noreply@ or as the mailbox itself, with its user in Reply-To, and a list or group in front of the desk as itself
    "via" its name, with whoever wrote to it in X-Original-From (Google), or in Reply-To: then it is from him. A list that names the desk
    in Reply-To: we are nobody's sender, unless there is no other.
    """
    stands_for_another = mail.sender is not None and (_VIA.search(mail.sender.name) is not None or own.owns(mail.sender))
    replaced = [
        one for name in _REPLACED if stands_for_another for one in read_addresses((mail.header(name) or "").encode("utf-8", "replace"))
    ]
    usable = [one for one in (mail.sender, *replaced, *mail.reply_to) if one is not None and is_usable(one)]
    others = [one for one in usable if not own.owns(one)]
    answered = next((one for one in (*replaced, *mail.reply_to) if one in others), None)
    if mail.sender is not None and answered is not None and (stands_for_another or NO_REPLY.search(mail.sender.local_part)):
        return kept(answered)
    return kept(next(iter(others or usable))) if usable else None


def sender_of(writer: Address | None, envelope_from: str | None) -> Address:
    """The writer, else whom the envelope names; a mail of nobody's is still kept."""
    envelope = Address(envelope_from) if envelope_from else None
    return writer or (kept(envelope) if envelope is not None and is_usable(envelope) else NOBODY)


def is_usable(address: Address) -> bool:
    """Whether it can be kept, and be written to."""
    return bool(address.local_part and address.domain) and len(address.key) <= 320


def kept(address: Address) -> Address:
    """As PostgreSQL takes it."""
    return Address(storable(address.email), storable(address.name))
