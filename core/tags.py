"""Commands on tags."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tortoise.exceptions import IntegrityError

from core import policy
from core.errors import Conflict, Invalid, NotFound
from core.models.tickets import Tag
from core.runtime import Tx
from core.text import one_line


@dataclass(frozen=True, slots=True)
class TagFields:
    """A tag as somebody wrote it; `color` is `#rrggbb` or None."""

    name: str
    description: str = ""
    color: str | None = None


async def add(tx: Tx, wanted: TagFields) -> Tag:
    """Make a tag; Conflict when there is one of that name."""
    await policy.require(tx, "write_tags")
    return await _saved(Tag(
        name=_checked(wanted), description=one_line(wanted.description)[:300], color=wanted.color, version=1, created_at=tx.now, updated_at=tx.now
    ))  # fmt: skip


async def change(tx: Tx, tag_id: int, wanted: TagFields) -> Tag:
    """Change a tag; tickets keep it. NotFound, or Conflict with another tag's name."""
    await policy.require(tx, "write_tags")
    tag = await Tag.select_for_update().get_or_none(id=tag_id)
    if tag is None:
        raise NotFound("There is no such tag.")
    tag.name, tag.description, tag.color = _checked(wanted), one_line(wanted.description)[:300], wanted.color
    tag.version, tag.updated_at = tag.version + 1, tx.now
    return await _saved(tag)


async def remove(tx: Tx, tag_id: int) -> None:
    """Remove a tag from the desk and from every ticket."""
    await policy.require(tx, "write_tags")
    if not await Tag.filter(id=tag_id).delete():
        raise NotFound("There is no such tag.")


async def _saved(tag: Tag) -> Tag:
    """Write it. The database says whether the name is taken: two who want it at once would both have found it free."""
    try:
        await tag.save()
    except IntegrityError:
        raise Conflict(f"There is a tag {tag.name} already.") from None
    return tag


def _checked(wanted: TagFields) -> str:
    name = one_line(wanted.name).lower()
    if not re.fullmatch(r"[\w][\w .:/+-]{0,59}", name):
        raise Invalid("That is no name for a tag.", {"name": "must be 1 to 60 letters, digits, blanks or . : / + - _"})
    if wanted.color is not None and not re.fullmatch(r"#[0-9a-fA-F]{6}", wanted.color):
        raise Invalid("That is no color.", {"color": "must look like #a1b2c3"})
    return name
