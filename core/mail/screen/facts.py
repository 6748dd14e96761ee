"""The values of the screening: what the rules see (`Facts`), what they say (`Hit`), and what comes out (`Screening`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from core.mail.addresses import Address
from core.mail.parsed import ParsedMail
from core.mail.screen.bounces import Bounce
from core.mail.screen.notes import short_words
from core.tokens import base_address

Verdict = Literal["no-answer", "automatic", "bounce"]


@dataclass(frozen=True, slots=True)
class Own:
    """Who we are: the addresses of our mailboxes (lower-case), and this instance's name in the loop mark X-Helpdesk-Loop."""

    addresses: frozenset[str]
    instance: str

    def owns(self, address: Address) -> bool:
        """Whether an address is one of ours, with or without a `+token`."""
        return not self.addresses.isdisjoint((address.key, base_address(address.key)))


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that hit: its name, its verdict, and the header that decided ("name: value", at most 200 characters)."""

    rule: str
    verdict: Verdict
    evidence: str


@dataclass(frozen=True, slots=True)
class Screening:
    """What may be done with a mail. `answerable`: a machine may answer it; `automatic`: a machine wrote it; `hits`: the trace."""

    answerable: bool
    automatic: bool
    bounce: Bounce | None = None
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """A mail as the rules see it: every header field by name, the address of its envelope ("" is the null sender), and its `short_words`."""

    mail: ParsedMail
    envelope: str | None
    own: Own
    fields: dict[str, list[str]]
    words: str

    @classmethod
    def of(cls, mail: ParsedMail, envelope_from: str | None, own: Own) -> Facts:
        """Index the header once; an envelope that is not known is read from Return-Path."""
        fields: dict[str, list[str]] = {}
        for name, value in mail.headers:
            fields.setdefault(name, []).append(value)
        if envelope_from is None:
            envelope_from = next(iter(fields.get("return-path", ())), None)
        return cls(mail, envelope_from.strip("<> \t").lower() if envelope_from is not None else None, own, fields, short_words(mail))

    def value(self, name: str) -> str:
        """The topmost value of a field, lower-case, without parameters and comments; empty when there is none."""
        return next(iter(self.values(name)), "")

    def values(self, name: str) -> list[str]:
        """Every value of a field, topmost first, in the form of `value`."""
        return [_without_comments(value).partition(";")[0].strip().lower() for value in self.fields.get(name, ())]

    def show(self, name: str) -> str:
        """A field as evidence."""
        return f"{name}: {self.fields[name][0]}"

    @property
    def answered(self) -> Address | None:
        """The address that an answer would go to."""
        return next(iter(self.mail.reply_to), self.mail.sender)


def _without_comments(value: str) -> str:
    """Comments of RFC 5322 may stand anywhere and in each other; one that does not end takes the rest."""
    for _ in range(_DEEPEST_COMMENT):
        if "(" not in value:
            break
        value = _COMMENT.sub(" ", value)
    return value.partition("(")[0]


_COMMENT = re.compile(r"\([^()]*\)")
_DEEPEST_COMMENT = 5
