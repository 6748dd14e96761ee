"""Access tokens for XOAUTH2 (RFC 6749): asked for with the refresh token that the owner's consent gave, for each
connection: a connection outlives its token, and is made anew seldom."""

from __future__ import annotations

import aiohttp

from core.errors import PermanentFailure, TemporaryFailure
from core.mail.connection import Connection

_PATIENCE = aiohttp.ClientTimeout(total=20)


async def access_token(connection: Connection) -> str:
    """A token that is good for a while. PermanentFailure when the consent has ended, TemporaryFailure when the provider does not answer."""
    form = {"grant_type": "refresh_token", "refresh_token": connection.refresh_token, "client_id": connection.client_id}
    form |= {name: value for name, value in (("client_secret", connection.client_secret), ("scope", connection.scope)) if value}
    try:
        async with aiohttp.ClientSession(timeout=_PATIENCE) as session, session.post(connection.token_url, data=form) as answer:
            told = await answer.json(content_type=None)
            status = answer.status
    except (TimeoutError, aiohttp.ClientError, ValueError) as error:
        raise TemporaryFailure(f"{connection.token_url} gives no access token ({type(error).__name__}).") from error
    if status == 200 and isinstance(told, dict) and told.get("access_token"):
        return str(told["access_token"])
    why = str(told.get("error_description") or told.get("error") or status)[:200] if isinstance(told, dict) else str(status)
    if 400 <= status < 500 and status != 429:
        raise PermanentFailure(f"The provider gives no access any longer ({why}): connect the mailbox again.")
    raise TemporaryFailure(f"The provider gives no access token at the moment ({why}).")
