"""What several resources share: people, pages, and the words of the desk as the API spells them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from pydantic.json_schema import SkipJsonSchema

from api.binding import Input
from core.pages import LARGEST, LONGEST

T = TypeVar("T")

Status = Literal["new", "open", "pending", "resolved", "closed"]
Priority = Literal["low", "normal", "high", "urgent"]
Role = Literal["user", "staff", "admin"]
Via = Literal["email", "slack", "api", "web", "system"]
Standing = Literal["requester", "participant", "staff"]


def _within_centuries(instant: datetime) -> datetime:
    """Beyond these years an instant cannot be moved to UTC."""
    if not 1900 <= instant.year <= 9000:
        raise ValueError("must be in the years 1900 to 9000")
    return instant


def _not_null(value: T | None) -> T:
    if value is None:
        raise ValueError("must not be null")
    return value


def _without_null_defaults(schema: JsonDict) -> None:
    properties = schema.get("properties")
    for described in properties.values() if isinstance(properties, dict) else ():
        if isinstance(described, dict) and described.get("default", "") is None:
            del described["default"]


Id = Annotated[int, Field(ge=1, le=2**63 - 1, examples=[7])]
Instant = Annotated[AwareDatetime, AfterValidator(_within_centuries)]
EmailText = Annotated[str, Field(min_length=3, max_length=320, examples=["eva@example.org"])]
Name = Annotated[str, Field(max_length=200, examples=["Eva Meyer"])]
Given = Annotated[T | SkipJsonSchema[None], AfterValidator(_not_null)]
"""A field of a patch that may be absent but not null: `name: Given[str] = None`."""


class Patch(Input):
    """Base of merge patches: what is absent stays, and `model_fields_set` tells what is there."""

    model_config = ConfigDict(json_schema_extra=_without_null_defaults)


class Out(BaseModel):
    """Base of every model that goes out."""


class PersonOut(Out):
    """A person as others see him."""

    id: int = Field(examples=[7])
    name: str = Field(examples=["Eva Meyer"])


class ContactOut(PersonOut):
    """A person with the address, which is null for those who may not see it."""

    email: str | None = Field(examples=["eva@example.org"])


class PageOut(Out, Generic[T]):
    """A page of a list. `next_cursor` goes into `cursor` for the next page; null means that this is the last."""

    items: list[T]
    next_cursor: str | None = Field(examples=["WyItdXBkYXRlZF9hdCJd"])
    total: int | None = Field(description="All of them, on this and the other pages; null unless asked for.", examples=[1042])


class PageQuery(Input):
    """Where in a list, and how much of it."""

    cursor: str | None = Field(default=None, max_length=LONGEST, description="next_cursor of the page before.")
    limit: int = Field(default=25, ge=1, le=LARGEST, description="How many at most.")
