"""Who is on a ticket besides its requester and assignee: in copy, watching, looking at it now; and who wants to hear nothing of it."""

from __future__ import annotations

from pydantic import Field

from api.auth import actor
from api.binding import Body, Input
from api.call import JSON, Call
from api.routing import Routes
from api.schemas import ContactOut, EmailText, Id, Instant, Name, Out, PersonOut
from core import participants, presence, queries, watching
from core.queries import Reader

routes = Routes(
    "/tickets/{ticket_id}", tag="People on tickets", about="Who is in copy, watches, or looks at a ticket now.", scope="tickets"
)


class PeopleOut(Out):
    """Who is in copy, and, for those who work on the ticket, who watches it."""

    participants: list[ContactOut]
    watchers: list[PersonOut]


class ParticipantIn(Input):
    """Somebody to put in copy, by id or by address; a new address is made known to the desk."""

    user_id: Id | None = Field(default=None, examples=[7])
    email: EmailText | None = None
    name: Name = ""


class WatcherIn(Input):
    """A colleague to let watch."""

    user_id: Id


class PresenceIn(Input):
    """Whether you are writing."""

    writing: bool = Field(default=False, examples=[True])


class PresentOut(Out):
    """A colleague who looks at the ticket now."""

    user_id: int = Field(examples=[7])
    name: str = Field(examples=["Eva Meyer"])
    writing: bool
    since: Instant


class PresenceOut(Out):
    """Your colleagues who look at the ticket now, longest first."""

    items: list[PresentOut]


@routes.get("/people", who="user", answer=PeopleOut, own_rights=True)
async def people(call: Call, ticket_id: int) -> JSON:
    """Read who is in copy of a ticket, and who watches it."""
    return await _people(call, call.runtime.database, ticket_id)


@routes.post("/participants", who="user", answer=PeopleOut, status=200, errors=(409,))
async def add_participant(call: Call, ticket_id: int, body: Body[ParticipantIn]) -> JSON:
    """Put somebody in copy: he sees the public part, may answer, and gets the answers.

    For the requester and for staff; doing it again is no error.
    """
    async with call.runtime.transaction(actor(call)) as tx:
        if body.email is not None:
            await participants.invite(tx, ticket_id, body.email, body.name)
        else:
            await participants.add(tx, ticket_id, body.user_id or 0)
        return await _people(call, tx, ticket_id)


@routes.delete("/participants/{user_id}", who="user")
async def remove_participant(call: Call, ticket_id: int, user_id: int) -> None:
    """Take somebody out of copy, or leave yourself."""
    async with call.runtime.transaction(actor(call)) as tx:
        await participants.remove(tx, ticket_id, user_id)


@routes.put("/watch", who="staff")
async def watch(call: Call, ticket_id: int) -> None:
    """Watch a ticket that is not yours."""
    async with call.runtime.transaction(actor(call)) as tx:
        await watching.watch(tx, ticket_id)


@routes.delete("/watch", who="staff")
async def unwatch(call: Call, ticket_id: int) -> None:
    """Watch it no longer."""
    async with call.runtime.transaction(actor(call)) as tx:
        await watching.unwatch(tx, ticket_id)


@routes.post("/watchers", who="staff", answer=PeopleOut, status=200)
async def add_watcher(call: Call, ticket_id: int, body: Body[WatcherIn]) -> JSON:
    """Let a colleague watch a ticket."""
    async with call.runtime.transaction(actor(call)) as tx:
        await watching.watch(tx, ticket_id, body.user_id)
        return await _people(call, tx, ticket_id)


@routes.delete("/watchers/{user_id}", who="staff")
async def remove_watcher(call: Call, ticket_id: int, user_id: int) -> None:
    """Let a colleague watch it no longer."""
    async with call.runtime.transaction(actor(call)) as tx:
        await watching.unwatch(tx, ticket_id, user_id)


@routes.put("/mute", who="user")
async def mute(call: Call, ticket_id: int) -> None:
    """Hear nothing of a ticket any more, by no channel."""
    async with call.runtime.transaction(actor(call)) as tx:
        await watching.mute(tx, ticket_id)


@routes.delete("/mute", who="user")
async def unmute(call: Call, ticket_id: int) -> None:
    """Hear of it again."""
    async with call.runtime.transaction(actor(call)) as tx:
        await watching.unmute(tx, ticket_id)


@routes.put("/presence", who="staff", answer=PresenceOut)
async def arrive(call: Call, ticket_id: int, body: Body[PresenceIn]) -> JSON:
    """Say that you look at a ticket, and whether you are writing.

    Repeat it every twenty seconds. Answers who else is there.
    """
    place, cache = await _place(call, ticket_id), call.runtime.cache
    await presence.arrive(cache, place, writing=body.writing)
    return JSON({"items": await presence.others(cache, place)})


@routes.get("/presence", who="staff", answer=PresenceOut)
async def present(call: Call, ticket_id: int) -> JSON:
    """Read who else looks at a ticket now."""
    return JSON({"items": await presence.others(call.runtime.cache, await _place(call, ticket_id))})


@routes.delete("/presence", who="staff")
async def leave(call: Call, ticket_id: int) -> None:
    """Say that you no longer look at it."""
    await presence.leave(call.runtime.cache, await _place(call, ticket_id))


async def _place(call: Call, ticket_id: int) -> presence.Place:
    async with call.runtime.transaction(actor(call)) as tx:
        return await presence.place(tx, ticket_id)


async def _people(call: Call, db: Reader, ticket_id: int) -> JSON:
    return JSON(await queries.people_on_ticket(db, call.user.user_id, ticket_id))
