"""Declaring routes: each is said once, with everything about it, in the resource module that answers it.

    routes = Routes("/tickets", tag="Tickets", about="The cases.", scope="tickets")

    @routes.get("/{ticket_id}", who="user", answer=TicketOut)
    async def show(call: Call, ticket_id: int) -> JSON: ...

From the declaration come the handler's arguments (`binding`), the rule who may call (`dispatch`) and the OpenAPI document.
Declaring does nothing else: `layer.build_app` resolves all of it once at the start, and refuses what does not fit together.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from inspect import cleandoc
from typing import Literal, Protocol, TypeAlias, TypedDict, TypeVar, Unpack

from aiohttp import web
from typing_extensions import TypeForm

from api.call import JSON, Role

Rule = Literal["public", "user", "staff", "admin"]
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Handler = Callable[..., Awaitable["JSON | web.StreamResponse | None"]]
HandlerT = TypeVar("HandlerT", bound=Handler)
Answer: TypeAlias = TypeForm[object] | None

API = "/api/v1"
JSON_MEDIA = "application/json"
EVENT_STREAM = "text/event-stream"
_RANK: dict[str, int] = {"public": 0, "user": 1, "staff": 2, "admin": 3}

HEADER_STATUSES: dict[str, tuple[int, ...]] = {
    "If-Match": (412,),
    "If-None-Match": (304,),
    "Idempotency-Key": (409,),
    "Last-Event-ID": (),
    "Range": (206, 416),
}
"""The request headers a route may honour, and the statuses each brings with it."""


class Declare(Protocol):
    """What the methods of `Routes` return: a decorator that leaves the handler as it is."""

    def __call__(self, handler: HandlerT, /) -> HandlerT: ...


class Options(TypedDict, total=False):
    """What a declaration may say besides rule and answer."""

    status: int
    also: tuple[int, ...]
    errors: tuple[int, ...]
    headers: tuple[str, ...]
    media: str
    consumes: tuple[str, ...]
    upload: TypeForm[object]
    cache: str
    max_body: int
    own_rights: bool
    described: bool
    chosen: str


@dataclass(frozen=True, slots=True)
class Route:
    """A declared route.

    `answer` is a model or any type pydantic can describe; None with JSON media means 204. `also` lists further statuses without
    error that the handler may answer with, `errors` those beyond the ones the declaration implies. `headers` names the request
    headers honoured (keys of HEADER_STATUSES). `media` is the answer's media type. `consumes` are the media types of the body;
    `upload` describes a body the handler reads itself (multipart). `cache` is the Cache-Control for callers nobody knows.
    `max_body` is in bytes. With `own_rights` the handler's own statement reads the caller's rights, and the layer only finds out who
    he is. Routes that are not `described` stay out of the OpenAPI document. `chosen` is the desk's choice (`core/choices.py`) that a route
    of rule staff depends on: without it, it is for admins alone.
    """

    method: Method
    path: str
    handler: Handler
    who: Rule
    tag: str
    answer: Answer = None
    status: int = 200
    also: tuple[int, ...] = ()
    errors: tuple[int, ...] = ()
    headers: tuple[str, ...] = ()
    media: str = JSON_MEDIA
    consumes: tuple[str, ...] = ()
    upload: TypeForm[object] | None = None
    scope: str | None = None
    cache: str | None = None
    max_body: int | None = None
    own_rights: bool = False
    described: bool = True
    chosen: str | None = None

    @property
    def summary(self) -> str:
        """The first line of the handler's docstring, without its full stop."""
        return cleandoc(self.handler.__doc__ or "").partition("\n")[0].rstrip(".")

    @property
    def description(self) -> str:
        """The rest of the docstring."""
        written = cleandoc(self.handler.__doc__ or "").partition("\n")[2].strip()
        return f"{written}\n\nFor admins; for staff as well where the setting `{self.chosen}` is on.".strip() if self.chosen else written

    @property
    def operation_id(self) -> str:
        """Stable as long as tag and function keep their names."""
        return f"{self.tag.lower().replace(' ', '_')}_{self.handler.__name__}"

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods it answers: a GET answers HEAD as well, unless it is a stream without an end."""
        return ("GET", "HEAD") if self.method == "GET" and self.media != EVENT_STREAM else (self.method,)


@dataclass(frozen=True, slots=True)
class Routes:
    """The routes of one resource, in order. `scope` makes "<scope>:read" and "<scope>:write" what a limited token needs."""

    path: str
    tag: str
    about: str = ""
    scope: str | None = None
    under: str = API
    declared: list[Route] = field(default_factory=list)

    def get(self, path: str, *, who: Rule, answer: Answer = None, **options: Unpack[Options]) -> Declare:
        """Declare a read; HEAD comes with it."""
        return self._declare("GET", path, who, answer, options)

    def post(self, path: str, *, who: Rule, answer: Answer = None, **options: Unpack[Options]) -> Declare:
        """Declare a creation or an act."""
        return self._declare("POST", path, who, answer, options)

    def put(self, path: str, *, who: Rule, answer: Answer = None, **options: Unpack[Options]) -> Declare:
        """Declare a replacement, or a mark that can be set twice."""
        return self._declare("PUT", path, who, answer, options)

    def patch(self, path: str, *, who: Rule, answer: Answer = None, **options: Unpack[Options]) -> Declare:
        """Declare a merge patch (RFC 7396): what is absent stays, null clears; `body.model_fields_set` tells which is which."""
        options.setdefault("consumes", ("application/merge-patch+json", JSON_MEDIA))
        return self._declare("PATCH", path, who, answer, options)

    def delete(self, path: str, *, who: Rule, answer: Answer = None, **options: Unpack[Options]) -> Declare:
        """Declare a removal."""
        return self._declare("DELETE", path, who, answer, options)

    def _declare(self, method: Method, path: str, who: Rule, answer: Answer, options: Options) -> Declare:
        if answer is None and options.get("media", JSON_MEDIA) == JSON_MEDIA:
            options.setdefault("status", 204)
        scope = f"{self.scope}:{'read' if method == 'GET' else 'write'}" if self.scope else None

        def declare(handler: HandlerT, /) -> HandlerT:
            full = f"{self.under}{self.path}{path}"
            self.declared.append(Route(method, full, handler, who, self.tag, answer=answer, scope=scope, **options))
            return handler

        return declare


def allows(rule: Rule, role: Role | None) -> bool:
    """Whether the rule lets somebody of this role through; None is a caller nobody knows."""
    return _RANK[rule] <= (_RANK[role] if role else 0)


def problem_statuses(route: Route, *, has_path: bool, has_body: bool) -> list[int]:
    """Every error status the route can give: what its declaration implies, and what it says itself."""
    found = {422, 429, 500, 503, *route.errors}
    found.update(status for name in route.headers for status in HEADER_STATUSES[name] if status >= 400)
    if route.who != "public":
        found.update((401, 403) if route.scope or route.who != "user" else (401,))
    if has_path:
        found.add(404)
    if has_body or route.upload is not None:
        found.update((400, 413, 415) if has_body else (400, 411, 413, 415))
    return sorted(found)
