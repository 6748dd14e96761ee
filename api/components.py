"""The schemas of the OpenAPI document: pydantic describes every model once, shared under components/schemas.

Uses `TypeAdapter.json_schemas`, which does for any type what `models_json_schema` does for models, so that an answer may also be
declared as `list[TicketOut]`. A query model does not stay a schema: its fields become parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from pydantic import TypeAdapter

from api.binding import Binding
from api.problems import ProblemDocument

Schema = dict[str, object]
Key = tuple[str, str]
PREFIX = "#/components/schemas/"
_PROBLEM: Key = ("", "problem")


@dataclass(frozen=True, slots=True)
class Components:
    """Every schema of the document: `used` by (operation id, place), where place is "answer", "body" or "query"; `shared` by name."""

    used: Mapping[Key, Schema]
    shared: Mapping[str, Schema]

    @property
    def problem(self) -> Schema:
        """The reference to the schema of problems."""
        return self.used[_PROBLEM]

    def resolved(self, schema: Schema) -> Schema:
        """The schema itself where a reference was given."""
        reference = schema.get("$ref")
        return self.shared[str(reference).removeprefix(PREFIX)] if reference else schema


def components_for(bindings: Sequence[Binding]) -> Components:
    """Describe what all routes take and give."""
    inputs: list[tuple[Key, Literal["validation", "serialization"], TypeAdapter[object]]] = [
        (_PROBLEM, "serialization", TypeAdapter(ProblemDocument)),
    ]
    for binding in bindings:
        name = binding.route.operation_id
        if binding.route.answer is not None:
            inputs.append(((name, "answer"), "serialization", TypeAdapter(binding.route.answer)))
        if binding.route.upload is not None:
            inputs.append(((name, "body"), "validation", TypeAdapter(binding.route.upload)))
        if binding.body is not None:
            inputs.append(((name, "body"), "validation", binding.body.adapter))
        if binding.query is not None:
            inputs.append(((name, "query"), "validation", binding.query.adapter))
    described, definitions = TypeAdapter.json_schemas(inputs, ref_template=PREFIX + "{model}")
    used: dict[Key, Schema] = {key: dict(schema) for (key, _mode), schema in described.items()}
    return Components(used, definitions.get("$defs", {}))


def referenced(document: object, shared: Mapping[str, Schema]) -> dict[str, Schema]:
    """The shared schemas the document really uses, directly or through others, by name in alphabetical order."""
    found: dict[str, Schema] = {}
    waiting = list(_references(document))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = shared[name]
            waiting += _references(shared[name])
    return dict(sorted(found.items()))


def query_parameters(schema: Schema) -> Iterator[Schema]:
    """The parameters a query model stands for. Null is left out: a query string cannot say it."""
    properties, required = schema.get("properties", {}), schema.get("required", [])
    assert isinstance(properties, dict) and isinstance(required, list)
    for name, described in properties.items():
        field = _without_null(described)
        parameter: Schema = {"name": name, "in": "query", "required": name in required}
        if "description" in field:
            parameter["description"] = field.pop("description")
        yield {**parameter, "schema": field}


def example_of(schema: Schema, components: Components) -> object | None:
    """An example a model carries: its own, or one put together from those of its fields; None when a needed one is missing."""
    schema = components.resolved(schema)
    for key in ("examples", "enum"):
        if isinstance(given := schema.get(key), list) and given:
            return cast(object, given[0])
    if "const" in schema:
        return schema["const"]
    properties, required = schema.get("properties"), schema.get("required", [])
    if not isinstance(properties, dict) or not isinstance(required, list):
        return _example_of_items(schema, components)
    found = {name: example_of(field, components) for name, field in properties.items()}
    if any(found[name] is None for name in required):
        return None
    return {name: value for name, value in found.items() if value is not None}


def _example_of_items(schema: Schema, components: Components) -> object | None:
    items = schema.get("items")
    if schema.get("type") != "array" or not isinstance(items, dict):
        return None
    item = example_of(items, components)
    return None if item is None else [item]


def _without_null(schema: Schema) -> Schema:
    field = {key: value for key, value in schema.items() if not (key == "default" and value is None)}
    branches = field.get("anyOf")
    if not isinstance(branches, list):
        return field
    kept = [branch for branch in branches if branch.get("type") != "null"]
    if len(kept) == len(branches):
        return field
    rest = {key: value for key, value in field.items() if key != "anyOf"}
    return {**rest, **kept[0]} if len(kept) == 1 else {**rest, "anyOf": kept}


def _references(part: object) -> Iterable[str]:
    if isinstance(part, Mapping):
        for key, value in part.items():
            if key == "$ref" and isinstance(value, str) and value.startswith(PREFIX):
                yield value.removeprefix(PREFIX)
            else:
                yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)
