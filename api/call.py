"""What a handler is given and what it gives back: one `Call` in, one `JSON` (or a stream, or nothing) out.

Handlers never look for global state: who calls, under which request id, and the runtime with its doors all hang on the `Call`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import orjson
from aiohttp import web
from pydantic import BaseModel

from api.clients import client_address
from api.headers import ORIGINS, secure
from core.errors import Unauthenticated

if TYPE_CHECKING:
    from core.runtime import Runtime

Role = Literal["user", "staff", "admin"]

RUNTIME: web.AppKey[Runtime] = web.AppKey("runtime")


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

    def stream(self, media: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.StreamResponse:
        """An answer to write piece by piece: `await response.prepare(call.request)`, then write, then return it.

        Always make streams here: what is prepared inside a handler leaves before the layer can add its headers.
        """
        response = web.StreamResponse(status=status, headers={**(headers or {}), "Content-Type": media})
        secure(response.headers, self.request, self.request_id, self.request.app[ORIGINS])
        return response


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


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON.")
