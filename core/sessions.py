"""Logging in: a short access token (JWT) and a refresh token that rotates; using a spent one revokes the whole login.

The JWT says only who; what he may do is read from the database with each request. Guessing is slowed per account and client,
with the same answer and the same work whether the account exists or not.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import jwt
from jwt.types import Options

from core import users
from core.errors import RateLimited, Unauthenticated
from core.keys import Keys, hashed
from core.mail.addresses import normal
from core.models.people import Session
from core.runtime import Actor, Runtime, Tx

# Wrong or right, within a quarter of an hour. Of one account from everywhere it is many: an outsider must not keep its owner out easily.
_TRIES = 10
_TRIES_OF_CLIENT = 50
_TRIES_OF_ACCOUNT = 200
_WINDOW = timedelta(minutes=15)
_CHECKED: Options = {"require": ["exp", "sub"], "verify_exp": False, "verify_iat": False}  # the end is compared with the desk's clock
WRONG = "The address or the password is wrong."


@dataclass(frozen=True, slots=True)
class Login:
    """What a client gets: tokens, and when the access token ends."""

    user_id: int
    access_token: str
    refresh_token: str
    expires_at: datetime


async def log_in(rt: Runtime, email: str, password: str, *, client: str, user_agent: str) -> Login:
    """Check a password and start a session. Unauthenticated when it is wrong, RateLimited after too many tries."""
    email = normal(email[:320])
    row = await rt.database.row("users.for_login", email)
    account = row["id"] if row else hashed(email)
    await slow_down(rt, f"login:account:{account}:{client}", _TRIES)
    await slow_down(rt, f"login:client:{client}", _TRIES_OF_CLIENT)
    await slow_down(rt, f"login:account:{account}", _TRIES_OF_ACCOUNT)
    if not await users.password_matches(row["password_hash"] if row else None, password) or row is None:
        raise Unauthenticated(WRONG)
    await rt.cache.reset(f"login:account:{account}:{client}")
    async with rt.transaction(Actor(row["id"])) as tx:
        if not await tx.value("users.still_has_password", row["id"], row["password_hash"]):  # changed while we compared
            raise Unauthenticated(WRONG)
        return await start(tx, row["id"], user_agent)


async def refresh(rt: Runtime, token: str, *, user_agent: str) -> Login:
    """Trade a refresh token for new tokens. A token used twice was stolen once: the whole family ends, and Unauthenticated is raised."""
    async with rt.transaction(Actor(None)) as tx:
        login = await _rotate(tx, token, user_agent)
    if login is None:
        raise Unauthenticated("This session has ended: log in again.")
    return login


async def log_out(rt: Runtime, token: str) -> None:
    """End the session a refresh token belongs to; an unknown token is no error."""
    async with rt.transaction(Actor(None)) as tx:
        await tx.rows("sessions.revoke_family_of", hashed(token), tx.now)


def user_of_access_token(keys: Keys, token: str, now: datetime) -> int | None:
    """The user a valid access token was made for, or None. Whether he is active is the database's to say."""
    user_id, ends = _claims(keys, token)
    return user_id if ends > now.timestamp() else None


@lru_cache(maxsize=4096)
def _claims(keys: Keys, token: str) -> tuple[int | None, float]:
    """The user of a token of ours and when it ends. Remembered, for checking the signature costs more than the rest of a request."""
    for key in keys.derived("jwt"):
        try:
            claims = jwt.decode(token, key, algorithms=["HS256"], audience="api", options=_CHECKED)
        except jwt.InvalidTokenError:
            continue
        return (int(claims["sub"]), float(claims["exp"])) if str(claims["sub"]).isdigit() else (None, 0)
    return None, 0


async def slow_down(rt: Runtime, key: str, tries: int = _TRIES_OF_CLIENT) -> None:
    """Count a try to get in; RateLimited when there were too many within a quarter of an hour."""
    if await rt.cache.incr(key, _WINDOW) > tries:
        raise RateLimited("Too many attempts to log in: wait a quarter of an hour, then try again.", _WINDOW)


async def start(tx: Tx, user_id: int, user_agent: str) -> Login:
    """Start a session of somebody who has proven who he is; Unauthenticated when he is switched off."""
    if await tx.value("policy.role", user_id) is None:
        raise Unauthenticated("This account is not active any longer.")
    await tx.rows("users.logged_in", user_id, tx.now)
    return await _start(tx, user_id, uuid.uuid4(), user_agent)


async def _start(tx: Tx, user_id: int, family: uuid.UUID, user_agent: str) -> Login:
    refresh_token = secrets.token_urlsafe(32)
    await Session.create(user_id=user_id, family=family, token_hash=hashed(refresh_token), user_agent=user_agent[:200], created_at=tx.now,
                         expires_at=tx.now + timedelta(days=tx.settings.refresh_token_days))  # fmt: skip
    expires_at = tx.now + timedelta(minutes=tx.settings.access_token_minutes)
    claims = {"sub": str(user_id), "aud": "api", "iat": int(tx.now.timestamp()), "exp": int(expires_at.timestamp())}
    return Login(user_id, jwt.encode(claims, tx.keys.derived("jwt")[0], algorithm="HS256"), refresh_token, expires_at)


async def _rotate(tx: Tx, token: str, user_agent: str) -> Login | None:
    row = await tx.row("sessions.locked", hashed(token))
    if row is None or row["revoked_at"] is not None or row["expires_at"] <= tx.now or not row["active"]:
        return None
    if row["spent_at"] is not None:
        await tx.rows("sessions.revoke_family_of", hashed(token), tx.now)
        return None
    await tx.rows("sessions.spend", row["id"], tx.now)
    return await _start(tx, row["user_id"], row["family"], user_agent)
