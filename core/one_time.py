"""Links that work once, sent by mail: invitations, and checks that an address is somebody's own.

What makes the link is a number in the row and the desk's keys. So the job that mails it makes the very same link each time it is tried, and
a stolen database holds nothing that opens anything.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core import events
from core.db import Row
from core.errors import NotFound
from core.keys import Keys, hashed
from core.models.people import OneTimeToken
from core.runtime import Tx

INVITATION, ADDRESS = "invitation", "address"
LASTS = timedelta(days=7)
BROKEN = "This link does not work (any longer): ask for a new one."


def link_token(keys: Keys, nonce: int) -> str:
    """The secret part of a link."""
    return keys.sign("one-time", str(nonce), 40)


def link_tokens(keys: Keys, nonce: int) -> list[str]:
    """The same with each of the desk's keys: a link that was made before a new key came still has to be mailed."""
    return keys.signatures("one-time", str(nonce), 40)


async def make(tx: Tx, purpose: str, user_id: int, email: str, **data: Any) -> None:
    """Let the desk mail a link to an address. Earlier ones for the same purpose and address no longer work."""
    nonce = int.from_bytes(tx.clock.secret(7), "big")
    await withdraw(tx, purpose, user_id, email)
    await OneTimeToken.create(token_hash=hashed(link_token(tx.keys, nonce)), purpose=purpose, user_id=user_id,
                              data={"email": email, **data}, created_at=tx.now, expires_at=tx.now + LASTS)  # fmt: skip
    await tx.emit(events.LinkMade(nonce))


async def withdraw(tx: Tx, purpose: str, user_id: int, email: str | None = None) -> int:
    """Let links of a purpose work no longer (those to one address, if it is given); returns how many there were."""
    return len(await tx.rows("one_time.withdraw", purpose, user_id, email, tx.now))


async def use(tx: Tx, purpose: str, token: str) -> Row:
    """The row of a link that is used now, and never again. NotFound for one that is wrong, spent or over, or whose owner is switched off:
    they are not told apart."""
    row = await tx.row("one_time.use", hashed(token[:200]), purpose, tx.now)
    if row is None:
        raise NotFound(BROKEN)
    return row
