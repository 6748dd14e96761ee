"""Holds answers against the OpenAPI document: is the status declared, the media type, the body as its schema says?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson
from openapi_schema_validator import OAS31Validator

_UNDESCRIBED = ("/openapi.json", "/docs", "/problems")


class Contract:
    """The description of a running API. `used` collects the operations that answered without an error."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.used: set[tuple[str, str]] = set()
        self._paths = [(re.compile(re.sub(r"{\w+}", "[^/]+", path)), path) for path in document["paths"]]

    def check(self, method: str, path: str, status: int, headers: Mapping[str, str], content: bytes) -> None:
        """Fail unless the answer is one that the description announces."""
        template = next((template for pattern, template in self._paths if pattern.fullmatch(path)), None)
        operation = self.document["paths"][template].get("get" if method == "HEAD" else method.lower()) if template else None
        if operation is None:
            assert status in (404, 405) or path.startswith(_UNDESCRIBED), f"{method} {path} is not described"
            return
        assert str(status) in operation["responses"], f"{method} {template} answered {status}, which is not described: {content[:300]!r}"
        if status < 400:
            self.used.add((method, template or ""))
        if method != "HEAD":
            self._check_body(f"{method} {template} {status}", self._resolved(operation["responses"][str(status)]), headers, content)

    def _check_body(self, where: str, response: dict[str, Any], headers: Mapping[str, str], content: bytes) -> None:
        media = headers.get("Content-Type", "").partition(";")[0]
        described = response.get("content")
        if described is None:
            assert content == b"", f"{where} has a body, and none is described"
            return
        if "*/*" in described:
            return
        assert media in described, f"{where} has the media type {media}, described are {list(described)}"
        if media.endswith("json"):
            errors = list(self._validator(orjson.dumps(described[media]["schema"])).iter_errors(orjson.loads(content)))
            assert not errors, f"{where} is not as described: {errors[0].json_path}: {errors[0].message}"

    def _resolved(self, response: dict[str, Any]) -> dict[str, Any]:
        reference = response.get("$ref")
        return self.document["components"]["responses"][reference.rpartition("/")[2]] if reference else response

    @lru_cache  # noqa: B019 - one document lives as long as its test
    def _validator(self, schema: bytes) -> OAS31Validator:
        whole = {**orjson.loads(schema), "components": self.document["components"]}
        return OAS31Validator(whole, format_checker=OAS31Validator.FORMAT_CHECKER)
