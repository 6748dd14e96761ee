"""Today's reading and today's rules over the mail of the past: what would differ, and, if asked for, what can be put right.

It never sends anything: what it writes is written quietly. Put right are words that are read better today, and mail that opened
nothing and would open something now. What would go to another ticket is only told: people have worked with it where it is.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import orjson
import structlog

from core.attachments import StoredFile
from core.db import Row
from core.errors import HelpdeskError
from core.mail import inbound
from core.mail.authentication import Authentication
from core.mail.decisions import Decision, forwarded_by_colleague
from core.mail.filing import words_of
from core.mail.reading import Reader
from core.mail.screen import Own
from core.models.mail import Disposition
from core.runtime import Runtime

log = structlog.get_logger()

_BATCH = 100
_Words = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """What would become of a mail today, where that is not what became of it. `kind`: place, words, or unreadable."""

    inbound_mail_id: int
    kind: str
    was: str
    would_be: str
    applied: bool = False


class Replay:
    """Reads mail again. `apply` puts right what can be, and tells what it did."""

    def __init__(self, rt: Runtime, reader: Reader, *, apply: bool = False) -> None:
        self._rt, self._reader, self._apply = rt, reader, apply
        self.looked_at = 0

    async def run(self, since: datetime | None = None) -> AsyncIterator[Difference]:
        """Every difference, in the order of the ledger. Mails whose raw bytes are no longer kept are passed over."""
        after = 0
        while rows := await self._rt.database.rows("ledger.to_replay", after, since, _BATCH):
            for row in rows:
                self.looked_at += 1
                async for difference in self._one(row):
                    yield difference
            after = rows[-1]["id"]

    async def _one(self, row: Row) -> AsyncIterator[Difference]:
        scratch = self._rt.settings.data_dir / "scratch" / f"replay-{row['id']}"
        try:
            mail = await self._read(row, scratch)
            decision = await self._decided(row, mail)
        except HelpdeskError as error:
            yield Difference(row["id"], "unreadable", row["disposition"], str(error))
            return
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        was, would_be = _place(row["disposition"], row["ticket_id"]), await self._would_be(row, decision)
        if was != would_be:
            yield Difference(row["id"], "place", was, would_be, await self._refiled(row, mail, decision))
        words = _words(row, mail)
        if words is not None and words[0] != row["body"]:
            yield Difference(row["id"], "words", row["body"], words[0], await self._reread(row, words))

    async def _read(self, row: Row, scratch: Path) -> inbound.ReadMail:
        own = Own(frozenset(row["own_addresses"]), self._rt.keys.instance)
        async with self._rt.blobs.local_path(row["blob"]) as path:
            reading = await self._reader.read(path, scratch, envelope_from=row["envelope_from"], own=own)
        files = [StoredFile((await self._rt.blobs.put_file(f.path)).key, f.filename, f.content_type, f.size, f.content_id, f.inline)
                 for f in (reading.files if self._apply else ())]  # fmt: skip
        authentication = Authentication(
            **orjson.loads(row["trace"]).get("authentication", {})
        )  # what the DNS said then, it may not say now
        return inbound.ReadMail(row["id"], reading, files, authentication)

    async def _decided(self, row: Row, mail: inbound.ReadMail) -> Decision:
        async with self._rt.transaction(inbound.DESK, quiet=True) as tx:
            tx.now = row["received_at"]  # what was closed too long ago was so then
            filings = await inbound.filings_of(tx, "mail.filed_before", [mail])
            ((_, decision, _, _),) = await inbound.decide(tx, filings, make_people=False)
        return decision

    async def _would_be(self, row: Row, decision: Decision) -> str:
        if decision.opens and row["disposition"] == decision.disposition:
            return _place(decision.disposition, row["ticket_id"])  # the ticket it opened
        if decision.by_colleague and row["disposition"] == Disposition.NOTE and _was_by_colleague(row):
            decision = replace(decision, disposition=Disposition.NOTE)  # his lines made it one
        if row["disposition"] == Disposition.NEW_TICKET and decision.ticket_id == row["ticket_id"]:
            return _place(row["disposition"], row["ticket_id"])  # what it answers came later, and joined it
        live = await self._rt.database.value("ledger.live", decision.ticket_id) if decision.ticket_id is not None else None
        return _place(decision.disposition, live)

    async def _refiled(self, row: Row, mail: inbound.ReadMail, decision: Decision) -> bool:
        """Whether a mail that had no place on any ticket has one now."""
        if not self._apply or row["comment_id"] is not None or not (decision.opens or decision.ticket_id is not None):
            return False
        async with self._rt.transaction(inbound.DESK, quiet=True) as tx:
            if not await tx.rows("ledger.unfile", row["id"]):
                return False
            await inbound.file(tx, [mail])
        return True

    async def _reread(self, row: Row, words: _Words) -> bool:
        if not self._apply:
            return False
        async with self._rt.transaction(inbound.DESK, quiet=True) as tx:
            await tx.rows("ledger.reread", row["comment_id"], *words)
        return True


def _words(row: Row, mail: inbound.ReadMail) -> _Words | None:
    """What its comment would say today; None where that is not for us to say: somebody edited it, or a colleague's lines were taken off, or
    the forwarded mail in it is not found any more, and with it what its first sender may see."""
    forwarded = orjson.loads(row["trace"]).get("rule") == forwarded_by_colleague.__name__
    if not row["as_it_came"] or _was_by_colleague(row) or (forwarded and mail.reading.forwarded is None):
        return None
    return words_of(mail.reading, for_forwarded=forwarded)


def _was_by_colleague(row: Row) -> bool:
    return "colleague" in orjson.loads(row["trace"])


def _place(disposition: str, ticket_id: int | None) -> str:
    return f"{disposition} on #{ticket_id}" if ticket_id is not None else str(disposition)
