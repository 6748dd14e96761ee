"""A toy resource that uses everything the HTTP layer offers, and a server that serves it on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_network
from typing import Annotated, Literal, cast
from uuid import UUID

import orjson
from aiohttp import ClientSession, web
from pydantic import AwareDatetime, Field, field_validator

from api.binding import Body, Input, Query
from api.call import JSON, RUNTIME, Call, Caller
from api.etags import etag_for, require_match
from api.headers import announce
from api.layer import Layer, build_app
from api.middleware import Observer
from api.routing import Routes
from api.server import Runner
from core import errors
from core.runtime import Runtime

PUBLIC_URL = "https://desk.example.org"
ORIGIN = "https://app.example.org"
routes = Routes("/toys", tag="Toys", about="Things to play with.", scope="toys")


class ToyOut(Input):
    """A toy."""

    id: int = Field(examples=[1])
    name: str = Field(examples=["Bär"])


class Part(Input):
    """A part of a toy."""

    size: int = Field(default=1, ge=1, le=9)


class ToyIn(Input):
    """A new toy."""

    name: str = Field(min_length=1, max_length=40, examples=["Bär"])
    colour: Literal["red", "blue"] = "red"
    parts: list[Part] = Field(default_factory=list)
    bought_at: AwareDatetime | None = None
    price: int | str | None = None
    note: str | None = None

    @field_validator("name")
    @classmethod
    def _is_not_secret(cls, value: str) -> str:
        if value == "secret":
            raise ValueError("must be another name")
        return value


class ToyPatch(Input):
    """What to change."""

    name: str | None = Field(default=None, min_length=1, examples=["Hase"])


class ToyQuery(Input):
    """Which toys."""

    limit: int = Field(default=20, ge=1, le=100, description="How many.")
    colour: Literal["red", "blue"] | None = None
    tag: list[str] = Field(default_factory=list)
    before: AwareDatetime | None = Field(default=None, alias="from")


class UploadForm(Input):
    """A picture."""

    file: bytes = Field(json_schema_extra={"format": "binary"})


@routes.get("", who="user", answer=list[ToyOut])
async def find(call: Call, query: ToyQuery) -> JSON:
    """List toys.

    The newest first.
    """
    return JSON(orjson.dumps(query.model_dump(mode="json")))


@routes.post("", who="staff", answer=ToyOut, status=201, headers=("Idempotency-Key",), max_body=2000)
async def add(call: Call, body: ToyIn) -> JSON:
    """Add a toy."""
    return JSON({"id": 1, "name": body.name, "raw": len(call.raw)}, headers={"Location": "/api/v1/toys/1"})


@routes.get("/catalogue", who="public", answer=ToyOut, cache="public, max-age=60", headers=("If-None-Match",))
async def catalogue(call: Call) -> JSON:
    """Show the catalogue, to anybody."""
    return JSON(ToyOut(id=call.caller.user_id if call.caller else 0, name="x"), etag=etag_for("catalogue", 1))


@routes.get("/{toy_id}", who="user", answer=ToyOut, headers=("If-None-Match",))
async def show(call: Call, toy_id: int) -> JSON:
    """Read one toy."""
    if toy_id == 404:
        raise errors.NotFound("There is no such toy.")
    return JSON(b'{ "id": %d, "name":"as it came" }' % toy_id, etag=etag_for(toy_id, 7))


@routes.patch("/{toy_id}", who="user", answer=ToyOut, headers=("If-Match",))
async def change(call: Call, toy_id: int, patch: Body[ToyPatch]) -> JSON:
    """Change a toy."""
    require_match(call.request, etag_for(toy_id, 7))
    return JSON({"id": toy_id, "name": patch.name or "", "set": sorted(patch.model_fields_set)})


@routes.delete("/{toy_id}", who="admin")
async def remove(call: Call, toy_id: int) -> None:
    """Remove a toy."""


@routes.get("/by-code/{code}/{colour}", who="public", answer=ToyOut)
async def by_code(call: Call, code: UUID, colour: Literal["red", "blue"], choice: Query[ToyQuery]) -> JSON:
    """Find a toy by its code."""
    return JSON({"id": choice.limit, "name": f"{code} {colour}"})


@routes.get("/by-name/{name}", who="public", answer=ToyOut)
async def by_name(call: Call, name: Annotated[str, Field(max_length=5)]) -> JSON:
    """Find a toy by its name."""
    return JSON({"id": 1, "name": name})


@routes.post("/{toy_id}/pictures", who="user", status=201, answer=ToyOut, upload=UploadForm, max_body=4_000_000)
async def upload(call: Call, toy_id: int) -> JSON:
    """Take a picture."""
    size = 0
    async for part in await call.request.multipart():
        while chunk := await part.read_chunk():  # type: ignore[union-attr]  # the toy takes no nested multipart
            size += len(chunk)
    return JSON({"id": toy_id, "name": str(size)}, headers={"Location": "/api/v1/toys/1/pictures/1"})


@routes.put("/{toy_id}/form", who="user", answer=ToyOut, upload=UploadForm, max_body=4_000_000)
async def fill_form(call: Call, toy_id: int) -> JSON:
    """Take a form as a whole."""
    form = await call.request.post()
    return JSON({"id": toy_id, "name": ",".join(form)})


@routes.get("/stream", who="user", media="text/event-stream", status=200, headers=("Last-Event-ID",))
async def stream(call: Call) -> web.StreamResponse:
    """Stream what happens."""
    response = call.stream("text/event-stream")
    await response.prepare(call.request)
    await response.write(b"data: one\n\n")
    if call.request.headers.get("Last-Event-ID") == "break":
        raise RuntimeError("the stream broke")
    return response


@routes.get("/bare-stream", who="public", media="text/plain")
async def bare_stream(call: Call) -> web.StreamResponse:
    """Make a stream without the call."""
    response = web.StreamResponse()
    await response.prepare(call.request)
    return response


FAILURES: dict[str, Exception] = {
    "invalid": errors.Invalid("That will not do.", {"name": "is taken", "body.colour": "does not suit"}),
    "unauthenticated": errors.Unauthenticated("Log in first."),
    "forbidden": errors.Forbidden("It is not yours."),
    "conflict": errors.Conflict("There is one already."),
    "too-large": errors.TooLarge("At most 3."),
    "rate-limited": errors.RateLimited("Slow down.", timedelta(seconds=1.2)),
    "temporary": errors.TemporaryFailure("The store is down.", timedelta(seconds=9)),
    "permanent": errors.PermanentFailure("The other side refused."),
    "configuration": errors.ConfigurationError("SECRET_KEYS is hunter2."),
    "bug": RuntimeError("password=hunter2"),
    "timeout": TimeoutError("hunter2"),
}


@routes.post("/failures/{name}", who="public", errors=(401, 403, 409, 502))
async def fail(call: Call, name: str) -> None:
    """Fail in the way asked for."""
    announce(call.request, "RateLimit-Limit", "10")
    raise FAILURES[name]


async def authenticate(request: web.Request) -> Caller | None:
    """Roles are tokens here; "limited" has one scope only, "bad" is refused."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token == "bad":
        raise errors.Unauthenticated("The token has expired.")
    if token == "limited":
        return Caller(7, "admin", frozenset({"toys:read"}))
    return Caller(7, token) if token in ("user", "staff", "admin") else None  # type: ignore[arg-type]  # `in` narrowed it


def application(*observers: Observer) -> web.Application:
    """The toy application. No handler here uses the runtime, so a bare object stands in its place."""
    layer = Layer(
        authenticate,
        PUBLIC_URL,
        "1.0",
        cors_origins=[ORIGIN],
        trusted_proxies=[ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8")],
        max_body=1000,
        observers=observers,
    )
    app = build_app(layer, [routes])
    app[RUNTIME] = cast("Runtime", object())
    return app


@asynccontextmanager
async def serving(*observers: Observer) -> AsyncIterator[ClientSession]:
    """A client whose addresses begin at the toy server."""
    runner = Runner(application(*observers), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    try:
        async with ClientSession(f"http://{host}:{port}") as session:
            yield session
    finally:
        await runner.cleanup()


def bearer(token: str) -> dict[str, str]:
    """The header of a caller."""
    return {"Authorization": f"Bearer {token}"}
