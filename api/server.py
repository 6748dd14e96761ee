"""The runner of the application, which also answers as a problem what never became a request.

A broken request line, or headers beyond the limits, are refused by aiohttp's protocol before any middleware, as text that repeats
a part of the input. This runner gives those answers the form of all others.
"""

from __future__ import annotations

import structlog
from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from api.headers import request_id_for, secure
from api.problems import Problem, render, unexpected

log = structlog.get_logger()


class Runner(web.AppRunner):
    """Use it in place of `web.AppRunner`; its settings are the same."""

    async def _make_server(self) -> web.Server:
        server = await super()._make_server()
        # aiohttp has no setting for the protocol class. The server differs from its base in nothing but the call below.
        server.__class__ = _Server
        return server


class _Server(web.Server):
    def __call__(self) -> RequestHandler:
        return _Protocol(self, loop=self._loop, **self._kwargs)


class _Protocol(RequestHandler):
    __slots__ = ()

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """Answer what the application never saw; the connection ends after it."""
        if isinstance(exc, ConnectionError):
            raise exc
        request_id = request_id_for(request)
        if status >= 500:
            log.error("http.failed", request_id=request_id, exc_info=exc)
        else:
            log.info("http.unreadable", request_id=request_id, status=status)
        problem = unexpected() if status >= 500 else Problem(status, "This is not a request the server can read.")
        response = render(problem, request_id, "")
        secure(response.headers, request, request_id, frozenset())
        response.force_close()
        return response
