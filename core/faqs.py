"""Commands and reads on FAQs: questions people ask, with their answers, and whether those helped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson

from core import policy, words
from core.db import Row
from core.errors import Invalid, NotFound
from core.models.faqs import Faq
from core.pages import Page, decoded, page_of
from core.queries import Found, Reader
from core.runtime import Tx
from core.text import one_line, storable

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2}|-[A-Z][a-z]{3})?")


@dataclass(frozen=True, slots=True)
class FaqFields:
    """An FAQ as somebody wrote it. `language` is like `en` or `de-AT`; unpublished ones are for staff."""

    question: str
    answer: str
    keywords: Sequence[str] = field(default_factory=tuple)
    language: str = "en"
    published: bool = True
    position: int = 100


@dataclass(frozen=True, slots=True)
class FaqFilter:
    """What the list is narrowed to. `language` `de` finds `de-AT` as well, and `de-AT` finds `de`; the very language comes first.

    Whether somebody may see what is not `published` is the caller's to say; None is both.
    """

    text: str | None = None
    language: str | None = None
    keyword: str | None = None
    published: bool | None = True


async def add(tx: Tx, wanted: FaqFields) -> int:
    """Write an FAQ; returns its id."""
    await policy.require(tx, "write_faqs")
    faq_id: int = await tx.value("faqs.add", *_values(wanted), tx.actor.user_id, tx.now)
    return faq_id


async def change(tx: Tx, faq_id: int, wanted: FaqFields) -> None:
    """Rewrite an FAQ; its votes stay. NotFound when there is none."""
    await policy.require(tx, "write_faqs")
    if not await tx.value("faqs.change", *_values(wanted), faq_id, tx.now):
        raise NotFound("There is no such FAQ.")


async def remove(tx: Tx, faq_id: int) -> None:
    """Remove an FAQ and its votes."""
    await policy.require(tx, "write_faqs")
    if not await Faq.filter(id=faq_id).delete():
        raise NotFound("There is no such FAQ.")


async def vote(tx: Tx, faq_id: int, voter: str, *, helpful: bool) -> None:
    """Say whether an answer helped; saying it again changes the vote. `voter` names a reader, once. NotFound for an unpublished one."""
    await policy.require(tx, "vote_on_faqs")
    if not await tx.value("faqs.vote", faq_id, voter[:64], helpful, tx.now):
        raise NotFound("There is no such FAQ.")


async def locked(faq_id: int) -> Faq:
    """The FAQ, locked until the transaction ends."""
    faq = await Faq.select_for_update().get_or_none(id=faq_id)
    if faq is None:
        raise NotFound("There is no such FAQ.")
    return faq


async def get(db: Reader, faq_id: int, *, staff: bool) -> Found:
    """An FAQ with its votes; one that is not published exists for staff only."""
    row = await db.row("faqs.get", faq_id, staff)
    if row is None:
        raise NotFound("There is no such FAQ.")
    return Found(faq_id, row["version"], row["json"])


async def page(db: Reader, wanted: FaqFilter, *, limit: int, cursor: str | None) -> Page:
    """FAQs by position and question. With a `text` those that have all of its words, the best first, on one page."""
    language, base = (wanted.language or "").lower() or None, (wanted.language or "").lower().partition("-")[0] or None
    narrowed = (language, base, one_line(wanted.keyword).lower() if wanted.keyword else None, wanted.published)
    if wanted.text and wanted.text.strip():
        query = words.asked(wanted.text)
        row = await db.row("faqs.found", *narrowed, limit, query) if query else None
        return Page(row["items"] if row else b"[]", None)
    after = decoded(cursor, "faqs", int, int, str, int) or [-1, 0, "", 0]
    row = await db.row("faqs.page", *narrowed, limit, *after)
    assert row is not None
    return page_of(row, "faqs", "rank", "position", "question", "last")


async def suggestions(db: Reader, text: str, language: str | None, most: int = 3) -> list[Row]:
    """The published FAQs that may answer a text already: `id` and `question`, those of the language first, then the best.

    A word of the text has to be in the question or the keywords, and be one that says something.
    """
    query = words.any_of(text)
    base = (language or "").lower().partition("-")[0] or None
    rows: list[Row] = orjson.loads((await db.row("faqs.suggestions", query, base, most) or {"items": b"[]"})["items"]) if query else []
    return rows


def _values(wanted: FaqFields) -> tuple[object, ...]:
    question, answer = one_line(wanted.question), storable(wanted.answer).strip()
    if not question:
        raise Invalid("An FAQ needs a question.", {"question": "must not be empty"})
    if not answer:
        raise Invalid("An FAQ needs an answer.", {"answer": "must not be empty"})
    if not _LANGUAGE.fullmatch(wanted.language):
        raise Invalid("That is no language.", {"language": "must look like en, de-AT or zh-Hans"})
    keywords = sorted({one_line(word).lower()[:60] for word in wanted.keywords} - {""})
    return (question[:300], answer, orjson.dumps(keywords).decode(), wanted.language, wanted.published, wanted.position,
            words.kept(question), words.kept(" ".join(keywords)), words.kept(answer))  # fmt: skip
