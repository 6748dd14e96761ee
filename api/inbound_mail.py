"""The ledger of mail in: what came, what became of it, and why."""

from __future__ import annotations

from typing import Any, Literal

from aiohttp import web
from pydantic import Field

from api.binding import Query
from api.call import JSON, Call
from api.downloads import File, send_file
from api.routing import Routes
from api.schemas import Id, Instant, Out, PageOut, PageQuery
from core.mail import ledger
from core.models.mail import Disposition

routes = Routes("/inbound-mail", tag="Inbound mail", about="The ledger of mail in: each has one disposition and a reason.", scope="mail")


class InboundMailOut(Out):
    """A mail that was accepted. It has no disposition yet while it is on its way."""

    id: int = Field(examples=[311])
    received_at: Instant
    filed_at: Instant | None
    door: str = Field(examples=["smtp"])
    peer: str = Field(examples=["192.0.2.7"])
    size: int
    envelope_from: str | None = Field(description="Empty is the null sender, null is not known.")
    envelope_to: list[str]
    mailbox: str | None
    message_id: str | None
    disposition: Disposition | None
    reason: str | None
    ticket_id: int | None
    comment_id: int | None
    duplicate_of: int | None


class InboundMailDetail(InboundMailOut):
    """The same with its trace: the rule that decided, what each matching rule found, what speaks against an automatic answer."""

    trace: dict[str, Any]
    refers_to: list[str]
    reads: int


class InboundMailQuery(PageQuery):
    """Which mails."""

    disposition: Disposition | Literal["unfiled"] | None = Field(default=None, description="`unfiled`: on their way.")
    ticket_id: Id | None = None


@routes.get("", who="admin", answer=PageOut[InboundMailOut])
async def find(call: Call, query: Query[InboundMailQuery]) -> JSON:
    """List mail that came in, newest first."""
    page = await ledger.page(
        call.runtime.database,
        disposition=query.disposition,
        ticket_id=query.ticket_id,
        limit=query.limit,
        cursor=query.cursor,
        viewer_id=call.user.user_id,
    )
    return JSON(page.json())


@routes.get("/{inbound_mail_id}", who="admin", answer=InboundMailDetail)
async def show(call: Call, inbound_mail_id: int) -> JSON:
    """Tell what became of a mail, and why. Of a ticket that you do not see, only which rule decided."""
    return JSON(await ledger.why(call.runtime.database, inbound_mail_id, call.user.user_id))


@routes.get("/{inbound_mail_id}/raw", who="admin", media="message/rfc822", headers=("Range", "If-None-Match"), also=(302,))
async def raw(call: Call, inbound_mail_id: int) -> web.StreamResponse:
    """Download a mail as it came."""
    blob, size = await ledger.raw(call.runtime.database, inbound_mail_id, call.user.user_id)
    return await send_file(call, File(blob, f"mail-{inbound_mail_id}.eml", "message/rfc822", size))
