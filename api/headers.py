"""The headers on every answer: the request id, the security headers, and CORS for the origins the operator lists.

A handler that sets one of the security headers itself (an inline image under a sandboxing CSP) keeps its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import getrandbits
from re import ASCII, compile

from aiohttp import web
from multidict import CIMultiDict, MultiMapping, istr

SECURITY: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Server": "Helpdesk",
}
ORIGINS: web.AppKey[frozenset[str]] = web.AppKey("origins")

_REQUEST_ID = istr("X-Request-ID")
_SERVER = istr("Server")
_ORIGIN = istr("Origin")
_VARY = istr("Vary")
_ACCEPTABLE_ID = compile(r"[A-Za-z0-9._-]{1,128}", ASCII)
_ANNOUNCED: web.RequestKey[CIMultiDict[str]] = web.RequestKey("announced")
_PREFLIGHT: Mapping[str, str] = {
    "Access-Control-Allow-Headers": (
        "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-Request-ID, Last-Event-ID, Range"
    ),
    "Access-Control-Max-Age": "7200",
}
_EXPOSED = (
    "ETag, X-Request-ID, Retry-After, RateLimit, RateLimit-Policy, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Location, "
    "Content-Disposition, Content-Range"
)


def request_id_for(request: web.BaseRequest) -> str:
    """The id to call this request by: the client's own X-Request-ID when it is acceptable, else a fresh one (no secret)."""
    sent = request.headers.get(_REQUEST_ID)
    return sent if sent is not None and _ACCEPTABLE_ID.fullmatch(sent) else getrandbits(128).to_bytes(16, "big").hex()


def announce(request: web.Request, name: str, value: str) -> None:
    """Add a header to whatever answer this request gets, also to a problem; made for `RateLimit-*`."""
    headers = request.get(_ANNOUNCED)
    if headers is None:
        headers = request[_ANNOUNCED] = CIMultiDict()
    headers[name] = value


def secure(headers: CIMultiDict[str], request: web.BaseRequest, request_id: str, origins: frozenset[str]) -> None:
    """Complete the headers of an answer that is about to leave; doing it again changes nothing."""
    if _REQUEST_ID in headers:
        return
    headers[_REQUEST_ID] = request_id
    if _SERVER not in headers:
        for name, value in SECURITY.items():
            headers.setdefault(name, value)
    if len(request) and (announced := request.get(_ANNOUNCED)) is not None:
        headers.update(announced)
    if origins:
        _allow_origin(origins, request, headers)


def is_secured(headers: MultiMapping[str]) -> bool:
    """Whether `secure` has been here."""
    return _REQUEST_ID in headers


def preflight(methods: str, headers: MultiMapping[str]) -> dict[str, str]:
    """The headers of an answer to OPTIONS: always Allow, and for a browser's preflight what it may do."""
    if _ORIGIN not in headers or "Access-Control-Request-Method" not in headers:
        return {"Allow": methods}
    return {"Allow": methods, "Access-Control-Allow-Methods": methods, **_PREFLIGHT}


def _allow_origin(origins: frozenset[str], request: web.BaseRequest, headers: CIMultiDict[str]) -> None:
    """Name the one origin that asked, when it is listed; never "*", and never with credentials: tokens travel in Authorization."""
    headers.add(_VARY, "Origin")
    origin = request.headers.get(_ORIGIN)
    if origin is not None and origin in origins:
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Expose-Headers"] = _EXPOSED
