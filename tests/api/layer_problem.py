"""Reads an answer as the problem it should be."""

from __future__ import annotations

from typing import Any

from aiohttp import ClientResponse
from pydantic import TypeAdapter

from api.problems import ProblemDocument


async def problem_in(answer: ClientResponse) -> dict[str, Any]:
    """The problem, after checking that it is one and that its parts agree with the answer around it."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    problem: dict[str, Any] = await answer.json(content_type=None)
    TypeAdapter(ProblemDocument).validate_python(problem)
    assert problem["status"] == answer.status
    assert problem["instance"] == f"urn:helpdesk:request:{answer.headers['X-Request-ID']}"
    return problem
