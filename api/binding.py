"""From a handler's signature to its arguments: read once at the start, so that a request only runs what was found.

`call: Call` comes first. A parameter named in the path is converted by its annotation, and what cannot be converted is not found.
`query` (or `Query[Model]`) gets the query string, `body` (or `Body[Model]`) the JSON body. Query strings are read leniently, as
they have only text; bodies strictly, so that "5" is no number. Whatever is not declared is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from inspect import signature
from re import findall
from typing import Annotated, TypeVar, cast, get_args, get_type_hints

from aiohttp import web
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from typing_extensions import TypeForm

from api.bodies import parse_json
from api.problems import FieldError, Problem, invalid
from api.routing import Route
from api.wording import field_errors

T = TypeVar("T")
Query = Annotated[T, "query"]
Body = Annotated[T, "body"]

WHOLE_NUMBER = "[1-9][0-9]{0,17}"
LARGEST_NUMBER = 10**18 - 1
_NOT_KNOWN = "is not known here"


class Input(BaseModel):
    """Base of every model that comes in: unknown fields are refused, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class PathParameter:
    """One variable of the path. Numbers are at least 1, have no leading zeros, and fit PostgreSQL's bigint."""

    name: str
    schema: Mapping[str, object]
    convert: Callable[[str], object]


@dataclass(frozen=True, slots=True)
class QueryModel:
    """The model of a query string, and which of its parameters may be given more than once."""

    name: str
    adapter: TypeAdapter[object]
    lists: frozenset[str]

    def read(self, request: web.Request) -> object:
        """Validate the query string; raises the 422 problem."""
        values = _values(request, self.lists) if request.rel_url.raw_query_string else {}
        try:
            return self.adapter.validate_python(values)
        except ValidationError as error:
            raise invalid(field_errors("query", error, values)) from None


@dataclass(frozen=True, slots=True)
class BodyModel:
    """The model of a JSON body."""

    name: str
    adapter: TypeAdapter[object]

    def read(self, raw: bytes) -> object:
        """Validate the body; raises the 400 problem for what is no JSON, the 422 problem for what does not fit."""
        return parse_json(raw, self.adapter)


@dataclass(frozen=True, slots=True)
class Binding:
    """How the arguments of one route's handler are made."""

    route: Route
    path: tuple[PathParameter, ...]
    conversions: tuple[tuple[str, Callable[[str], object]], ...]
    query: QueryModel | None
    body: BodyModel | None

    @property
    def pattern(self) -> str:
        """The path as aiohttp's router wants it, numbers limited to digits."""
        pattern = self.route.path
        for parameter in self.path:
            if parameter.schema.get("type") == "integer":
                pattern = pattern.replace(f"{{{parameter.name}}}", f"{{{parameter.name}:{WHOLE_NUMBER}}}")
        return pattern

    def arguments(self, request: web.Request) -> dict[str, object]:
        """The arguments from path and query; raises the 404 or 422 problem."""
        found: dict[str, object] = {}
        if self.path:
            texts = request.match_info
            for name, convert in self.conversions:
                found[name] = convert(texts[name])
        if self.query is not None:
            found[self.query.name] = self.query.read(request)
        elif request.rel_url.raw_query_string:
            _refuse_query(request)
        return found


def bind(route: Route) -> Binding:
    """Resolve the signature of a route's handler; raises TypeError with a sentence for the developer when it does not fit."""
    named = findall(r"{(\w+)}", route.path)
    hints = get_type_hints(route.handler, include_extras=True)
    parameters = list(signature(route.handler).parameters)[1:]
    path, query, body = [], None, None
    for name in parameters:
        place = _place(route, name, hints[name], named)
        if place == "path":
            path.append(_path_parameter(name, hints[name]))
        elif place == "query":
            query = _query_model(route, name, hints[name])
        else:
            body = BodyModel(name, _adapter(route, name, hints[name]))
    if missing := set(named) - set(parameters):
        raise _misfit(route, f"has no parameter {sorted(missing)[0]!r}, which its path names")
    return Binding(route, tuple(path), tuple((each.name, each.convert) for each in path), query, body)


def _place(route: Route, name: str, hint: TypeForm[object], named: list[str]) -> str:
    if name in named:
        return "path"
    marks = [mark for mark in get_args(hint)[1:] if mark in ("query", "body")] if hasattr(hint, "__metadata__") else []
    place = str(marks[0]) if marks else name
    if place not in ("query", "body"):
        raise _misfit(route, f"has a parameter {name!r} that is neither in the path nor a Query or Body")
    return place


def _path_parameter(name: str, hint: TypeForm[object]) -> PathParameter:
    adapter: TypeAdapter[object] = TypeAdapter(hint)
    schema = adapter.json_schema(mode="validation")
    if hint is int:
        # The router's pattern lets nothing through that `int` could refuse.
        return PathParameter(name, {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER}, int)
    return PathParameter(name, schema, _conversion(adapter))


def _conversion(adapter: TypeAdapter[object]) -> Callable[[str], object]:
    def convert(text: str) -> object:
        try:
            if "\0" in text:
                raise ValueError("PostgreSQL keeps no NUL.")
            return adapter.validate_strings(text)
        except ValueError:
            raise Problem(404, "There is nothing at this address.") from None

    return convert


def _query_model(route: Route, name: str, hint: TypeForm[object]) -> QueryModel:
    adapter = _adapter(route, name, hint)
    properties = adapter.json_schema(mode="validation").get("properties", {})
    return QueryModel(name, adapter, frozenset(key for key, schema in properties.items() if _is_list(schema)))


def _adapter(route: Route, name: str, hint: TypeForm[object]) -> TypeAdapter[object]:
    adapter: TypeAdapter[object] = TypeAdapter(hint)
    for schema in _objects(adapter.json_schema(mode="validation")):
        if "properties" in schema and schema.get("additionalProperties") is not False:
            raise _misfit(route, f"takes {schema.get('title', name)!r}, which lets unknown fields pass: derive it from Input")
    return adapter


def _objects(schema: object) -> Iterator[Mapping[str, object]]:
    """All the schemas of objects inside a schema; a property may itself be called "properties", so only typed ones count."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for part in schema.values():
            yield from _objects(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _objects(part)


def _is_list(schema: Mapping[str, object]) -> bool:
    branches = schema.get("anyOf", [schema])
    return isinstance(branches, list) and any(branch.get("type") == "array" for branch in branches)


def _values(request: web.Request, lists: frozenset[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    errors: dict[str, str] = {}
    for name, value in request.rel_url.query.items():
        if "\0" in value:
            errors[name] = "must not contain the character NUL"
        elif name in lists:
            cast("list[str]", found.setdefault(name, [])).append(value)
        elif name in found:
            errors[name] = "must be given only once"
        else:
            found[name] = value
    if errors:
        raise invalid([FieldError(f"query.{name}"[:200], message) for name, message in errors.items()])
    return found


def _refuse_query(request: web.Request) -> None:
    if names := dict.fromkeys(request.rel_url.query):
        raise invalid([FieldError(f"query.{name}"[:200], _NOT_KNOWN) for name in names][:50])


def _misfit(route: Route, what: str) -> TypeError:
    return TypeError(f"{route.handler.__module__}.{route.handler.__qualname__} {what}.")
