"""The OpenAPI 3.1 document, made from the declared routes: what the server does is what it says.

Each operation lists its parameters, its body, its answers and every error status its declaration implies; all errors share one
schema. "default" stands for what any HTTP server may say to a broken request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from api.binding import Binding
from api.components import Components, Schema, components_for, example_of, query_parameters, referenced
from api.routing import HEADER_STATUSES, JSON_MEDIA, Route, Routes, problem_statuses

_PROBLEM_MEDIA = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Info:
    """Where the API is and which version it has."""

    public_url: str
    version: str


_SECURITY_SCHEMES: Schema = {
    "session": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "The access token a login gives."},
    "token": {"type": "http", "scheme": "bearer", "bearerFormat": "API token", "description": "A named token with scopes."},
}
_TEXT: Schema = {"type": "string"}
_REQUEST_HEADERS: Mapping[str, str] = {
    "If-Match": "The ETag you saw; when it is no longer the present one, nothing is done and the answer is 412.",
    "If-None-Match": "The ETag you have; when it is still the present one, the answer is 304 without a body.",
    "Idempotency-Key": "Makes repeating safe for 24 hours: the same key and body get the same answer again.",
    "Last-Event-ID": "The id of the last event you got; the stream goes on after it.",
    "Range": "The bytes you want, such as bytes=0-1023.",
}
_ANSWER_HEADERS: Schema = {
    "X-Request-ID": {"description": "The id of this request, yours when you sent an acceptable one.", "schema": _TEXT},
    "ETag": {"description": "The version of what you got, for If-Match and If-None-Match.", "schema": _TEXT},
    "Location": {"description": "Where the new thing is.", "schema": {"type": "string", "format": "uri-reference"}},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
    "WWW-Authenticate": {"description": "How to authenticate.", "schema": _TEXT},
}
_PROBLEM_HEADERS: Mapping[int, tuple[str, ...]] = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}
_WHO: Mapping[str, str] = {
    "public": "Anybody may call it.",
    "user": "Whoever is logged in may call it.",
    "staff": "Staff and admins may call it.",
    "admin": "Admins may call it.",
}


def document(groups: Sequence[Routes], bindings: Sequence[Binding], info: Info) -> Schema:
    """The whole document as plain values; raises ValueError when two routes would share an operationId."""
    described = [binding for binding in bindings if binding.route.described]
    _refuse_shared_names([binding.route for binding in described])
    components = components_for(described)
    paths: dict[str, dict[str, Schema]] = {}
    statuses: set[int] = set()
    for binding in described:
        found = _problem_statuses(binding)
        statuses.update(found)
        paths.setdefault(binding.route.path, {})[binding.route.method.lower()] = _operation(binding, components, found)
    responses = _problem_responses(sorted(statuses), components)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Helpdesk", "version": info.version, "description": "Errors are RFC 9457 problems; times are UTC in RFC 3339."},
        "servers": [{"url": info.public_url}],
        "tags": _tags(groups, described),
        "paths": paths,
        "components": {
            "schemas": referenced([paths, responses], components.shared),
            "responses": responses,
            "headers": _ANSWER_HEADERS,
            "securitySchemes": _SECURITY_SCHEMES,
        },
    }


def _refuse_shared_names(routes: Sequence[Route]) -> None:
    seen: set[str] = set()
    for route in routes:
        if route.operation_id in seen:
            raise ValueError(f"Two routes would have the operationId {route.operation_id}; rename one of their functions.")
        seen.add(route.operation_id)


def _tags(groups: Sequence[Routes], described: Sequence[Binding]) -> list[Schema]:
    used = {binding.route.tag for binding in described}
    about = {group.tag: group.about for group in groups if group.tag in used}
    return [{"name": tag, "description": text} if text else {"name": tag} for tag, text in about.items()]


def _operation(binding: Binding, components: Components, errors: Sequence[int]) -> Schema:
    route = binding.route
    operation: Schema = {
        "operationId": route.operation_id,
        "tags": [route.tag],
        "summary": route.summary,
        "description": "\n\n".join(filter(None, (route.description, _WHO[route.who]))),
        "security": _security(route),
        "parameters": _parameters(binding, components),
        "responses": {**_answers(route, components), **_references(errors)},
    }
    if binding.body is not None or route.upload is not None:
        operation["requestBody"] = _body(route, components)
    return operation


def _security(route: Route) -> list[Schema]:
    return [] if route.who == "public" else [{"session": []}, {"token": [route.scope] if route.scope else []}]


def _parameters(binding: Binding, components: Components) -> list[Schema]:
    found: list[Schema] = [
        {"name": parameter.name, "in": "path", "required": True, "schema": dict(parameter.schema)} for parameter in binding.path
    ]
    if binding.query is not None:
        found += query_parameters(components.resolved(components.used[binding.route.operation_id, "query"]))
    for name in binding.route.headers:
        found.append({"name": name, "in": "header", "required": False, "description": _REQUEST_HEADERS[name], "schema": _TEXT})
    return found


def _body(route: Route, components: Components) -> Schema:
    schema = components.used[route.operation_id, "body"]
    default = "multipart/form-data" if route.upload is not None else JSON_MEDIA
    media = _media(schema, components)
    return {"required": True, "content": dict.fromkeys(route.consumes or (default,), media)}


def _media(schema: Schema, components: Components) -> Schema:
    example = example_of(schema, components)
    return {"schema": schema} if example is None else {"schema": schema, "example": example}


def _answers(route: Route, components: Components) -> Schema:
    further = [status for name in route.headers for status in HEADER_STATUSES[name] if status < 400]
    return {str(status): _answer(route, status, components) for status in (route.status, *route.also, *further)}


def _answer(route: Route, status: int, components: Components) -> Schema:
    names = ["X-Request-ID"]
    if {"If-Match", "If-None-Match"} & set(route.headers):
        names.append("ETag")
    if status == 201:
        names.append("Location")
    answer: Schema = {"description": _phrase(status), "headers": _header_references(names)}
    if status in (204, 304) or 300 <= status < 400:
        return answer
    if route.answer is not None:
        answer["content"] = {route.media: _media(components.used[route.operation_id, "answer"], components)}
    elif route.media != JSON_MEDIA:
        answer["content"] = {route.media: {"schema": _TEXT if route.media.startswith("text/") else {}}}
    return answer


def _header_references(names: Sequence[str]) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _problem_statuses(binding: Binding) -> list[int]:
    return problem_statuses(binding.route, has_path=bool(binding.path), has_body=binding.body is not None)


def _references(statuses: Sequence[int]) -> Schema:
    named = {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in statuses}
    return {**named, "default": {"$ref": "#/components/responses/Problem"}}


def _problem_responses(statuses: Sequence[int], components: Components) -> Schema:
    named = {f"Problem{status}": _problem_response(_phrase(status), _PROBLEM_HEADERS.get(status, ()), components) for status in statuses}
    return {"Problem": _problem_response("Any other error", (), components), **named}


def _problem_response(words: str, headers: Sequence[str], components: Components) -> Schema:
    return {
        "description": words,
        "headers": _header_references(["X-Request-ID", *headers]),
        "content": {_PROBLEM_MEDIA: {"schema": components.problem}},
    }


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase
