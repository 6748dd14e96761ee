"""One IMAP connection in the words of the desk, on aioimaplib: everything that goes wrong is a TemporaryFailure in a sentence.

UIDs only, never sequence numbers; BODY.PEEK, so that reading marks nothing as seen (RFC 3501, 9051, IDLE of RFC 2177, MOVE of 6851).
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aioimaplib import aioimaplib

from core.errors import PermanentFailure, TemporaryFailure
from core.imap.names import quoted
from core.imap.oauth import access_token
from core.mail.connection import Connection
from core.mail.parse.dates import read_date

_PATIENCE = 30.0  # seconds for an answer
_FETCH_PATIENCE = 300.0  # seconds for a whole mail
_TROUBLE = (OSError, asyncio.TimeoutError, aioimaplib.AioImapException, ssl.SSLError, EOFError)
_NUMBER = re.compile(rb"\[(UIDVALIDITY|UIDNEXT) (\d+)\]")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_UID = re.compile(rb"\bUID (\d+)")
_CAME = re.compile(rb'INTERNALDATE "([ 0-9]\d-[A-Za-z]{3}-\d{4} \d\d:\d\d:\d\d [+-]\d{4})"')
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Folder:
    """A selected folder: the number its UIDs belong to, the next UID, and how many mails are in it."""

    validity: int
    next_uid: int
    count: int


class ImapClient:
    """A logged-in connection."""

    def __init__(self, imap: aioimaplib.IMAP4, connection: Connection, lost: asyncio.Event) -> None:
        self._imap, self._connection, self._lost = imap, connection, lost

    @property
    def lost(self) -> bool:
        """Whether the connection has ended."""
        return self._lost.is_set()

    async def select(self) -> Folder:
        """Open the folder. TemporaryFailure when there is none of that name."""
        answer = await self._asked(
            self._imap.select(quoted(self._connection.folder)), f"The folder {self._connection.folder} cannot be opened"
        )
        found = {name.decode(): int(value) for line in answer for name, value in _NUMBER.findall(line)}
        if "UIDVALIDITY" not in found:
            raise TemporaryFailure(f"The IMAP server gives no UIDVALIDITY for {self._connection.folder}: mail cannot be told apart there.")
        count = next((int(line.split()[0]) for line in answer if line.endswith(b"EXISTS")), 0)
        if "UIDNEXT" not in found:  # some servers do not say it
            found["UIDNEXT"] = max(await self.uids_after(0), default=0) + 1
        return Folder(found["UIDVALIDITY"], found["UIDNEXT"], count)

    async def uids_after(self, uid: int, since: datetime | None = None) -> list[int]:
        """The UIDs above one, ascending; with `since` only those that came on that day or later."""
        criteria = ["UID", f"{uid + 1}:*", *(["SINCE", since.strftime("%d-%b-%Y")] if since else [])]
        answer = await self._asked(self._imap.uid_search(*criteria, charset=None), "Looking for new mail failed")
        found = (word for line in answer[:-1] for word in line.split())
        return sorted(number for word in found if word.isdigit() and (number := int(word)) > uid)  # `*` names the last one, however old

    async def came(self, after: int, until: int, since: datetime) -> dict[int, datetime]:
        """When each mail came whose UID is above one, up to another, and that came `since` an instant: to the second, as servers keep it."""
        found = [uid for uid in await self.uids_after(after, since - _DAY) if uid <= until]  # SINCE means a day of the server's own zone
        if not found:
            return {}
        answer = await self._asked(
            self._imap.uid("fetch", f"{found[0]}:{found[-1]}", "(INTERNALDATE)"), "Asking when mail came failed", _FETCH_PATIENCE
        )
        dates = {int(uid[1]): read_date(date[1].decode()) for line in answer if (uid := _UID.search(line)) and (date := _CAME.search(line))}
        known = {uid: dates.get(uid) or since for uid in found}  # the server said that it is not older
        return {uid: date for uid, date in known.items() if date >= since.replace(microsecond=0)}

    async def has_folder(self, folder: str) -> bool:
        """Whether there is a folder of this name."""
        answer = await self._unless_lost(self._imap.status(quoted(folder), "(MESSAGES)"), _PATIENCE)
        return bool(answer.result == "OK")

    async def size(self, uid: int) -> int | None:
        """How many bytes a mail has; None when it is gone."""
        answer = await self._asked(self._imap.uid("fetch", str(uid), "(RFC822.SIZE)"), "Asking for a mail failed")
        return next((int(found[1]) for line in answer if (found := _SIZE.search(bytes(line)))), None)

    async def fetch(self, uid: int, part: str = "BODY.PEEK[]") -> bytes | None:
        """The bytes of a mail, or of a part of it; None when it is gone."""
        answer = await self._asked(
            self._imap.protocol.uid("fetch", str(uid), f"({part})", timeout=_FETCH_PATIENCE), "Fetching a mail failed", _FETCH_PATIENCE
        )
        return next((bytes(line) for line in answer if isinstance(line, bytearray)), None)

    async def put_away(self, uid: int) -> None:
        """Do with a mail that the desk has what the mailbox's owner wants: leave it, flag it, or move it."""
        if self._connection.afterwards == "flag":
            await self._asked(self._imap.uid("store", str(uid), "+FLAGS", "(\\Flagged \\Seen)"), "Flagging a mail failed")
        elif self._connection.afterwards == "move":
            await self._move(uid)

    async def new_mail(self, seconds: float) -> None:
        """Wait until the server tells of something new, or the time is over."""
        if not self._imap.has_capability("IDLE"):
            await asyncio.sleep(seconds)
            return
        try:
            idle = await self._unless_lost(self._imap.idle_start(timeout=seconds), _PATIENCE)
            with suppress(asyncio.TimeoutError):
                await self._unless_lost(self._told(), seconds)
            self._imap.idle_done()
            await self._unless_lost(idle, _PATIENCE)
        except _TROUBLE as error:
            raise TemporaryFailure(f"The IMAP server hung up while we waited ({type(error).__name__}).") from error

    async def _unless_lost(self, work: Awaitable[Any], patience: float) -> Any:
        return await _unless(self._lost, work, patience)

    async def _told(self) -> None:
        """Until the server tells of a mail, or that it hangs up."""
        while True:
            lines = _lines(await self._imap.wait_server_push())
            if any(b"BYE" in line for line in lines):
                self._lost.set()
            if self._lost.is_set() or any(b"EXISTS" in line for line in lines):
                return

    async def _move(self, uid: int) -> None:
        target = quoted(self._connection.move_to)
        if self._imap.has_capability("MOVE"):
            await self._asked(self._imap.uid("move", str(uid), target), f"Moving a mail to {self._connection.move_to} failed")
            return
        await self._asked(self._imap.uid("copy", str(uid), target), f"Copying a mail to {self._connection.move_to} failed")
        await self._asked(self._imap.uid("store", str(uid), "+FLAGS", "(\\Deleted)"), "Marking a copied mail failed")
        if self._imap.has_capability("UIDPLUS"):
            await self._asked(self._imap.uid("expunge", str(uid)), "Removing a copied mail failed")

    async def _asked(self, command: Coroutine[Any, Any, Any], otherwise: str, patience: float = _PATIENCE) -> list[bytes]:
        try:
            answer = await self._unless_lost(command, patience)
        except _TROUBLE as error:
            raise TemporaryFailure(f"{otherwise}: {type(error).__name__}.") from error
        if answer.result != "OK":
            raise TemporaryFailure(f"{otherwise}: {_said(answer)}")
        return list(answer.lines)


@asynccontextmanager
async def connected(connection: Connection) -> AsyncIterator[ImapClient]:
    """A logged-in connection while the block runs. TemporaryFailure when the server is not there, PermanentFailure when it does not let us in."""
    lost = asyncio.Event()
    imap = _client(connection, lost)
    try:
        try:
            await _unless(lost, imap.wait_hello_from_server(), _PATIENCE)
        except _TROUBLE as error:
            raise TemporaryFailure(f"{connection.host}:{connection.port} does not answer as an IMAP server ({_why(error)}).") from error
        await _log_in(imap, connection, lost)
        yield ImapClient(imap, connection, lost)
    finally:
        if not lost.is_set() and imap.protocol.state in ("AUTH", "SELECTED") and not imap.has_pending_idle():
            with suppress(*_TROUBLE):
                await asyncio.wait_for(imap.logout(), 2)
        if imap.protocol.transport is not None:
            imap.protocol.transport.close()
        for task in set(imap.tasks):  # those of a connection that was lost would wait for ever
            task.cancel()


async def _unless(lost: asyncio.Event, work: Awaitable[Any], patience: float) -> Any:
    """What is waited for; aioimaplib itself goes on waiting when the connection has ended."""
    doing, gone = asyncio.ensure_future(work), asyncio.ensure_future(lost.wait())
    try:
        await asyncio.wait((doing, gone), timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        if lost.is_set():
            raise ConnectionResetError("the connection ended")
        if not doing.done():
            raise TimeoutError
        return doing.result()
    finally:
        doing.cancel()
        gone.cancel()


def _client(connection: Connection, lost: asyncio.Event) -> aioimaplib.IMAP4:
    context = None
    if connection.security == "tls":
        context = ssl.create_default_context()
        if not connection.verify:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return aioimaplib.IMAP4(
        connection.host, connection.port, timeout=_PATIENCE, conn_lost_cb=lambda _error: lost.set(), ssl_context=context
    )


async def _log_in(imap: aioimaplib.IMAP4, connection: Connection, lost: asyncio.Event) -> None:
    token = await access_token(connection) if connection.uses_oauth else ""
    try:
        login = imap.xoauth2(connection.user, token) if token else imap.login(connection.user, connection.password)
        answer = await _unless(lost, login, _PATIENCE)
    except _TROUBLE as error:
        raise TemporaryFailure(f"Logging in at {connection.host} failed ({_why(error)}).") from error
    if answer.result != "OK":
        how = (
            "its consent was withdrawn or has ended: connect the mailbox again"
            if token
            else "is the password right, and IMAP allowed there?"
        )
        raise PermanentFailure(f"{connection.host} does not let {connection.user} in ({_said(answer)}): {how}")


def _lines(pushed: object) -> list[bytes]:
    lines = pushed.lines if isinstance(pushed, aioimaplib.Response) else pushed
    return [bytes(line) for line in lines if isinstance(line, (bytes, bytearray))] if isinstance(lines, list) else []


def _said(answer: aioimaplib.Response) -> str:
    return b" ".join(bytes(line) for line in answer.lines).decode("utf-8", "replace")[:200]


def _why(error: BaseException) -> str:
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(error).__name__
