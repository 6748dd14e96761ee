"""Addresses that mail does not reach: after a lasting failure nothing is sent there for 60 days, unless somebody lifts it or writes from there.

What cannot be held against the address alone is only scored: a failure that may pass, or a report that anybody could have written.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

from core import alarms, policy
from core.errors import NotFound
from core.mail.addresses import normal
from core.queries import Reader
from core.runtime import Tx

LASTS = timedelta(days=60)
_SCORE = 3  # failures within _WITHIN that count as a lasting one
_WITHIN = timedelta(days=14)

Failure = Literal["lasting", "passing", "about us"]


async def failed(tx: Tx, email: str, failure: Failure, reason: str) -> None:
    """Write down that mail to an address failed. What is refused because of us (5.7.x) is an alarm for the operator, not the address's fault."""
    if failure == "about us":
        await alarms.sound(
            tx, alarms.REFUSED_BY_POLICY, f"Others refuse our mail for a reason of policy, such as SPF, DKIM or a blocklist: {reason}"
        )
        return
    lasting = failure == "lasting"
    await tx.rows("suppressions.failed", normal(email), reason[:300], tx.now, _SCORE if lasting else 1, _SCORE, LASTS, tx.now - _WITHIN)


async def lift(tx: Tx, email: str) -> None:
    """Write to an address again. NotFound when nothing keeps the desk from it."""
    await policy.require(tx, "write_suppressions")
    if not await tx.value("suppressions.lift", normal(email)):
        raise NotFound("Nothing keeps the desk from writing there.")


async def heard_from(tx: Tx, emails: Iterable[str]) -> None:
    """Somebody writes from these addresses, so they are written to again."""
    if wanted := sorted(set(emails)):
        await tx.rows("suppressions.heard_from", wanted)


async def page(db: Reader) -> bytes:
    """Addresses that are not written to, or came near it, newest first, as a JSON array."""
    row = await db.row("suppressions.page", 500)
    assert row is not None
    items: bytes = row["items"]
    return items


def kind_of(status: str, *, policy_refusal: bool, proven: bool) -> Failure:
    """What a failure with this status (RFC 3463) says: `proven` when only the server that got our mail could report it."""
    if policy_refusal or status.startswith("5.7."):
        return "about us"
    return "lasting" if proven and not status.startswith("4") else "passing"
