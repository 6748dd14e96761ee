"""People: read by staff, added and changed by admins."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.auth import actor
from api.binding import Body, Input, Query
from api.call import JSON, Call
from api.etags import etag_for, require_match
from api.routing import API, Routes
from api.schemas import EmailText, Given, Instant, Name, Out, PageOut, PageQuery, Patch, Role
from core import queries, users
from core.errors import NotFound
from core.models import people
from core.models.people import User

routes = Routes("/users", tag="Users", about="People: those who ask and those who help.", scope="users")


class UserOut(Out):
    """A person. Who is not active cannot log in, and has no tickets assigned."""

    id: int = Field(examples=[7])
    email: str = Field(examples=["eva@example.org"])
    name: str = Field(examples=["Eva Meyer"])
    role: Role
    active: bool
    language: str | None = Field(examples=["de"])
    time_zone: str = Field(examples=["Europe/Berlin"])
    quiet_from: str | None = Field(examples=["22:00"])
    quiet_until: str | None = Field(examples=["07:00"])
    version: int
    last_login_at: Instant | None
    created_at: Instant
    updated_at: Instant


class UserIn(Input):
    """A new person. Without a password nobody can log in as him; mail works all the same."""

    email: EmailText
    name: Name = ""
    role: Role = "user"
    password: Annotated[str, Field(min_length=users.SHORTEST_PASSWORD, max_length=200)] | None = None


class UserPatch(Patch):
    """What to change about a person."""

    name: Given[Name] = None
    role: Given[Role] = None
    active: Given[bool] = None


class UserQuery(PageQuery):
    """Which people."""

    q: str | None = Field(default=None, max_length=200, description="A part of the name or of an address.")
    role: Role | None = None
    active: bool | None = None
    total: bool = Field(default=False, description="Count them all.")


@routes.get("", who="staff", answer=PageOut[UserOut])
async def find(call: Call, query: Query[UserQuery]) -> JSON:
    """List and search people, in the order they came."""
    wanted = queries.UserFilter(query.q, query.role, query.active)
    page = await queries.users(call.runtime.database, wanted, limit=query.limit, cursor=query.cursor, total=query.total)
    return JSON(page.json())


@routes.post("", who="admin", answer=UserOut, status=201, errors=(409,))
async def add(call: Call, body: Body[UserIn]) -> JSON:
    """Add a person."""
    password_hash = await users.hash_password(body.password) if body.password is not None else None
    async with call.runtime.transaction(actor(call)) as tx:
        user = await users.add(tx, body.email, body.name, people.Role(body.role), password_hash)
        found = await queries.user(tx, user.id)
    return JSON(found.json, etag=etag_for("user", found.id, found.version), headers={"Location": f"{API}/users/{found.id}"})


@routes.get("/{user_id}", who="staff", answer=UserOut, headers=("If-None-Match",))
async def show(call: Call, user_id: int) -> JSON:
    """Read about a person."""
    found = await queries.user(call.runtime.database, user_id)
    return JSON(found.json, etag=etag_for("user", found.id, found.version))


@routes.patch("/{user_id}", who="admin", answer=UserOut, headers=("If-Match",), errors=(409,))
async def change(call: Call, user_id: int, body: Body[UserPatch]) -> JSON:
    """Change a person's name or role, or switch the account off and on.

    Who is switched off loses his sessions, and his tickets return to their queues. The last active admin stays one (409).
    """
    role = people.Role(body.role) if body.role is not None else None
    async with call.runtime.transaction(actor(call)) as tx:
        require_match(call.request, etag_for("user", user_id, await locked_version(user_id)))
        await users.change(tx, user_id, users.Change(name=body.name, role=role, active=body.active))
        found = await queries.user(tx, user_id)
    return JSON(found.json, etag=etag_for("user", found.id, found.version))


async def locked_version(user_id: int) -> int:
    """The version of a person, locked until the transaction ends."""
    user = await User.select_for_update().get_or_none(id=user_id)
    if user is None:
        raise NotFound("There is no such person.")
    return user.version
