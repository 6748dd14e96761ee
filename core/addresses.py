"""The addresses of a person: mail to and from any of them is his. One is the primary, to which the desk writes."""

from __future__ import annotations

from core import one_time, policy, users
from core.errors import Conflict, Invalid, NotFound
from core.mail.addresses import normal
from core.models.people import User, UserAddress
from core.runtime import Tx

_MOST = 20


async def propose(tx: Tx, user_id: int, email: str) -> None:
    """Ask for one more address: it is his once he has followed the link that is mailed there. Nothing tells whose it is now."""
    await policy.require(tx, "change_own_profile" if user_id == tx.actor.user_id else "change_people")
    await _check_room(user_id)
    await one_time.make(tx, one_time.ADDRESS, user_id, await users.persons_email(tx, email))


async def confirm(tx: Tx, token: str) -> int:
    """Make an address somebody's by the link that came there; returns whose. Conflict when it became another's meanwhile."""
    link = await one_time.use(tx, one_time.ADDRESS, token)
    await _locked(link["user_id"])
    await _check_room(link["user_id"])
    await _give(tx, link["user_id"], link["email"])
    await tx.rows("people.verify_address", link["email"], link["user_id"], tx.now)
    return int(link["user_id"])


async def add(tx: Tx, user_id: int, email: str) -> None:
    """Make an address somebody's at once, as an admin who knows it. Conflict when it is another's: merge the two people instead."""
    await policy.require(tx, "change_people")
    await _locked(user_id)
    await _check_room(user_id)
    await _give(tx, user_id, await users.persons_email(tx, email))


async def remove(tx: Tx, user_id: int, email: str) -> None:
    """Take an address away, not the primary one. Mail from it is from somebody new then."""
    await policy.require(tx, "change_own_profile" if user_id == tx.actor.user_id else "change_people")
    user, email = await _locked(user_id), normal(email)
    if user.email == email:
        raise Conflict("This is the primary address: make another one primary first.")
    if not await UserAddress.filter(user_id=user_id, email=email).delete():
        raise NotFound("This person has no such address.")
    for purpose in (one_time.INVITATION, one_time.ADDRESS):  # what was mailed there opens nothing any more
        await one_time.withdraw(tx, purpose, user_id, email)


async def make_primary(tx: Tx, user_id: int, email: str) -> None:
    """Let the desk write to another of his addresses."""
    await policy.require(tx, "change_own_profile" if user_id == tx.actor.user_id else "change_people")
    user, email = await _locked(user_id), normal(email)
    if not await UserAddress.exists(user_id=user_id, email=email):
        raise NotFound("This person has no such address.")
    await User.filter(id=user.id).update(email=email, version=user.version + 1, updated_at=tx.now)


async def _give(tx: Tx, user_id: int, email: str) -> None:
    if not await tx.value("people.give_address", email, user_id, tx.now):
        raise Conflict(f"{email} belongs to somebody else: merge the two people, if they are one.")


async def _locked(user_id: int) -> User:
    user = await User.select_for_update().get_or_none(id=user_id)
    if user is None:
        raise NotFound("There is no such person.")
    return user


async def _check_room(user_id: int) -> None:
    if await UserAddress.filter(user_id=user_id).count() >= _MOST:
        raise Invalid(f"A person has at most {_MOST} addresses.", {"email": "would be one too many"})
