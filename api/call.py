"""What a handler is given and what it gives back: one `Call` in, one `JSON` (or a stream, or nothing) out.

Handlers never look for global state: who calls, under which request id, and the runtime with its doors all hang on the `Call`.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from re import ASCII, compile
from typing import TYPE_CHECKING, Literal

import orjson
from aiohttp import web
from multidict import CIMultiDict
from pydantic import BaseModel

from api.clients import client_address
from core.errors import Unauthenticated

if TYPE_CHECKING:
    from core.runtime import Runtime

Role = Literal["user", "staff", "admin"]

RUNTIME: web.AppKey[Runtime] = web.AppKey("runtime")
_REQUEST_ID: web.RequestKey[str] = web.RequestKey("request_id")
_ANSWER_HEADERS: web.RequestKey[CIMultiDict[str]] = web.RequestKey("answer_headers")
_ACCEPTABLE_ID = compile(r"[A-Za-z0-9._-]{1,128}", ASCII)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. `scopes` is None for a person's own session, else what the API token was made for. Auth may subclass it."""

    user_id: int
    role: Role
    scopes: frozenset[str] | None = None


Authenticate = Callable[[web.Request], Awaitable[Caller | None]]
"""Tells who asks: None when no credential came, `Unauthenticated` when one came that is not good."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request on its way through a handler. `raw` holds the body as it came when the route reads one, else b""."""

    request: web.Request
    runtime: Runtime
    caller: Caller | None
    request_id: str
    raw: bytes = b""

    @property
    def user(self) -> Caller:
        """The caller where the rule promises one; raises `Unauthenticated` on a public route called by nobody."""
        if self.caller is None:
            raise Unauthenticated("Log in, or send a token, to do this.")
        return self.caller

    @property
    def address(self) -> str:
        """The client's IP address, found through TRUSTED_PROXIES only."""
        return client_address(self.request)


@dataclass(frozen=True, slots=True)
class JSON:
    """An answer. Bytes are passed through untouched (PostgreSQL made them); a model or plain value is encoded here.

    `status` overrides the declared one and must be among the route's `also`. `etag` comes from `etags.etag_for`.
    """

    content: object
    status: int | None = None
    etag: str | None = None
    headers: Mapping[str, str] | None = None


def encode(value: object) -> bytes:
    """Write a model or plain value as JSON; times in UTC end with Z."""
    if isinstance(value, BaseModel):
        return value.__pydantic_serializer__.to_json(value, by_alias=True)
    return orjson.dumps(value, default=_plain, option=orjson.OPT_UTC_Z)


def request_id_for(request: web.BaseRequest) -> str:
    """The id this request goes by everywhere: the client's own X-Request-ID when it is acceptable, else a fresh one."""
    found = request.get(_REQUEST_ID)
    if found is None:
        sent = request.headers.get("X-Request-ID")
        found = sent if sent is not None and _ACCEPTABLE_ID.fullmatch(sent) else secrets.token_hex(16)
        request[_REQUEST_ID] = found
    return found


def announce(request: web.Request, name: str, value: str) -> None:
    """Add a header to whatever answer this request gets, also to a problem; made for `RateLimit-*`."""
    headers = request.get(_ANSWER_HEADERS)
    if headers is None:
        headers = request[_ANSWER_HEADERS] = CIMultiDict()
    headers[name] = value


def announced(request: web.BaseRequest) -> Mapping[str, str] | None:
    """What `announce` collected for this request, if anything."""
    return request.get(_ANSWER_HEADERS)


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON.")
