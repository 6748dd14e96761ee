"""The HTTP layer put together: routes in, an aiohttp application out. Everything is resolved here, once, before the first request.

    app = build_app(Layer(authenticate=..., public_url=..., version=...), [tickets.routes, faqs.routes])
    app[RUNTIME] = runtime

Besides the given routes the application answers HEAD and OPTIONS, /openapi.json, /docs and /problems.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from re import sub

from aiohttp import web

from api.binding import Binding, bind
from api.call import Authenticate
from api.clients import TRUSTED_PROXIES, Network
from api.dispatch import endpoint_for
from api.docs import docs_routes
from api.headers import ORIGINS, preflight
from api.middleware import Edge, Endpoint, Nowhere, Observer, expectation, guarded
from api.openapi import Info, document
from api.routing import Route, Routes

ROUTES: web.AppKey[tuple[Route, ...]] = web.AppKey("routes")
"""Every route of the application, in order; tests walk them with every role."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What the layer must be told. `public_url` has no trailing slash; `max_body` is in bytes, for routes without their own.

    `identify` is asked instead of `authenticate` on routes with `own_rights`: it proves who calls and reads nothing, so that such a
    route costs one statement. Its callers have the lowest role.
    """

    authenticate: Authenticate
    public_url: str
    version: str
    cors_origins: Sequence[str] = ()
    trusted_proxies: Sequence[Network] = ()
    max_body: int = 1024 * 1024
    observers: tuple[Observer, ...] = ()
    identify: Authenticate | None = None


def build_app(layer: Layer, resources: Iterable[Routes]) -> web.Application:
    """Build the application; raises TypeError or ValueError in words when declarations do not fit together."""
    groups = list(resources)
    bindings = [bind(route) for group in groups for route in group.declared]
    description = document(groups, bindings, Info(layer.public_url, layer.version))
    bindings += [bind(route) for route in docs_routes(description).declared]
    edge = Edge(layer.public_url, frozenset(layer.cors_origins), layer.observers)
    app = web.Application(client_max_size=max(_limit(binding, layer) for binding in bindings))
    app[ORIGINS] = edge.origins
    app[TRUSTED_PROXIES] = tuple(layer.trusted_proxies)
    app[ROUTES] = tuple(binding.route for binding in bindings)
    for pattern, siblings in _by_pattern(bindings).items():
        _mount(app, layer, edge, pattern, siblings)
    app.router.register_resource(Nowhere(edge))
    return app


def _by_pattern(bindings: list[Binding]) -> dict[str, list[Binding]]:
    found: dict[str, list[Binding]] = {}
    shapes: dict[str, str] = {}
    for binding in bindings:
        shape = sub(r"{\w+", "{", binding.pattern)
        if shapes.setdefault(shape, binding.pattern) != binding.pattern:
            raise ValueError(f"{binding.route.path} is also declared with another name for its variable; give both the same.")
        siblings = found.setdefault(binding.pattern, [])
        if any(sibling.route.method == binding.route.method for sibling in siblings):
            raise ValueError(f"{binding.route.method} {binding.route.path} is declared twice.")
        siblings.append(binding)
    return found


def _mount(app: web.Application, layer: Layer, edge: Edge, pattern: str, siblings: list[Binding]) -> None:
    resource = app.router.add_resource(pattern)
    methods = ["OPTIONS"]
    for binding in siblings:
        limit = _limit(binding, layer)
        handler = guarded(endpoint_for(binding, _authentication(binding.route, layer), app, limit), edge)
        for method in binding.route.methods:
            resource.add_route(method, handler, expect_handler=expectation(edge, limit))
            methods.append(method)
    resource.add_route("OPTIONS", guarded(_options(", ".join(sorted(methods))), edge), expect_handler=expectation(edge, layer.max_body))


def _authentication(route: Route, layer: Layer) -> Authenticate:
    if not route.own_rights:
        return layer.authenticate
    if layer.identify is None or route.who != "user":
        raise ValueError(f"{route.method} {route.path} reads rights by itself: the rule must be user, and the layer needs `identify`.")
    return layer.identify


def _limit(binding: Binding, layer: Layer) -> int:
    return layer.max_body if binding.route.max_body is None else binding.route.max_body


def _options(methods: str) -> Endpoint:
    async def options(request: web.Request, _request_id: str) -> web.StreamResponse:
        return web.Response(status=204, headers=preflight(methods, request.headers))

    return options
