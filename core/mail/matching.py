"""Which ticket a mail belongs to: ordered rules, each a named function, each leaving a line in the trace.

All of them prove *which* ticket, none proves *who* writes: that is decided in `decisions.py`. The order is MATCHERS' order: a signed
reply, staff or bounce address, In-Reply-To of ours, References from newest to oldest (ours, then mail we know), the tag in the subject, a mail
that came before and answers this one. Of the last three, which anybody can write, one that leads to a ticket of the sender comes first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from core import tokens
from core.db import Row
from core.keys import Keys
from core.mail.parsed import ParsedMail
from core.runtime import Tx

_TAG = re.compile(r"\[#(\d{1,18})\]")
_MOST_KNOWN = 90  # a header may name thousands of ids; the newest are the ones that matter


@dataclass(frozen=True, slots=True)
class Clue:
    """Something in a mail that names a ticket: by its number (proven by our signature, or claimed by a tag), by a known Message-ID, by a
    delivery of ours, or by its own Message-ID in an answer."""

    rule: str
    evidence: str
    ticket_id: int | None = None
    message_id: str | None = None
    delivery_id: int | None = None
    answered_id: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What it names, as `mail.tickets_named` answers."""
        if self.ticket_id is not None:
            return "ticket", str(self.ticket_id)
        if self.answered_id is not None:
            return "answer", self.answered_id
        return ("delivery", str(self.delivery_id)) if self.delivery_id is not None else ("message", self.message_id or "")


@dataclass(frozen=True, slots=True)
class Match:
    """The ticket that the first good clue leads to; `belongs` when the sender is its requester or participant.

    Of a merged ticket it is the one it goes on in if the sender belongs to that, else the one he named.
    `closed_too_long` when an answer no longer reopens it (`REOPEN_DAYS`). `waits_in` is the sender's own ticket, while he waits to be let in.
    """

    ticket_id: int
    rule: str
    belongs: bool
    closed_too_long: bool = False
    waits_in: int | None = None

    @property
    def proven(self) -> bool:
        """Whether it was found by something that only we could have made; a tag, or the id of another's mail, anybody can write."""
        return self.rule in _SIGNED

    @property
    def signed_address(self) -> bool:
        """Whether the mail came to the ticket's own address: whoever knows it was given it."""
        return self.rule == reply_address.__name__


Matcher = Callable[[ParsedMail, Sequence[str], Keys], Iterator[Clue]]


def reply_address(mail: ParsedMail, recipients: Sequence[str], keys: Keys) -> Iterator[Clue]:
    """The mail was sent to a ticket's own signed address."""
    for address in (*recipients, *(address.key for address in (*mail.to, *mail.cc))):
        if (ticket_id := tokens.ticket_of_address(keys, address)) is not None:
            yield Clue("reply_address", address.partition("-")[0], ticket_id)


def staff_address(mail: ParsedMail, recipients: Sequence[str], keys: Keys) -> Iterator[Clue]:
    """The mail was sent to the address at which a colleague answers a notice."""
    for address in (*recipients, *(address.key for address in (*mail.to, *mail.cc))):
        if (found := tokens.staff_of_address(keys, address)) is not None:
            yield Clue("staff_address", f"+s{found[0]}-{found[1]}", found[0])


def bounce_address(mail: ParsedMail, recipients: Sequence[str], keys: Keys) -> Iterator[Clue]:
    """The mail was sent to the envelope sender of a mail of ours: autoresponders answer there (RFC 3834, 4), some with no other clue."""
    for address in (*recipients, *(address.key for address in (*mail.to, *mail.cc))):
        if (delivery_id := tokens.delivery_of_address(keys, address)) is not None:
            yield Clue("bounce_address", address.partition("-")[0], delivery_id=delivery_id)


def in_reply_to(mail: ParsedMail, _recipients: Sequence[str], keys: Keys) -> Iterator[Clue]:
    """It answers a mail of ours."""
    for message_id in mail.in_reply_to:
        if (ticket_id := tokens.ticket_of_message_id(keys, message_id)) is not None:
            yield Clue("in_reply_to", message_id, ticket_id)


def references(mail: ParsedMail, _recipients: Sequence[str], keys: Keys) -> Iterator[Clue]:
    """It belongs to a thread that holds mail of ours, newest first."""
    for message_id in reversed(mail.references):
        if (ticket_id := tokens.ticket_of_message_id(keys, message_id)) is not None:
            yield Clue("references", message_id, ticket_id)


def known_mail(mail: ParsedMail, _recipients: Sequence[str], _keys: Keys) -> Iterator[Clue]:
    """It answers, or belongs to a thread with, a mail that came in here."""
    for message_id in islice(dict.fromkeys((*mail.in_reply_to, *reversed(mail.references))), _MOST_KNOWN):
        if message_id != mail.message_id:  # some answer themselves
            yield Clue("known_mail", message_id, message_id=message_id)


def subject_tag(mail: ParsedMail, _recipients: Sequence[str], _keys: Keys) -> Iterator[Clue]:
    """Its subject carries a ticket's tag, such as [#1042]."""
    for number in _TAG.findall(mail.subject):
        yield Clue("subject_tag", f"[#{number}]", int(number))


def answered_already(mail: ParsedMail, _recipients: Sequence[str], _keys: Keys) -> Iterator[Clue]:
    """An answer to it came first, as where its own way led over a server that makes strangers wait. Counts only for who belongs to the ticket
    that the answer opened."""
    if mail.message_id is not None:
        yield Clue("answered_already", mail.message_id, answered_id=mail.message_id)


MATCHERS: tuple[Matcher, ...] = (
    reply_address, staff_address, bounce_address, in_reply_to, references, known_mail, subject_tag, answered_already,
)  # fmt: skip
_MOST_CLUES = 200  # of all kinds together: addresses and tags may be many, too


@dataclass(frozen=True, slots=True)
class Asked:
    """A mail whose ticket is looked for: `recipients` of its envelope, who its sender is, and its id in the ledger."""

    mail: ParsedMail
    recipients: Sequence[str]
    sender_id: int
    inbound_mail_id: int


Trace = list[dict[str, object]]
_SIGNED = frozenset({reply_address.__name__, staff_address.__name__, bounce_address.__name__, in_reply_to.__name__, references.__name__})


def proves_a_ticket(mail: ParsedMail, recipients: Sequence[str], keys: Keys) -> bool:
    """Whether a mail answers one of ours, by something that only we could have made."""
    return any(True for matcher in MATCHERS if matcher.__name__ in _SIGNED for _ in matcher(mail, recipients, keys))


async def find_matches(tx: Tx, asked: Sequence[Asked]) -> list[tuple[Match | None, Trace]]:
    """The ticket each mail belongs to, if any, and the trace: every clue with whether it led to a ticket."""
    clues = [_clues(one, tx.keys) for one in asked]
    named = [
        (number, *clue.key, asked[number].sender_id, asked[number].inbound_mail_id)
        for number, found in enumerate(clues)
        for clue in dict.fromkeys(found)
    ]
    if not named:
        return [(None, [])] * len(asked)
    rows = await tx.rows("mail.tickets_named", *map(list, zip(*named, strict=True)), tx.now, tx.settings.reopen_days)
    tickets = {(row["mail"], row["by"], row["named"]): row for row in rows}
    return [_judged(found, [tickets.get((number, *clue.key)) for clue in found]) for number, found in enumerate(clues)]


def _clues(one: Asked, keys: Keys) -> list[Clue]:
    """What names a ticket; where something of ours does, nobody need look whether an answer came first."""
    found = [clue for matcher in MATCHERS for clue in matcher(one.mail, one.recipients, keys)]
    signed = any(clue.rule in _SIGNED for clue in found)
    return [clue for clue in found if not (signed and clue.answered_id is not None)][:_MOST_CLUES]


def _judged(clues: Sequence[Clue], tickets: Sequence[Row | None]) -> tuple[Match | None, Trace]:
    """The first clue that only we could have made; else the first to a ticket that the sender belongs to; else the first."""
    trace: Trace = [
        {"rule": clue.rule, "evidence": clue.evidence[:200], "ticket": row["ticket_id"] if row else None}
        for clue, row in zip(clues, tickets, strict=True)
        if row is not None or clue.answered_id is None
    ]
    matches = [_match(clue, row) for clue, row in zip(clues, tickets, strict=True) if row is not None]
    matches = [m for m in matches if m.belongs or m.rule != answered_already.__name__]
    return next((m for m in matches if m.proven), next((m for m in matches if m.belongs), next(iter(matches), None))), trace


def _match(clue: Clue, row: Row) -> Match:
    ticket_id = row["ticket_id"] if row["belongs_to_live"] else row["named_id"]
    return Match(ticket_id, clue.rule, row["belongs_to_named"] or row["belongs_to_live"], row["closed_too_long"], row["waits_in"])
