"""The one middleware around every request: it gives the request its id, turns whatever is raised into a problem, and tells observers.

One is enough and costs little: rules and arguments are resolved inside each route's own endpoint (`dispatch`), headers are set
by the hook in `headers`. Observers are plain functions called when a handler has ended: metrics and the access log.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from time import perf_counter

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from structlog.contextvars import bind_contextvars

from api.call import request_id_for
from api.clients import client_address
from api.problems import problem_for, render, unexpected

log = structlog.get_logger()

Observer = Callable[[web.Request, int, float], None]
"""Called with the request, the answer's status and the seconds the handler took."""


def around_every_request(public_url: str, observers: Sequence[Observer]) -> Middleware:
    """Make the middleware; `public_url` begins the `type` of named problems."""

    @web.middleware
    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        started = perf_counter()
        bind_contextvars(request_id=request_id_for(request))
        try:
            response = await handler(request)
        except Exception as error:
            response = _answer_to(error, request, public_url)
        for observe in observers:
            observe(request, response.status, perf_counter() - started)
        return response

    return around


def expectation(public_url: str, limit: int) -> Callable[[web.Request], Awaitable[web.StreamResponse | None]]:
    """Answer `Expect` before the body is sent: 413 when it would be too large anyway, 417 for anything but 100-continue."""

    async def expect(request: web.Request) -> web.StreamResponse | None:
        if request.headers["Expect"].lower() != "100-continue":
            return _answer_to(web.HTTPExpectationFailed(), request, public_url)
        if (request.content_length or 0) > limit:
            error = web.HTTPRequestEntityTooLarge(max_size=limit, actual_size=request.content_length or 0)
            return _answer_to(error, request, public_url)
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        # The interim answer is not the answer: without this a failure would be taken for one in the middle of a stream.
        request.writer.output_size = 0
        return None

    return expect


def template_for(request: web.Request) -> str:
    """The declared path of a request, such as /api/v1/tickets/{ticket_id}; "unmatched" for unknown addresses.

    Use this in logs and metric labels: real paths have no end, and may carry tokens.
    """
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unmatched"


def log_access(request: web.Request, status: int, seconds: float) -> None:
    """The access log as an observer; never the query string nor the real path."""
    took, address = round(seconds * 1000, 1), client_address(request)
    log.info("http.answered", method=request.method, route=template_for(request), status=status, ms=took, client=address)


def _answer_to(error: Exception, request: web.Request, public_url: str) -> web.StreamResponse:
    """Turn an exception into its answer; raises it again where no answer can be given any more."""
    if isinstance(error, web.HTTPException) and error.status < 400:
        raise error
    _give_up_when_too_late(error, request)
    problem = problem_for(error, request.method, "Authorization" in request.headers)
    if problem is None:
        log.error("http.failed", method=request.method, route=template_for(request), exc_info=error)
        problem = unexpected()
    return render(problem, request_id_for(request), public_url)


def _give_up_when_too_late(error: Exception, request: web.Request) -> None:
    """A client that left, or has half of an answer already, can be told nothing: its connection ends."""
    is_gone = request.transport is None or request.transport.is_closing()
    if not is_gone and not request.writer.output_size:
        return
    if not isinstance(error, ConnectionError):
        log.error("http.failed_midway", method=request.method, route=template_for(request), exc_info=error)
    raise ConnectionResetError("The answer cannot be finished.") from error
