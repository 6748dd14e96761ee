"""What does not fit is refused field by field, in plain words, and is never repeated."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.layer_problem import problem_in
from tests.api.layer_toy import PUBLIC_URL, bearer, serving


async def send(body: bytes | str, **headers: str) -> tuple[int, dict[str, Any]]:
    """Post a body to the toys as staff."""
    headers = {**bearer("staff"), "Content-Type": "application/json", **headers}
    async with serving() as http, http.post("/api/v1/toys", data=body, headers=headers) as answer:
        return answer.status, await problem_in(answer)


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ("{}", {"body.name": "is missing"}),
        ('{"name": ""}', {"body.name": "must not be empty"}),
        ('{"name": 5}', {"body.name": "must be text"}),
        ('{"name": "%s"}' % ("x" * 41), {"body.name": "must have at most 40 characters"}),
        ('{"name": "secret"}', {"body.name": "must be another name"}),
        ('{"name": "a", "colour": "mauve"}', {"body.colour": "must be one of 'red' or 'blue'"}),
        ('{"name": "a", "parts": [{"size": 1}, {"size": "2"}]}', {"body.parts.1.size": "must be a whole number"}),
        ('{"name": "a", "parts": [{"size": 10}]}', {"body.parts.0.size": "must be at most 9"}),
        ('{"name": "a", "parts": {}}', {"body.parts": "must be a list"}),
        ('{"name": "a", "bought_at": "2026-01-31T09:30:00"}', {"body.bought_at": "must say its time zone, as 2026-01-31T09:30:00Z does"}),
        ('{"name": "a", "price": []}', {"body.price": "must be a whole number or must be text"}),
        (
            '{"name": "a", "parts": [{"colour": 1}], "pasword": "hunter2"}',
            {"body.parts.0.colour": "is not known here", "body.pasword": "is not known here"},
        ),
        ('{"name": "a\\u0000"}', {"body.name": "must not contain the character NUL"}),
        ("[]", {"body": "must be an object"}),
    ],
)
async def test_a_body_that_does_not_fit_says_which_field_and_why(body: str, errors: dict[str, str]) -> None:
    status, problem = await send(body)
    assert status == 422
    assert {error["field"]: error["message"] for error in problem["errors"]} == errors
    assert problem["type"] == f"{PUBLIC_URL}/problems#invalid"


async def test_a_refused_body_is_never_repeated() -> None:
    status, problem = await send('{"name": ["hunter2"], "colour": "hunter2", "bought_at": "hunter2", "price": ["hunter2"]}')
    assert status == 422
    assert len(problem["errors"]) == 4
    assert "hunter2" not in str(problem)


@pytest.mark.parametrize("body", ["", "{", '{"name": "\\ud800"}', '{"name": NaN}', '{"price": Infinity}', "[" * 1500, b"\xff{}"])
async def test_what_is_no_json_is_a_400(body: bytes | str) -> None:
    status, problem = await send(body)
    assert (status, problem["type"], problem["title"]) == (400, "about:blank", "Bad Request")


@pytest.mark.parametrize(
    "headers",
    [{"Content-Type": "text/plain"}, {"Content-Type": "application/json; charset=latin-1"}, {"Content-Encoding": "gzip"}],
)
async def test_another_type_of_body_is_a_415(headers: dict[str, str]) -> None:
    status, _ = await send('{"name": "a"}', **headers)
    assert status == 415


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("limit=0", {"query.limit": "must be at least 1"}),
        ("limit=x&foo=1", {"query.limit": "must be a whole number", "query.foo": "is not known here"}),
        ("limit=1&limit=2", {"query.limit": "must be given only once"}),
        ("before=2026-01-31T09:30:00Z", {"query.before": "is not known here"}),
        ("tag=%00", {"query.tag": "must not contain the character NUL"}),
        ("colour=mauve", {"query.colour": "must be one of 'red' or 'blue'"}),
    ],
)
async def test_a_query_that_does_not_fit_says_which_parameter_and_why(query: str, errors: dict[str, str]) -> None:
    async with serving() as http, http.get(f"/api/v1/toys?{query}", headers=bearer("user")) as answer:
        assert answer.status == 422
        assert {error["field"]: error["message"] for error in (await problem_in(answer))["errors"]} == errors


async def test_a_route_without_a_query_takes_none() -> None:
    async with serving() as http, http.get("/api/v1/toys/3?verbose=1", headers=bearer("user")) as answer:
        assert answer.status == 422
        assert (await problem_in(answer))["errors"] == [{"field": "query.verbose", "message": "is not known here"}]
