"""Signed names by which mail finds its way back: Message-IDs, reply addresses and bounce addresses.

Each carries a MAC, so that nobody can make one up; each proves *which* ticket, never *who* writes. Local parts stay within the 64
octets of RFC 5321, in lower case, since some systems fold it.
"""

from __future__ import annotations

import base64
import re
from datetime import datetime

from core.keys import Keys
from core.mail.addresses import normal

_MESSAGE_ID = re.compile(r"(\d{1,18})\.(\d{1,18})\.([a-z2-7]{8})\.([a-z2-7]{16})@[^@\s]{1,255}")
_REPLY = re.compile(r"\+t(\d{1,18})-([a-z2-7]{16})@", re.IGNORECASE)
_STAFF = re.compile(r"\+s(\d{1,18})-(\d{1,18})-([a-z2-7]{16})@", re.IGNORECASE)
_BOUNCE = re.compile(r"\+b(\d{1,18})-([a-z2-7]{16})@", re.IGNORECASE)


def message_id(keys: Keys, ticket_id: int, comment_id: int, random: bytes, domain: str) -> str:
    """`ticket.comment.random.mac@domain`, without angle brackets; `random` are 5 bytes."""
    body = f"{ticket_id}.{comment_id}.{base64.b32encode(random[:5]).decode().lower()}"
    return f"{body}.{keys.sign('message-id', body)}@{domain}"


def ticket_of_message_id(keys: Keys, value: str) -> int | None:
    """The ticket that one of our own Message-IDs belongs to, or None when it is not ours."""
    match = _MESSAGE_ID.fullmatch(value.strip().strip("<>").lower())
    if match and keys.verify("message-id", ".".join(match.group(1, 2, 3)), match.group(4)):
        return int(match.group(1))
    return None


def thread_root(keys: Keys, ticket_id: int, domain: str) -> str:
    """The id that every mail of a ticket refers to, so that mail programs keep them together; no mail carries it."""
    body = f"{ticket_id}.0.aaaaaaaa"
    return f"{body}.{keys.sign('message-id', body)}@{domain}"


def reply_address(keys: Keys, mailbox: str, ticket_id: int) -> str:
    """`support+t1042-<mac>@example.org`: what is written there belongs to the ticket."""
    local, _, domain = mailbox.rpartition("@")
    return f"{local}+t{ticket_id}-{keys.sign('reply-address', str(ticket_id))}@{domain}"


def ticket_of_address(keys: Keys, address: str) -> int | None:
    """The ticket a reply address leads to, or None."""
    match = _REPLY.search(address)
    return int(match.group(1)) if match and keys.verify("reply-address", match.group(1), match.group(2)) else None


def staff_address(keys: Keys, mailbox: str, ticket_id: int, user_id: int) -> str:
    """Where a colleague answers a notice: `support+s1042-7-<mac>@example.org`. It says which ticket and who was told, not who writes."""
    local, _, domain = mailbox.rpartition("@")
    return f"{local}+s{ticket_id}-{user_id}-{keys.sign('staff-address', f'{ticket_id}-{user_id}')}@{domain}"


def staff_of_address(keys: Keys, address: str) -> tuple[int, int] | None:
    """The ticket and the colleague of a staff address, or None."""
    match = _STAFF.search(address)
    if match is None or not keys.verify("staff-address", f"{match[1]}-{match[2]}", match[3]):
        return None
    return int(match[1]), int(match[2])


def bounce_address(keys: Keys, mailbox: str, delivery_id: int) -> str:
    """The envelope sender of one delivery (VERP): what comes back there is about that delivery."""
    local, _, domain = mailbox.rpartition("@")
    return f"{local}+b{delivery_id}-{keys.sign('bounce-address', str(delivery_id))}@{domain}"


def delivery_of_address(keys: Keys, address: str) -> int | None:
    """The delivery a bounce address belongs to, or None."""
    match = _BOUNCE.search(address)
    return int(match.group(1)) if match and keys.verify("bounce-address", match.group(1), match.group(2)) else None


def file_token(keys: Keys, attachment_id: int, until: datetime) -> str:
    """What opens one attachment to whoever holds it, until an instant (whole seconds)."""
    body = f"{attachment_id}-{int(until.timestamp())}"
    return f"{body}-{keys.sign('file-link', body, 32)}"


def attachment_of_file_token(keys: Keys, token: str, now: datetime) -> int | None:
    """The attachment a file token opens at this instant, or None."""
    body, _, mac = token.rpartition("-")
    attachment_id, _, until = body.partition("-")
    valid = attachment_id.isdigit() and until.isdigit() and keys.verify("file-link", body, mac) and int(until) > now.timestamp()
    return int(attachment_id) if valid else None


def base_address(address: str) -> str:
    """An address without its `+detail`, in its normal form: the mailbox behind a reply or bounce address."""
    local, at, domain = normal(address).rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"
