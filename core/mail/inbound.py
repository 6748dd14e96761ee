"""Mail in: `accept` takes responsibility for raw bytes, `file` turns a read mail into a ticket or a comment.

Between the two lies a durable row of the ledger (`InboundMail`). Each accepted mail ends with exactly one disposition and a
reason; nothing is dropped. What a mail may do is decided here, in `_verdict`, from who sent it, which ticket it names
(`matching.py`) and what the screening says (`screen.py`).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from core import attachments, comments, events, tickets, tokens, users
from core.attachments import StoredFile
from core.db import Row
from core.mail.addresses import Address
from core.mail.header_ids import ids_in
from core.mail.matching import Match, find_match
from core.mail.parsed import ParsedMail
from core.mail.reading import Reading
from core.mail.screen import Screening
from core.mail.trim import Trimmed
from core.models.mail import Disposition
from core.models.tickets import Via
from core.runtime import Actor, Runtime, Tx
from core.text import one_line, storable

DESK = Actor(None, Via.EMAIL)
NOBODY = Address("unknown-sender@invalid")


@dataclass(frozen=True, slots=True)
class Envelope:
    """How a mail came: the door (smtp, lmtp, imap, pipe), the peer's address, and what SMTP said of sender and recipients.

    `sender` is "" for the null sender and None when the door does not know it. `source_key` names the mail at its door, once.
    """

    door: str
    recipients: tuple[str, ...]
    mailbox_id: int | None
    sender: str | None = None
    peer: str = ""
    source_key: str | None = None


async def accept(rt: Runtime, mails: Sequence[tuple[Envelope, bytes]]) -> list[int]:
    """Make mails durable: raw bytes in the blob store, ledger rows and their jobs in one commit. Returns the ledger ids, in order.

    Raises TemporaryFailure when that is not possible now; then nothing was promised and the senders have to try again.
    """
    blobs = await asyncio.gather(*(rt.blobs.put(raw) for _, raw in mails))
    rows = [_ledger_row(envelope, raw, blob) for (envelope, raw), blob in zip(mails, blobs, strict=True)]
    async with rt.transaction(DESK) as tx:
        added = await tx.rows("mail.accept", *map(list, zip(*rows, strict=True)), tx.now)
        for row in added:
            await tx.emit(events.MailAccepted(row["id"]))
    return [row["id"] for row in added]


def _ledger_row(envelope: Envelope, raw: bytes, blob: str) -> tuple[object, ...]:
    message_id, refers_to = ids_in(raw)
    return (blob, len(raw), envelope.door, envelope.peer[:100], envelope.sender, json.dumps(envelope.recipients), envelope.mailbox_id,
            envelope.source_key, message_id, json.dumps(refers_to))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a mail."""

    disposition: Disposition
    reason: str
    ticket_id: int | None = None
    comment_id: int | None = None
    duplicate_of: int | None = None


async def file(tx: Tx, inbound_mail_id: int, reading: Reading, files: Sequence[StoredFile]) -> Filed | None:
    """Give an accepted mail its one disposition. None when it has one already: a job may run twice, a mail is filed once.

    Two copies filed at the same moment collide on the unique fingerprint: one raises IntegrityError, and is a duplicate next time.
    """
    fingerprint = hashlib.sha256(f"{reading.mail.message_id}\n{reading.content_hash}".encode()).hexdigest()
    row = await tx.row("mail.unfiled_locked", inbound_mail_id, fingerprint)
    if row is None:
        return None
    trace: list[dict[str, object]] = []
    if row["original"] is not None:
        filed = Filed(Disposition.DUPLICATE, "the same mail came before", duplicate_of=row["original"])
    else:
        filed, trace = await _Filing(tx, row, reading, files).file()
    await _write_ledger(tx, inbound_mail_id, filed, fingerprint, trace, reading)
    return filed


@dataclass(slots=True)
class _Filing:
    """One mail on its way to its place."""

    tx: Tx
    row: Row
    reading: Reading
    files: Sequence[StoredFile]

    async def file(self) -> tuple[Filed, list[dict[str, object]]]:
        mail, screening = self.reading.mail, self.reading.screening
        recipients = json.loads(self.row["envelope_to"])
        if screening.bounce is not None and (filed := await self._bounce(recipients)):
            return filed, []
        people = await users.known_or_new(self.tx, [self._sender(), *self._others()])
        match, trace = await find_match(self.tx, mail, recipients, people[0].id)
        if screening.automatic:
            return await self._automatic(match, people), trace
        return await self._from_a_person(match, people), trace

    async def _from_a_person(self, match: Match | None, people: list[users.Known]) -> Filed:
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
        filed = await self._open(people, Disposition.WANTS_TO_JOIN, f"names ticket #{match.ticket_id}, and the sender is no part of it")
        assert filed.ticket_id is not None
        await self.tx.rows("mail.want_to_join", match.ticket_id, filed.ticket_id, people[0].id, self.tx.now)
        await self.tx.emit(events.JoinRequested(match.ticket_id, people[0].id, filed.ticket_id))
        return filed

    async def _follow_up(self, match: Match, people: list[users.Known]) -> Filed:
        filed = await self._open(people, Disposition.NEW_TICKET, f"ticket #{match.ticket_id} was closed too long ago")
        await self.tx.rows("mail.link_follow_up", filed.ticket_id, match.ticket_id, self.tx.now)
        return filed

    async def _automatic(self, match: Match | None, people: list[users.Known]) -> Filed:
        reason = ", ".join(hit.rule for hit in self.reading.screening.hits)[:250]
        if match is None:
            return await self._open(people, Disposition.AUTOMATIC, f"automatic mail ({reason}) that names no ticket")
        return await self._add(match, self._said(people[0].id, public=False), Disposition.AUTOMATIC, f"automatic mail ({reason})")

    async def _bounce(self, recipients: Sequence[str]) -> Filed | None:
        """File a bounce of our own mail on its ticket; None when it is of nobody's mail here."""
        bounce = self.reading.screening.bounce
        assert bounce is not None
        delivery_ids = [i for i in (tokens.delivery_of_address(self.tx.keys, address) for address in recipients) if i is not None]
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

    async def _open(self, people: list[users.Known], disposition: Disposition, reason: str) -> Filed:
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

    def _sender(self) -> Address:
        """Whom the mail is from: From, else Reply-To, else the envelope; a mail of nobody's is still kept."""
        candidates = [self.reading.mail.sender, *self.reading.mail.reply_to]
        envelope = Address(self.row["envelope_from"]) if self.row["envelope_from"] else None
        usable = (a for a in (*candidates, envelope) if a is not None and a.local_part and a.domain and len(a.key) <= 320)
        return next((Address(storable(a.email), storable(a.name)) for a in usable), NOBODY)

    def _others(self) -> list[Address]:
        """Everybody else the mail was openly sent to, our own mailboxes left out: the participants of a new ticket."""
        own, sender = set(self.row["own_addresses"]), self._sender().key
        people = (*self.reading.mail.to, *self.reading.mail.cc)
        good = [
            a
            for a in people
            if a.local_part and a.domain and len(a.key) <= 320 and tokens.base_address(a.key) not in own and a.key != sender
        ]
        return [Address(storable(a.email), storable(a.name)) for a in good][:_MOST_PARTICIPANTS]


_MOST_PARTICIPANTS = 50
_NO_SUBJECT = "(no subject)"


def _language(mail: ParsedMail) -> str | None:
    """What a mail says of its language (RFC 3282), as `de` or `de-AT`; the first when it names several."""
    named = re.match(r"\s*([A-Za-z]{2,3}(?:-[A-Za-z]{2})?)\b", mail.header("content-language") or mail.header("accept-language") or "")
    return named.group(1) if named else None


async def _write_ledger(
    tx: Tx, inbound_mail_id: int, filed: Filed, fingerprint: str, matching: list[dict[str, object]], reading: Reading
) -> None:
    trace = {"matching": matching, "screening": [asdict(hit) for hit in reading.screening.hits], "defects": list(reading.mail.defects)}
    first = None if filed.duplicate_of is not None else fingerprint
    await tx.rows("mail.filed", inbound_mail_id, filed.disposition.value, filed.reason[:300], storable(json.dumps(trace)), filed.ticket_id,
                  filed.comment_id, filed.duplicate_of, first, tx.now)  # fmt: skip


def unreadable(message_id: str | None, blob: str, reason: str) -> Reading:
    """What stands for a mail that cannot be read: a ticket is opened all the same, with the raw mail attached. Its bytes are its content."""
    mail = ParsedMail(
        message_id=message_id,
        subject="A mail that could not be read",
        text=f"This mail could not be read; it is attached as it came. {reason}",
    )
    return Reading(mail, (), Trimmed(mail.text), Screening(answerable=False, automatic=False), blob)
