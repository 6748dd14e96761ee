"""The consent of a mailbox's owner at Google or Microsoft, as a connection that can be fetched with.

Microsoft: the device flow (RFC 8628). Google does not let that flow read mail, so its owner opens a page, and tells where it ended
(RFC 8252, with PKCE of RFC 7636).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp

from core.errors import Conflict, Invalid, PermanentFailure, TemporaryFailure
from core.mail.connection import Connection

Tell = Callable[[str], None]
Ask = Callable[[str], str]
_PATIENCE = aiohttp.ClientTimeout(total=30)
_LANDING = "http://127.0.0.1:1/"  # nobody listens there: the address bar then holds the code
_PAGE_IS_GOOD_FOR = 600.0  # seconds
MICROSOFT = "https://login.microsoftonline.com"


class NotYet(Conflict):
    """The owner has not answered; ask again after the pause, longer each time the provider finds it `too_often`."""

    def __init__(self, *, too_often: bool) -> None:
        super().__init__("The owner has not consented yet: ask again in a few seconds.")
        self.too_often = too_often


@dataclass(frozen=True, slots=True)
class Asked:
    """What the owner is asked: to open `page`, and type in `code` if there is one. `kept` (secret) is needed for his answer.

    `pause` are the seconds between two looks whether he has, `ends_in` those until it is too late.
    """

    says: str
    page: str
    code: str
    pause: float
    ends_in: float
    kept: Mapping[str, str]


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

    async def ask(self, user: str) -> Asked:
        """Begin. PermanentFailure when the provider does not."""
        return await self._code() if self.device_url else self._page(user)

    async def answer(self, user: str, kept: Mapping[str, str], landed_at: str = "") -> Connection:
        """The connection that was consented to; `landed_at` is the address at which a page ended.

        NotYet while the owner has not said, PermanentFailure when he says no or is too late, Invalid for the address of something else.
        """
        form = self._device_form(kept) if self.device_url else self._page_form(kept, landed_at)
        status, told = await _post(self.token_url, form)
        if told.get("error") in ("authorization_pending", "slow_down"):
            raise NotYet(too_often=told["error"] == "slow_down")
        if status != 200:
            raise PermanentFailure(f"There was no consent: {_why(told)}")
        if not told.get("refresh_token"):
            raise PermanentFailure("The provider gave no lasting access: allow offline access, and try again.")
        return Connection(self.host, user, token_url=self.token_url, client_id=self.client_id, client_secret=self.client_secret,
                          refresh_token=str(told["refresh_token"]), scope=self.scope if self.device_url else "")  # fmt: skip

    async def consent(self, user: str, tell: Tell, ask: Ask) -> Connection:
        """Ask the owner, who sits here, and wait."""
        asked = await self.ask(user)
        tell(asked.says)
        if not self.device_url:
            return await self.answer(user, asked.kept, ask("\nThe address you ended at"))
        pause, left = asked.pause, asked.ends_in
        while left > 0:
            await asyncio.sleep(pause)
            left -= pause
            try:
                return await self.answer(user, asked.kept)
            except NotYet as not_yet:
                pause += 5 if not_yet.too_often else 0
        raise PermanentFailure("Nobody typed the code in while it was good: try again.")

    async def _code(self) -> Asked:
        _, begun = await _post(self.device_url, {"client_id": self.client_id, "scope": self.scope})
        if "device_code" not in begun:
            raise PermanentFailure(f"The provider does not begin: {_why(begun)}")
        page, code = str(begun.get("verification_uri") or ""), str(begun.get("user_code") or "")
        return Asked(str(begun.get("message") or f"Open {page} and type in {code}."), page, code, float(begun.get("interval", 5)),
                     float(begun.get("expires_in", 900)), {"device_code": str(begun["device_code"])})  # fmt: skip

    def _page(self, user: str) -> Asked:
        verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        page = f"{self.page_url}?" + urlencode({
            "client_id": self.client_id, "redirect_uri": _LANDING, "response_type": "code", "scope": self.scope, "access_type": "offline",
            "prompt": "consent", "login_hint": user, "state": state, "code_challenge": challenge, "code_challenge_method": "S256",
        })  # fmt: skip
        says = "Open this page as the mailbox's owner, allow it, and copy the address that you end at (the page itself does not load):"
        return Asked(f"{says}\n\n{page}", page, "", 5, _PAGE_IS_GOOD_FOR, {"verifier": verifier, "state": state})

    def _device_form(self, kept: Mapping[str, str]) -> dict[str, str]:
        grant = "urn:ietf:params:oauth:grant-type:device_code"
        return {"grant_type": grant, "client_id": self.client_id, "device_code": kept["device_code"]}

    def _page_form(self, kept: Mapping[str, str], landed_at: str) -> dict[str, str]:
        answer = parse_qs(urlsplit(landed_at.strip()).query)
        if answer.get("state") != [kept["state"]] or "code" not in answer:
            raise Invalid(
                "That is not the address of this consent: begin again.", {"landed_at": "must be the address at which the page ended"}
            )
        return {"grant_type": "authorization_code", "code": answer["code"][0], "redirect_uri": _LANDING, "client_id": self.client_id,
                "client_secret": self.client_secret, "code_verifier": kept["verifier"]}  # fmt: skip


def microsoft(client_id: str, tenant: str = "common", login: str = MICROSOFT) -> Provider:
    """Microsoft 365 and Outlook.com; `login` is another for national clouds."""
    base = f"{login}/{tenant}/oauth2/v2.0"
    scope = "https://outlook.office.com/IMAP.AccessAsUser.All offline_access"
    return Provider("outlook.office365.com", f"{base}/token", scope, client_id, device_url=f"{base}/devicecode")


def google(client_id: str, client_secret: str) -> Provider:
    """Gmail and Google Workspace."""
    return Provider("imap.gmail.com", "https://oauth2.googleapis.com/token", "https://mail.google.com/", client_id, client_secret,
                    page_url="https://accounts.google.com/o/oauth2/v2/auth")  # fmt: skip


async def _post(url: str, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    try:
        async with aiohttp.ClientSession(timeout=_PATIENCE) as session, session.post(url, data=form) as answer:
            told = await answer.json(content_type=None)
            return answer.status, told if isinstance(told, dict) else {}
    except (TimeoutError, aiohttp.ClientError, ValueError) as error:
        raise TemporaryFailure(f"{urlsplit(url).hostname} does not answer ({type(error).__name__}).") from error


def _why(told: dict[str, Any]) -> str:
    return str(told.get("error_description") or told.get("error") or "no reason given")[:300]
