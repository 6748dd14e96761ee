"""The API of a desk under test, served on a free port, and clients of the people on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt
import orjson
from aiohttp import ClientSession, web
from multidict import CIMultiDictProxy

from api.app import open_api
from core.models.people import User
from core.runtime import Runtime
from tests.api.contract import Contract


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, read whole. `json` fails on what is no JSON."""

    status: int
    headers: CIMultiDictProxy[str]
    content: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.content)


class Client:
    """Speaks to the API as one person, or as nobody, and checks every answer against the description."""

    def __init__(self, http: ClientSession, contract: Contract, headers: Mapping[str, str]) -> None:
        self._http = http
        self._contract = contract
        self._headers = dict(headers)

    async def ask(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **options: Any) -> Answer:
        """Any request; `path` begins below /api/v1 unless it says otherwise."""
        address = path if path.startswith(("/health", "/openapi", "/api")) else f"/api/v1{path}"
        sent = {**self._headers, **(headers or {})}
        async with self._http.request(method, address, headers=sent, allow_redirects=False, **options) as response:
            answer = Answer(response.status, response.headers, await response.read())
        self._contract.check(method, address.partition("?")[0], answer.status, answer.headers, answer.content)
        return answer

    async def get(self, path: str, **options: Any) -> Answer:
        return await self.ask("GET", path, **options)

    async def post(self, path: str, json: object = None, **options: Any) -> Answer:
        if json is not None:
            options["json"] = json
        return await self.ask("POST", path, **options)

    async def patch(self, path: str, json: object, **options: Any) -> Answer:
        return await self.ask("PATCH", path, json=json, **options)

    async def put(self, path: str, **options: Any) -> Answer:
        return await self.ask("PUT", path, **options)

    async def delete(self, path: str, **options: Any) -> Answer:
        return await self.ask("DELETE", path, **options)


class Served:
    """A running API; `client(user)` speaks for somebody, `client(None)` for nobody."""

    def __init__(self, rt: Runtime, app: web.Application, http: ClientSession, contract: Contract) -> None:
        self.rt = rt
        self.app = app
        self.http = http
        self.contract = contract

    def client(self, user: User | None) -> Client:
        """A client with an access token of the user; no login, which would cost a hash."""
        return Client(self.http, self.contract, {"Authorization": f"Bearer {self.token(user)}"} if user else {})

    def token(self, user: User, lasts: timedelta = timedelta(minutes=5)) -> str:
        until = int((self.rt.clock.now() + lasts).timestamp())
        return jwt.encode({"sub": str(user.id), "aud": "api", "exp": until}, self.rt.keys.derived("jwt")[0], algorithm="HS256")


@asynccontextmanager
async def serving(rt: Runtime) -> AsyncIterator[Served]:
    """The API of a runtime, until the block ends."""
    async with open_api(rt) as api, ClientSession(f"http://127.0.0.1:{api.port}") as http:
        async with http.get("/openapi.json") as answer:
            contract = Contract(await answer.json())
        yield Served(rt, api.app, http, contract)
