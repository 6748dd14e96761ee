"""Commands on people: find them by address, add, change, activate, log in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from core import one_time, policy, tickets
from core.errors import Conflict, Invalid, NotFound
from core.mail.addresses import Address, normal
from core.models.people import Role, User, UserAddress
from core.runtime import Tx
from core.text import one_line

_hasher = PasswordHasher()  # argon2id with the library's recommended cost, 140 ms: always in a thread
SHORTEST_PASSWORD = 10


@dataclass(frozen=True, slots=True)
class Change:
    """What to change about a person; None leaves it as it is, "" takes language or quiet hours away. Quiet hours are `HH:MM`, both or none."""

    name: str | None = None
    language: str | None = None
    time_zone: str | None = None
    quiet_from: str | None = None
    quiet_until: str | None = None
    role: Role | None = None
    active: bool | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Whom an address belongs to; `staff` says that this person has rights, not that he is the one who writes."""

    id: int
    staff: bool


async def known_or_new(tx: Tx, addresses: Iterable[Address]) -> dict[str, Known]:
    """The people behind mail addresses by `Address.key`, made where they are new; several addresses may be one person's."""
    first = {address.key: address for address in reversed([*addresses]) if address.key}
    if not first:
        return {}
    rows = await tx.rows("users.for_addresses", list(first), [one_line(a.name)[:200] for a in first.values()], tx.now)
    return {row["email"]: Known(row["user_id"], row["staff"]) for row in rows}


async def known(tx: Tx, addresses: Iterable[Address]) -> dict[str, Known]:
    """The people behind mail addresses by `Address.key`, as far as the desk knows them."""
    rows = await tx.rows("users.behind_addresses", list({address.key for address in addresses if address.key}))
    return {row["email"]: Known(row["user_id"], row["staff"]) for row in rows}


async def ids_for(tx: Tx, addresses: Sequence[Address]) -> list[int]:
    """The ids of the people behind mail addresses, in order, each once, made where they are new."""
    known = await known_or_new(tx, addresses)
    return list(dict.fromkeys(known[address.key].id for address in addresses if address.key))


async def add(tx: Tx, email: str, name: str, role: Role = Role.USER, password_hash: str | None = None) -> User:
    """Add a person. Conflict when the address belongs to somebody already. Hash the password before, with `hash_password`."""
    await policy.require(tx, "add_people")
    email = await persons_email(tx, email)
    if await UserAddress.exists(email=email):
        raise Conflict(f"{email} belongs to somebody already.")
    user = await User.create(email=email, name=one_line(name)[:200], role=role, active=True, password_hash=password_hash, time_zone="UTC",
                             digest="off", version=1, created_at=tx.now, updated_at=tx.now)  # fmt: skip
    await UserAddress.create(email=email, user=user, created_at=tx.now)
    return user


async def by_email(email: str) -> User:
    """The person an address belongs to, or NotFound."""
    address = await UserAddress.get_or_none(email=checked_email(email)).prefetch_related("user")
    if address is None:
        raise NotFound(f"Nobody here has the address {checked_email(email)}.")
    return address.user


async def change(tx: Tx, user_id: int, wanted: Change) -> User:
    """Change a person. Everybody may change his own name, language and time zone; role and activity are for admins.

    The last active admin stays one. Who is deactivated loses his sessions, and his tickets go back to their queues.
    """
    own = tx.actor.user_id == user_id and wanted.role is None and wanted.active is None
    await policy.require(tx, "change_own_profile" if own else "change_people")
    user = await User.select_for_update().get_or_none(id=user_id)
    if user is None:
        raise NotFound("There is no such person.")
    if user.merged_into_id is not None and wanted.active:
        raise Conflict(f"{user.email} was merged into somebody else, and stays switched off.")
    await _keep_an_admin(tx, user, wanted)
    await _keep_queues_seen(tx, user, wanted)
    for column in _COLUMNS:
        if (value := getattr(wanted, column)) is not None:
            setattr(user, column, _kept(column, value))
    _check_quiet_hours(user)
    user.version, user.updated_at = user.version + 1, tx.now
    await user.save(update_fields=[*_COLUMNS, "version", "updated_at"])
    if wanted.active is False or wanted.role == Role.USER:
        await _give_back(tx, user.id)
    if wanted.role == Role.USER:
        await tx.rows("people.leave_the_desk", user.id)
    return user


async def set_password(tx: Tx, user_id: int, password_hash: str) -> None:
    """Store a new hash and end every session of the person."""
    await User.filter(id=user_id).update(password_hash=password_hash, updated_at=tx.now)
    await one_time.withdraw(tx, one_time.ADDRESS, user_id)  # whoever had a session for a minute gains nothing later
    await tx.rows("sessions.revoke_all", user_id, tx.now)


async def hash_password(password: str) -> str:
    """Argon2id, in a thread. Invalid when it is shorter than SHORTEST_PASSWORD or longer than 200 characters."""
    if not SHORTEST_PASSWORD <= len(password) <= 200:
        raise Invalid("The password does not fit.", {"password": f"must have {SHORTEST_PASSWORD} to 200 characters"})
    return await asyncio.to_thread(_hasher.hash, password)


async def password_matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right, in a thread; takes as long when there is no hash, so that time tells nothing."""
    return await asyncio.to_thread(_verify, password_hash, password[:200])


async def persons_email(tx: Tx, email: str) -> str:
    """An address in its stored form that can be a person's; Invalid also for a mailbox of the desk, which would write to itself."""
    email = checked_email(email)
    if await tx.value("users.is_mailbox", email):
        raise Invalid(f"{email} is a mailbox of this desk, and nobody's own address.", {"email": "must not be a mailbox of the desk"})
    return email


def checked_email(email: str) -> str:
    """An address in its stored form, or Invalid."""
    email = normal(email)
    local, _, domain = email.rpartition("@")
    if (
        not local
        or not domain
        or len(email) > 320
        or any(c.isspace() or not c.isprintable() for c in email)
        or any(c in '<>,;"' for c in email)
    ):
        raise Invalid(f"{one_line(email)[:100] or 'It'} is not a mail address.", {"email": "must be a mail address"})
    return email


_COLUMNS = ("name", "language", "time_zone", "quiet_from", "quiet_until", "role", "active")


def _kept(column: str, value: str | bool) -> str | bool | None:
    if column in ("language", "quiet_from", "quiet_until") and value == "":
        return None
    return one_line(value)[:200] if isinstance(value, str) and not isinstance(value, Role) else value


def _check_quiet_hours(user: User) -> None:
    hours = (user.quiet_from, user.quiet_until)
    if (hours[0] is None) != (hours[1] is None):
        raise Invalid("Quiet hours have a beginning and an end.", {"quiet_until" if hours[0] else "quiet_from": "must be given as well"})
    if any(hour is not None and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", hour) for hour in hours):
        raise Invalid("Quiet hours look like 22:00.", {"quiet_from": "must look like 22:00"})


async def _keep_an_admin(tx: Tx, user: User, wanted: Change) -> None:
    leaves = user.role == Role.ADMIN and user.active and (wanted.active is False or wanted.role in (Role.USER, Role.STAFF))
    if leaves and await tx.value("users.other_admins_locked", user.id) is None:
        raise Conflict("This is the last active admin: make somebody else an admin first.")


async def _keep_queues_seen(tx: Tx, user: User, wanted: Change) -> None:
    leaves = user.active and user.role != Role.USER and (wanted.active is False or wanted.role == Role.USER)
    if leaves and (queue := await tx.value("queues.left_alone_without", user.id)) is not None:
        raise Conflict(f"He is the last who sees the private queue {queue}, and it has open tickets: add somebody else to it first.")


async def _give_back(tx: Tx, user_id: int) -> None:
    """Whoever works here no longer holds no open tickets, no sessions, and no link that was mailed to him."""
    await one_time.withdraw(tx, one_time.ADDRESS, user_id)
    await tx.rows("sessions.revoke_all", user_id, tx.now)
    for row in await tx.rows("tickets.held_by", user_id):
        await tickets.release(tx, row["id"], user_id)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("no password matches this")


def _verify(password_hash: str | None, password: str) -> bool:
    try:
        return _hasher.verify(password_hash or _nobodys_hash(), password) and password_hash is not None
    except (Argon2Error, InvalidHashError):
        return False
