"""Whether the desk still has the keys that its database was used with.

A backup is database, blobs and keys; what comes back without its keys would make new ones and run: answers would open new tickets and
connected mailboxes stay shut. So the database remembers each key by a mark, a signature that tells nothing about it.
"""

from __future__ import annotations

import orjson

from core import alarms
from core.errors import ConfigurationError
from core.keys import Keys
from core.runtime import SYSTEM, Runtime

_ALARM = "keys"


async def check(rt: Runtime) -> None:
    """Remember the keys of this process, at its start. ConfigurationError when the database knows others and none of these; while only some
    of the known ones are missing, an alarm."""
    async with rt.transaction(SYSTEM) as tx:
        known: list[str] = orjson.loads(await tx.value("keys.remember", _marks(rt.keys), tx.now))
        missing = set(known) - set(_marks(rt.keys))
        if len(missing) == len(known):
            raise ConfigurationError(_OTHERS)
        await alarms.sound(tx, _ALARM, _some_missing(len(missing), len(known)))


async def trouble(rt: Runtime) -> str | None:
    """What is wrong with the keys of this process, in sentences; None when all is well, or nothing was remembered yet."""
    known: list[str] = orjson.loads(await rt.database.value("keys.known") or "[]")
    missing = set(known) - set(_marks(rt.keys))
    return _OTHERS if missing and len(missing) == len(known) else _some_missing(len(missing), len(known))


async def adopt(rt: Runtime) -> None:
    """Go on with the keys of this process alone: what others signed or sealed is given up."""
    async with rt.transaction(SYSTEM) as tx:
        await tx.rows("keys.adopt", _marks(rt.keys), tx.now)
        await alarms.sound(tx, _ALARM, None)


_OTHERS = (
    "This database was made with other keys than the desk has now. Put those back from your backup (the file `keys` of the data folder, or "
    "SECRET_KEYS), and start again. If they are lost: `helpdesk keys --adopt`."
)


def _some_missing(missing: int, known: int) -> str | None:
    if not missing:
        return None
    return (
        f"{missing} of {known} keys that this desk was used with are missing: answers to mail of their time find no ticket, and mailboxes "
        "connected then are not fetched. Put them back into SECRET_KEYS (or the file `keys`), behind the newest; if they were dropped on "
        "purpose: `helpdesk keys --adopt`."
    )


def _marks(keys: Keys) -> list[str]:
    return keys.signatures("mark", "a key that this database was used with", 26)
