"""How far a folder was read, and what of it is the desk's: everything that comes from now on, and older mail when it is asked for, quietly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.db import Row
from core.imap.client import Folder, ImapClient
from core.mail.connection import Connection
from core.mail.header_ids import written_at

_OLD = timedelta(days=1)
_LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Position:
    """What has a UID up to `lay_there` was there before; of that only what came `since` is taken. New mail may be among it when the folder
    was `made_anew`, or is looked into for the first time."""

    validity: int
    last_uid: int
    lay_there: int = 0
    since: datetime | None = None
    made_anew: bool = False

    async def wanted(self, client: ImapClient, after: int) -> dict[int, datetime | None]:
        """The UIDs above one that are the desk's, ascending, with when each came where that matters."""
        older: dict[int, datetime] = {}
        if self.since is not None and after < self.lay_there:
            older = await client.came(after, self.lay_there, self.since)
        return {**older, **dict.fromkeys(await client.uids_after(max(after, self.lay_there)))}

    def back_to(self, older: Iterable[int], since: datetime | None) -> Position:
        """The same, with older mail that is asked for: what was passed until now lay there, and what nobody has looked at yet is new."""
        since = min((one for one in (since, self.since) if one is not None), default=None)
        behind = min([self.last_uid, *(uid - 1 for uid in older)])
        return Position(self.validity, behind, max(self.lay_there, self.last_uid), since)

    def is_old(self, uid: int, came: datetime | None, raw: bytes, now: datetime) -> bool:
        """Whether nobody is to be told of a mail: it lay there, and its dates say that it cannot be new. The older of them counts, since tools
        that copy folders make every mail come today."""
        if uid > self.lay_there or not self.made_anew:
            return uid <= self.lay_there
        return min((one for one in (came, written_at(raw)) if one is not None), default=_LONG_AGO) < now - _OLD


def position_in(connection: Connection, folder: Folder, kept: Row | None) -> Position:
    """Where a row of `imap.position` says to go on. A folder that nobody has looked into yet, or that was made anew, is read from when the desk
    came."""
    if kept is not None and kept["uid_validity"] == folder.validity:
        return Position(folder.validity, kept["last_uid"], kept["lay_there"], kept["since"], kept["made_anew"])
    since = datetime.fromisoformat(connection.fetched_since) if connection.fetched_since else None
    return Position(folder.validity, 0, max(folder.next_uid - 1, 0), since, made_anew=True)
