"""Mail in: `keep` and `accept` take responsibility for raw bytes, `file` turns read mails into tickets and comments.

Between the two lies a durable row of the ledger (`InboundMail`). Each accepted mail ends with exactly one disposition and a
reason; nothing is dropped. Where one mail goes is decided in `filing.py`. Both work on several mails at once, since a commit and a
statement cost nearly as much for one as for twenty.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from core import events, policy, suppressions, users
from core.attachments import StoredFile
from core.db import Row
from core.errors import HelpdeskError
from core.mail.authentication import UNKNOWN, Authentication
from core.mail.decisions import FIRST, RULES, Decision, decided, filed_apart
from core.mail.filing import Filed, Filing
from core.mail.header_ids import ids_in
from core.mail.matching import Asked, Match, Trace, find_matches
from core.mail.parsed import ParsedMail
from core.mail.reading import Reading
from core.mail.screen import Screening
from core.mail.sender import sender_of
from core.mail.trim import Trimmed
from core.models.mail import Disposition
from core.models.tickets import Via
from core.runtime import Actor, Runtime, Tx
from core.text import storable
from core.users import Known

DESK = Actor(None, Via.EMAIL)


@dataclass(frozen=True, slots=True)
class Envelope:
    """How a mail came: the door (smtp, lmtp, imap, pipe), the peer's address, and what SMTP said of sender and recipients.

    `sender` is "" for the null sender and None when the door does not know it. `source_key` names the mail at its door, once. Nobody is
    told of a mail that is `quiet`: it is filed, and that is all.
    """

    door: str
    recipients: tuple[str, ...]
    mailbox_id: int | None
    sender: str | None = None
    peer: str = ""
    source_key: str | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A mail whose bytes are safe in the blob store. The ledger does not know of it yet, so nothing was promised."""

    envelope: Envelope
    blob: str
    size: int
    message_id: str | None
    refers_to: Sequence[str]


async def keep(rt: Runtime, envelope: Envelope, raw: bytes) -> KeptMail:
    """Put the bytes of a mail into the blob store. Raises TemporaryFailure when that is not possible now."""
    message_id, refers_to = ids_in(raw)
    return KeptMail(envelope, await rt.blobs.put(raw), len(raw), message_id, refers_to)


async def accept(rt: Runtime, mails: Sequence[KeptMail]) -> list[int]:
    """Take responsibility for mails: ledger rows and their jobs in one commit. Returns the ledger ids, in order.

    Raises TemporaryFailure when that is not possible now; then nothing was promised and the senders have to try again.
    """
    async with rt.transaction(DESK) as tx:
        added = await tx.rows("mail.accept", *map(list, zip(*map(_ledger_row, mails), strict=True)), tx.now)
        for row in added:
            await tx.emit(events.MailAccepted(row["id"]))
    return [row["id"] for row in added]


def _ledger_row(mail: KeptMail) -> tuple[object, ...]:
    envelope = mail.envelope
    return (mail.blob, mail.size, envelope.door, envelope.peer[:100], envelope.sender, json.dumps(envelope.recipients), envelope.mailbox_id,
            envelope.source_key, mail.message_id, json.dumps(mail.refers_to), envelope.quiet)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadMail:
    """An accepted mail that has been read, with its files in the blob store."""

    inbound_mail_id: int
    reading: Reading
    files: Sequence[StoredFile]
    authentication: Authentication = UNKNOWN
    quiet: bool = False

    @property
    def fingerprint(self) -> str:
        """Message-ID and content: two mails that share it are one mail that came twice.

        A device that gives its mails neither an id nor a date says the same each time, and means it: those are told apart by their place in
        the ledger, so that only what comes from one door twice is kept from being filed twice, by its key.
        """
        if self.reading.mail.message_id is None and self.reading.mail.header("date") is None:
            return hashlib.sha256(f"{self.inbound_mail_id}\n{self.reading.content_hash}".encode()).hexdigest()
        return hashlib.sha256(f"{self.reading.mail.message_id}\n{self.reading.content_hash}".encode()).hexdigest()


def that_can_be_filed_together(mails: Sequence[ReadMail]) -> tuple[list[ReadMail], list[ReadMail]]:
    """The mails that know nothing of one another, and the rest: whoever shares a Message-ID with another, or answers it, has to see what
    became of that first; and what is quiet is filed apart from what people are told of."""
    now: list[ReadMail] = []
    ids: set[str] = set()
    for mail in sorted(mails, key=lambda one: one.inbound_mail_id):
        parsed = mail.reading.mail
        own = parsed.message_id or mail.fingerprint
        alike = not now or now[0].quiet == mail.quiet
        if alike and own not in ids and ids.isdisjoint((*parsed.in_reply_to, *parsed.references)):
            now.append(mail)
        ids.add(own)
    chosen = {mail.inbound_mail_id for mail in now}
    return [m for m in mails if m.inbound_mail_id in chosen], [m for m in mails if m.inbound_mail_id not in chosen]


async def file(tx: Tx, mails: Sequence[ReadMail], refusal: HelpdeskError | None = None) -> list[Filed | None]:
    """Give accepted mails their one disposition each, in the order of the ledger; no two of them may share a Message-ID.

    After a `refusal` of where they belong they open tickets. None for one that has its place already: a job may run twice, a mail is filed
    once. Two copies filed by two workers at the same moment collide on the unique fingerprint: one raises AlreadyThere, and is a duplicate
    next time.
    """
    by_id = {mail.inbound_mail_id: mail for mail in mails}
    filings = await filings_of(tx, "mail.unfiled_locked", mails)
    filed = await _filed(tx, filings, refusal)
    await suppressions.heard_from(tx, (f.sender.key for f in filings if f.is_heard and not by_id[f.row["id"]].quiet))
    await _write_ledger(tx, [(filing.row["id"], by_id[filing.row["id"]], *filed[filing.row["id"]]) for filing in filings])
    return [filed[mail.inbound_mail_id][0] if mail.inbound_mail_id in filed else None for mail in mails]


async def filings_of(tx: Tx, statement: str, mails: Sequence[ReadMail]) -> list[Filing]:
    """The mails with their rows of the ledger, in its order: `mail.unfiled_locked`, or `mail.filed_before` to look at the past."""
    senders = [sender_of(mail.reading.writer, None).key for mail in mails]
    by_id = {mail.inbound_mail_id: mail for mail in mails}
    rows = await tx.rows(statement, list(by_id), [mail.fingerprint for mail in mails], senders, statement == "mail.filed_before")
    return [Filing(tx, row, (one := by_id[row["id"]]).reading, one.files, one.authentication) for row in rows]


async def _filed(tx: Tx, filings: Sequence[Filing], refusal: HelpdeskError | None) -> dict[int, tuple[Filed, Trace]]:
    """What became of each, by its ledger id: everything is decided first, then carried out."""
    decided_ones = await decide(tx, filings)
    if refusal is not None:
        decided_ones = [
            (f, filed_apart(d, str(refusal)) if d.ticket_id is not None else d, known, trace) for f, d, known, trace in decided_ones
        ]
    wanted = {decision.ticket_id for _, decision, _, _ in decided_ones if decision.ticket_id is not None}
    if wanted:
        await policy.lock(tx, *wanted)
    return {filing.row["id"]: (await filing.carry_out(decision, known), trace) for filing, decision, known, trace in decided_ones}


async def decide(tx: Tx, filings: Sequence[Filing], *, make_people: bool = True) -> list[Decided]:
    """What becomes of each mail. Whoever wrote one that is heard is known afterwards; without `make_people` a stranger stays one."""
    for filing, row in await _bounced(tx, filings):
        filing.bounced = row
    first = [(filing, decided(filing.case(), FIRST)) for filing in filings]
    left = [filing for filing, decision in first if decision is None]
    addresses = [address for filing in left for address in filing.addresses]
    known = await (users.known_or_new if make_people else users.known)(tx, addresses)
    asked = [Asked(f.reading.mail, f.recipients, known.get(f.sender.key, STRANGER).id, f.row["id"]) for f in left]
    found = {id(f): one for f, one in zip(left, await find_matches(tx, asked), strict=True)}
    return [(f, d, {}, []) if d is not None else _by_rules(f, known, *found[id(f)]) for f, d in first]


Decided = tuple[Filing, Decision, Mapping[str, Known], Trace]
STRANGER = Known(0, staff=False)


def _by_rules(filing: Filing, known: Mapping[str, Known], match: Match | None, trace: Trace) -> Decided:
    decision = decided(filing.case(known.get(filing.sender.key, STRANGER), match), RULES)
    assert decision is not None, "the last rule always says something"
    return filing, decision, known, trace


async def _bounced(tx: Tx, filings: Sequence[Filing]) -> list[tuple[Filing, Row]]:
    """The reports on mail of ours, each with the delivery it is about."""
    reports = {filing.row["id"]: filing for filing in filings if filing.reading.screening.bounce is not None}
    if not reports:
        return []
    asked = [(number, *filing.bounced_ids) for number, filing in reports.items()]
    rows = await tx.rows("mail.bounced_deliveries", *map(list, zip(*asked, strict=True)))
    return [(reports[row["mail"]], row) for row in rows]


async def _write_ledger(tx: Tx, entries: Sequence[tuple[int, ReadMail, Filed, Trace]]) -> None:
    if entries:
        await tx.rows("mail.filed", *map(list, zip(*(_ledger_entry(*entry) for entry in entries), strict=True)), tx.now)


def _ledger_entry(inbound_mail_id: int, mail: ReadMail, filed: Filed, matching: Trace) -> tuple[object, ...]:
    reading = mail.reading
    trace: dict[str, object] = {"rule": filed.rule, "matching": matching, "screening": [asdict(hit) for hit in reading.screening.hits],
             "authentication": mail.authentication.trace(), "defects": list(reading.mail.defects)}  # fmt: skip
    if mail.quiet:
        trace |= {"quiet": True}
    if filed.colleague is not None:
        trace |= {"done": [asdict(outcome) for outcome in filed.outcomes], "colleague": filed.colleague}
    # What was not let in is no original: its sender may be heard again, and its copy be clean.
    first = None if filed.disposition in (Disposition.DUPLICATE, Disposition.SPAM, Disposition.REFUSED) else mail.fingerprint
    return (inbound_mail_id, filed.disposition.value, filed.reason[:300], storable(json.dumps(trace)), filed.ticket_id, filed.comment_id,
            filed.duplicate_of, first)  # fmt: skip


def unreadable(message_id: str | None, blob: str, reason: str) -> Reading:
    """What stands for a mail that cannot be read: a ticket is opened all the same, with the raw mail attached. Its bytes are its content."""
    mail = ParsedMail(
        message_id=message_id,
        subject="A mail that could not be read",
        text=f"This mail could not be read; it is attached as it came. {reason}",
    )
    return Reading(mail, (), Trimmed(mail.text), Screening(answerable=False, automatic=False), blob)
