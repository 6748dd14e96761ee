"""From a declared route to what aiohttp runs: who asks, may they, the arguments, the handler, the answer.

This order is on purpose: nobody learns from a 422 what a 401 would have hidden, and no body is read for who may not send it.
"""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web
from multidict import CIMultiDict, istr

from api.binding import Binding
from api.bodies import check_upload, read_body
from api.call import JSON, RUNTIME, Authenticate, Call, Caller, encode
from api.etags import is_unchanged
from api.headers import SECURITY
from api.middleware import Endpoint
from api.routing import JSON_MEDIA, Route, allows
from core.errors import Forbidden, Unauthenticated

_ETAG = istr("ETag")
_IF_NONE_MATCH = istr("If-None-Match")
_ONLY: dict[str, str] = {"user": "Log in first.", "staff": "Only staff may do this.", "admin": "Only admins may do this."}


def endpoint_for(binding: Binding, authenticate: Authenticate, app: web.Application, limit: int) -> Endpoint:
    """Make the function that answers a route; `limit` is the largest body in bytes."""
    route = binding.route
    handler, is_public = route.handler, route.who == "public"
    has_body = binding.body is not None or route.upload is not None
    answer = _answering(route)

    async def endpoint(request: web.Request, request_id: str) -> web.StreamResponse:
        try:
            caller = await authenticate(request)
        except Unauthenticated:
            # On a public route a bad credential counts as none: an expired token must not keep anybody from logging in again.
            if not is_public:
                raise
            caller = None
        if not is_public:
            _admit(route, caller)
        arguments = binding.arguments(request)
        raw = await _body(binding, request, limit, arguments) if has_body else b""
        result = await handler(Call(request, app[RUNTIME], caller, request_id, raw), **arguments)
        return answer(request, caller, result)

    return endpoint


def _admit(route: Route, caller: Caller | None) -> None:
    """Raise unless the rule, which is not "public", lets the caller through."""
    if caller is None:
        raise Unauthenticated("Log in, or send a token, to do this.")
    if not allows(route.who, caller.role):
        raise Forbidden(_ONLY[route.who])
    _check_scope(route, caller)


def _check_scope(route: Route, caller: Caller) -> None:
    """A limited token reaches only what its scopes name; a route without a scope is for people, not for limited tokens."""
    if caller.scopes is None or route.scope in caller.scopes:
        return
    raise Forbidden(f"This token lacks the scope {route.scope}." if route.scope else "No token with limited scopes may do this; log in.")


async def _body(binding: Binding, request: web.Request, limit: int, arguments: dict[str, object]) -> bytes:
    route, model = binding.route, binding.body
    if model is not None:
        raw = await read_body(request, route.consumes or (JSON_MEDIA,), limit)
        arguments[model.name] = model.read(raw)
        return raw
    if route.upload is not None:
        check_upload(request, route.consumes or ("multipart/form-data",), limit)
    return b""


def _answering(route: Route) -> Callable[[web.Request, Caller | None, JSON | web.StreamResponse | None], web.StreamResponse]:
    """Make the function that turns a handler's result into an answer; the headers are put together once."""
    private = CIMultiDict({"Content-Type": route.media, **SECURITY})
    public = CIMultiDict({**private, "Cache-Control": route.cache, "Vary": "Authorization"}) if route.cache else private

    def answer(request: web.Request, caller: Caller | None, result: JSON | web.StreamResponse | None) -> web.StreamResponse:
        if not isinstance(result, JSON):
            return web.Response(status=route.status) if result is None else result
        body = result.content if type(result.content) is bytes else encode(result.content)
        headers = public if caller is None else private
        response = web.Response(body=body, status=result.status or route.status, headers=headers)
        if result.headers is not None:
            response.headers.update(result.headers)
        if result.etag is not None:
            response.headers[_ETAG] = result.etag
            if _IF_NONE_MATCH in request.headers and is_unchanged(request, result.etag):
                return _not_modified(response)
        return response

    return answer


def _not_modified(response: web.Response) -> web.Response:
    """The 304: the same headers without what describes a body (RFC 9110 §15.4.5)."""
    headers = response.headers.copy()
    headers.popall("Content-Type", None)
    return web.Response(status=304, headers=headers)
