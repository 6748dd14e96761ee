"""What the operator should look at: an alarm is raised once, told to every admin by mail, and told to be over.

It stands in `/alarms` of the API and in `helpdesk alarms`. Whoever finds something out calls `sound` with what he found, or with nothing.
"""

from __future__ import annotations

from datetime import timedelta

from core import events
from core.db import Row
from core.mail import ledger
from core.queries import Reader
from core.runtime import SYSTEM, Runtime, Tx
from core.text import masked

AUTOMATIC_MAIL, MAIL_LATE, OUTGOING_LATE, REFUSED_BY_POLICY = "automatic_mail", "mail_late", "outgoing_late", "refused_by_policy"
_MAILBOX = "mailbox:{}"
_QUIET_AFTER = timedelta(hours=6)  # what nobody says to be over is over when it was not raised again
_LEAVES_WITHIN = timedelta(minutes=15)  # who greylists lets the second or third try pass; UNDO_SECONDS are over before a mail is planned
_REMEMBERED = timedelta(days=8)


async def sound(tx: Tx, name: str, detail: str | None) -> None:
    """Say how it stands with something: `detail` is what is wrong, None that all is well. Only a change is told."""
    if detail is None:
        for row in await tx.rows("alarms.clear", name, tx.now):
            await tx.emit(events.AlarmChanged(row["id"]))
        return
    raised = await tx.row("alarms.raise", name, detail[:500], tx.now)
    if raised is not None and raised["is_new"]:
        await tx.emit(events.AlarmChanged(raised["id"]))


async def watch(rt: Runtime) -> None:
    """Look at what nobody else looks at: mail that waits too long, in or out, and how much automatic mail leaves."""
    late = await ledger.late(rt.database, rt.clock.now())
    async with rt.transaction(SYSTEM) as tx:
        row = await tx.row("alarms.too_much", tx.settings.automatic_mail_per_hour, tx.now)
        assert row is not None
        await sound(tx, AUTOMATIC_MAIL, _flood(row))
        for old in await tx.rows("alarms.over", REFUSED_BY_POLICY, tx.now - _QUIET_AFTER):
            await sound(tx, old["name"], None)
        await sound(tx, MAIL_LATE, late)
        unsent = await tx.row("outbound.late", tx.now - _LEAVES_WITHIN)
        assert unsent is not None
        await sound(tx, OUTGOING_LATE, _unsent(unsent))
        await tx.rows("housekeeping.old_counts", tx.now - _REMEMBERED)


def mailbox(mailbox_id: int) -> str:
    """The name of the alarm that a mailbox is not fetched from."""
    return _MAILBOX.format(mailbox_id)


def left_there(mailbox_id: int, uid: int) -> str:
    """The name of the alarm that a mail could not be fetched, though it is there."""
    return f"{mailbox(mailbox_id)}:{uid}"


async def page(db: Reader) -> bytes:
    """Open alarms, then the newest that are over, as a JSON array."""
    row = await db.row("alarms.page", 100)
    assert row is not None
    items: bytes = row["items"]
    return items


def _flood(row: Row) -> str | None:
    if row["now"] < row["most"]:
        return None
    return f"{row['now']:.0f} automatic mails left within an hour, {row['most']:.0f} may: until it is quieter no more are sent, and no mail is refused."


def _unsent(row: Row) -> str | None:
    """By mail this is told only when it is over. The relay's words may name people, and alarms are for whoever runs the machine."""
    if not row["count"]:
        return None
    minutes = _LEAVES_WITHIN.total_seconds() / 60
    waits = f"{row['count']} mail(s) wait for more than {minutes:.0f} minutes to leave, the first since {row['since']:%Y-%m-%d %H:%M} UTC."
    return f"{waits} {masked(row['said'])}" if row["said"] else waits
