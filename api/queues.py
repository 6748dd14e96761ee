"""Queues, where tickets wait: read by those who work in them, kept by admins, also the private ones whose tickets they do not see."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.auth import actor
from api.binding import Body, Input, Query
from api.call import JSON, Call
from api.etags import etag_for, require_match
from api.routing import API, Routes
from api.schemas import Given, Id, Instant, Out, PageOut, Patch, PersonOut
from core import policy, queries, queues
from core.models.queues import Queue
from core.queues import QueueFields
from core.runtime import Tx

routes = Routes(
    "/queues", tag="Queues", about="Where tickets wait. A private queue's tickets are seen by its members only.", scope="queues"
)

Rule = Literal["none", "round_robin", "least_loaded"]
QueueName = Annotated[str, Field(min_length=1, max_length=100, examples=["Support"])]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z][A-Za-z]{1,3})?$", examples=["en"])]
Position = Annotated[int, Field(ge=0, le=1_000_000, examples=[100], description="Small numbers come first.")]
Days = Annotated[int, Field(ge=1, le=365, examples=[7])]


class QueueOut(Out):
    """A queue. `member` tells whether you are one; days are those of a requester's silence."""

    id: int = Field(examples=[1])
    slug: str = Field(examples=["support"])
    name: str = Field(examples=["Support"])
    private: bool
    language: str = Field(examples=["en"])
    position: int
    assignment: Rule = Field(description="How new tickets are given out.")
    reply_sets_pending: bool
    remind_after_days: int | None
    close_after_days: int | None
    archived_at: Instant | None
    version: int
    member: bool


class MemberOut(PersonOut):
    """Somebody who works in the queue; a lead hears of what goes wrong."""

    lead: bool


class QueueDetail(QueueOut):
    """A queue with its members."""

    members: list[MemberOut]


class QueueIn(Input):
    """A new queue. Its slug comes from its name and stays."""

    name: QueueName
    private: bool = False
    language: Language = "en"
    position: Position = 100
    assignment: Rule = "none"
    reply_sets_pending: bool = False
    remind_after_days: Days | None = None
    close_after_days: Days | None = None
    members: list[Id] = Field(default_factory=list, max_length=200)


class QueuePatch(Patch):
    """What to change; null days are never. `archived` takes the queue out of use, or puts it back."""

    name: Given[QueueName] = None
    private: Given[bool] = None
    language: Given[Language] = None
    position: Given[Position] = None
    assignment: Given[Rule] = None
    reply_sets_pending: Given[bool] = None
    remind_after_days: Days | None = None
    close_after_days: Days | None = None
    archived: Given[bool] = None


class MemberIn(Input):
    """Whether he leads the queue; left out it stays as it is."""

    lead: bool | None = Field(default=None, examples=[False])


class QueueQuery(Input):
    """Which queues."""

    all: bool = Field(default=False, description="For admins: private and archived ones as well.")


@routes.get("", who="staff", answer=PageOut[QueueOut])
async def find(call: Call, query: Query[QueueQuery]) -> JSON:
    """List the queues you may work in, in the order of the desk."""
    return JSON((await queries.queues(call.runtime.database, call.user.user_id, every=query.all)).json())


@routes.post("", who="admin", answer=QueueDetail, status=201, errors=(409,))
async def add(call: Call, body: Body[QueueIn]) -> JSON:
    """Make a queue."""
    async with call.runtime.transaction(actor(call)) as tx:
        queue = await queues.make(tx, QueueFields(**body.model_dump(exclude={"members"})), body.members)
        return await _shown(call, tx, queue.id, {"Location": f"{API}/queues/{queue.id}"})


@routes.get("/{queue_id}", who="staff", answer=QueueDetail, headers=("If-None-Match",))
async def show(call: Call, queue_id: int) -> JSON:
    """Read a queue and who works in it."""
    found = await queries.queue(call.runtime.database, call.user.user_id, queue_id)
    return JSON(found.json, etag=etag_for("queue", found.id, found.version))


@routes.patch("/{queue_id}", who="admin", answer=QueueDetail, headers=("If-Match",), errors=(409,))
async def change(call: Call, queue_id: int, body: Body[QueuePatch]) -> JSON:
    """Change a queue.

    Made private, it takes its tickets from everybody who is no member.
    """
    async with call.runtime.transaction(actor(call)) as tx:
        queue = await _locked(call, tx, queue_id)
        if wanted := body.model_dump(include=body.model_fields_set - {"archived"}):
            kept = {name: getattr(queue, name) for name in QueueFields.__dataclass_fields__}
            await queues.change(tx, queue_id, QueueFields(**{**kept, **wanted}))
        if body.archived is not None:
            await (queues.archive if body.archived else queues.restore)(tx, queue_id)
        return await _shown(call, tx, queue_id)


@routes.delete("/{queue_id}", who="admin", headers=("If-Match",), errors=(409,))
async def remove(call: Call, queue_id: int) -> None:
    """Delete a queue that holds no ticket; archive others."""
    async with call.runtime.transaction(actor(call)) as tx:
        await _locked(call, tx, queue_id)
        await queues.remove(tx, queue_id)


@routes.put("/{queue_id}/members/{user_id}", who="admin", answer=QueueDetail, errors=(409,))
async def add_member(call: Call, queue_id: int, user_id: int, body: Body[MemberIn]) -> JSON:
    """Let somebody of the staff work in a queue."""
    async with call.runtime.transaction(actor(call)) as tx:
        await queues.add_member(tx, queue_id, user_id, lead=body.lead)
        return await _shown(call, tx, queue_id)


@routes.delete("/{queue_id}/members/{user_id}", who="admin", errors=(409,))
async def remove_member(call: Call, queue_id: int, user_id: int) -> None:
    """Let somebody work in a queue no longer."""
    async with call.runtime.transaction(actor(call)) as tx:
        await queues.remove_member(tx, queue_id, user_id)


async def _locked(call: Call, tx: Tx, queue_id: int) -> Queue:
    await policy.require(tx, "write_queues")
    queue = await queues.locked(queue_id)
    require_match(call.request, etag_for("queue", queue.id, queue.version))
    return queue


async def _shown(call: Call, tx: Tx, queue_id: int, headers: dict[str, str] | None = None) -> JSON:
    found = await queries.queue(tx, call.user.user_id, queue_id)
    return JSON(found.json, etag=etag_for("queue", found.id, found.version), headers=headers)
