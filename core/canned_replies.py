"""Texts kept for answers, with named places that are filled in for a ticket.

There is no template language: a place is one of PLACES, anything else between braces is refused when it is written, and what is filled in
is never looked at again. So nobody can make the desk compute anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from core import policy
from core.db import Row
from core.errors import Forbidden, Invalid, NotFound
from core.models.queues import CannedReply
from core.pages import Page, decoded, page_of
from core.queries import Found, Reader
from core.runtime import Tx
from core.text import one_line, storable

PLACES = (
    "requester_name", "requester_first_name", "ticket_number", "ticket_subject", "queue_name", "agent_name", "agent_first_name",
)  # fmt: skip
_PLACE = re.compile(r"{{\s*([^{}]*?)\s*}}")
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class CannedFields:
    """A text as somebody wrote it; without `queue_id` it is for all queues."""

    title: str
    body: str
    queue_id: int | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class CannedFilter:
    """What the list is narrowed to: texts for a queue (and for all), of a language, with words, or fit for a ticket, its language first."""

    queue: int | None = None
    language: str | None = None
    text: str | None = None
    ticket: int | None = None


async def add(tx: Tx, wanted: CannedFields) -> int:
    """Keep a text; returns its id. Those for all queues are written by admins, others by who works in the queue."""
    await _may_write(tx, wanted.queue_id)
    title, body = _checked(wanted)
    kept = await CannedReply.create(title=title, body=body, queue_id=wanted.queue_id, language=wanted.language, created_by_id=tx.actor.user_id,
                                    version=1, created_at=tx.now, updated_at=tx.now)  # fmt: skip
    return int(kept.id)


async def change(tx: Tx, canned_id: int, wanted: CannedFields) -> None:
    """Rewrite a text; who moves it to another queue has to work in both."""
    kept = await locked(tx, canned_id)
    await _may_write(tx, wanted.queue_id)
    kept.title, kept.body = _checked(wanted)
    kept.queue_id, kept.language, kept.version, kept.updated_at = wanted.queue_id, wanted.language, kept.version + 1, tx.now
    await kept.save()


async def remove(tx: Tx, canned_id: int) -> None:
    """Keep it no longer."""
    await (await locked(tx, canned_id)).delete()


async def locked(tx: Tx, canned_id: int) -> CannedReply:
    """The text, locked, if the actor may write it. NotFound for one of a queue he does not work in."""
    kept = await CannedReply.select_for_update().get_or_none(id=canned_id)
    if kept is None:
        raise NotFound("There is no such canned reply.")
    try:
        await _may_write(tx, kept.queue_id, archived=True)
    except NotFound:
        raise NotFound("There is no such canned reply.") from None
    return kept


async def filled(tx: Tx, canned_id: int, ticket_id: int) -> str:
    """The text for a ticket the actor works on."""
    ticket = (await policy.ticket_for(tx, ticket_id, "note")).ticket
    row = await tx.row("canned_replies.for_ticket", tx.actor.user_id, canned_id, ticket.id)
    if row is None:
        raise NotFound("There is no such canned reply.")
    values = _values(row)
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), row["body"])


async def get(db: Reader, viewer_id: int, canned_id: int) -> Found:
    """A text, or NotFound for one of a queue its reader does not work in."""
    row = await db.row("canned_replies.get", viewer_id, canned_id)
    if row is None:
        raise NotFound("There is no such canned reply.")
    return Found(canned_id, row["version"], row["json"])


async def page(db: Reader, viewer_id: int, wanted: CannedFilter, *, limit: int, cursor: str | None) -> Page:
    """Texts by title, those of a ticket's language first."""
    order = f"canned:{wanted.ticket}"
    after = decoded(cursor, order, int, str, int) or [-1, "", 0]
    text = wanted.text.strip().lower() if wanted.text else None
    row = await db.row("canned_replies.page", viewer_id, wanted.queue, wanted.language, text or None, wanted.ticket, limit, *after)
    assert row is not None
    return page_of(row, order, "rank", "title", "last")


async def _may_write(tx: Tx, queue_id: int | None, *, archived: bool = False) -> None:
    await policy.require(tx, "write_canned_replies")
    if queue_id is not None:
        await policy.require_queue(tx, queue_id, archived=archived)
    elif tx.actor.user_id is not None and await tx.value("policy.role", tx.actor.user_id) != "admin":
        raise Forbidden("What is for all queues is written by admins: name a queue you work in.")


def _checked(wanted: CannedFields) -> tuple[str, str]:
    title, body = one_line(wanted.title)[:150], storable(wanted.body).strip()[:_LONGEST]
    if not title:
        raise Invalid("A canned reply needs a title.", {"title": "must not be empty"})
    if not body:
        raise Invalid("A canned reply needs a text.", {"body": "must not be empty"})
    if unknown := [place for place in _PLACE.findall(body) if place not in PLACES]:
        known = ", ".join(f"{{{{{place}}}}}" for place in PLACES)
        raise Invalid(f"There is no place {{{{{one_line(unknown[0])[:40]}}}}}.", {"body": f"may have these places: {known}"})
    return title, body


def _values(row: Row) -> Mapping[str, str]:
    facts = orjson.loads(row["facts"])
    first = {f"{who}_first_name": one_line(facts[f"{who}_name"]).split(" ")[0] for who in ("requester", "agent")}
    return {name: one_line(str(value)) for name, value in {**facts, **first}.items()}
