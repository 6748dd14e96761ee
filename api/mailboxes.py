"""Mailboxes: the addresses of the desk, and the queues they feed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.auth import actor
from api.binding import Body, Input
from api.call import JSON, Call
from api.queues import Language
from api.routing import Routes
from api.schemas import Given, Id, Instant, Out, Patch
from api.ticket_models import QueueRef
from core import mailboxes, policy
from core.errors import NotFound
from core.mailboxes import MailboxFields
from core.queries import Reader

routes = Routes("/mailboxes", tag="Mailboxes", about="The addresses of the desk, and the queues they feed.", scope="queues")


class MailboxOut(Out):
    """An address of the desk. `name` signs what is written from it."""

    id: int = Field(examples=[1])
    address: str = Field(examples=["support@example.org"])
    name: str = Field(examples=["Support"])
    queue: QueueRef
    language: str = Field(examples=["en"])
    priority: int
    plus_addressing: bool
    kind: str = Field(examples=["smtp"])
    paused_at: Instant | None
    last_error: str | None
    created_at: Instant
    updated_at: Instant


class MailboxesOut(Out):
    """All mailboxes, by priority."""

    items: list[MailboxOut]


class MailboxIn(Input):
    """A new address of the desk; mail to it has to reach SMTP_LISTEN or LMTP_LISTEN, or be fetched (`PUT …/connection`)."""

    address: Annotated[str, Field(min_length=3, max_length=320, examples=["sales@example.org"])]
    queue_id: Id
    name: Annotated[str, Field(min_length=1, max_length=100, examples=["Sales"])] = "Support"
    language: Language = "en"
    priority: Annotated[int, Field(ge=0, le=1_000_000)] = 100
    plus_addressing: bool = True


class MailboxPatch(Patch):
    """What to change; tickets that came by it stay where they are."""

    queue_id: Given[Id] = None
    name: Given[Annotated[str, Field(min_length=1, max_length=100, examples=["Support"])]] = None
    language: Given[Language] = None
    priority: Given[Annotated[int, Field(ge=0, le=1_000_000, examples=[100])]] = None
    plus_addressing: Given[bool] = None
    paused: Given[bool] = None


@routes.get("", who="admin", answer=MailboxesOut)
async def find(call: Call) -> JSON:
    """List all mailboxes, by priority."""
    return JSON(b'{"items":%b}' % await mailboxes.page(call.runtime.database))


@routes.get("/{mailbox_id}", who="admin", answer=MailboxOut)
async def show(call: Call, mailbox_id: int) -> JSON:
    """Read a mailbox."""
    return JSON(await one(call.runtime.database, mailbox_id))


@routes.patch("/{mailbox_id}", who="admin", answer=MailboxOut, errors=(409,))
async def change(call: Call, mailbox_id: int, body: Body[MailboxPatch]) -> JSON:
    """Let a mailbox feed another queue, write otherwise, or rest: a paused one is not fetched from. What comes by SMTP cannot rest (409)."""
    async with call.runtime.transaction(actor(call)) as tx:
        await policy.require(tx, "write_queues")
        mailbox = await mailboxes.locked(mailbox_id)
        kept = {name: getattr(mailbox, name) for name in MailboxFields.__dataclass_fields__}
        await mailboxes.change(tx, mailbox_id, MailboxFields(**{**kept, **body.model_dump(include=body.model_fields_set - {"paused"})}))
        if body.paused is not None:
            await mailboxes.pause(tx, mailbox_id, paused=body.paused)
        return JSON(await one(tx, mailbox_id))


@routes.post("", who="admin", answer=MailboxOut, status=201)
async def add(call: Call, body: Body[MailboxIn]) -> JSON:
    """Make an address the desk's."""
    wanted = MailboxFields(**body.model_dump(exclude={"address"}))
    async with call.runtime.transaction(actor(call)) as tx:
        return JSON(await one(tx, (await mailboxes.add(tx, body.address, wanted)).id))


async def one(db: Reader, mailbox_id: int) -> bytes:
    """A mailbox as the API shows it, or NotFound."""
    items = (await mailboxes.page(db, mailbox_id))[1:-1]
    if not items:
        raise NotFound("There is no such mailbox.")
    return items
