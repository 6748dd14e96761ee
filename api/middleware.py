"""What is around every handler: it gives the request its id, turns whatever is raised into a problem, completes the headers of the
answer, and tells the observers.

It wraps the handlers at the start instead of being an aiohttp middleware: an empty middleware and an empty signal together cost
13 µs a request, where a bare answer costs 45 (both without sockets). `Nowhere` makes that possible: unknown addresses and
methods have a handler too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import perf_counter

import structlog
from aiohttp import HttpVersion11, web
from aiohttp.typedefs import Handler
from structlog.contextvars import bind_contextvars, reset_contextvars

from api.clients import client_address
from api.headers import is_secured, request_id_for, secure
from api.problems import Problem, problem_for, render, too_large, unexpected

log = structlog.get_logger()

Observer = Callable[[web.Request, int, float], None]
"""Called with the request, the answer's status and the seconds the handler took."""

Endpoint = Callable[[web.Request, str], Awaitable[web.StreamResponse]]
"""Answers a request under its id; may raise."""

# structlog's own context variable, set directly: `bind_contextvars` looks it up by name and costs twenty times as much.
_TOKENS = bind_contextvars(request_id=None)
_LOGGED_ID = _TOKENS["request_id"].var
reset_contextvars(**_TOKENS)

Expectation = Callable[[web.Request], Awaitable[web.StreamResponse | None]]


@dataclass(frozen=True, slots=True)
class Edge:
    """What holds for every answer: where problems are explained, which origins may read, and who is told."""

    public_url: str
    origins: frozenset[str]
    observers: tuple[Observer, ...]


def guarded(endpoint: Endpoint, edge: Edge) -> Handler:
    """Wrap an endpoint into what aiohttp runs."""
    origins, observers = edge.origins, edge.observers

    async def run(request: web.Request) -> web.StreamResponse:
        started = perf_counter()
        request_id = request_id_for(request)
        _LOGGED_ID.set(request_id)
        try:
            response = await endpoint(request, request_id)
        except Exception as error:  # noqa: BLE001 - every failure is answered as a problem
            response = _answer_to(error, request, request_id, edge)
        if not response.prepared:
            secure(response.headers, request, request_id, origins)
        elif not is_secured(response.headers):
            log.error("http.unsecured_stream", route=template_for(request), hint="Make streams with call.stream().")
        for observe in observers:
            observe(request, response.status, perf_counter() - started)
        return response

    return run


def expectation(edge: Edge, limit: int) -> Expectation:
    """Answer `Expect` before the body is sent: 413 when it is over `limit` bytes anyway, 417 for anything but 100-continue."""

    async def expect(request: web.Request) -> web.StreamResponse | None:
        if request.version < HttpVersion11:
            return None
        if request.headers["Expect"].lower() != "100-continue":
            return await guarded(_raising(Problem(417, "The only expectation understood here is 100-continue.")), edge)(request)
        if (request.content_length or 0) > limit:
            return await guarded(_raising(too_large(limit)), edge)(request)
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        # The interim answer is not the answer: without this a failure would be taken for one in the middle of a stream.
        request.writer.output_size = 0
        return None

    return expect


def template_for(request: web.Request) -> str:
    """The declared path of a request, such as /api/v1/tickets/{ticket_id}; "unmatched" for unknown addresses and methods.

    Use this in logs and metric labels: real paths have no end, and may carry tokens.
    """
    resource = request.match_info.route.resource
    return "unmatched" if resource is None or isinstance(resource, Nowhere) else resource.canonical


def log_access(request: web.Request, status: int, seconds: float) -> None:
    """The access log as an observer; never the query string nor the real path."""
    took, address = round(seconds * 1000, 1), client_address(request)
    log.info("http.answered", method=request.method, route=template_for(request), status=status, ms=took, client=address)


class Nowhere(web.DynamicResource):
    """The resource of every address without one, and of every method an address does not have. aiohttp asks it last."""

    def __init__(self, edge: Edge) -> None:
        super().__init__("/{anything}")
        refuse = guarded(self._refuse, edge)
        self._route = self.add_route("*", refuse, expect_handler=refuse)

    async def resolve(self, request: web.Request) -> tuple[web.UrlMappingMatchInfo | None, set[str]]:
        """Match everything."""
        return web.UrlMappingMatchInfo({}, self._route), set()

    async def _refuse(self, request: web.Request, _request_id: str) -> web.StreamResponse:
        methods: set[str] = set()
        for resource in request.app.router.resources():
            if resource is not self:
                methods |= (await resource.resolve(request))[1]
        if not methods:
            raise Problem(404, "There is nothing at this address.")
        words = "This address exists, but not for this method; Allow lists the ones it has."
        raise Problem(405, words, headers={"Allow": ", ".join(sorted(methods))})


def _raising(error: Exception) -> Endpoint:
    async def refuse(_request: web.Request, _request_id: str) -> web.StreamResponse:
        raise error

    return refuse


def _answer_to(error: Exception, request: web.Request, request_id: str, edge: Edge) -> web.StreamResponse:
    """Turn an exception into its answer; raises where no answer can be given any more."""
    _give_up_when_too_late(error, request)
    problem = problem_for(error, request.method, "Authorization" in request.headers)
    if problem is None:
        log.error("http.failed", method=request.method, route=template_for(request), exc_info=error)
        problem = unexpected()
    return render(problem, request_id, edge.public_url)


def _give_up_when_too_late(error: Exception, request: web.Request) -> None:
    """A client that left, or has half of an answer already, can be told nothing: its connection ends."""
    is_gone = request.transport is None or request.transport.is_closing()
    if not is_gone and not request.writer.output_size:
        return
    if not isinstance(error, ConnectionError):
        log.error("http.failed_midway", method=request.method, route=template_for(request), exc_info=error)
    raise ConnectionResetError("The answer cannot be finished.") from error
