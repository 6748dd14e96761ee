"""Carrying out what was decided about a mail (`decisions.py`): a ticket, a comment, a note, or nothing but its row of the ledger."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from core import attachments, comments, events, links, participants, suppressions, tickets, tokens
from core.attachments import StoredFile
from core.db import Row
from core.mail import colleague, staff_words
from core.mail.addresses import Address, normal
from core.mail.authentication import Authentication
from core.mail.case import Case
from core.mail.decisions import Decision
from core.mail.language import language_of
from core.mail.matching import Match
from core.mail.parse.addresslist import read_addresses
from core.mail.reading import Reading
from core.mail.screen import Own
from core.mail.sender import is_usable, kept, sender_of
from core.mail.trim.headers import without_forward_prefix
from core.models.mail import Disposition
from core.runtime import Tx
from core.text import one_line, storable
from core.users import Known


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a mail, by which rule, and why."""

    disposition: Disposition
    reason: str
    rule: str
    ticket_id: int | None = None
    comment_id: int | None = None
    duplicate_of: int | None = None
    outcomes: tuple[staff_words.Outcome, ...] = ()
    colleague: int | None = None


@dataclass
class Filing:
    """One mail on its way to its place. `row` is the ledger's (`mail.unfiled_locked`); `bounced` our delivery that it reports on."""

    tx: Tx
    row: Row
    reading: Reading
    files: Sequence[StoredFile]
    authentication: Authentication
    bounced: Row | None = None

    @cached_property
    def recipients(self) -> tuple[str, ...]:
        """Whom the envelope named."""
        return tuple(json.loads(self.row["envelope_to"]))

    @cached_property
    def sender(self) -> Address:
        """Whom the mail is from."""
        return sender_of(self.reading.writer, self.row["envelope_from"])

    @cached_property
    def addresses(self) -> list[Address]:
        """The sender, where he wants answers, and everybody else the mail was openly sent to, our own mailboxes left out: the participants of
        its ticket."""
        mail = self.reading.mail
        named = (*_other_authors(mail.header("from") or ""), *mail.to, *mail.cc)
        openly = any(self._own.owns(one) for one in (*mail.to, *mail.cc))  # else it is a copy that nobody but its sender knows of
        wanted = (*(mail.reply_to if self.reading.screening.answerable else ()), *(named if openly else ()))
        people = (kept(one) for one in wanted if is_usable(one) and not self._own.owns(one) and one.key != self.sender.key)
        return [self.sender, *people][: 1 + participants.MOST]

    @property
    def is_heard(self) -> bool:
        """Whether a person seems to have written it, from an address that may be his."""
        return self.row["envelope_from"] != "" and not self.reading.screening.automatic and self.authentication.verdict != "fail"

    @cached_property
    def forwarded_from(self) -> Address | None:
        """Who wrote the mail that this one forwards, if he can be written to and is not the desk itself."""
        first = self.reading.forwarded.sender if self.reading.forwarded is not None else None
        return first if first is not None and is_usable(first) and not self._own.owns(first) else None

    @cached_property
    def _own(self) -> Own:
        return Own(frozenset(self.row["own_addresses"]), self.tx.keys.instance)

    @cached_property
    def bounced_ids(self) -> tuple[int | None, str | None, str | None]:
        """What a bounce of our own mail would be about: the delivery by its VERP address, the Message-ID it returns, whom it names."""
        found = (tokens.delivery_of_address(self.tx.keys, address) for address in self.recipients)
        bounce = self.reading.screening.bounce
        return next((i for i in found if i is not None), None), *(
            (bounce.original_message_id, next(iter(bounce.addresses), None)) if bounce else (None, None)
        )

    def case(self, person: Known | None = None, match: Match | None = None) -> Case:
        """The mail as the rules see it."""
        return Case(self.row, self.reading, self.authentication, self.recipients, self.sender, self.tx.keys, self._own,
                    self.tx.settings.spam_mail == "set_aside", self.bounced, person, match, self.forwarded_from)  # fmt: skip

    async def carry_out(self, decision: Decision, known: Mapping[str, Known]) -> Filed:
        """Do what was decided; `known` are the people behind its `addresses`, empty when nobody needs to be known."""
        people = list({known[address.key].id: None for address in self.addresses}) if known else []
        done = Filed(decision.disposition, decision.reason, decision.rule, duplicate_of=decision.duplicate_of)
        if decision.for_forwarded:
            return await colleague.forwarded(self, decision, people, done)
        if decision.opens:
            return await self.opened(decision, people, done)
        if decision.by_colleague:
            return await colleague.answered(self, decision, people[0], done)
        if decision.ticket_id is None:
            await self._bounced()
            return done
        done = replace(done, ticket_id=decision.ticket_id, comment_id=await self._added(decision, people))
        if decision.tells_colleague:
            done = await colleague.unsent(self, people[0], done)
        if decision.disposition is Disposition.BOUNCE:
            await self._bounced()
        if decision.brings_in and people[1:]:
            await self._let_in(decision.ticket_id, people[1:])
        return done

    async def opened(self, decision: Decision, people: Sequence[int], done: Filed) -> Filed:
        """A ticket of the first of these people, with the others in copy."""
        mail, said = self.reading.mail, self.said(decision, people[0])
        subject = without_forward_prefix(mail.subject) if decision.for_forwarded else mail.subject
        opened = await tickets.open(self.tx, tickets.NewTicket(
            subject=one_line(storable(subject)) or one_line(said.body)[:80] or _NO_SUBJECT, body=said.body, requester_id=people[0],
            participants=people[1:], queue_id=self.row["queue_id"], mailbox_id=self.row["mailbox_id"],
            language=language_of(mail, said.body) or self.row["language"], attachments=await self.recorded(), full_body=said.full_body, html=said.html,
            message_id=said.message_id, said_at=said.said_at, automatic=said.automatic, flagged=said.flagged, answerable=said.answerable,
        ))  # fmt: skip
        if decision.follows is not None:
            await links.follow_up(self.tx, opened.ticket_id, decision.follows)
        if decision.joins is not None:
            await self.tx.rows("mail.want_to_join", decision.joins, opened.ticket_id, people[0], self.tx.now)
            await self.tx.emit(events.JoinRequested(decision.joins, people[0], opened.ticket_id))
        return replace(done, ticket_id=opened.ticket_id, comment_id=opened.comment_id)

    async def _added(self, decision: Decision, people: Sequence[int]) -> int:
        assert decision.ticket_id is not None
        said = replace(self.said(decision, people[0] if people else None), attachments=await self.recorded())
        return await comments.add(self.tx, decision.ticket_id, said)

    async def _let_in(self, ticket_id: int, people: Sequence[int]) -> None:
        """Whoever an answer brings in by its To and Cc is in copy from then on: the one who wrote it wants him to know."""
        for row in await self.tx.rows("participants.bring_in", ticket_id, list(people), self.tx.now, participants.MOST):
            await self.tx.emit(events.ParticipantAdded(ticket_id, row["user_id"]))

    async def _bounced(self) -> None:
        bounce, delivery = self.reading.screening.bounce, self.bounced
        if bounce is None or delivery is None or bounce.kind != "failed":
            return
        # A report may tell of several people, of whom others were reached.
        concerned = sorted(bounce.recipients, key=lambda r: (normal(r.address) != delivery["recipient"], r.action != "failed"))
        why = next((r.diagnostic or r.status for r in concerned if r.diagnostic or r.status), "no reason given")
        status = next((r.status for r in concerned if r.status), "") or ""
        # Only who got the mail knows its VERP address; what merely names a Message-ID, everybody in copy could write: of anybody.
        proven = self.bounced_ids[0] == delivery["id"]
        if not proven and bounce.addresses and delivery["recipient"] not in bounce.addresses:
            return
        if delivery["state"] != "failed":  # each mail counts once, however often it is reported
            kind = suppressions.kind_of(status, policy_refusal=bounce.policy, proven=proven)
            if kind != "about us" or proven:
                await suppressions.failed(self.tx, delivery["recipient"], kind, str(why)[:300])
        await self.tx.rows("mail.mark_bounced", delivery["id"], self.tx.now, str(why)[:1000])
        if delivery["ticket_id"] is not None:
            await self.tx.emit(events.DeliveryFailed(delivery["ticket_id"], delivery["id"], str(why)[:300]))

    async def recorded(self) -> list[int]:
        """Its files, as uploads of the desk."""
        return await attachments.record(self.tx, self.files)

    def said(self, decision: Decision, author_id: int | None) -> comments.Said:
        """What it says, as a comment."""
        mail, case = self.reading.mail, self.case()
        body, whole, html = words_of(self.reading, for_forwarded=decision.for_forwarded)
        # What bounced may be a notice, perhaps to the very person who would now be told of its bounce: that would go on for ever.
        answerable = not self.bounced["automatic"] if self.bounced is not None else case.answerable
        return comments.Said(
            body=body, public=decision.public, author_id=None if decision.anonymous else author_id,
            full_body=whole, html=html,
            message_id=storable(mail.message_id)[:1000] if mail.message_id else None, said_at=self.row["received_at"],
            automatic=case.automatic, flagged=decision.flagged, answerable=answerable,
        )  # fmt: skip


def _other_authors(field: str) -> list[Address]:
    """Whoever else From names (RFC 5322, 3.6.2)."""
    return list(read_addresses(field.encode("utf-8", "replace")))[1:] if "," in field else []


_NO_SUBJECT = "(no subject)"


def words_of(reading: Reading, *, for_forwarded: bool = False) -> tuple[str, str | None, str | None]:
    """What somebody wrote, without what he quoted and signed with; the whole text, where it is more than that; and the HTML. Of what a
    colleague forwarded only the first sender's words: what he says of it himself is not for that sender."""
    if for_forwarded and reading.forwarded is not None:
        return storable(reading.forwarded.text) or _own_words(reading), None, None
    body, whole = _own_words(reading), storable(reading.mail.text)
    return body, (whole if whole != body or not whole.strip() else None), (storable(reading.mail.html) if reading.mail.html else None)


def _own_words(reading: Reading) -> str:
    return storable(reading.trimmed.reply) or storable(reading.mail.text)
