"""One's own profile: name, language, time zone, and the password."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from api.auth import actor
from api.binding import Body
from api.call import JSON, Call
from api.etags import etag_for, require_match
from api.problems import FieldError, invalid
from api.routing import Routes
from api.schemas import Given, Name, Patch
from api.users import UserOut, locked_version
from core import queries, users
from core.errors import RateLimited
from core.models.people import User

routes = Routes("/profile", tag="Profile", about="What people say about themselves.", scope="profile")

_TRIES = 10
_WINDOW = timedelta(minutes=15)


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be a time zone such as Europe/Berlin")
    return name


Language = Annotated[str, Field(max_length=20, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", examples=["de"])]
Zone = Annotated[str, Field(max_length=64, examples=["Europe/Berlin"]), AfterValidator(_known_zone)]
Hour = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["22:00"])]
Password = Annotated[str, Field(min_length=users.SHORTEST_PASSWORD, max_length=200, examples=["correct horse battery"])]


class ProfilePatch(Patch):
    """What to change; null takes language or quiet hours away. In quiet hours (your time) nothing makes a noise: what happens is seen in-app.

    A new `password` needs the `current_password`, and ends every session.
    """

    name: Given[Name] = None
    language: Language | None = None
    time_zone: Given[Zone] = None
    quiet_from: Hour | None = None
    quiet_until: Hour | None = None
    password: Given[Password] = None
    current_password: Given[Annotated[str, Field(min_length=1, max_length=200)]] = None


@routes.get("", who="user", answer=UserOut, headers=("If-None-Match",))
async def show(call: Call) -> JSON:
    """Read your profile."""
    found = await queries.user(call.runtime.database, call.user.user_id)
    return JSON(found.json, etag=etag_for("user", found.id, found.version))


@routes.patch("", who="user", answer=UserOut, headers=("If-Match",))
async def change(call: Call, body: Body[ProfilePatch]) -> JSON:
    """Change your profile.

    After a new password every session ends, this one too: log in again.
    """
    password_hash = await _new_password(call, body)
    user_id = call.user.user_id
    async with call.runtime.transaction(actor(call)) as tx:
        require_match(call.request, etag_for("user", user_id, await locked_version(user_id)))
        await users.change(tx, user_id, _change(body))
        if password_hash is not None:
            await users.set_password(tx, user_id, password_hash)
        found = await queries.user(tx, user_id)
    return JSON(found.json, etag=etag_for("user", found.id, found.version))


def _change(body: ProfilePatch) -> users.Change:
    def given(name: str) -> str | None:
        return (getattr(body, name) or "") if name in body.model_fields_set else None

    return users.Change(body.name, given("language"), body.time_zone, given("quiet_from"), given("quiet_until"))


async def _new_password(call: Call, body: ProfilePatch) -> str | None:
    """The hash of the new password, made outside of any transaction; the 422 problem when the old one is not right."""
    if body.password is None:
        return None
    if await call.runtime.cache.incr(f"password:{call.user.user_id}", _WINDOW) > _TRIES:
        raise RateLimited("Too many attempts to change the password: wait a quarter of an hour, then try again.", _WINDOW)
    user = await User.get(id=call.user.user_id).only("id", "password_hash")
    if not await users.password_matches(user.password_hash, body.current_password or ""):
        raise invalid([FieldError("body.current_password", "is not your password")])
    return await users.hash_password(body.password)
