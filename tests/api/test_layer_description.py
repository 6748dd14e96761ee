"""The OpenAPI document is valid and says what the server does; the pages around it work without any other server."""

from __future__ import annotations

import re
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import ConfigDict

from api.binding import Input, bind
from api.call import JSON, Call
from api.layer import ROUTES
from api.routing import Routes
from tests.api.layer_toy import PUBLIC_URL, ToyOut, application, serving


async def description() -> dict[str, Any]:
    """The document as served."""
    async with serving() as http, http.get("/openapi.json") as answer:
        document: dict[str, Any] = await answer.json()
        return document


async def test_the_description_is_valid_openapi_31() -> None:
    document = await description()
    assert document["openapi"].startswith("3.1.")
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []
    assert document["servers"] == [{"url": PUBLIC_URL}]


async def test_every_declared_route_is_described_and_nothing_else() -> None:
    document = await description()
    described = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert described == {(route.method, route.path) for route in application()[ROUTES] if route.described}


async def test_an_operation_lists_everything_it_takes_and_gives() -> None:
    operation = (await description())["paths"]["/api/v1/toys/{toy_id}"]["patch"]
    assert operation["operationId"] == "toys_change"
    assert operation["summary"] == "Change a toy"
    assert operation["security"] == [{"session": []}, {"token": ["toys:write"]}]
    assert [(each["in"], each["name"], each["required"]) for each in operation["parameters"]] == [
        ("path", "toy_id", True),
        ("header", "If-Match", False),
    ]
    assert set(operation["requestBody"]["content"]) == {"application/merge-patch+json", "application/json"}
    assert set(operation["responses"]) == {"200", "400", "401", "403", "404", "412", "413", "415", "422", "429", "500", "503", "default"}
    assert "ETag" in operation["responses"]["200"]["headers"]


async def test_query_models_become_parameters_without_null() -> None:
    document = await description()
    operation = document["paths"]["/api/v1/toys"]["get"]
    parameters = {each["name"]: each for each in operation["parameters"]}
    assert set(parameters) == {"limit", "colour", "tag", "from"}
    assert parameters["limit"]["description"] == "How many."
    assert parameters["limit"]["schema"] == {"default": 20, "maximum": 100, "minimum": 1, "title": "Limit", "type": "integer"}
    assert "null" not in str(parameters["colour"])
    assert operation["description"] == "The newest first.\n\nWhoever is logged in may call it."
    assert "ToyQuery" not in document["components"]["schemas"]


async def test_every_error_is_described_as_a_problem() -> None:
    document = await description()
    for name, response in document["components"]["responses"].items():
        assert response["content"] == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}, name
    assert set(document["components"]["responses"]["Problem429"]["headers"]) == {"X-Request-ID", "Retry-After"}
    assert "WWW-Authenticate" in document["components"]["responses"]["Problem401"]["headers"]


async def test_examples_come_from_the_models_and_fit_them() -> None:
    document = await description()
    media = document["paths"]["/api/v1/toys"]["post"]["requestBody"]["content"]["application/json"]
    assert media["example"]["name"] == "Bär"
    schema = {**media["schema"], "components": document["components"]}
    assert list(OAS31Validator(schema).iter_errors(media["example"])) == []
    answer = document["paths"]["/api/v1/toys"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["example"] == [{"id": 1, "name": "Bär"}]


async def test_streams_and_uploads_name_their_media_types() -> None:
    paths = (await description())["paths"]
    assert set(paths["/api/v1/toys/stream"]["get"]["responses"]["200"]["content"]) == {"text/event-stream"}
    upload = paths["/api/v1/toys/{toy_id}/pictures"]["post"]
    assert set(upload["requestBody"]["content"]) == {"multipart/form-data"}
    assert {"411", "413", "415"} <= set(upload["responses"])


class _Loose(ToyOut):
    model_config = ConfigDict(extra="ignore")


def test_a_body_that_would_let_unknown_fields_pass_stops_the_start() -> None:
    routes = Routes("", tag="Odd")

    class Outer(Input):
        inner: _Loose

    async def handler(call: Call, body: Outer) -> JSON:
        return JSON(body)

    handler.__annotations__["body"] = Outer
    routes.post("/odd", who="public", answer=ToyOut)(handler)
    with pytest.raises(TypeError, match="lets unknown fields pass"):
        bind(routes.declared[0])


async def test_a_description_one_has_is_not_sent_again() -> None:
    async with serving() as http:
        async with http.get("/openapi.json") as answer:
            tag = answer.headers["ETag"]
        async with http.get("/openapi.json", headers={"If-None-Match": tag}) as answer:
            assert answer.status == 304


@pytest.mark.parametrize("path", ["/docs", "/problems"])
async def test_the_pages_load_only_what_we_serve_under_a_policy_that_holds(path: str) -> None:
    async with serving() as http:
        async with http.get(path) as answer:
            page, policy = await answer.text(), answer.headers["Content-Security-Policy"]
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "unsafe" not in policy
        assert "script-src 'self'" in policy
        assert not re.search(r"<script(?![^>]* src=)|<style|style=|\son\w+=|https?://", page)
        links = re.findall(r'(?:src|href)="([^"#]+)"', page)
        assert links
        for link in links:
            async with http.get(f"/{link}") as answer:
                assert answer.status == 200, link


async def test_the_script_of_the_page_never_makes_html_from_text() -> None:
    async with serving() as http, http.get("/docs/docs.js") as answer:
        script = await answer.text()
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|https?://", script)
