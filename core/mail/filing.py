"""Where one mail goes: decided from who sent it, which ticket it names (`matching.py`) and what the screening says (`screen/`)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from core import attachments, comments, events, links, tickets, tokens
from core.attachments import StoredFile
from core.db import Row
from core.mail.addresses import Address
from core.mail.matching import Match
from core.mail.parsed import ParsedMail
from core.mail.reading import Reading
from core.models.mail import Disposition
from core.runtime import Tx
from core.text import one_line, storable
from core.users import Known

NOBODY = Address("unknown-sender@invalid")


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a mail."""

    disposition: Disposition
    reason: str
    ticket_id: int | None = None
    comment_id: int | None = None
    duplicate_of: int | None = None


@dataclass
class Filing:
    """One mail on its way to its place. `row` is the ledger's (`mail.unfiled_locked`)."""

    tx: Tx
    row: Row
    reading: Reading
    files: Sequence[StoredFile]

    @cached_property
    def recipients(self) -> list[str]:
        """Whom the envelope named."""
        recipients: list[str] = json.loads(self.row["envelope_to"])
        return recipients

    @cached_property
    def sender(self) -> Address:
        """Whom the mail is from: From, else Reply-To, else the envelope; a mail of nobody's is still kept."""
        candidates = [self.reading.mail.sender, *self.reading.mail.reply_to]
        envelope = Address(self.row["envelope_from"]) if self.row["envelope_from"] else None
        return next((_kept(a) for a in (*candidates, envelope) if a is not None and _is_usable(a)), NOBODY)

    @cached_property
    def addresses(self) -> list[Address]:
        """The sender, and everybody else the mail was openly sent to, our own mailboxes left out: the participants of a new ticket."""
        own = set(self.row["own_addresses"])
        people = (a for a in (*self.reading.mail.to, *self.reading.mail.cc) if _is_usable(a) and tokens.base_address(a.key) not in own)
        return [self.sender, *(_kept(a) for a in people if a.key != self.sender.key)][: 1 + _MOST_PARTICIPANTS]

    async def without_people(self) -> Filed | None:
        """What needs nobody to be known: a mail that came before, a bounce of our own. None for every other."""
        if self.row["original"] is not None:
            return Filed(Disposition.DUPLICATE, "the same mail came before", duplicate_of=self.row["original"])
        return await self._bounce() if self.reading.screening.bounce is not None else None

    async def file(self, match: Match | None, known: Mapping[str, Known]) -> Filed:
        """Put it to its place; `known` are the people behind its `addresses`."""
        people = list({person.id: person for person in (known[address.key] for address in self.addresses)}.values())
        if self.reading.screening.automatic:
            return await self._automatic(match, people)
        return await self._from_a_person(match, people)

    async def _from_a_person(self, match: Match | None, people: list[Known]) -> Filed:
        if match is None:
            return await self._open(people, Disposition.NEW_TICKET, "it names no ticket of this desk")
        if people[0].staff and not match.belongs:
            said = self._said(people[0].id, public=False, flagged="Mail from a staff address: who wrote it is not proven.")
            return await self._add(match, said, Disposition.NOTE, "mail of staff on somebody else's ticket is an internal note")
        if match.belongs or match.signed_address:
            flagged = None if match.belongs else "The sender is not a participant of this ticket, but knew its address."
            if match.closed_too_long:
                return await self._follow_up(match, people)
            return await self._add(match, self._said(people[0].id, flagged=flagged), Disposition.REPLY, f"found by {match.rule}")
        if match.waits_in is not None:
            more = replace(match, ticket_id=match.waits_in)
            return await self._add(
                more, self._said(people[0].id), Disposition.WANTS_TO_JOIN, f"more of who waits to be let in on #{match.ticket_id}"
            )
        filed = await self._open(people, Disposition.WANTS_TO_JOIN, f"names ticket #{match.ticket_id}, and the sender is no part of it")
        assert filed.ticket_id is not None
        await self.tx.rows("mail.want_to_join", match.ticket_id, filed.ticket_id, people[0].id, self.tx.now)
        await self.tx.emit(events.JoinRequested(match.ticket_id, people[0].id, filed.ticket_id))
        return filed

    async def _follow_up(self, match: Match, people: list[Known]) -> Filed:
        filed = await self._open(people, Disposition.NEW_TICKET, f"ticket #{match.ticket_id} was closed too long ago")
        assert filed.ticket_id is not None
        await links.follow_up(self.tx, filed.ticket_id, match.ticket_id)
        return filed

    async def _automatic(self, match: Match | None, people: list[Known]) -> Filed:
        reason = ", ".join(hit.rule for hit in self.reading.screening.hits)[:250]
        if match is None:
            return await self._open(people, Disposition.AUTOMATIC, f"automatic mail ({reason}) that names no ticket")
        return await self._add(match, self._said(people[0].id, public=False), Disposition.AUTOMATIC, f"automatic mail ({reason})")

    async def _bounce(self) -> Filed | None:
        """File a bounce of our own mail on its ticket; None when it is of nobody's mail here."""
        bounce = self.reading.screening.bounce
        assert bounce is not None
        delivery_ids = [i for i in (tokens.delivery_of_address(self.tx.keys, address) for address in self.recipients) if i is not None]
        row = await self.tx.row("mail.bounced_delivery", delivery_ids, bounce.original_message_id)
        if row is None:
            return None
        if row["ticket_id"] is None:
            return Filed(Disposition.BOUNCE, f"{bounce.kind}: a mail of ours to {row['recipient']}"[:300])
        match = Match(row["ticket_id"], "bounce", belongs=False)
        # What bounced was a notice, perhaps to the very person who would now be told of its bounce: that would go on for ever.
        note = replace(self._said(None, public=False), answerable=not row["automatic"])
        filed = await self._add(match, note, Disposition.BOUNCE, f"{bounce.kind}: our mail to {row['recipient']}"[:300])
        if bounce.kind == "failed":
            why = next((r.diagnostic or r.status for r in bounce.recipients if r.diagnostic or r.status), "no reason given")
            await self.tx.rows("mail.mark_bounced", row["id"], self.tx.now, str(why)[:1000])
            await self.tx.emit(events.DeliveryFailed(row["ticket_id"], row["id"], str(why)[:300]))
        return filed

    async def _open(self, people: list[Known], disposition: Disposition, reason: str) -> Filed:
        mail, said = self.reading.mail, self._said(people[0].id)
        opened = await tickets.open(self.tx, tickets.NewTicket(
            subject=one_line(storable(mail.subject)) or one_line(said.body)[:80] or _NO_SUBJECT, body=said.body, requester_id=people[0].id,
            participants=[person.id for person in people[1:]],
            queue_id=self.row["queue_id"], mailbox_id=self.row["mailbox_id"], language=_language(self.reading.mail) or self.row["language"],
            attachments=await self._recorded(), full_body=said.full_body, html=said.html, message_id=said.message_id,
            said_at=said.said_at, automatic=said.automatic, flagged=said.flagged, answerable=said.answerable,
        ))  # fmt: skip
        return Filed(disposition, reason, opened.ticket_id, opened.comment_id)

    async def _add(self, match: Match, said: comments.Said, disposition: Disposition, reason: str) -> Filed:
        said = replace(said, attachments=await self._recorded())
        return Filed(disposition, reason, match.ticket_id, await comments.add(self.tx, match.ticket_id, said))

    async def _recorded(self) -> list[int]:
        return await attachments.record(self.tx, self.files)

    def _said(self, author_id: int | None, *, public: bool = True, flagged: str | None = None) -> comments.Said:
        mail, trimmed = self.reading.mail, self.reading.trimmed
        whole = storable(mail.text)
        body = storable(trimmed.reply) or whole
        return comments.Said(
            body=body, public=public, author_id=author_id, full_body=whole if whole != body or not whole.strip() else None,
            html=storable(mail.html) if mail.html else None, message_id=storable(mail.message_id)[:1000] if mail.message_id else None,
            said_at=self.row["received_at"], automatic=self.reading.screening.automatic, flagged=flagged or self._oddity(),
            answerable=self.reading.screening.answerable,
        )  # fmt: skip

    def _oddity(self) -> str | None:
        return "Another mail came before with the same Message-ID and other content." if self.row["message_id_used"] else None


_MOST_PARTICIPANTS = 50
_NO_SUBJECT = "(no subject)"


def _is_usable(address: Address) -> bool:
    return bool(address.local_part and address.domain) and len(address.key) <= 320


def _kept(address: Address) -> Address:
    return Address(storable(address.email), storable(address.name))


def _language(mail: ParsedMail) -> str | None:
    """What a mail says of its language (RFC 3282), as `de` or `de-AT`; the first when it names several."""
    named = re.match(r"\s*([A-Za-z]{2,3}(?:-[A-Za-z]{2})?)\b", mail.header("content-language") or mail.header("accept-language") or "")
    return named.group(1) if named else None
