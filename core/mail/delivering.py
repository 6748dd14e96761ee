"""Handing over: the tries of each mail, in order, and what becomes of those that have to wait, are held, or are refused.

What a person wrote is tried for four days and then held for a person; what a machine wrote does not leave when it is older than a day.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from core import events, suppressions, tokens
from core.db import Row
from core.errors import PermanentFailure, TemporaryFailure
from core.mail.addresses import Address
from core.mail.compose import addr_spec
from core.mail.transport import Transport
from core.metrics import MAIL_OUT
from core.runtime import SYSTEM, Runtime
from core.together import Together

log = structlog.get_logger()

AUTOMATIC_FOR = timedelta(days=1)
TRIED_FOR = timedelta(days=4)
_STATUS = re.compile(r"\b5\.1\.\d{1,3}\b|\b5\.7\.\d{1,3}\b")  # what says that nobody is there, or that we are not wanted (RFC 3463)


@dataclass(frozen=True, slots=True)
class Try:
    """One delivery about to be handed over."""

    id: int
    event_id: int | None
    recipient: str
    sender: str
    automatic: bool
    content: bytes
    created_at: datetime
    attempts: int
    ticket_id: int | None
    verp: bool


def tried(row: Row) -> Try:
    """A try that is due, from a row of `outbound.due`."""
    return Try(row["id"], row["event_id"], row["recipient"], row["sender"], row["automatic"], row["content"] or b"", row["created_at"],
                row["attempts"], row["ticket_id"], row["verp"])  # fmt: skip


class Deliverer:
    """Hands mail to the transport, and writes down what became of it."""

    def __init__(self, rt: Runtime, transport: Transport) -> None:
        self._rt = rt
        self._transport = transport
        self._settled = Together(self._write_settled)

    async def deliver(self, event_id: int, tries: Sequence[Try], unreachable: Collection[str]) -> None:
        """Hand over in order. Whose mail has to wait gets no later one before it; others do. A held one stops no job but its own (`event_id`).

        `unreachable` are addresses that nothing is sent to. Raises TemporaryFailure when something has to be tried again, PermanentFailure
        when a mail of the event is held.
        """
        waiting: dict[str, TemporaryFailure] = {}
        held: PermanentFailure | None = None
        for one in tries:
            if one.automatic and one.created_at + AUTOMATIC_FOR < self._rt.clock.now():
                await self._settle(one, "cancelled", "It was too old to be sent automatically.")
            elif one.recipient in unreachable:
                await self._refused(one, "Not sent: mail to it failed before (see the suppressed addresses), or there is no address")
            elif one.recipient in waiting:
                await self._settle(one, "pending", "It waits for an earlier mail to the same person.")
            else:
                failure = await self._hand_over(one)
                if isinstance(failure, TemporaryFailure):
                    waiting[one.recipient] = failure
                elif failure is not None and one.event_id == event_id:
                    held = failure
        if held is not None:
            raise held
        if waiting:
            raise next(iter(waiting.values()))

    async def _hand_over(self, one: Try) -> TemporaryFailure | PermanentFailure | None:
        """One try. Returns why it has to wait or is held, None when it is settled for good."""
        try:
            await self._transport.send(self._envelope_sender(one), addr_spec(Address(one.recipient)), one.content)
        except TemporaryFailure as failure:
            return await self._wait_or_hold(one, failure)
        except PermanentFailure as failure:
            await self._refused(one, str(failure))
            return None
        await self._settle(one, "sent", None)
        log.info("mail.sent", delivery=one.id, ticket=one.ticket_id, attempts=one.attempts)
        return None

    async def _wait_or_hold(self, one: Try, failure: TemporaryFailure) -> TemporaryFailure | PermanentFailure:
        if one.created_at + TRIED_FOR > self._rt.clock.now():
            await self._settle(one, "pending", str(failure))
            return failure
        await self._settle(one, "held", str(failure))
        return PermanentFailure(f"A mail has been tried for {TRIED_FOR.days} days and waits for a person. {failure}")

    async def _refused(self, one: Try, reason: str) -> None:
        await self._settle(one, "failed", reason)
        log.warning("mail.refused", delivery=one.id, ticket=one.ticket_id)
        status = next(iter(_STATUS.findall(reason)), "")
        async with self._rt.transaction(SYSTEM) as tx:
            if status:  # without one it is our own mistake, such as an address that cannot be written
                await suppressions.failed(tx, one.recipient, suppressions.kind_of(status, policy_refusal=False, proven=True), reason)
            await tx.rows("mail.mark_bounced", one.id, self._rt.clock.now(), reason[:1000])
            if one.ticket_id is not None:
                await tx.emit(events.DeliveryFailed(one.ticket_id, one.id, reason[:300]))

    async def _settle(self, one: Try, state: str, error: str | None) -> None:
        sent_at = self._rt.clock.now() if state == "sent" else None
        await self._settled.ask((one.id, state, error, sent_at))
        MAIL_OUT.labels(state).inc()

    async def _write_settled(self, settled: Sequence[tuple[int, str, str | None, datetime | None]]) -> list[None]:
        await self._rt.database.rows("outbound.settle", *map(list, zip(*settled, strict=True)))
        return [None] * len(settled)

    def _envelope_sender(self, one: Try) -> str:
        """VERP, so that a bounce names its delivery, where the mailbox takes plus addresses."""
        return tokens.bounce_address(self._rt.keys, one.sender, one.id) if one.verp else one.sender
