"""Fetching from one mailbox: by UIDVALIDITY and UID kept in the database, never by what is marked as seen.

A mail is put away there only when it is durable here. One that was accepted twice would collide on its name (server, folder, validity, UID),
and one that comes under a new name, after a folder was made anew, is recognised by its content.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime

import structlog

from bot.intake import Intake
from core import alarms
from core.db import Row
from core.errors import AlreadyThere, HelpdeskError, TemporaryFailure
from core.imap.box import Box, keep
from core.imap.client import Folder, ImapClient, connected
from core.imap.position import Position, position_in
from core.mail import inbound
from core.mail.header_ids import addressees
from core.runtime import SYSTEM, Runtime

log = structlog.get_logger()

_MIME = re.compile(rb"^(?:content-|mime-version)[^\n]*\n(?:[ \t][^\n]*\n)*", re.IGNORECASE | re.MULTILINE)
_TRIES = 5  # of one mail, each on a connection of its own
POLL = 300.0  # seconds until it looks by itself, in case nobody tells


class Left(HelpdeskError):
    """The mailbox rests, or is no longer connected to this place: there is nothing to be done here, and nothing is wrong."""


class Fetcher:
    """Takes what is new in a mailbox, for as long as the connection lasts. `works` once everything new was taken.

    `stumbles` counts, over connections, how often each UID ended one: such a mail is tried after all others, and in the end stepped over.
    """

    def __init__(self, rt: Runtime, intake: Intake, box: Box, *, poll: float = POLL, stumbles: Counter[int] | None = None) -> None:
        self._rt, self._intake, self._box, self._poll = rt, intake, box, poll
        self._stumbles: Counter[int] = stumbles if stumbles is not None else Counter()
        self._untidy: str | None = None
        self.works = False

    async def run(self) -> None:
        """Fetch until the connection ends, by a TemporaryFailure or PermanentFailure, or by being cancelled. Left as soon as somebody pauses
        or disconnects the mailbox."""
        async with connected(self._box.connection) as client:
            while True:
                while not await self._has_all(client):
                    await self.fetch_new(client)
                await self._seen()
                self.works = True
                await client.new_mail(self._poll)

    async def _has_all(self, client: ImapClient) -> bool:
        """Whether nothing is new. The last question before waiting: aioimaplib drops what a server tells of new mail in answers to others."""
        if self._stumbles:
            return False
        folder, row = await client.select(), await self._position_kept()
        return row is not None and row["uid_validity"] == folder.validity and row["last_uid"] >= folder.next_uid - 1

    async def fetch_new(self, client: ImapClient) -> int:
        """Take everything that is new now; returns how many mails that were."""
        folder = await client.select()
        position = await self._position(folder)
        uids = await position.wanted(client, position.last_uid)
        for uid in [one for one in uids if one not in self._stumbles] + sorted(self._stumbles):
            await self._take_or_stumble(client, position, uid, uids.get(uid))
        await self._reached(position, max([folder.next_uid - 1, *uids]))  # also past what somebody took away
        await self._seen()
        return len(uids)

    async def _take_or_stumble(self, client: ImapClient, position: Position, uid: int, came: datetime | None) -> None:
        """A mail at which the server fails must not keep those behind it: it is counted before it is asked for. Our own trouble counts nothing."""
        self._stumbles[uid] += 1
        if self._stumbles[uid] > _TRIES:
            await self._stepped_over(uid)
        elif (raw := await self._fetched(client, uid)) is not None:
            await self._unless_left()
            del self._stumbles[uid]
            await self._take(position, uid, came, raw)
            await self._put_away(client, uid)
        self._stumbles.pop(uid, None)
        await self._reached(position, uid)

    async def _stepped_over(self, uid: int) -> None:
        """It stays a gap that `helpdesk mail audit` tells of, and the operator is alarmed."""
        said = f"The mail with UID {uid} in {self._box.connection.folder} of {self._box.address} cannot be fetched, and was left there."
        log.error("imap.stepped_over", mailbox=self._box.id, uid=uid)
        async with self._rt.transaction(SYSTEM) as tx:
            await alarms.sound(tx, alarms.left_there(self._box.id, uid), said)

    async def _position(self, folder: Folder) -> Position:
        """Where to go on; kept before anything is taken, so that what is broken off goes on as it began."""
        row = await self._position_kept()
        position = position_in(self._box.connection, folder, row)
        if row is None or row["uid_validity"] != folder.validity:
            log.warning("imap.folder_is_new", mailbox=self._box.id, made_anew=row is not None)
            self._stumbles.clear()  # these numbers mean other mails now
            async with self._rt.transaction(SYSTEM) as tx:
                await keep(tx, self._box, position)
        return position

    async def _position_kept(self) -> Row | None:
        await self._unless_left()
        return await self._rt.database.row("imap.position", self._box.id, self._box.connection.folder)

    async def _unless_left(self) -> None:
        """Asked before each mail: what was said to be paused is paused."""
        if not await self._rt.database.value("imap.is_fetched", *self._box.place):
            raise Left(f"{self._box.address} is not fetched from there any longer.")

    async def _fetched(self, client: ImapClient, uid: int) -> bytes | None:
        """The bytes of a mail, or of what stands for one that is too large; None when somebody took it away meanwhile."""
        size = await client.size(uid)
        if size is None:
            return None
        raw = await (client.fetch(uid) if size <= self._rt.settings.mail_size_limit else self._head_of(client, uid, size))
        if raw is None and await client.size(uid) is not None:
            raise TemporaryFailure(f"The mail with UID {uid} cannot be fetched, though it is there.")
        return raw

    async def _take(self, position: Position, uid: int, came: datetime | None, raw: bytes) -> None:
        name = f"{self._box.names(position.validity)}{uid}"
        recipients, host = tuple(addressees(raw)) or (self._box.address,), self._box.connection.host
        quiet = position.is_old(uid, came, raw, self._rt.clock.now())
        envelope = inbound.Envelope("imap", recipients, self._box.id, None, host, name, quiet)
        try:
            await self._intake.take(envelope, raw)
        except AlreadyThere:
            log.info("imap.taken_before", mailbox=self._box.id, uid=uid)

    async def _put_away(self, client: ImapClient, uid: int) -> None:
        """What cannot be tidied up there is taken all the same."""
        try:
            await client.put_away(uid)
            self._untidy = None
        except TemporaryFailure as failure:
            if client.lost:
                raise
            self._untidy = f"Mail is taken, but stays where it was. {failure}"

    async def _head_of(self, client: ImapClient, uid: int, size: int) -> bytes | None:
        """What stands for a mail that is too large: who wrote what about, and where it lies."""
        head = await client.fetch(uid, "BODY.PEEK[HEADER]")
        if head is None:
            return None
        limit = self._rt.settings.mail_size_limit
        place = self._box.connection.move_to or self._box.connection.folder
        said = f"This mail of {size} bytes is larger than {limit}: it lies in the folder {place} of {self._box.address}."
        head = _MIME.sub(b"", head[: 256 * 1024])
        return head.rstrip(b"\r\n") + b"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + said.encode() + b"\r\n"

    async def _reached(self, position: Position, uid: int) -> None:
        await self._rt.database.rows("imap.reached", *self._box.place, position.validity, uid, position.last_uid, self._rt.clock.now())

    async def _seen(self) -> None:
        async with self._rt.transaction(SYSTEM) as tx:
            await tx.rows("imap.seen", self._box.id, tx.now, self._untidy)
            await alarms.sound(tx, alarms.mailbox(self._box.id), None)
