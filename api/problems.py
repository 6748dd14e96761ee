"""Every "no" of the API in one form: RFC 9457 `application/problem+json`, whoever said it.

`TRANSLATIONS` is the one table from the errors of `core` to HTTP. What has a name of its own gets a `type` under PUBLIC_URL
(`/problems#stale`, a page that explains it); where the status says everything, `type` is "about:blank" and the title is the
status's own phrase, as the RFC wants. `instance` is the request id as a URN, the thing to quote when asking for help.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from math import ceil

import orjson
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from core import errors


@dataclass(frozen=True, slots=True)
class Kind:
    """A problem with a name: `slug` ends its type URL, `remedy` tells the reader of /problems what to do."""

    status: int
    slug: str
    title: str
    remedy: str


INVALID = Kind(422, "invalid", "The request is not valid", "Mend the fields listed under `errors`, then send it again.")
STALE = Kind(412, "stale", "It changed meanwhile", "Read it again, apply your change to the new version, send the new ETag.")

TRANSLATIONS: tuple[tuple[type[errors.HelpdeskError], Kind], ...] = (
    (errors.Invalid, INVALID),
    (errors.Unauthenticated, Kind(401, "unauthenticated", "Nobody knows who you are", "Log in, or renew or replace the token.")),
    (errors.Forbidden, Kind(403, "forbidden", "You may not do that", "Ask an admin for the role, or make a token with the scope.")),
    (errors.NotFound, Kind(404, "not-found", "There is no such thing", "Check the number; what you may not see is not found either.")),
    (
        errors.NeedsConfirmation,
        Kind(409, "needs-confirmation", "Are you sure?", 'Read the detail, then send it again with "confirm": true.'),
    ),
    (errors.Conflict, Kind(409, "conflict", "It does not fit what is there", "Read the present state, then decide again.")),
    (errors.TooLarge, Kind(413, "too-large", "Too many bytes", "Send less; the detail names the limit.")),
    (errors.RateLimited, Kind(429, "rate-limited", "Too much at once", "Wait for the seconds in Retry-After.")),
    (errors.PermanentFailure, Kind(502, "refused-elsewhere", "Something outside refused", "Repeating cannot help; staff has to look.")),
    (errors.TemporaryFailure, Kind(503, "unavailable", "Something is down or slow", "Try again after Retry-After.")),
)

NAMED: tuple[Kind, ...] = (STALE, *(kind for _, kind in TRANSLATIONS))


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field's trouble in plain words; `field` is a path such as "body.subject" or "query.limit"."""

    field: str
    message: str


class Problem(Exception):
    """A "no" born at the HTTP edge. `detail` is a whole sentence that never repeats what the client sent."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: Kind | None = None,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.kind = kind
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


class FieldTrouble(BaseModel):
    """What is wrong with one field."""

    field: str = Field(description="Where: the part of the request, then the path in it.", examples=["body.subject"])
    message: str = Field(description="What, in plain words.", examples=["must not be empty"])


class ProblemDocument(BaseModel):
    """A problem as RFC 9457 describes it."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(description="Names the kind of problem, or about:blank where the status says everything.", examples=["about:blank"])
    title: str = Field(description="The kind of problem in a few words.", examples=["Not Found"])
    status: int = Field(description="The HTTP status again.", examples=[404])
    detail: str = Field(description="What happened this time.", examples=["There is nothing at this address."])
    instance: str = Field(description="The request id as a URN.", examples=["urn:helpdesk:request:4f1c"])
    errors: list[FieldTrouble] | None = Field(default=None, description="The fields to mend; absent when no field is to blame.")


def invalid(found: Sequence[FieldError]) -> Problem:
    """The 422 for fields that do not hold."""
    return Problem(422, "Some of what you sent is not valid; `errors` tells what.", kind=INVALID, errors=found)


def too_large(limit: int) -> errors.TooLarge:
    """The 413 for a body over `limit` bytes."""
    return errors.TooLarge(f"The body is larger than the {limit} bytes allowed here.")


def problem_for(error: Exception, method: str, has_credential: bool) -> Problem | None:
    """Translate what a handler or aiohttp raised; None for what nobody expected (answer 500 and log it).

    `method` tells where fields named by `core` came from; `has_credential` whether a 401 is about a bad credential or none.
    """
    if isinstance(error, Problem):
        return error
    if isinstance(error, web.HTTPException):
        return _from_aiohttp(error) if error.status >= 400 else None
    for family, kind in TRANSLATIONS:
        if isinstance(error, family):
            return Problem(kind.status, str(error), kind=kind, errors=_fields(error, method), headers=_headers(error, has_credential))
    return None


def unexpected() -> Problem:
    """The 500 that tells nothing but the request id."""
    return Problem(500, "Something went wrong on our side. It was recorded; quote the instance when you ask about it.")


def render(problem: Problem, request_id: str, public_url: str) -> web.Response:
    """Write the problem as an answer; `public_url` has no trailing slash."""
    kind = problem.kind
    document: dict[str, object] = {
        "type": f"{public_url}/problems#{kind.slug}" if kind else "about:blank",
        "title": kind.title if kind else HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "instance": f"urn:helpdesk:request:{request_id}",
    }
    if problem.errors:
        document["errors"] = [{"field": error.field, "message": error.message} for error in problem.errors]
    headers = {**problem.headers, "Content-Type": "application/problem+json"}
    return web.Response(status=problem.status, body=orjson.dumps(document), headers=headers)


_HTTP_WORDS: Mapping[int, str] = {
    404: "There is nothing at this address.",
    413: "The body is larger than allowed here.",
}


def _from_aiohttp(error: web.HTTPException) -> Problem:
    words = _HTTP_WORDS.get(error.status, f"{HTTPStatus(error.status).phrase}.")
    return Problem(error.status, words)


def _fields(error: errors.HelpdeskError, method: str) -> tuple[FieldError, ...]:
    """Commands name fields without knowing HTTP: those of a write came in the body, those of a read in the query."""
    if not isinstance(error, errors.Invalid):
        return ()
    place = "body" if method in ("POST", "PUT", "PATCH") else "query"
    return tuple(FieldError(_placed(name, place), message) for name, message in error.fields.items())


def _placed(name: str, place: str) -> str:
    return name if name.partition(".")[0] in ("body", "query", "path", "header") else f"{place}.{name}"


def _headers(error: errors.HelpdeskError, has_credential: bool) -> dict[str, str]:
    if isinstance(error, errors.Unauthenticated):
        challenge = 'Bearer realm="helpdesk"'
        return {"WWW-Authenticate": f'{challenge}, error="invalid_token"' if has_credential else challenge}
    wait = error.retry_after if isinstance(error, (errors.RateLimited, errors.TemporaryFailure)) else None
    return {"Retry-After": _seconds(wait)} if wait is not None else {}


def _seconds(wait: timedelta) -> str:
    return str(max(1, ceil(wait.total_seconds())))
