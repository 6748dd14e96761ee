"""What the desk's admins choose while it runs."""

from __future__ import annotations

from dataclasses import asdict

from pydantic import Field

from api.auth import actor
from api.binding import Body
from api.call import JSON, Call
from api.routing import Routes
from api.schemas import Given, Out, Patch
from core import choices

routes = Routes(
    "/settings",
    tag="Settings",
    about="What admins choose while the desk runs; the rest is the operator's, in the environment.",
    scope="settings",
)


class ChoicesOut(Out):
    """Everything that is chosen."""

    staff_write_tags: bool = Field(description="Staff may write tags.")
    staff_write_faqs: bool = Field(description="Staff may write FAQs.")


class ChoicesPatch(Patch):
    """What to choose otherwise."""

    staff_write_tags: Given[bool] = Field(default=None, examples=[True])
    staff_write_faqs: Given[bool] = None


@routes.get("", who="admin", answer=ChoicesOut)
async def show(call: Call) -> JSON:
    """Read what is chosen."""
    return JSON(asdict(await choices.chosen(call.runtime.database)))


@routes.patch("", who="admin", answer=ChoicesOut)
async def change(call: Call, body: Body[ChoicesPatch]) -> JSON:
    """Choose otherwise; what you leave out stays."""
    async with call.runtime.transaction(actor(call)) as tx:
        return JSON(asdict(await choices.choose(tx, body.model_dump(include=body.model_fields_set))))
