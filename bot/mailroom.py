"""The job that files an accepted mail: read it in a child process, keep its files, and give it its place."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from core.attachments import StoredFile
from core.db import Row
from core.errors import AlreadyThere, HelpdeskError, TemporaryFailure
from core.mail import inbound
from core.mail.authentication import UNKNOWN, Authentication, Delivered, told_by_server
from core.mail.filing import Filed
from core.mail.reading import FileOnDisk, Reader, Reading, UnreadableMail
from core.mail.screen import Own
from core.metrics import MAIL_FILED
from core.runtime import Runtime
from core.together import Together

if TYPE_CHECKING:  # its libraries cost 15 MB: only who checks senders pays
    from core.mail.sender_check import SenderCheck

log = structlog.get_logger()

_READS = 5  # a mail that was being read when its worker died so often is not read again
_PATIENCE = timedelta(seconds=0.5)


@dataclass(slots=True)
class _InHand:
    """A mail that this process is at: what it answers, as soon as that is known, when it is done with, and whether it was filed."""

    answers: frozenset[str] = frozenset()
    filed: bool = False
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Mailroom:
    """Files accepted mail; `senders` checks who sent it, where that is wanted.

    Reading happens in children with a limit on time and memory; filing is one transaction.
    """

    def __init__(self, rt: Runtime, reader: Reader, senders: SenderCheck | None = None) -> None:
        self._rt, self._reader, self._senders = rt, reader, senders
        self._to_read = Together(self._rows_to_read)
        self._to_file = Together(self._file, most=20)
        self._in_hand: dict[int, _InHand] = {}

    async def file_mail(self, payload: Mapping[str, int]) -> None:
        """File one mail of the ledger; done already is no error. TemporaryFailure while one that it answers, or has to follow, is on its way."""
        inbound_mail_id = payload["inbound_mail"]
        self._in_hand[inbound_mail_id] = hand = _InHand()
        try:
            row = await self._to_read.ask(inbound_mail_id)
            if row is not None:
                hand.answers = frozenset(row["refers_to"])
                await self._file_row(inbound_mail_id, row)
            hand.filed = True
        finally:
            self._in_hand.pop(inbound_mail_id, None)
            hand.done.set()

    async def _file_row(self, inbound_mail_id: int, row: Row) -> None:
        if row["has_to_wait"]:
            raise _not_yet()
        try:
            await self._read_and_file(inbound_mail_id, row)
        except (Exception, asyncio.CancelledError):
            # Only a reading whose worker died counts against a mail.
            with suppress(TemporaryFailure):
                await self._rt.database.rows("mail.not_filed", inbound_mail_id)
            raise

    async def _read_and_file(self, inbound_mail_id: int, row: Row) -> None:
        # Made by the child that has files to put there: most mail has none.
        scratch = self._rt.settings.data_dir / "scratch" / f"{os.getpid()}-{inbound_mail_id}"
        try:
            mail = replace(await self._read(inbound_mail_id, row, scratch), quiet=row["quiet"])
        finally:
            if scratch.exists():
                shutil.rmtree(scratch, ignore_errors=True)
        if not await self._earlier_answers(inbound_mail_id, frozenset(row["refers_to"])) and row["is_young"]:
            raise _not_yet()
        try:
            filed = await self._to_file.ask(mail)
        except AlreadyThere as error:
            if "fingerprint" not in error.key:
                raise
            raise TemporaryFailure("The same mail is being filed at this moment.", _PATIENCE) from error
        if filed is not None:
            MAIL_FILED.labels(filed.disposition.value).inc()
            log.info("mail.filed", inbound_mail=inbound_mail_id, disposition=filed.disposition.value, ticket=filed.ticket_id)

    async def _earlier_answers(self, inbound_mail_id: int, own: frozenset[str]) -> bool:
        """Wait for mails in hand that came before and answer the same: what somebody says twice is not turned round by a file in the first.
        Whether all of them were filed."""
        earlier = [other for number, other in self._in_hand.items() if number < inbound_mail_id and not own.isdisjoint(other.answers)]
        for other in earlier:
            await other.done.wait()
        return all(other.filed for other in earlier)

    async def _rows_to_read(self, ids: Sequence[int]) -> list[Row | None]:
        rows = {row["id"]: row for row in await self._rt.database.rows("mail.to_read", ids, self._rt.clock.now(), list(self._in_hand))}
        return [rows.get(inbound_mail_id) for inbound_mail_id in ids]

    async def _file(self, mails: Sequence[inbound.ReadMail]) -> list[Filed | None]:
        now, later = inbound.that_can_be_filed_together(mails)
        filed = dict(zip((mail.inbound_mail_id for mail in now), await self._file_at_once(now), strict=True))
        filed |= dict(zip((mail.inbound_mail_id for mail in later), await self._file(later), strict=True)) if later else {}
        return [filed[mail.inbound_mail_id] for mail in mails]

    async def _file_at_once(self, mails: Sequence[inbound.ReadMail]) -> list[Filed | None]:
        quiet = mails[0].quiet  # as are the others
        try:
            async with self._rt.transaction(inbound.DESK, quiet=quiet) as tx:
                return await inbound.file(tx, mails)
        except (AlreadyThere, TemporaryFailure):
            raise
        except HelpdeskError as refusal:
            if len(mails) > 1:
                raise  # each is asked for alone next
            async with self._rt.transaction(inbound.DESK, quiet=quiet) as tx:
                return await inbound.file(tx, mails, refusal)

    async def _read(self, inbound_mail_id: int, row: Row, scratch: Path) -> inbound.ReadMail:
        try:
            if row["reads"] > _READS:
                raise UnreadableMail("Its worker died while reading it, several times.")
            own = Own(frozenset(row["own_addresses"]), self._rt.keys.instance)
            async with self._rt.blobs.local_path(row["blob"]) as path:
                reading = await self._reader.read(path, scratch, envelope_from=row["envelope_from"], own=own)
                authentication = await self._authenticated(row, reading, path)
            return inbound.ReadMail(inbound_mail_id, reading, await self._stored(reading.files), authentication)
        except UnreadableMail as error:
            log.error("mail.unreadable", inbound_mail=inbound_mail_id, reason=str(error))
            whole = StoredFile(row["blob"], "mail.eml", "message/rfc822", row["size"])
            return inbound.ReadMail(inbound_mail_id, inbound.unreadable(row["message_id"], row["blob"], str(error)), [whole])

    async def _authenticated(self, row: Row, reading: Reading, path: Path) -> Authentication:
        """What our own mail server says of the sender, or what we find out ourselves about who came by SMTP."""
        told = told_by_server(reading.mail, self._rt.settings.authserv_id)
        if told is not None or self._senders is None or row["door"] != "smtp":
            return told or UNKNOWN
        raw = await asyncio.to_thread(path.read_bytes)
        domain = reading.mail.sender.domain if reading.mail.sender else ""
        return await self._senders.check(Delivered(raw, row["peer"], row["envelope_from"] or "", domain))

    async def _stored(self, files: Sequence[FileOnDisk]) -> list[StoredFile]:
        return [
            StoredFile(
                (await self._rt.blobs.put_file(file.path)).key, file.filename, file.content_type, file.size, file.content_id, file.inline
            )
            for file in files
        ]


def _not_yet() -> TemporaryFailure:
    return TemporaryFailure("A mail that this one answers or follows is not filed yet.", _PATIENCE)
