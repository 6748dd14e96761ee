"""The API, put together: its resources on the HTTP layer, served at API_LISTEN, with metrics on a port of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from api import (
    accounts,
    attachments,
    canned_replies,
    choices,
    comments,
    faqs,
    health,
    inbound_mail,
    mail_limits,
    mailbox_connections,
    mailboxes,
    notifications,
    people_on_tickets,
    profile,
    queues,
    sessions,
    tags,
    tickets,
    ties,
    users,
)
from api.auth import authenticate, identify
from api.call import RUNTIME
from api.layer import Layer, build_app
from api.middleware import log_access, template_for
from api.routing import Routes
from api.server import Runner
from core import metrics
from core.runtime import Runtime
from core.settings import Settings, cannot_listen, host_and_port

VERSION = "1.0"  # of what is described at /openapi.json
_LARGEST_BODY = 1024 * 1024  # bytes of JSON
_STOPS_WITHIN = 2.0  # seconds that requests under way get to be answered


@dataclass(frozen=True, slots=True)
class Api:
    """A running API, at 127.0.0.1 or wherever API_LISTEN says."""

    rt: Runtime
    app: web.Application
    port: int


@asynccontextmanager
async def open_api(rt: Runtime) -> AsyncIterator[Api]:
    """Serve until the block ends; then answer what is under way, and stop within three seconds. ConfigurationError for a taken port."""
    app = application(rt)
    async with AsyncExitStack() as stack:
        stack.enter_context(metrics.served(rt.settings.api_metrics_listen, "API_METRICS_LISTEN"))
        runner = Runner(app, access_log=None, handle_signals=False, shutdown_timeout=_STOPS_WITHIN)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await _listen(runner, rt.settings)
        yield Api(rt, app, int(runner.addresses[0][1]))


def application(rt: Runtime) -> web.Application:
    """The application with every resource of this release."""
    settings = rt.settings
    layer = Layer(
        authenticate=authenticate,
        identify=identify,
        public_url=settings.public_url,
        version=VERSION,
        cors_origins=settings.cors_origins,
        trusted_proxies=settings.trusted_proxies,
        max_body=_LARGEST_BODY,
        observers=(log_access, _measure),
    )
    app = build_app(layer, resources(settings))
    app[RUNTIME] = rt
    return app


def resources(settings: Settings) -> list[Routes]:
    """Every resource, in the order of the description."""
    return [
        sessions.routes, profile.routes, tickets.routes, comments.routes, people_on_tickets.routes, ties.routes,
        attachments.routes_for(settings.upload_limit), users.routes, accounts.routes, tags.routes, faqs.routes, queues.routes, mailboxes.routes,
        mailbox_connections.routes, canned_replies.routes, notifications.routes, inbound_mail.routes, mail_limits.routes, choices.routes, health.routes,
    ]  # fmt: skip


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    host, port = host_and_port(settings.api_listen)
    try:
        await web.TCPSite(runner, host, port, reuse_port=settings.listen_shared or None).start()
    except OSError as error:
        raise cannot_listen("API_LISTEN", settings.api_listen, error) from error


def _measure(request: web.Request, status: int, seconds: float) -> None:
    metrics.HTTP_SECONDS.labels(request.method, template_for(request), str(status)).observe(seconds)
