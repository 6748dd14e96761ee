"""Validation errors in plain words: pydantic's findings become "must not be empty", never its jargon, never the input.

Only the limits a model declares are repeated, besides the names of fields. A validator of ours speaks for itself through
`ValueError("must …")`; it too must not repeat what it was given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from api.problems import FieldError

_MOST_ERRORS = 50
_LONGEST_FIELD = 200
_BUILT_IN = frozenset(get_args(ErrorType))

_DATE = "must be a date such as 2026-01-31"
_TIME = "must be a time of day such as 09:30:00"
_INSTANT = "must be a point in time such as 2026-01-31T09:30:00Z"
_LENGTH_OF_TIME = "must be a length of time such as PT30M"
_NUMBER = "must be a number"
_WHOLE = "must be a whole number"
_TRUTH = "must be true or false"
_TEXT = "must be text"
_LIST = "must be a list"
_OBJECT = "must be an object"
_ADDRESS = "must be a complete address such as https://example.com/"
_UUID = "must be a UUID"

_WORDS: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "none_required": "must be null",
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "string_not_ascii": "must have plain ASCII characters only",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must be of the form {pattern}",
    "bytes_too_long": "must have at most {max_length} bytes",
    "enum": "must be one of {expected}",
    "literal_error": "must be one of {expected}",
    "union_tag_invalid": "must be one of {expected_tags}",
    "union_tag_not_found": "does not say which kind it is",
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": "is too large",
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "decimal_max_digits": "must have at most {max_digits} digits",
    "decimal_max_places": "must have at most {decimal_places} decimals",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "too_short": "must have at least {min_length} entries",
    "too_long": "must have at most {max_length} entries",
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "dict_type": _OBJECT,
    "mapping_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dataclass_type": _OBJECT,
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "date_past": "must be in the past",
    "date_future": "must be in the future",
    "time_type": _TIME,
    "time_parsing": _TIME,
    "datetime_type": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_object_invalid": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    "datetime_past": "must be in the past",
    "datetime_future": "must be in the future",
    "timezone_aware": "must say its time zone, as 2026-01-31T09:30:00Z does",
    "timezone_naive": "must not say a time zone",
    "time_delta_type": _LENGTH_OF_TIME,
    "time_delta_parsing": _LENGTH_OF_TIME,
    "url_type": _ADDRESS,
    "url_parsing": _ADDRESS,
    "url_syntax_violation": _ADDRESS,
    "url_scheme": "must begin with one of {expected_schemes}",
    "url_too_long": "must have at most {max_length} characters",
    "uuid_type": _UUID,
    "uuid_parsing": _UUID,
    "uuid_version": _UUID,
}


def field_errors(place: str, error: ValidationError, sent: object) -> list[FieldError]:
    """List what is wrong, once per field, the branches of a union joined by "or".

    `place` is "body" or "query"; `sent` is the input, by which names of fields are told from pydantic's own.
    """
    found: dict[str, dict[str, None]] = {}
    for detail in error.errors(include_url=False, include_input=False):
        found.setdefault(_field(place, detail, sent), {})[_message(detail)] = None
    return [FieldError(field, " or ".join(messages)) for field, messages in list(found.items())[:_MOST_ERRORS]]


def _field(place: str, detail: ErrorDetails, sent: object) -> str:
    """Follow pydantic's location through the input. Steps that are not in it name a branch of a union and are left out."""
    steps = [place]
    for index, step in enumerate(detail["loc"]):
        last_of_missing = detail["type"] == "missing" and index == len(detail["loc"]) - 1
        is_entry = isinstance(sent, list) and isinstance(step, int) and step < len(sent)
        if is_entry or (isinstance(sent, Mapping) and step in sent):
            sent = cast("Mapping[str | int, object]", sent)[step]
        elif not last_of_missing:
            continue
        steps.append(str(step))
    return ".".join(steps)[:_LONGEST_FIELD]


def _message(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind not in _BUILT_IN:
        return detail["msg"]
    if kind in ("string_too_short", "too_short") and context.get("min_length") == 1:
        return "must not be empty"
    if kind in ("value_error", "assertion_error"):
        return str(context["error"]) if "error" in context else "is not valid"
    words = _WORDS.get(kind, "is not valid")
    return words.format_map(context)
