"""A provider of others at which owners of mailboxes consent: token and device endpoints of OAuth 2.0."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Idp:
    """A provider of others: `answers` are given to token requests in their order, the last one again and again."""

    url: str = ""
    answers: list[tuple[int, dict[str, object]]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)

    async def token(self, request: web.Request) -> web.Response:
        self.asked.append({name: str(value) for name, value in (await request.post()).items()})
        status, told = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return web.json_response(told, status=status)

    async def device(self, request: web.Request) -> web.Response:
        return web.json_response(
            {"device_code": "d", "user_code": "ABCD", "verification_uri": "https://idp.test/device", "interval": 0.01, "expires_in": 1}
        )


@asynccontextmanager
async def identity_provider() -> AsyncIterator[Idp]:
    """Serve one on a free port."""
    served = Idp()
    app = web.Application()
    app.add_routes([web.post("/common/oauth2/v2.0/token", served.token), web.post("/common/oauth2/v2.0/devicecode", served.device)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    served.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield served
    await runner.cleanup()


GOOD: tuple[int, dict[str, object]] = (200, {"access_token": "a", "refresh_token": "r", "expires_in": 3600})
PENDING: tuple[int, dict[str, object]] = (400, {"error": "authorization_pending"})
