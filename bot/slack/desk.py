"""What a request of Slack leads to: a typed command or a pressed button, as the person behind it, in one transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

import structlog

from bot.slack import commands, refusals, views
from bot.slack.blocks import Json
from bot.slack.mrkdwn import to_plain
from bot.slack.people import People
from core import comments, slack, tickets
from core.errors import HelpdeskError
from core.runtime import Runtime, Tx
from core.text import storable

log = structlog.get_logger()

Body = Mapping[str, Any]
"""What Slack posted, as JSON."""


class Desk:
    """Answers commands and clicks; whatever goes wrong is answered too, in a sentence."""

    def __init__(self, rt: Runtime, people: People) -> None:
        self._rt = rt
        self._people = people

    async def typed(self, body: Body) -> Json:
        """Do what was typed after `/ticket`."""
        return await _in_words(self._type(body))

    async def pressed(self, body: Body) -> Json:
        """Do what a card's button says; silence means that the card will show it."""
        return await _in_words(self._press(body))

    async def _type(self, body: Body) -> Json:
        text = str(body.get("text") or "")
        person = await self._people.find(str(body["user_id"]))
        plain = storable(to_plain(text, await self._people.names_in(text)))
        async with self._rt.transaction(person.actor) as tx:
            return await commands.run(tx, person, plain, f"command:{body['trigger_id']}")

    async def _press(self, body: Body) -> Json:
        action = body["actions"][0]
        person = await self._people.find(str(body["user"]["id"]))
        async with self._rt.transaction(person.actor) as tx:
            if await slack.first_time(tx, f"click:{body['trigger_id']}"):
                await _BUTTONS[action["action_id"]](tx, int(action["value"]))
        return {}


_BUTTONS: Mapping[str, Callable[[Tx, int], Awaitable[object]]] = {
    views.TAKE: tickets.take,
    views.RESOLVE: comments.resolve,
}
BUTTONS = tuple(_BUTTONS)


async def _in_words(work: Coroutine[object, object, Json]) -> Json:
    try:
        return await work
    except HelpdeskError as error:
        return views.say(refusals.sentence_for(error))
    except Exception:
        # The person in Slack is told, whatever it was; the log knows the rest.
        log.exception("slack.request_failed")
        return views.say(refusals.UNEXPECTED)
