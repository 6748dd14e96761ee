"""Reading a body: its declared type, its size while it arrives, and JSON that is JSON.

Size is counted as bytes come in, because a chunked body announces none. A body the handler reads itself (an upload) must
announce its length instead, and compressed bodies are refused: a small one can unpack to gigabytes.
"""

from __future__ import annotations

import orjson
from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from api.problems import FieldError, Problem, invalid, too_large
from api.wording import field_errors

_NO_JSON = "The body is not valid JSON."


async def read_body(request: web.Request, consumes: tuple[str, ...], limit: int) -> bytes:
    """The whole body, at most `limit` bytes; raises the 400, 413 or 415 problem."""
    check_type(request, consumes)
    check_length(request, limit)
    body = bytearray()
    try:
        while chunk := await request.content.readany():
            body += chunk
            if len(body) > limit:
                raise too_large(limit)
    except web.RequestPayloadError:
        raise Problem(400, "The body ended early or its chunks are broken.") from None
    return bytes(body)


def check_upload(request: web.Request, consumes: tuple[str, ...], limit: int) -> None:
    """What can be known before a handler reads a body by itself; raises the 411, 413 or 415 problem."""
    check_type(request, consumes)
    if request.content_length is None:
        raise Problem(411, "An upload must announce its size in Content-Length.")
    check_length(request, limit)


def check_type(request: web.Request, consumes: tuple[str, ...]) -> None:
    """Raises the 415 problem for another media type, another character set than UTF-8, or a compressed body."""
    charset = request.charset
    if request.content_type not in consumes or (charset is not None and charset.lower() != "utf-8"):
        words = f"The body must be {' or '.join(consumes)} in UTF-8; say so in Content-Type."
        raise Problem(415, words, headers={"Accept": ", ".join(consumes)})
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem(415, "Compressed bodies are not taken; send it as it is.", headers={"Accept-Encoding": "identity"})


def check_length(request: web.Request, limit: int) -> None:
    """Raises `TooLarge` when the announced length is over the limit."""
    if (request.content_length or 0) > limit:
        raise too_large(limit)


def parse_json(raw: bytes, adapter: TypeAdapter[object]) -> object:
    """Read JSON into what the adapter describes; raises the 400 problem for broken JSON, the 422 problem for what does not fit."""
    try:
        value = adapter.validate_json(raw, strict=True)
    except ValidationError as error:
        raise _problem(raw, error) from None
    if b"\\u0000" in raw or b"NaN" in raw or b"Infinity" in raw:
        _refuse_oddities(raw)
    return value


def _problem(raw: bytes, error: ValidationError) -> Problem:
    if not raw:
        return Problem(400, "The body is empty; JSON is expected.")
    if error.errors(include_url=False, include_input=False)[0]["type"] == "json_invalid":
        return Problem(400, _NO_JSON)
    return invalid(field_errors("body", error, _loaded(raw)))


def _refuse_oddities(raw: bytes) -> None:
    """PostgreSQL can keep no NUL, neither in text nor in jsonb."""
    if where := _nul_in("body", _loaded(raw)):
        raise invalid([FieldError(where[:200], "must not contain the character NUL")])


def _loaded(raw: bytes) -> object:
    """The plain values of JSON pydantic could read; raises the 400 problem for NaN and Infinity, which it takes and JSON has not."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise Problem(400, _NO_JSON) from None


def _nul_in(place: str, value: object) -> str | None:
    if isinstance(value, str):
        return place if "\0" in value else None
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        if "\0" in str(key):
            return place
        if found := _nul_in(f"{place}.{key}", part):
            return found
    return None
