"""Queues, where tickets wait: those one may work in."""

from __future__ import annotations

from pydantic import Field

from api.call import JSON, Call
from api.routing import Routes
from api.schemas import Out, PageOut
from core import queries

routes = Routes("/queues", tag="Queues", about="Where tickets wait. A private queue is seen by its members only.", scope="queues")


class QueueOut(Out):
    """A queue. `member` tells whether you are one."""

    id: int = Field(examples=[1])
    slug: str = Field(examples=["support"])
    name: str = Field(examples=["Support"])
    private: bool
    language: str = Field(examples=["en"])
    position: int
    member: bool


@routes.get("", who="staff", answer=PageOut[QueueOut])
async def find(call: Call) -> JSON:
    """List the queues you may work in, in the order of the desk."""
    return JSON((await queries.queues(call.runtime.database, call.user.user_id)).json())
