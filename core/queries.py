"""Reads: one statement each, with the viewer's rights inside it; what comes back is JSON in UTF-8, ready to be sent.

No row means that the viewer is no active user; a ticket he may not see does not exist. A merged ticket leads to its target.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import orjson

from core import history
from core.db import Row
from core.errors import Forbidden, NotFound, Unauthenticated
from core.pages import Page, decoded, page_of


class Reader(Protocol):
    """Where statements are run: the database, or a transaction that wants to see its own writes."""

    async def row(self, name: str, *args: object) -> Row | None: ...


@dataclass(frozen=True, slots=True)
class Found:
    """A row as JSON, with the id and the version that its ETag is made of."""

    id: int
    version: int
    json: bytes


async def ticket(db: Reader, viewer_id: int, ticket_id: int) -> Found:
    """A ticket with its people, tags and newest comments. NotFound when there is none or the viewer may not see it."""
    row = await _followed(db, "reads.ticket", viewer_id, ticket_id)
    if row["json"] is None:
        raise NotFound(f"There is no ticket #{ticket_id}.")
    return Found(row["id"], row["version"], row["json"])


async def comments(db: Reader, viewer_id: int, ticket_id: int, *, limit: int, cursor: str | None) -> Page:
    """What was said on a ticket, oldest first; notes for those who may read them."""
    after = decoded(cursor, "comments", int) or [0]
    return _part(await _followed(db, "reads.comments", viewer_id, ticket_id, limit, *after), ticket_id, "comments")


async def events(db: Reader, viewer_id: int, ticket_id: int, *, limit: int, cursor: str | None) -> Page:
    """What happened to a ticket, in sentences, oldest first; requesters and participants see less of it than staff."""
    after = decoded(cursor, "events", int) or [0]
    row = await _followed(db, "history.page", viewer_id, ticket_id, limit, *after, list(history.PUBLIC_DATA))
    page = _part(row, ticket_id, "events")
    told = [{**event, "text": history.sentence(event)} for event in orjson.loads(page.items)]
    shown = told if row["standing"] == "staff" else [history.public(event) for event in told]
    for event in shown:
        del event["people"], event["queues"]
    return replace(page, items=orjson.dumps(shown))


async def comment(db: Reader, viewer_id: int, comment_id: int) -> bytes:
    """One comment, or NotFound."""
    row = active(await db.row("reads.comment", viewer_id, comment_id))
    if row["json"] is None:
        raise NotFound("There is no such comment.")
    json: bytes = row["json"]
    return json


async def revisions(db: Reader, viewer_id: int, comment_id: int) -> bytes:
    """What a comment said before, oldest first. NotFound unless the viewer works on its ticket or wrote it."""
    row = active(await db.row("second_thoughts.revisions", viewer_id, comment_id))
    if row["json"] is None:
        raise NotFound("There is no such comment.")
    json: bytes = row["json"]
    return json


async def people_on_ticket(db: Reader, viewer_id: int, ticket_id: int) -> bytes:
    """Who is in copy of a ticket, and who watches it. NotFound when the viewer may not see it."""
    row = active(await db.row("watching.people", viewer_id, ticket_id))
    if row["standing"] is None:
        raise NotFound(f"There is no ticket #{ticket_id}.")
    json: bytes = row["json"]
    return json


async def join_requests(db: Reader, viewer_id: int, ticket_id: int) -> bytes:
    """Who wanted to join a ticket, for those who work on it; Forbidden for who only asked it or is in copy."""
    row = active(await db.row("joins.page", viewer_id, ticket_id))
    if row["standing"] is None:
        raise NotFound(f"There is no ticket #{ticket_id}.")
    if row["standing"] != "staff":
        raise Forbidden(f"You may not decide who joins ticket #{ticket_id}.")
    items: bytes = row["items"]
    return items


async def user(db: Reader, user_id: int) -> Found:
    """A person, or NotFound. Who may look at people is the caller's to say."""
    row = await db.row("reads.user", user_id)
    if row is None:
        raise NotFound("There is no such person.")
    return Found(user_id, row["version"], row["json"])


async def addresses(db: Reader, user_id: int) -> bytes:
    """All addresses of a person, the primary one first."""
    row = await db.row("people.addresses", user_id)
    assert row is not None
    items: bytes = row["items"]
    return items


@dataclass(frozen=True, slots=True)
class UserFilter:
    """What the list of people is narrowed to; `words` are part of a name or of any of their addresses."""

    words: str | None = None
    role: str | None = None
    active: bool | None = None


async def users(db: Reader, wanted: UserFilter, *, limit: int, cursor: str | None, total: bool) -> Page:
    """People, in the order they came."""
    after = decoded(cursor, "users", int) or [0]
    words = wanted.words.strip().lower() if wanted.words else None
    row = await db.row("reads.users", limit, *after, words or None, wanted.role, wanted.active, total)
    assert row is not None
    return page_of(row, "users", "last")


async def tag(db: Reader, tag_id: int) -> Found:
    """A tag, or NotFound."""
    row = await db.row("reads.tag", tag_id)
    if row is None:
        raise NotFound("There is no such tag.")
    return Found(tag_id, row["version"], row["json"])


async def tags(db: Reader, *, beginning: str, limit: int, cursor: str | None) -> Page:
    """Tags by name, those that begin in this way."""
    after = decoded(cursor, "tags", str) or [""]
    row = await db.row("reads.tags", limit, *after, beginning.strip().lower())
    assert row is not None
    return page_of(row, "tags", "last")


async def queues(db: Reader, viewer_id: int, *, every: bool = False) -> Page:
    """The queues that somebody of the staff may work in, never so many that pages were needed; `every` shows an admin all there are."""
    row = await db.row("queues.page", viewer_id, every)
    assert row is not None
    return Page(row["items"], None)


async def queue(db: Reader, viewer_id: int, queue_id: int) -> Found:
    """A queue with its members, or NotFound."""
    row = await db.row("queues.get", viewer_id, queue_id)
    if row is None:
        raise NotFound("There is no such queue.")
    return Found(queue_id, row["version"], row["json"])


async def _followed(db: Reader, name: str, viewer_id: int, ticket_id: int, *args: object) -> Row:
    """The row of a ticket. A merged one leads those who work on it, or have a part in both, to the one it goes on in."""
    row = active(await db.row(name, viewer_id, ticket_id, *args))
    if row["merged_into_id"] is None:
        return row
    live = active(await db.row(name, viewer_id, row["merged_into_id"], *args))
    leads_on = live["standing"] == "staff" or (live["standing"] is not None and row["standing"] is not None)
    return live if leads_on else row


def active(row: Row | None) -> Row:
    """The row of a statement that starts from its viewer; Unauthenticated when there is none, for then he is not active."""
    if row is None:
        raise Unauthenticated("This account is not active any longer.")
    return row


def _part(row: Row, ticket_id: int, order: str) -> Page:
    if row["standing"] is None or (row["standing"] == "staff" and row["merged_into_id"] is not None):
        raise NotFound(f"There is no ticket #{ticket_id}.")
    return page_of(row, order, "last")
