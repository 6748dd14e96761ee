"""A mail as the rules see it that decide what becomes of it (`decisions.py`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.db import Row
from core.keys import Keys
from core.mail.addresses import Address
from core.mail.authentication import Authentication
from core.mail.matching import Match
from core.mail.parse.addresslist import read_addresses
from core.mail.reading import Reading
from core.mail.screen import Own
from core.users import Known

SAME_ID = "Another mail came before with the same Message-ID and other content."


@dataclass(frozen=True, slots=True)
class Case:
    """A mail about to get its place. `row` is the ledger's (`mail.unfiled_locked`); `bounced` the delivery of ours that it reports on."""

    row: Row
    reading: Reading
    authentication: Authentication
    recipients: tuple[str, ...]
    sender: Address
    keys: Keys
    own: Own
    sets_spam_aside: bool
    bounced: Row | None = None
    person: Known | None = None
    match: Match | None = None
    forwarded_from: Address | None = None

    @property
    def proven(self) -> bool:
        """Whether the domain of the one address in From vouches for the mail, and it is he who is taken for its sender."""
        mail, froms = self.reading.mail, self.reading.mail.all_headers("from")
        one = len(froms) == 1 and len(read_addresses(froms[0].encode("utf-8", "replace"))) == 1
        return self.authentication.verdict == "pass" and one and mail.sender is not None and mail.sender.key == self.sender.key

    @property
    def answerable(self) -> bool:
        """Whether a machine may answer it."""
        return self.reading.screening.answerable and self.authentication.verdict != "fail"

    @property
    def automatic(self) -> bool:
        """Whether a machine wrote it."""
        return self.reading.screening.automatic

    @property
    def addressed(self) -> Iterator[str]:
        """Every address it was sent to, by the envelope or openly."""
        mail = self.reading.mail
        return iter((*self.recipients, *(address.key for address in (*mail.to, *mail.cc))))

    @property
    def why_automatic(self) -> str:
        return ", ".join(hit.rule for hit in self.reading.screening.hits)[:200]

    @property
    def oddities(self) -> list[str]:
        """What staff should know about it, whatever becomes of it."""
        found = [self.authentication.warning] if self.authentication.warning else []
        written_by = self.reading.mail.sender
        if written_by is not None and written_by.key != self.sender.key:
            found.append(
                f"It came from {written_by.key[:60]}; only another header (Reply-To, or X-Original-From of a list) names the sender."
            )
        return [*found, SAME_ID] if self.row["message_id_used"] else found
