"""What the HTTP layer does with a request that is as it should be."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
import structlog
from aiohttp import FormData, web

from api.call import JSON, Call, encode
from api.layer import ROUTES, Layer, build_app
from api.middleware import template_for
from api.routing import Route, Routes, Rule, allows
from tests.api.layer_toy import ORIGIN, ToyOut, application, authenticate, bearer, serving

ROLES = (None, "user", "staff", "admin")


async def test_bytes_from_the_database_pass_untouched() -> None:
    async with serving() as http, http.get("/api/v1/toys/3", headers=bearer("user")) as answer:
        assert answer.status == 200
        assert await answer.read() == b'{ "id": 3, "name":"as it came" }'
        assert answer.headers["Content-Type"] == "application/json"


async def test_query_and_path_arrive_typed() -> None:
    async with serving() as http:
        async with http.get("/api/v1/toys?limit=5&tag=a&tag=b&from=2026-01-31T09:30:00Z", headers=bearer("user")) as answer:
            assert await answer.json() == {"limit": 5, "colour": None, "tag": ["a", "b"], "before": "2026-01-31T09:30:00Z"}
        async with http.get("/api/v1/toys/by-code/6b29fc40-ca47-1067-b31d-00dd010662da/blue?limit=9") as answer:
            assert await answer.json() == {"id": 9, "name": "6b29fc40-ca47-1067-b31d-00dd010662da blue"}


async def test_a_body_arrives_typed_and_raw() -> None:
    sent = b'{"name": "Hase", "parts": [{"size": 2}], "bought_at": "2026-01-31T09:30:00Z"}'
    headers = {**bearer("staff"), "Content-Type": "application/json; charset=UTF-8"}
    async with serving() as http, http.post("/api/v1/toys", data=sent, headers=headers) as answer:
        assert (answer.status, answer.headers["Location"]) == (201, "/api/v1/toys/1")
        assert await answer.json() == {"id": 1, "name": "Hase", "raw": len(sent)}


async def test_a_merge_patch_tells_absent_from_null() -> None:
    headers = {**bearer("user"), "Content-Type": "application/merge-patch+json"}
    async with serving() as http:
        async with http.patch("/api/v1/toys/3", data=b"{}", headers=headers) as answer:
            assert (await answer.json())["set"] == []
        async with http.patch("/api/v1/toys/3", data=b'{"name": null}', headers=headers) as answer:
            assert (await answer.json())["set"] == ["name"]


async def test_head_answers_like_get_without_a_body() -> None:
    async with serving() as http, http.head("/api/v1/toys/3", headers=bearer("user")) as answer:
        assert (answer.status, answer.headers["Content-Length"], answer.headers["ETag"]) == (200, "32", '"3-7"')
        assert await answer.read() == b""


async def test_a_handler_that_returns_nothing_answers_204() -> None:
    async with serving() as http, http.delete("/api/v1/toys/3", headers=bearer("admin")) as answer:
        assert answer.status == 204
        assert await answer.read() == b""
        assert "Content-Type" not in answer.headers


async def test_an_upload_is_read_by_its_handler() -> None:
    form = FormData()
    form.add_field("file", BytesIO(b"x" * 3_000_000), filename="toy.png")
    async with serving() as http, http.post("/api/v1/toys/3/pictures", data=form, headers=bearer("user")) as answer:
        assert (answer.status, (await answer.json())["name"]) == (201, "3000000")


async def test_a_form_may_be_as_large_as_its_route_allows() -> None:
    form = FormData()
    form.add_field("file", BytesIO(b"x" * 3_000_000), filename="toy.png")
    async with serving() as http, http.put("/api/v1/toys/3/form", data=form, headers=bearer("user")) as answer:
        assert (answer.status, (await answer.json())["name"]) == (200, "file")


async def test_a_stream_carries_the_headers_of_every_answer() -> None:
    async with serving() as http, http.get("/api/v1/toys/stream", headers={**bearer("user"), "Origin": ORIGIN}) as answer:
        assert await answer.read() == b"data: one\n\n"
        assert answer.headers["Content-Type"] == "text/event-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert answer.headers.getall("Vary") == ["Origin"]
        assert len(answer.headers["X-Request-ID"]) == 32


async def test_a_stream_made_around_the_layer_is_reported() -> None:
    with structlog.testing.capture_logs() as logs:
        async with serving() as http, http.get("/api/v1/toys/bare-stream") as answer:
            assert await answer.read() == b""
    assert [(entry["event"], entry["route"]) for entry in logs] == [("http.unsecured_stream", "/api/v1/toys/bare-stream")]


async def test_a_stream_without_an_end_has_no_head() -> None:
    async with serving() as http, http.head("/api/v1/toys/stream", headers=bearer("user")) as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, OPTIONS")


@pytest.mark.parametrize("known", ['"3-7"', 'W/"3-7"', '"1-1", "3-7"', "*"])
async def test_a_version_the_client_has_is_not_sent_again(known: str) -> None:
    async with serving() as http, http.get("/api/v1/toys/3", headers={**bearer("user"), "If-None-Match": known}) as answer:
        assert (answer.status, await answer.read(), answer.headers["ETag"]) == (304, b"", '"3-7"')
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Content-Type" not in answer.headers


@pytest.mark.parametrize(("known", "status"), [('"3-7"', 200), ("*", 200), ('W/"3-7"', 200), ('"3-6"', 412), ("nonsense", 412)])
async def test_a_change_to_an_old_version_is_refused(known: str, status: int) -> None:
    headers = {**bearer("user"), "If-Match": known, "Content-Type": "application/json"}
    async with serving() as http, http.patch("/api/v1/toys/3", data=b"{}", headers=headers) as answer:
        assert answer.status == status
        if status == 412:
            assert (await answer.json())["type"].endswith("/problems#stale")


async def test_public_answers_may_be_cached_and_a_callers_never() -> None:
    async with serving() as http:
        async with http.get("/api/v1/toys/catalogue") as answer:
            assert answer.headers["Cache-Control"] == "public, max-age=60"
            assert answer.headers.getall("Vary") == ["Authorization", "Origin"]
        async with http.get("/api/v1/toys/catalogue", headers=bearer("user")) as answer:
            assert (await answer.json())["id"] == 7
            assert answer.headers["Cache-Control"] == "no-store"


async def test_an_expired_token_does_not_close_public_routes() -> None:
    async with serving() as http, http.get("/api/v1/toys/catalogue", headers=bearer("bad")) as answer:
        assert (answer.status, (await answer.json())["id"]) == (200, 0)


async def test_every_route_keeps_its_rule_for_every_role() -> None:
    routes: tuple[Route, ...] = application()[ROUTES]
    assert {route.who for route in routes} == {"public", "user", "staff", "admin"}
    async with serving() as http:
        for route in routes:
            path = re.sub(r"{\w+}", "1", route.path)
            for role in ROLES:
                async with http.request(route.method, path, headers=bearer(role) if role else {}) as answer:
                    refused = answer.status in (401, 403)
                assert refused is not allows(route.who, role), (route.method, path, role)  # type: ignore[arg-type]  # from ROLES


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("public", (True, True, True, True)),
        ("user", (False, True, True, True)),
        ("staff", (False, False, True, True)),
        ("admin", (False, False, False, True)),
    ],
)
def test_the_rules_form_a_ladder(rule: Rule, expected: tuple[bool, ...]) -> None:
    assert (allows(rule, None), allows(rule, "user"), allows(rule, "staff"), allows(rule, "admin")) == expected


async def test_a_limited_token_reaches_only_its_scopes() -> None:
    async with serving() as http:
        async with http.get("/api/v1/toys/3", headers=bearer("limited")) as answer:
            assert answer.status == 200
        async with http.delete("/api/v1/toys/3", headers=bearer("limited")) as answer:
            assert (answer.status, (await answer.json())["detail"]) == (403, "This token lacks the scope toys:write.")


def test_models_inside_plain_values_are_written_as_json() -> None:
    assert encode({"toys": [ToyOut(id=1, name="Bär")]}) == '{"toys":[{"id":1,"name":"Bär"}]}'.encode()


def _declare(path: str, name: str = "one", method: str = "get") -> Routes:
    routes = Routes("", tag="Odd")

    async def handler(call: Call) -> JSON:
        return JSON(b"{}")

    handler.__name__ = name
    getattr(routes, method)(path, who="public", answer=ToyOut)(handler)
    return routes


@pytest.mark.parametrize(
    ("groups", "complaint"),
    [
        ([_declare("/a"), _declare("/a", "two")], "declared twice"),
        ([_declare("/a"), _declare("/b")], "operationId"),
        ([_declare("/a/{b}")], "has no parameter 'b'"),
    ],
)
def test_declarations_that_do_not_fit_stop_the_start(groups: list[Routes], complaint: str) -> None:
    with pytest.raises((TypeError, ValueError), match=complaint):
        build_app(Layer(authenticate, "http://x", "1"), groups)


async def test_observers_see_templates_never_paths() -> None:
    seen: list[tuple[str, str, int]] = []

    def observe(request: web.Request, status: int, seconds: float) -> None:
        assert seconds >= 0
        seen.append((request.method, template_for(request), status))

    async with serving(observe) as http:
        for path in ("/api/v1/toys/3?x=1", "/api/v1/toys/3", "/nowhere/secret"):
            async with http.get(path, headers=bearer("user")):
                pass
    assert seen == [("GET", "/api/v1/toys/{toy_id}", 422), ("GET", "/api/v1/toys/{toy_id}", 200), ("GET", "unmatched", 404)]
