"""Every "no" of the HTTP layer is an RFC 9457 problem, and gives nothing away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO

import pytest
import structlog
from aiohttp import ClientError, ClientSession
from yarl import URL

from api.problems import NAMED
from tests.api.layer_problem import problem_in
from tests.api.layer_toy import PUBLIC_URL, bearer, serving

JSON_TYPE = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/api/v1/toys/abc",
        "/api/v1/toys/0",
        "/api/v1/toys/03",
        "/api/v1/toys/-1",
        "/api/v1/toys/1000000000000000000",
        "/api/v1/toys/by-code/nothing/red",
        "/api/v1/toys/by-name/toolong",
        "/api/v1/toys/by-name/%00",
        "/api/v1/toys/by-name/a%0Ab%0Acd",
        "/api/v1/toys/",
        "/a%0Ab",
        "//",
    ],
)
async def test_an_unknown_address_is_a_404(path: str) -> None:
    async with serving() as http, http.get(URL(path, encoded=True), headers=bearer("user")) as answer:
        assert answer.status == 404
        assert (await problem_in(answer))["title"] == "Not Found"


async def test_a_thing_that_is_not_there_differs_from_an_address_that_is_not() -> None:
    async with serving() as http, http.get("/api/v1/toys/404", headers=bearer("user")) as answer:
        problem = await problem_in(answer)
        assert (problem["type"], problem["detail"]) == (f"{PUBLIC_URL}/problems#not-found", "There is no such toy.")


async def test_a_wrong_method_is_a_405_that_lists_the_right_ones() -> None:
    async with serving() as http, http.put("/api/v1/toys/3") as answer:
        assert answer.status == 405
        assert answer.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH"
        await problem_in(answer)


FAILURES = [
    ("invalid", 422, "invalid"),
    ("unauthenticated", 401, "unauthenticated"),
    ("forbidden", 403, "forbidden"),
    ("conflict", 409, "conflict"),
    ("too-large", 413, "too-large"),
    ("rate-limited", 429, "rate-limited"),
    ("temporary", 503, "unavailable"),
    ("permanent", 502, "refused-elsewhere"),
]


@pytest.mark.parametrize(("name", "status", "slug"), FAILURES)
async def test_errors_of_core_have_one_translation_each(name: str, status: int, slug: str) -> None:
    async with serving() as http:
        async with http.post(f"/api/v1/toys/failures/{name}") as answer:
            problem = await problem_in(answer)
            assert (answer.status, problem["type"]) == (status, f"{PUBLIC_URL}/problems#{slug}")
            assert answer.headers["RateLimit-Limit"] == "10"
        async with http.get("/problems") as page:
            assert f'id="{slug}"' in await page.text()


def test_named_problems_have_names_of_their_own() -> None:
    assert len({kind.slug for kind in NAMED}) == len(NAMED)


async def test_fields_named_by_core_are_found_in_the_body() -> None:
    async with serving() as http, http.post("/api/v1/toys/failures/invalid") as answer:
        assert [error["field"] for error in (await problem_in(answer))["errors"]] == ["body.name", "body.colour"]


async def test_waiting_times_are_told_in_whole_seconds() -> None:
    async with serving() as http:
        async with http.post("/api/v1/toys/failures/rate-limited") as answer:
            assert answer.headers["Retry-After"] == "2"
        async with http.post("/api/v1/toys/failures/temporary") as answer:
            assert answer.headers["Retry-After"] == "9"


@pytest.mark.parametrize(("token", "challenge"), [("", ""), ("bad", ', error="invalid_token"')])
async def test_a_401_says_how_to_authenticate(token: str, challenge: str) -> None:
    challenge = 'Bearer realm="helpdesk"' + challenge
    async with serving() as http, http.get("/api/v1/toys/3", headers=bearer(token) if token else {}) as answer:
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, challenge)
        await problem_in(answer)


async def test_who_may_not_call_learns_nothing_about_the_body() -> None:
    async with serving() as http, http.post("/api/v1/toys", data=b"{", headers={**bearer("user"), **JSON_TYPE}) as answer:
        assert (answer.status, (await problem_in(answer))["detail"]) == (403, "Only staff may do this.")


@pytest.mark.parametrize("name", ["bug", "timeout", "configuration"])
async def test_what_nobody_expected_gives_nothing_away_and_is_logged_with_the_request_id(name: str) -> None:
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as logs:
        async with serving() as http, http.post(f"/api/v1/toys/failures/{name}", headers={"X-Request-ID": "mine-1"}) as answer:
            problem = await problem_in(answer)
    assert (answer.status, problem["type"], answer.headers["X-Request-ID"]) == (500, "about:blank", "mine-1")
    assert "hunter2" not in str(problem)
    [entry] = logs
    assert (entry["event"], entry["request_id"], entry["route"]) == ("http.failed", "mine-1", "/api/v1/toys/failures/{name}")


async def test_a_stream_that_breaks_ends_the_connection_and_is_logged() -> None:
    with structlog.testing.capture_logs() as logs:
        async with serving() as http:
            headers = {**bearer("user"), "Last-Event-ID": "break"}
            with pytest.raises(ClientError):
                async with http.get("/api/v1/toys/stream", headers=headers) as answer:
                    await answer.read()
    assert [entry["event"] for entry in logs] == ["http.failed_midway"]


async def _chunks(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b" " * 500


async def test_a_body_over_the_limit_is_a_413_announced_or_not() -> None:
    headers = {**bearer("staff"), **JSON_TYPE}
    async with serving() as http:
        async with http.post("/api/v1/toys", data=b" " * 2001, headers=headers) as answer:
            assert (answer.status, (await problem_in(answer))["type"]) == (413, f"{PUBLIC_URL}/problems#too-large")
        async with http.post("/api/v1/toys", data=_chunks(5), headers=headers) as answer:
            assert answer.status == 413
        async with http.post("/api/v1/toys", data=_chunks(4), headers=headers) as answer:
            assert answer.status == 400


async def test_an_upload_must_announce_its_size() -> None:
    headers = {**bearer("user"), "Content-Type": "multipart/form-data; boundary=x"}
    async with serving() as http:
        async with http.post("/api/v1/toys/3/pictures", data=_chunks(1), headers=headers) as answer:
            assert answer.status == 411
            await problem_in(answer)
        async with http.post("/api/v1/toys/3/pictures", data=BytesIO(b"x" * 4_000_001), headers=headers) as answer:
            assert answer.status == 413


async def _connection(http: ClientSession) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    assert http._base_url is not None
    return await asyncio.open_connection(http._base_url.host, http._base_url.port)


async def _raw(http: ClientSession, request: bytes) -> bytes:
    reader, writer = await _connection(http)
    writer.write(request)
    answer = await reader.read(20_000)
    writer.close()
    await writer.wait_closed()
    return answer


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GARBAGE hunter2\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nX: %s\r\n\r\n" % (b"hunter2" * 3000), b"400"),
        (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
        (b"POST /nowhere HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n", b"404"),
        (b"GET /api/v1/toys/3 HTTP/1.1\r\nHost: x\r\nExpect: hunter2\r\n\r\n", b"417"),
        (b"POST /api/v1/toys HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9999\r\n\r\n", b"413"),
    ],
)
async def test_what_aiohttp_refuses_by_itself_is_a_problem_too(request_bytes: bytes, status: bytes) -> None:
    async with serving() as http:
        answer = await _raw(http, request_bytes)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split()[1] == status
    assert b"application/problem+json" in head
    assert b"X-Request-ID" in head
    assert b"hunter2" not in body


async def test_a_body_that_waits_for_leave_is_asked_for_and_still_gets_its_problem() -> None:
    head = b"POST /api/v1/toys HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer staff\r\nContent-Type: application/json\r\n"
    async with serving() as http:
        reader, writer = await _connection(http)
        writer.write(head + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"{}")
        assert (await reader.readline()).startswith(b"HTTP/1.1 422")
        writer.close()
        await writer.wait_closed()
