"""Tags: words for finding tickets again, read by staff, written by admins and, where the desk chose so, by staff as well."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.auth import actor
from api.binding import Body, Input, Query
from api.call import JSON, Call
from api.etags import etag_for, require_match
from api.routing import API, Routes
from api.schemas import Given, Instant, Out, PageOut, PageQuery, Patch
from core import policy, queries, tags
from core.errors import NotFound
from core.models.tickets import Tag

routes = Routes("/tags", tag="Tags", about="Words for finding tickets again.", scope="tags")

TagName = Annotated[str, Field(min_length=1, max_length=60, examples=["printer"])]
Description = Annotated[str, Field(max_length=300, examples=["Everything that prints"])]
Color = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$", examples=["#a1b2c3"])]


class TagOut(Out):
    """A tag."""

    id: int = Field(examples=[3])
    name: str = Field(examples=["printer"])
    description: str
    color: str | None = Field(examples=["#a1b2c3"])
    version: int
    created_at: Instant
    updated_at: Instant


class TagIn(Input):
    """A new tag. Its name is kept in lower case."""

    name: TagName
    description: Description = ""
    color: Color | None = None


class TagPatch(Patch):
    """What to change about a tag; tickets keep it."""

    name: Given[TagName] = None
    description: Given[Description] = None
    color: Color | None = None


class TagQuery(PageQuery):
    """Which tags."""

    q: str = Field(default="", max_length=60, description="The beginning of the name.")


@routes.get("", who="staff", answer=PageOut[TagOut])
async def find(call: Call, query: Query[TagQuery]) -> JSON:
    """List tags by name."""
    return JSON((await queries.tags(call.runtime.database, beginning=query.q, limit=query.limit, cursor=query.cursor)).json())


@routes.post("", who="staff", chosen="staff_write_tags", answer=TagOut, status=201, errors=(409,))
async def add(call: Call, body: Body[TagIn]) -> JSON:
    """Make a tag."""
    async with call.runtime.transaction(actor(call)) as tx:
        tag = await tags.add(tx, tags.TagFields(body.name, body.description, body.color))
        found = await queries.tag(tx, tag.id)
    return JSON(found.json, etag=etag_for("tag", found.id, found.version), headers={"Location": f"{API}/tags/{found.id}"})


@routes.get("/{tag_id}", who="staff", answer=TagOut, headers=("If-None-Match",))
async def show(call: Call, tag_id: int) -> JSON:
    """Read a tag."""
    found = await queries.tag(call.runtime.database, tag_id)
    return JSON(found.json, etag=etag_for("tag", found.id, found.version))


@routes.patch("/{tag_id}", who="staff", chosen="staff_write_tags", answer=TagOut, headers=("If-Match",), errors=(409,))
async def change(call: Call, tag_id: int, body: Body[TagPatch]) -> JSON:
    """Change a tag."""
    async with call.runtime.transaction(actor(call)) as tx:
        await policy.require(tx, "write_tags")  # before anything is said of the tag
        await tags.change(tx, tag_id, _changed(await _locked(call, tag_id), body))
        found = await queries.tag(tx, tag_id)
    return JSON(found.json, etag=etag_for("tag", found.id, found.version))


@routes.delete("/{tag_id}", who="staff", chosen="staff_write_tags", headers=("If-Match",))
async def remove(call: Call, tag_id: int) -> None:
    """Remove a tag from the desk and from every ticket."""
    async with call.runtime.transaction(actor(call)) as tx:
        await policy.require(tx, "write_tags")
        await _locked(call, tag_id)
        await tags.remove(tx, tag_id)


async def _locked(call: Call, tag_id: int) -> Tag:
    """The tag, locked until the transaction ends, if it is the version the client knows."""
    tag = await Tag.select_for_update().get_or_none(id=tag_id)
    if tag is None:
        raise NotFound("There is no such tag.")
    require_match(call.request, etag_for("tag", tag.id, tag.version))
    return tag


def _changed(tag: Tag, body: TagPatch) -> tags.TagFields:
    return tags.TagFields(
        tag.name if body.name is None else body.name,
        tag.description if body.description is None else body.description,
        body.color if "color" in body.model_fields_set else tag.color,
    )
