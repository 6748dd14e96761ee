"""The consent of a mailbox's owner at Google or Microsoft, as a connection that can be fetched with.

Microsoft: the device flow (RFC 8628). Google does not let that flow read mail, so its owner opens a page, and pastes where it ended
(RFC 8252, with PKCE of RFC 7636).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp

from core.errors import PermanentFailure, TemporaryFailure
from core.mail.connection import Connection

Tell = Callable[[str], None]
Ask = Callable[[str], str]
_PATIENCE = aiohttp.ClientTimeout(total=30)
_LANDING = "http://127.0.0.1:1/"  # nobody listens there: the address bar then holds the code


@dataclass(frozen=True, slots=True)
class Provider:
    """Where consent is asked for. Without a `device_url` it is asked for by a page."""

    host: str
    token_url: str
    scope: str
    client_id: str
    client_secret: str = ""
    device_url: str = ""
    page_url: str = ""

    async def consent(self, user: str, tell: Tell, ask: Ask) -> Connection:
        """Ask the owner, and wait. PermanentFailure when he says no, or takes too long."""
        told = await (self._by_device(tell) if self.device_url else self._by_page(user, tell, ask))
        if not told.get("refresh_token"):
            raise PermanentFailure("The provider gave no lasting access: allow offline access, and try again.")
        return Connection(self.host, user, token_url=self.token_url, client_id=self.client_id, client_secret=self.client_secret,
                          refresh_token=str(told["refresh_token"]), scope=self.scope if self.device_url else "")  # fmt: skip

    async def _by_device(self, tell: Tell) -> dict[str, Any]:
        _, begun = await _post(self.device_url, {"client_id": self.client_id, "scope": self.scope})
        if "device_code" not in begun:
            raise PermanentFailure(f"The provider does not begin: {_why(begun)}")
        tell(str(begun.get("message") or f"Open {begun.get('verification_uri')} and type in {begun.get('user_code')}."))
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
            "client_id": self.client_id,
            "device_code": str(begun["device_code"]),
        }
        pause, left = float(begun.get("interval", 5)), float(begun.get("expires_in", 900))
        while left > 0:
            await asyncio.sleep(pause)
            left -= pause
            status, told = await _post(self.token_url, form)
            if status == 200:
                return told
            if told.get("error") not in ("authorization_pending", "slow_down"):
                raise PermanentFailure(f"There was no consent: {_why(told)}")
            pause += 5 if told.get("error") == "slow_down" else 0
        raise PermanentFailure("Nobody typed the code in while it was good: try again.")

    async def _by_page(self, user: str, tell: Tell, ask: Ask) -> dict[str, Any]:
        verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        tell("Open this page as the mailbox's owner, allow it, and copy the address that you end at (the page itself does not load):\n")
        tell(f"{self.page_url}?" + urlencode({
            "client_id": self.client_id, "redirect_uri": _LANDING, "response_type": "code", "scope": self.scope, "access_type": "offline",
            "prompt": "consent", "login_hint": user, "state": state, "code_challenge": challenge, "code_challenge_method": "S256",
        }))  # fmt: skip
        answer = parse_qs(urlsplit(ask("\nThe address you ended at").strip()).query)
        if answer.get("state") != [state] or "code" not in answer:
            raise PermanentFailure("That is not the address of this consent: begin again.")
        status, told = await _post(self.token_url, {
            "grant_type": "authorization_code", "code": answer["code"][0], "redirect_uri": _LANDING, "client_id": self.client_id,
            "client_secret": self.client_secret, "code_verifier": verifier,
        })  # fmt: skip
        if status != 200:
            raise PermanentFailure(f"There was no consent: {_why(told)}")
        return told


def microsoft(client_id: str, tenant: str = "common", login: str = "https://login.microsoftonline.com") -> Provider:
    """Microsoft 365 and Outlook.com."""
    base = f"{login}/{tenant}/oauth2/v2.0"
    scope = "https://outlook.office.com/IMAP.AccessAsUser.All offline_access"
    return Provider("outlook.office365.com", f"{base}/token", scope, client_id, device_url=f"{base}/devicecode")


def google(client_id: str, client_secret: str) -> Provider:
    """Gmail and Google Workspace."""
    return Provider("imap.gmail.com", "https://oauth2.googleapis.com/token", "https://mail.google.com/", client_id, client_secret,
                    page_url="https://accounts.google.com/o/oauth2/v2/auth")  # fmt: skip


async def _post(url: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
    try:
        async with aiohttp.ClientSession(timeout=_PATIENCE) as session, session.post(url, data=form) as answer:
            told = await answer.json(content_type=None)
            return answer.status, told if isinstance(told, dict) else {}
    except (TimeoutError, aiohttp.ClientError, ValueError) as error:
        raise TemporaryFailure(f"{urlsplit(url).hostname} does not answer ({type(error).__name__}).") from error


def _why(told: dict[str, Any]) -> str:
    return str(told.get("error_description") or told.get("error") or "no reason given")[:300]
