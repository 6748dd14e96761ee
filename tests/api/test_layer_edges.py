"""Request ids, CORS, and the client's address behind proxies."""

from __future__ import annotations

import re

import pytest
import structlog
from aiohttp import web

from api.clients import client_address
from api.middleware import log_access
from tests.api.layer_toy import ORIGIN, bearer, serving


@pytest.mark.parametrize("sent", ["abc", "A.b_c-9", "x" * 128])
async def test_an_acceptable_request_id_is_kept(sent: str) -> None:
    async with serving() as http, http.get("/nowhere", headers={"X-Request-ID": sent}) as answer:
        assert answer.headers.getall("X-Request-ID") == [sent]


@pytest.mark.parametrize("sent", ["", "x" * 129, "a b", "ä", "a:b", "<script>"])
async def test_any_other_request_id_is_replaced(sent: str) -> None:
    async with serving() as http, http.get("/nowhere", headers={"X-Request-ID": sent}) as answer:
        assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])


async def test_each_request_of_a_connection_has_its_own_id() -> None:
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as logs:
        async with serving(log_access) as http:
            ids = []
            for _ in range(3):
                async with http.get("/nowhere") as answer:
                    ids.append(answer.headers["X-Request-ID"])
    assert [entry["request_id"] for entry in logs] == ids
    assert len(set(ids)) == 3


async def test_a_preflight_from_a_listed_origin_may_go_on() -> None:
    headers = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "if-match"}
    async with serving() as http, http.options("/api/v1/toys/3", headers=headers) as answer:
        assert answer.status == 204
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
        for name in ("Authorization", "Content-Type", "If-Match", "Idempotency-Key", "X-Request-ID", "Last-Event-ID"):
            assert name in answer.headers["Access-Control-Allow-Headers"]
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert answer.headers.getall("Vary") == ["Origin"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{ORIGIN}.evil.example"])
async def test_other_origins_get_nothing(origin: str) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    async with serving() as http:
        for method in ("OPTIONS", "GET"):
            async with http.request(method, "/api/v1/toys/catalogue", headers=headers) as answer:
                assert "Access-Control-Allow-Origin" not in answer.headers
                assert "Origin" in answer.headers.getall("Vary")


@pytest.mark.parametrize("path", ["/api/v1/toys/3", "/nowhere"])
async def test_a_listed_origin_may_read_answers_and_problems(path: str) -> None:
    async with serving() as http, http.get(path, headers={**bearer("user"), "Origin": ORIGIN}) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        for name in ("ETag", "X-Request-ID", "Retry-After", "RateLimit", "Location"):
            assert name in answer.headers["Access-Control-Expose-Headers"]


async def test_options_without_an_origin_lists_the_methods() -> None:
    async with serving() as http, http.options("/api/v1/toys/3") as answer:
        assert (answer.status, answer.headers["Allow"]) == (204, "DELETE, GET, HEAD, OPTIONS, PATCH")
        assert "Access-Control-Allow-Methods" not in answer.headers


async def test_answers_carry_the_security_headers() -> None:
    async with serving() as http, http.get("/api/v1/toys/3", headers=bearer("user")) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Server"] == "Helpdesk"


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        (None, "127.0.0.1"),
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1, 10.1.2.3", "192.0.2.1"),
        ("203.0.113.9, 192.0.2.1", "192.0.2.1"),
        ("203.0.113.9, 192.0.2.1, 10.0.0.1, 10.0.0.2", "192.0.2.1"),
        ("10.0.0.1", "10.0.0.1"),
        ("192.0.2.1:4711", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("192.0.2.1, rubbish", "127.0.0.1"),
        ("192.0.2.1, rubbish, 10.0.0.1", "10.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
async def test_only_trusted_proxies_are_believed(forwarded: str | None, client: str) -> None:
    seen: list[str] = []

    def observe(request: web.Request, status: int, seconds: float) -> None:
        seen.append(client_address(request))

    async with serving(observe) as http, http.get("/nowhere", headers={} if forwarded is None else {"X-Forwarded-For": forwarded}):
        pass
    assert seen == [client]
