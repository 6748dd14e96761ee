"""Accounts: invitations, the addresses of a person, and making one person of two."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.auth import actor
from api.binding import Body, Input
from api.call import JSON, Call
from api.etags import etag_for
from api.routing import Routes
from api.schemas import EmailText, Id, Instant, Name, Out, Role
from api.sessions import SessionOut, agent, session
from api.users import UserOut
from core import addresses, invitations, people_merging, queries, sessions, users
from core.models import people
from core.queries import Reader
from core.runtime import SYSTEM

routes = Routes("", tag="Accounts", about="Invitations, addresses, and people who are one.", scope="users")

Token = Annotated[str, Field(min_length=1, max_length=200, examples=["mfrggzdfmztwq2lk"])]


class InvitationIn(Input):
    """Whom to invite, and as what."""

    email: EmailText
    name: Name = ""
    role: Role = "staff"


class AcceptIn(Input):
    """The link's last part, and what you choose."""

    token: Token
    name: Name = ""
    password: Annotated[str, Field(min_length=users.SHORTEST_PASSWORD, max_length=200, examples=["correct horse battery"])]


class ConfirmIn(Input):
    """The link's last part."""

    token: Token


class AddressIn(Input):
    """An address."""

    email: EmailText


class AddressOut(Out):
    """An address that leads to a person; the desk writes to the primary one."""

    email: str = Field(examples=["eva@example.org"])
    primary: bool
    verified_at: Instant | None


class AddressesOut(Out):
    """All addresses of a person, the primary one first."""

    items: list[AddressOut]


class MergeIn(Input):
    """Who this person really is."""

    into: Id = Field(examples=[7])


@routes.post("/invitations", who="admin", answer=UserOut, status=201, errors=(409,))
async def invite(call: Call, body: Body[InvitationIn]) -> JSON:
    """Invite somebody to work on the desk.

    He gets a mail with a link by which he chooses a password; inviting again sends a new one. Who has written to the desk before keeps
    everything.
    """
    async with call.runtime.transaction(actor(call)) as tx:
        user = await invitations.invite(tx, body.email, body.name, people.Role(body.role))
        return await _user(tx, user.id)


@routes.delete("/users/{user_id}/invitation", who="admin")
async def withdraw(call: Call, user_id: int) -> None:
    """Let an invitation work no longer."""
    async with call.runtime.transaction(actor(call)) as tx:
        await invitations.withdraw(tx, user_id)


@routes.post("/auth/invitation", who="public", answer=SessionOut, errors=(401, 404))
async def accept(call: Call, body: Body[AcceptIn]) -> JSON:
    """Accept an invitation: choose a password, and be logged in."""
    login = await invitations.accept(call.runtime, body.token, body.name, body.password, client=call.address, user_agent=agent(call))
    return await session(call, login)


@routes.post("/auth/address", who="public", errors=(404, 409))
async def confirm(call: Call, body: Body[ConfirmIn]) -> None:
    """Confirm an address by the link that was mailed to it."""
    await sessions.slow_down(call.runtime, f"link:client:{call.address}")
    async with call.runtime.transaction(SYSTEM) as tx:
        await addresses.confirm(tx, body.token)


@routes.get("/profile/addresses", who="user", answer=AddressesOut)
async def own_addresses(call: Call) -> JSON:
    """List your addresses."""
    return await _addresses(call.runtime.database, call.user.user_id)


@routes.post("/profile/addresses", who="user", status=202, answer=AddressesOut)
async def propose(call: Call, body: Body[AddressIn]) -> JSON:
    """Ask for one more address; it is yours once you have followed the link that is mailed there."""
    await sessions.slow_down(call.runtime, f"link:user:{call.user.user_id}", 10)
    async with call.runtime.transaction(actor(call)) as tx:
        await addresses.propose(tx, call.user.user_id, body.email)
        return await _addresses(tx, call.user.user_id)


@routes.put("/profile/addresses/{email}", who="user", answer=AddressesOut)
async def make_own_primary(call: Call, email: str) -> JSON:
    """Let the desk write to this one of your addresses."""
    async with call.runtime.transaction(actor(call)) as tx:
        await addresses.make_primary(tx, call.user.user_id, email)
        return await _addresses(tx, call.user.user_id)


@routes.delete("/profile/addresses/{email}", who="user", errors=(409,))
async def remove_own(call: Call, email: str) -> None:
    """Give up an address, not the primary one."""
    async with call.runtime.transaction(actor(call)) as tx:
        await addresses.remove(tx, call.user.user_id, email)


@routes.get("/users/{user_id}/addresses", who="staff", answer=AddressesOut)
async def of_user(call: Call, user_id: int) -> JSON:
    """List the addresses of a person."""
    await queries.user(call.runtime.database, user_id)
    return await _addresses(call.runtime.database, user_id)


@routes.post("/users/{user_id}/addresses", who="admin", status=201, answer=AddressesOut, errors=(409,))
async def add(call: Call, user_id: int, body: Body[AddressIn]) -> JSON:
    """Give a person one more address, at once."""
    async with call.runtime.transaction(actor(call)) as tx:
        await addresses.add(tx, user_id, body.email)
        return await _addresses(tx, user_id)


@routes.put("/users/{user_id}/addresses/{email}", who="admin", answer=AddressesOut)
async def make_primary(call: Call, user_id: int, email: str) -> JSON:
    """Let the desk write to this address of a person."""
    async with call.runtime.transaction(actor(call)) as tx:
        await addresses.make_primary(tx, user_id, email)
        return await _addresses(tx, user_id)


@routes.delete("/users/{user_id}/addresses/{email}", who="admin", errors=(409,))
async def remove(call: Call, user_id: int, email: str) -> None:
    """Take an address from a person, not the primary one."""
    async with call.runtime.transaction(actor(call)) as tx:
        await addresses.remove(tx, user_id, email)


@routes.post("/users/{user_id}/merge", who="admin", answer=UserOut, status=200, errors=(409,))
async def merge(call: Call, user_id: int, body: Body[MergeIn]) -> JSON:
    """Make one person of two.

    Addresses, tickets and words of this one become the other's, and this account is switched off. It cannot be undone.
    """
    async with call.runtime.transaction(actor(call)) as tx:
        user = await people_merging.merge(tx, user_id, body.into)
        return await _user(tx, user.id)


async def _user(db: Reader, user_id: int) -> JSON:
    found = await queries.user(db, user_id)
    return JSON(found.json, etag=etag_for("user", found.id, found.version))


async def _addresses(db: Reader, user_id: int) -> JSON:
    return JSON(b'{"items":%b}' % await queries.addresses(db, user_id))
