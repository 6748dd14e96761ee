"""What the doors of mail share: which mailbox an address belongs to, and taking mail in, many at once by one commit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import structlog

from core import tokens
from core.errors import TemporaryFailure
from core.mail import inbound
from core.mail.inbound import Envelope
from core.metrics import MAIL_ACCEPTED
from core.runtime import Runtime

log = structlog.get_logger()

_FRESH = 5.0  # seconds for which the list of mailboxes is believed without asking again
_MOST_AT_ONCE = 50


class Intake:
    """Takes responsibility for mail. Mails that arrive while a commit is under way share the next one."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._mailboxes: dict[str, tuple[int, int]] = {}
        self._read_at = float("-inf")
        self._waiting: list[tuple[Envelope, bytes, asyncio.Future[int]]] = []
        self._committing: asyncio.Task[None] | None = None

    async def mailbox_of(self, addresses: Sequence[str]) -> int | None:
        """The mailbox that mail to these addresses belongs to, the first by priority; None when none is ours.

        Nobody is turned away by an old list: an unknown address is looked up anew. Raises TemporaryFailure when that is not possible.
        """
        if time.monotonic() - self._read_at > _FRESH:
            await self._read_mailboxes()
        found = self._known(addresses)
        if found is None:
            await self._read_mailboxes()
            found = self._known(addresses)
        return found

    async def take(self, envelope: Envelope, raw: bytes) -> int:
        """Returns the ledger id once the mail is durable. Raises TemporaryFailure when it is not; then nothing was promised."""
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((envelope, raw, done))
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit_all())
        return await done

    async def _commit_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:_MOST_AT_ONCE], self._waiting[_MOST_AT_ONCE:]
                await self._commit(batch)
        finally:
            self._committing = None

    async def _commit(self, batch: list[tuple[Envelope, bytes, asyncio.Future[int]]]) -> None:
        try:
            ids = await inbound.accept(self._rt, [(envelope, raw) for envelope, raw, _ in batch])
        except Exception as error:  # noqa: BLE001 - whatever it is, every waiting client gets its answer
            if len(batch) > 1 and not isinstance(error, TemporaryFailure):
                for one in batch:  # one of them is at fault: the others must not suffer
                    await self._commit([one])
                return
            for _, _, done in batch:
                _settle(done, error)
            return
        for (envelope, raw, done), inbound_mail_id in zip(batch, ids, strict=True):
            log.info("mail.accepted", inbound_mail=inbound_mail_id, size=len(raw), door=envelope.door, peer=envelope.peer)
            MAIL_ACCEPTED.labels(envelope.door).inc()
            _settle(done, inbound_mail_id)

    def _known(self, addresses: Sequence[str]) -> int | None:
        found = (self._place(tokens.base_address(address)) for address in addresses)
        return min((place for place in found if place is not None), default=(0, None))[1]

    def _place(self, address: str) -> tuple[int, int] | None:
        """The mailbox's rank and id. `postmaster` is somebody everywhere (RFC 5321 §4.5.1): the first mailbox, of the domain if one is named."""
        local, _, domain = address.rpartition("@")
        if address == "postmaster" or (local == "postmaster" and address not in self._mailboxes):
            own = (place for known, place in self._mailboxes.items() if not local or known.endswith(f"@{domain}"))
            return min(own, default=None)
        return self._mailboxes.get(address)

    async def _read_mailboxes(self) -> None:
        rows = await self._rt.database.rows("mail.mailboxes")
        self._mailboxes = {row["address"]: (rank, row["id"]) for rank, row in enumerate(rows)}
        self._read_at = time.monotonic()


def _settle(done: asyncio.Future[int], outcome: int | BaseException) -> None:
    if done.cancelled():
        return
    if isinstance(outcome, int):
        done.set_result(outcome)
    else:
        done.set_exception(outcome)
