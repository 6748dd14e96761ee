"""Is this process alive, and can it work? For load balancers and supervisors, without any login."""

from __future__ import annotations

from typing import Literal

from api.call import JSON, Call
from api.problems import FieldError, Problem
from api.routing import Routes
from api.schemas import Out
from core import health

routes = Routes("/health", tag="Health", about="For load balancers and supervisors.", under="")


class HealthOut(Out):
    """All is well."""

    status: Literal["ok"]


@routes.get("/live", who="public", answer=HealthOut)
async def live(call: Call) -> JSON:
    """Tell that the process answers."""
    return JSON(b'{"status":"ok"}')


@routes.get("/ready", who="public", answer=HealthOut)
async def ready(call: Call) -> JSON:
    """Tell whether database, jobs and files are in order.

    When something is not, the answer is 503, and `errors` says what.
    """
    found = await health.problems(call.runtime)
    if found:
        raise Problem(503, "Not everything works.", errors=[FieldError(part, sentence) for part, sentence in found.items()])
    return JSON(b'{"status":"ok"}')
