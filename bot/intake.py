"""What the doors of mail share: which mailbox an address belongs to, and taking mail in, many at once by one commit."""

from __future__ import annotations

import time
from collections.abc import Sequence

import structlog

from core import tokens
from core.mail import inbound
from core.mail.inbound import Envelope, KeptMail
from core.metrics import MAIL_ACCEPTED
from core.runtime import Runtime
from core.together import Together

log = structlog.get_logger()

_FRESH = 5.0  # seconds for which the list of mailboxes is believed without asking again


class Intake:
    """Takes responsibility for mail. Mails that arrive while a commit is under way share the next one."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._mailboxes: dict[str, tuple[int, int]] = {}
        self._read_at = float("-inf")
        self._commits = Together(self._commit)

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
        return await self._commits.ask(await inbound.keep(self._rt, envelope, raw))

    async def _commit(self, mails: Sequence[KeptMail]) -> list[int]:
        ids = await inbound.accept(self._rt, mails)
        for mail, inbound_mail_id in zip(mails, ids, strict=True):
            log.info("mail.accepted", inbound_mail=inbound_mail_id, size=mail.size, door=mail.envelope.door, peer=mail.envelope.peer)
            MAIL_ACCEPTED.labels(mail.envelope.door).inc()
        return ids

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
