"""Inviting people to work on the desk: they choose a password by a link that is mailed to them."""

from __future__ import annotations

from core import one_time, policy, sessions, users
from core.errors import Conflict, NotFound
from core.models.people import RANK, Role, User, UserAddress
from core.runtime import SYSTEM, Runtime, Tx
from core.sessions import Login
from core.text import one_line


async def invite(tx: Tx, email: str, name: str, role: Role) -> User:
    """Ask somebody to choose a password, and give him his role; who is known already (he has written, say) keeps everything.

    Inviting again sends a new link, no earlier one works any longer, and no role is lower than before. Conflict for somebody who can log in.
    """
    await policy.require(tx, "add_people")
    email = users.checked_email(email)
    known = await UserAddress.get_or_none(email=email).prefetch_related("user")
    user = known.user if known is not None else await users.add(tx, email, name)
    if user.password_hash is not None or not user.active:
        raise Conflict(f"{email} has an account already: change its role instead.")
    await users.change(tx, user.id, users.Change(name=one_line(name) or None, role=max(user.role, role, key=lambda one: RANK[one])))
    await one_time.withdraw(tx, one_time.INVITATION, user.id)  # also what went to another of his addresses
    await one_time.make(tx, one_time.INVITATION, user.id, email, invited_by=tx.actor.user_id)
    return await User.get(id=user.id)


async def withdraw(tx: Tx, user_id: int) -> None:
    """Let an invitation work no longer. NotFound when there is none that does."""
    await policy.require(tx, "add_people")
    if not await one_time.withdraw(tx, one_time.INVITATION, user_id):
        raise NotFound("There is no invitation of this person that still works.")


async def accept(rt: Runtime, token: str, name: str, password: str, *, client: str, user_agent: str) -> Login:
    """Choose name and password by the link of an invitation, and be logged in. NotFound for a link that does not work."""
    await sessions.slow_down(rt, f"link:client:{client}")
    password_hash = await users.hash_password(password)
    async with rt.transaction(SYSTEM) as tx:
        link = await one_time.use(tx, one_time.INVITATION, token)
        user = await User.select_for_update().get(id=link["user_id"])
        if user.password_hash is not None or not await UserAddress.exists(email=link["email"], user_id=user.id):
            raise NotFound(one_time.BROKEN)
        await one_time.withdraw(tx, one_time.INVITATION, user.id)
        await users.set_password(tx, link["user_id"], password_hash)
        await users.change(tx, link["user_id"], users.Change(name=one_line(name) or None))
        await tx.rows("people.verify_address", link["email"], link["user_id"], tx.now)
        return await sessions.start(tx, link["user_id"], user_agent)
