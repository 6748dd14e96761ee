"""The headers on every answer: the request id, the security headers, and CORS for the origins the operator lists.

One hook sets them when an answer is about to leave, so that streams and problems carry them too. A handler that sets one of
the security headers itself (an inline image under a sandboxing CSP) keeps its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from multidict import CIMultiDict, MultiMapping

from api.call import announced, request_id_for

Hook = Callable[[web.Request, web.StreamResponse], Awaitable[None]]

SECURITY: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
_ALLOWED = "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-Request-ID, Last-Event-ID, Range"
_EXPOSED = (
    "ETag, X-Request-ID, Retry-After, RateLimit, RateLimit-Policy, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Location, "
    "Content-Disposition, Content-Range"
)
_PREFLIGHT_SECONDS = "7200"


def headers_hook(origins: frozenset[str]) -> Hook:
    """The hook for `app.on_response_prepare`. `origins` are what a browser sends as Origin, such as https://desk.example.org."""

    async def set_headers(request: web.Request, response: web.StreamResponse) -> None:
        headers = response.headers
        secure(headers, request_id_for(request))
        if (extra := announced(request)) is not None:
            headers.update(extra)
        if origins:
            _allow_origin(origins, request, headers)

    return set_headers


def secure(headers: CIMultiDict[str], request_id: str) -> None:
    """Set the request id and whatever security header is not there yet."""
    headers["X-Request-ID"] = request_id
    headers["Server"] = "Helpdesk"
    for name, value in SECURITY.items():
        if name not in headers:
            headers[name] = value


def preflight(methods: str, headers: MultiMapping[str]) -> dict[str, str]:
    """The headers of an answer to OPTIONS: always Allow, and for a browser's preflight what it may do."""
    if "Origin" not in headers or "Access-Control-Request-Method" not in headers:
        return {"Allow": methods}
    return {
        "Allow": methods,
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": _ALLOWED,
        "Access-Control-Max-Age": _PREFLIGHT_SECONDS,
    }


def _allow_origin(origins: frozenset[str], request: web.Request, headers: CIMultiDict[str]) -> None:
    """Name the one origin that asked, when it is listed; never "*", and never with credentials: tokens travel in Authorization."""
    headers.add("Vary", "Origin")
    origin = request.headers.get("Origin")
    if origin in origins and origin is not None:
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Expose-Headers"] = _EXPOSED
