"""Who calls: the access token says who he is, the database whether he is still active and what his role is, with each request.

Reading the role costs a round trip. Routes declared with `own_rights` save it: their own statement starts from the active user of the
token, and answers for him or, when there is no such row, not at all (401). For them `identify` proves the token and reads nothing.
"""

from __future__ import annotations

from typing import cast

from aiohttp import hdrs, web

from api.call import RUNTIME, Call, Caller, Role
from core import sessions
from core.errors import Unauthenticated
from core.models.tickets import Via
from core.runtime import Actor

_SCHEME = "bearer"


async def authenticate(request: web.Request) -> Caller | None:
    """The caller with his present role; None when no token came. Unauthenticated for a token or an account that is not good any longer."""
    caller = await identify(request)
    if caller is None:
        return None
    role = await request.app[RUNTIME].database.value("policy.role", caller.user_id)
    if role is None:
        raise Unauthenticated("This account is not active any longer.")
    return Caller(caller.user_id, cast("Role", role))


async def identify(request: web.Request) -> Caller | None:
    """The caller by his token alone, with the lowest role; None when no token came."""
    header = request.headers.get(hdrs.AUTHORIZATION)
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    rt = request.app[RUNTIME]
    user_id = sessions.user_of_access_token(rt.keys, token.strip(), rt.clock.now()) if scheme.lower() == _SCHEME else None
    if user_id is None:
        raise Unauthenticated("This access token is not valid (any longer): log in again, or refresh it.")
    return Caller(user_id, "user")


def actor(call: Call) -> Actor:
    """The caller as the one who acts."""
    return Actor(call.user.user_id, Via.API)
