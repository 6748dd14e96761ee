"""The ledger of mail in, looked at: does it add up, what became of one mail and why, and the keeping of what it needs.

Each accepted mail has a row from before its `250` on (`InboundMail`), and ends with one disposition and a reason.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
import structlog

from core import events
from core.blobs import BlobStore
from core.db import Database
from core.errors import NotFound, TemporaryFailure
from core.mail.matching import MATCHERS
from core.pages import Page, decoded, page_of
from core.queries import Reader
from core.runtime import SYSTEM, Runtime

log = structlog.get_logger()

ON_ITS_WAY = timedelta(minutes=2)  # after this a mail without a job was forgotten, not just taken in
LATE = timedelta(minutes=10)  # after this a mail that has no place yet is somebody's business
_MOST = 1000
_SOUND_NAMES = 500


@dataclass(frozen=True, slots=True)
class Gap:
    """A mail that the ledger cannot account for. `inbound_mail_id` is None for one that the ledger does not even know."""

    inbound_mail_id: int | None
    problem: str


@dataclass(frozen=True, slots=True)
class Audit:
    """`received` mails: `unfiled` are under way, the others have one disposition each; `gaps` are those that are not accounted for."""

    received: int
    unfiled: int
    dispositions: dict[str, int]
    gaps: tuple[Gap, ...]

    @property
    def adds_up(self) -> bool:
        """Whether every received mail is accounted for."""
        return not self.gaps and self.received == self.unfiled + sum(self.dispositions.values())


async def audit(rt: Runtime, *, with_bytes: bool = False) -> Audit:
    """Account for every mail that was ever accepted. `with_bytes` also looks whether the raw bytes of each are there, which takes longer."""
    row = await rt.database.row("ledger.sums")
    assert row is not None
    rows = await rt.database.rows("ledger.gaps", rt.clock.now() - ON_ITS_WAY, _MOST)
    gaps = [Gap(one["id"], str(one["problem"])) for one in rows]
    if with_bytes:
        gaps += [gap async for gap in _without_bytes(rt.database, rt.blobs)]
    return Audit(row["received"], row["unfiled"], orjson.loads(row["dispositions"]), tuple(gaps))


async def late(db: Database, now: datetime) -> str | None:
    """The sentence about accepted mails that have waited too long for their place; None when there are none."""
    count = await db.value("ledger.late", now - LATE)
    return f"{count} accepted mail(s) have no place yet: `helpdesk mail audit` tells which, `helpdesk jobs` why." if count else None


async def remember(rt: Runtime) -> int:
    """Give a job to every accepted mail that lost its own, so that it is filed; returns how many there were. Held ones wait for a person."""
    async with rt.transaction(SYSTEM) as tx:
        rows = await tx.rows("ledger.forgotten", tx.now - ON_ITS_WAY)
        for row in rows:
            await tx.emit(events.MailAccepted(row["id"]))
    if rows:
        log.error("mail.forgotten", count=len(rows), first=rows[0]["id"])
    return len(rows)


async def forget_bytes(rt: Runtime) -> int:
    """Let go of raw mail that was filed longer ago than MAIL_KEEP_DAYS; what was read from it stays. Returns how many."""
    if not rt.settings.mail_keep_days:
        return 0
    async with rt.transaction(SYSTEM) as tx:
        return len(await tx.rows("ledger.forget_bytes", tx.now - timedelta(days=rt.settings.mail_keep_days)))


async def page(
    db: Reader, *, disposition: str | None, ticket_id: int | None, limit: int, cursor: str | None, viewer_id: int | None = None
) -> Page:
    """Rows of the ledger, newest first, without their traces. `disposition` "unfiled" are those that have none yet."""
    before = decoded(cursor, "ledger", int)
    row = await db.row("ledger.page", before[0] if before else None, disposition, ticket_id, limit, viewer_id)
    assert row is not None
    return page_of(row, "ledger", "last_id")


async def why(db: Reader, inbound_mail_id: int, viewer_id: int | None = None) -> bytes:
    """One row of the ledger as JSON, with the trace of every rule that decided about it. NotFound when there is none.

    What a mail says is shown to the operator (no viewer), and to a viewer who may work on its ticket.
    """
    row = await db.row("ledger.why", inbound_mail_id, viewer_id)
    if row is None:
        raise NotFound(f"There is no mail {inbound_mail_id} in the ledger.")
    entry: bytes = row["entry"]
    return entry


async def raw(db: Reader, inbound_mail_id: int, viewer_id: int | None = None) -> tuple[str, int]:
    """The blob and the size of a mail's raw bytes. NotFound when there is no such mail, the viewer may not read it, or its time is over."""
    row = await db.row("ledger.raw", inbound_mail_id, viewer_id)
    if row is None or not row["blob"]:
        raise NotFound(
            f"The raw bytes of mail {inbound_mail_id} are not kept any longer." if row else f"There is no mail {inbound_mail_id}."
        )
    return row["blob"], row["size"]


def told(entry: bytes) -> list[str]:
    """A row of `why` in lines for a person."""
    row: dict[str, Any] = orjson.loads(entry)
    trace = row["trace"]
    place = f", ticket #{row['ticket_id']}" if row["ticket_id"] else ""
    lines = [
        f"Mail {row['id']}, {row['size']} bytes, came at {row['received_at']} by {row['door']} from {row['peer'] or 'an unknown peer'}.",
        f"  envelope     {_sender(row['envelope_from'])} to {', '.join(row['envelope_to']) or 'nobody named'}; mailbox {row['mailbox'] or 'unknown'}",
        f"  Message-ID   {row['message_id'] or 'none'}",
        f"  became       {row['disposition'] or 'nothing yet'}{place}: {row['reason'] or 'it is not filed yet'}",
        f"  rule         {trace.get('rule', 'not known')}",
        *(["  quiet        it is older mail of a connected mailbox: nobody was told"] if trace.get("quiet") else []),
        *([f"  sender       {_vouched(trace['authentication'])}"] if trace.get("authentication") else []),
        *(f"  matching     {line}" for rule in MATCHERS for line in _found(rule.__name__, trace.get("matching", []))),
        *(f"  screening    {hit['rule']} ({hit['verdict']}): {hit['evidence']}" for hit in trace.get("screening", [])),
        *(f"  repaired     {defect}" for defect in trace.get("defects", [])),
        *(f"  asked        {line['line']}: {line['told']}" for line in trace.get("done", [])),
    ]
    return (
        lines if trace.get("screening") or not row["disposition"] else [*lines, "  screening    nothing speaks against an automatic answer"]
    )


def _vouched(told: dict[str, str]) -> str:
    return f"{told['verdict']} (SPF {told['spf']}, DKIM {told['dkim']}, DMARC {told['dmarc']}): {told['by']}"


def _found(rule: str, hits: list[dict[str, Any]]) -> list[str]:
    """What a matcher found, in words."""
    own = [hit for hit in hits if hit["rule"] == rule]
    named = [f"{rule} names {'ticket #' + str(hit['ticket']) if hit['ticket'] else 'no ticket'}: {hit['evidence']}" for hit in own]
    return named or [f"{rule} found nothing to go by"]


def _sender(envelope_from: str | None) -> str:
    return "unknown" if envelope_from is None else f"<{envelope_from}>"


async def _without_bytes(db: Database, blobs: BlobStore) -> AsyncIterator[Gap]:
    after = 0
    while rows := await db.rows("ledger.blobs", after, _SOUND_NAMES):
        for row in rows:
            problem = await _problem_with(blobs, row["blob"], row["size"])
            if problem:
                yield Gap(row["id"], problem)
        after = rows[-1]["id"]


async def _problem_with(blobs: BlobStore, key: str, size: int) -> str:
    try:
        found = await blobs.size(key)
    except NotFound:
        return "has no raw bytes any more"
    except TemporaryFailure as failure:
        return f"could not be looked for: {failure}"
    return "" if found == size else f"has {found} raw bytes, and had {size}"
