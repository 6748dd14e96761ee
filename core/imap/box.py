"""A mailbox that is fetched from, and where fetching stands in it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from core.db import Row
from core.errors import Conflict
from core.imap.client import connected
from core.imap.position import Position, position_in
from core.mail.connection import Connection
from core.models.queues import Mailbox
from core.runtime import SYSTEM, Runtime, Tx


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox to fetch from."""

    id: int
    address: str
    connection: Connection

    @property
    def place(self) -> tuple[int, str, str, str]:
        """Where it is fetched from, as statements are asked."""
        return self.id, self.connection.folder, self.connection.host, self.connection.user

    def names(self, validity: int) -> str:
        """How the names of its mails begin in the ledger: by server, account and folder, and what their UIDs belong to."""
        place = hashlib.sha256(f"{self.connection.host}\n{self.connection.user}\n{self.connection.folder}".encode()).hexdigest()[:16]
        return f"imap:{self.id}:{place}:{validity}:"


def box_of(rt: Runtime, row: Row) -> Box:
    """A row of `imap.boxes`, its secrets opened."""
    return Box(row["id"], row["address"], Connection.restored(rt.keys, json.loads(row["connection"])))


def box_for(rt: Runtime, mailbox: Mailbox) -> Box:
    """A mailbox as it is fetched from; Conflict for one that is not."""
    if mailbox.kind != "imap":
        raise Conflict(f"Mail of {mailbox.address} comes by SMTP: there is nothing to log in to.")
    return Box(mailbox.id, mailbox.address, Connection.restored(rt.keys, mailbox.connection))


async def begin(rt: Runtime, box: Box, since: datetime | None = None) -> int:
    """Look into a mailbox that was just connected. What is there stays there, unless it came `since` an instant; one that was connected
    before goes on where it stopped. Returns how many mails are there that came since then."""
    async with connected(box.connection) as client:
        folder = await client.select()
        at_the_end = max(folder.next_uid - 1, 0)
        older = await client.came(0, at_the_end, since) if since is not None else {}
    async with rt.transaction(SYSTEM) as tx:
        known = await tx.row("imap.position", box.id, box.connection.folder)
        if known is None:
            await keep(tx, box, Position(folder.validity, at_the_end).back_to(older, since))
        elif since is not None and known["uid_validity"] == folder.validity:  # else whoever fetches reads it anew
            await keep(tx, box, position_in(box.connection, folder, known).back_to(older, since))
    return len(older)


async def keep(tx: Tx, box: Box, position: Position) -> None:
    """Go on from a position, also back."""
    at = (position.validity, position.last_uid, position.lay_there, position.since, position.made_anew)
    await tx.rows("imap.begin", box.id, box.connection.folder, *at, tx.now)
