"""What is said on a ticket: public answers, and internal notes that no requester ever sees."""

from __future__ import annotations

import orjson
from pydantic import Field

from api.auth import actor
from api.binding import Body, Input, Query
from api.call import JSON, Call
from api.idempotency import once
from api.routing import API, Routes
from api.schemas import Id, Instant, Out, PageOut, PageQuery, PersonOut, Via
from core import comments, mentions, queries, second_thoughts
from core.runtime import Tx

routes = Routes("", tag="Comments", about="What is said on a ticket, publicly or as a note among staff.", scope="tickets")


class AttachmentOut(Out):
    """A file. Its bytes are at /attachments/{id}; a picture that the comment's HTML shows as `cid:…` names its `content_id`."""

    id: int = Field(examples=[12])
    filename: str = Field(examples=["printer.png"])
    content_type: str = Field(examples=["image/png"])
    size: int = Field(description="In bytes.", examples=[48_213])
    inline: bool
    content_id: str | None


class CommentOut(Out):
    """One thing said. `body` is plain text; `html` is what the mail had, cleaned. `flagged` tells staff why to be careful with it."""

    id: int = Field(examples=[4711])
    ticket_id: int = Field(examples=[1042])
    author: PersonOut | None
    public: bool
    via: Via
    body: str = Field(examples=["Have you tried turning it off?"])
    html: str | None
    automatic: bool = Field(description="It was written by a machine, such as an absence notice.")
    flagged: str | None
    bounced_at: Instant | None = Field(description="When it turned out that a mail with these words did not reach somebody; for staff.")
    created_at: Instant
    edited_at: Instant | None
    attachments: list[AttachmentOut]


class SaidOut(CommentOut):
    """What you said. `unreached_mentions` are the names in a note that call nobody who may see the ticket: those people were not told."""

    unreached_mentions: list[str] = Field(examples=[["boris"]])


class CommentIn(Input):
    """Something to say. `public` false makes it a note among staff."""

    body: str = Field(max_length=200_000, examples=["Have you tried turning it off?"])
    public: bool = True
    attachments: list[Id] = Field(default_factory=list, max_length=20, description="Ids that POST /attachments gave.")


class CommentPatch(Input):
    """What it should say."""

    body: str = Field(max_length=200_000, examples=["Have you tried water?"])


class RevisionOut(Out):
    """What a comment said until somebody changed it."""

    id: int
    body: str
    editor: PersonOut | None
    created_at: Instant


class RevisionsOut(Out):
    """What a comment said before, oldest first."""

    items: list[RevisionOut]


@routes.get("/tickets/{ticket_id}/comments", who="user", answer=PageOut[CommentOut], own_rights=True)
async def find(call: Call, ticket_id: int, query: Query[PageQuery]) -> JSON:
    """Read what was said on a ticket, oldest first."""
    page = await queries.comments(call.runtime.database, call.user.user_id, ticket_id, limit=query.limit, cursor=query.cursor)
    return JSON(page.json())


@routes.post("/tickets/{ticket_id}/comments", who="user", answer=SaidOut, status=201, headers=("Idempotency-Key",), errors=(403,))
async def add(call: Call, ticket_id: int, body: Body[CommentIn]) -> JSON:
    """Say something on a ticket.

    A public answer of staff is mailed to the requester; what the requester says reopens the ticket. One that was closed too long
    ago takes no more comments (409). In a note `@anna` calls a colleague.
    """

    async def act(tx: Tx) -> JSON:
        comment_id = await comments.add(tx, ticket_id, comments.Said(body.body, public=body.public, attachments=body.attachments))
        called = await mentions.called(tx, ticket_id, "" if body.public else body.body)
        said = {**orjson.loads(await queries.comment(tx, call.user.user_id, comment_id)), "unreached_mentions": called.unreached}
        return JSON(orjson.dumps(said), headers={"Location": f"{API}/comments/{comment_id}"})

    return await once(call, 201, act)


@routes.get("/comments/{comment_id}", who="user", answer=CommentOut, own_rights=True)
async def show(call: Call, comment_id: int) -> JSON:
    """Read one comment."""
    return JSON(await queries.comment(call.runtime.database, call.user.user_id, comment_id))


@routes.patch("/comments/{comment_id}", who="user", answer=CommentOut, errors=(409,))
async def change(call: Call, comment_id: int, body: Body[CommentPatch]) -> JSON:
    """Say something else instead of what you said.

    A note at any time; an answer of staff until its mail leaves; what you said to the desk for a quarter of an hour. After that: 409.
    """
    async with call.runtime.transaction(actor(call)) as tx:
        await second_thoughts.edit(tx, comment_id, body.body)
        return JSON(await queries.comment(tx, call.user.user_id, comment_id))


@routes.delete("/comments/{comment_id}", who="user", errors=(409,))
async def remove(call: Call, comment_id: int) -> None:
    """Take back what you said, as long as it could be changed. Its words stay in the revisions."""
    async with call.runtime.transaction(actor(call)) as tx:
        await second_thoughts.retract(tx, comment_id)


@routes.get("/comments/{comment_id}/revisions", who="user", answer=RevisionsOut, own_rights=True)
async def revisions(call: Call, comment_id: int) -> JSON:
    """Read what a comment said before it was changed."""
    return JSON(b'{"items":%b}' % await queries.revisions(call.runtime.database, call.user.user_id, comment_id))
