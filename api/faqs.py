"""FAQs: read by everybody, also without login; written by admins, and by staff where the desk chose so."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from aiohttp import hdrs
from pydantic import Field

from api.auth import actor
from api.binding import Body, Input, Query
from api.call import JSON, Call
from api.etags import etag_for, require_match
from api.routing import API, Routes
from api.schemas import Given, Instant, Out, PageOut, PageQuery, Patch
from core import faqs, policy
from core.errors import RateLimited
from core.faqs import FaqFields, FaqFilter
from core.models.faqs import Faq
from core.models.tickets import Via
from core.runtime import Actor

routes = Routes("/faqs", tag="FAQs", about="Questions people ask, with their answers.", scope="faqs")

_CACHED = "public, max-age=60"  # for readers without login; what staff sees is never kept
_VOTES, _WINDOW = 30, timedelta(hours=1)  # of one address without login

Question = Annotated[str, Field(min_length=1, max_length=300, examples=["How do I put out a printer?"])]
Answer = Annotated[str, Field(min_length=1, max_length=50_000, examples=["Pull the plug first."])]
Keywords = Annotated[list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=50, examples=[["printer", "fire"]])]
Language = Annotated[str, Field(min_length=2, max_length=8, examples=["en"])]
Position = Annotated[int, Field(ge=0, le=1_000_000, examples=[100], description="Small numbers come first.")]


class FaqOut(Out):
    """A question with its answer, and how many readers it helped."""

    id: int = Field(examples=[12])
    question: str
    answer: str
    keywords: list[str]
    language: str
    published: bool
    position: int
    helpful: int
    unhelpful: int
    version: int
    created_at: Instant
    updated_at: Instant


class FaqIn(Input):
    """A new FAQ. What is not published is seen by staff only."""

    question: Question
    answer: Answer
    keywords: Keywords = Field(default_factory=list)
    language: Language = "en"
    published: bool = True
    position: Position = 100


class FaqPatch(Patch):
    """What to change about an FAQ."""

    question: Given[Question] = None
    answer: Given[Answer] = None
    keywords: Given[Keywords] = None
    language: Given[Language] = None
    published: Given[bool] = None
    position: Given[Position] = None


class VoteIn(Input):
    """Whether the answer helped."""

    helpful: bool = Field(examples=[True])


class FaqQuery(PageQuery):
    """Which FAQs."""

    q: str | None = Field(default=None, max_length=200, description="Words that question, keywords or answer must have; the best first.")
    language: str | None = Field(default=None, max_length=20, description="`de` finds `de-AT` as well, `de-AT` also `de`; itself first.")
    keyword: str | None = Field(default=None, max_length=60)
    published: bool | None = Field(default=None, description="For staff: false for drafts alone. Others see what is published.")


@routes.get("", who="public", answer=PageOut[FaqOut], cache=_CACHED)
async def find(call: Call, query: Query[FaqQuery]) -> JSON:
    """List FAQs by position and question, or find those about something.

    What is found with `q` is one page, the best first. Staff sees what is not published as well.
    """
    wanted = FaqFilter(query.q, query.language, query.keyword, query.published if _is_staff(call) else True)
    return JSON((await faqs.page(call.runtime.database, wanted, limit=query.limit, cursor=query.cursor)).json())


@routes.post("", who="staff", chosen="staff_write_faqs", answer=FaqOut, status=201)
async def add(call: Call, body: Body[FaqIn]) -> JSON:
    """Write an FAQ."""
    async with call.runtime.transaction(actor(call)) as tx:
        faq_id = await faqs.add(tx, FaqFields(**body.model_dump()))
        found = await faqs.get(tx, faq_id, staff=True)
    return JSON(found.json, etag=etag_for("faq", found.id, found.version), headers={"Location": f"{API}/faqs/{faq_id}"})


@routes.get("/{faq_id}", who="public", answer=FaqOut, headers=("If-None-Match",), cache=_CACHED)
async def show(call: Call, faq_id: int) -> JSON:
    """Read an FAQ."""
    found = await faqs.get(call.runtime.database, faq_id, staff=_is_staff(call))
    return JSON(found.json, etag=etag_for("faq", found.id, found.version))


@routes.patch("/{faq_id}", who="staff", chosen="staff_write_faqs", answer=FaqOut, headers=("If-Match",))
async def change(call: Call, faq_id: int, body: Body[FaqPatch]) -> JSON:
    """Change an FAQ; its votes stay."""
    async with call.runtime.transaction(actor(call)) as tx:
        await policy.require(tx, "write_faqs")
        faq = await _locked(call, faq_id)
        kept = {name: getattr(faq, name) for name in ("question", "answer", "keywords", "language", "published", "position")}
        await faqs.change(tx, faq_id, FaqFields(**{**kept, **body.model_dump(include=body.model_fields_set)}))
        found = await faqs.get(tx, faq_id, staff=True)
    return JSON(found.json, etag=etag_for("faq", found.id, found.version))


@routes.delete("/{faq_id}", who="staff", chosen="staff_write_faqs", headers=("If-Match",))
async def remove(call: Call, faq_id: int) -> None:
    """Remove an FAQ and its votes."""
    async with call.runtime.transaction(actor(call)) as tx:
        await policy.require(tx, "write_faqs")
        await _locked(call, faq_id)
        await faqs.remove(tx, faq_id)


@routes.put("/{faq_id}/vote", who="public", answer=FaqOut)
async def vote(call: Call, faq_id: int, body: Body[VoteIn]) -> JSON:
    """Say whether an answer helped you; saying it again changes your vote."""
    by = Actor(call.caller.user_id, Via.API) if call.caller else Actor(None, Via.WEB)
    voter = f"user:{by.user_id}" if call.caller else await _reader(call)
    async with call.runtime.transaction(by) as tx:
        await faqs.vote(tx, faq_id, voter, helpful=body.helpful)
        return JSON((await faqs.get(tx, faq_id, staff=False)).json)


async def _reader(call: Call) -> str:
    """A reader without login, told apart by address and browser; what is kept is signed, so that nobody can try addresses against it."""
    if await call.runtime.cache.incr(f"faq-votes:{call.address}", _WINDOW) > _VOTES:
        raise RateLimited("That were many votes: come back later.", _WINDOW)
    return "reader:" + call.runtime.keys.sign("faq-voter", f"{call.address} {call.request.headers.get(hdrs.USER_AGENT, '')[:500]}", 50)


async def _locked(call: Call, faq_id: int) -> Faq:
    faq = await faqs.locked(faq_id)
    require_match(call.request, etag_for("faq", faq.id, faq.version))
    return faq


def _is_staff(call: Call) -> bool:
    return call.caller is not None and call.caller.role != "user"
