"""Logging in and out: a short access token, and a refresh token that works once and gives the next one."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.binding import Body, Input
from api.call import JSON, Call
from api.routing import Routes
from api.schemas import EmailText, Instant, Out, Role
from core import queries, sessions
from core.sessions import Login

routes = Routes("/auth", tag="Sessions", about="Logging in and out.")


class LoginIn(Input):
    """Who wants to log in."""

    email: EmailText
    password: str = Field(min_length=1, max_length=200, examples=["correct horse battery"])


class TokenIn(Input):
    """A refresh token."""

    refresh_token: str = Field(min_length=1, max_length=200, examples=["kZ3v0m2nB1c"])


class AccountOut(Out):
    """Whose session it is."""

    id: int = Field(examples=[7])
    email: str = Field(examples=["eva@example.org"])
    name: str = Field(examples=["Eva Meyer"])
    role: Role


class SessionOut(Out):
    """A session: send `access_token` as a Bearer token; before `expires_at` trade `refresh_token` for the next two."""

    access_token: str = Field(examples=["eyJhbGciOiJIUzI1NiJ9.e30.c2ln"])
    refresh_token: str = Field(examples=["kZ3v0m2nB1c"])
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the name of the scheme
    expires_at: Instant
    user: AccountOut


@routes.post("/login", who="public", answer=SessionOut, errors=(401,))
async def log_in(call: Call, body: Body[LoginIn]) -> JSON:
    """Log in with address and password.

    Guessing is slowed per account and per client address (429), whether the account exists or not.
    """
    login = await sessions.log_in(call.runtime, body.email, body.password, client=call.address, user_agent=agent(call))
    return await session(call, login)


@routes.post("/refresh", who="public", answer=SessionOut, errors=(401,))
async def refresh(call: Call, body: Body[TokenIn]) -> JSON:
    """Trade a refresh token for new tokens.

    A refresh token works once. One that is used a second time was copied: then the whole login ends, for both holders.
    """
    return await session(call, await sessions.refresh(call.runtime, body.refresh_token, user_agent=agent(call)))


@routes.post("/logout", who="public")
async def log_out(call: Call, body: Body[TokenIn]) -> None:
    """End a session.

    Its refresh token is dead at once, its access token within minutes. A token nobody knows is no error.
    """
    await sessions.log_out(call.runtime, body.refresh_token)


async def session(call: Call, login: Login) -> JSON:
    """A login as the API answers it."""
    user = AccountOut.model_validate_json((await queries.user(call.runtime.database, login.user_id)).json)
    session = SessionOut(access_token=login.access_token, refresh_token=login.refresh_token, expires_at=login.expires_at, user=user)
    # Every time of the API is written as PostgreSQL writes it.
    return JSON({**session.model_dump(), "expires_at": login.expires_at.isoformat()})


def agent(call: Call) -> str:
    """The client's program, as it calls itself."""
    return call.request.headers.get("User-Agent", "").encode("ascii", "replace").decode()
