"""What one may not see is nowhere: every read of the API, asked by everybody, tells nothing of a hidden ticket and counts it nowhere.

The routes are walked, so a new one is looked at as well.
"""

from __future__ import annotations

import re

import orjson

from api.app import resources
from core import comments, links, tickets
from core.models.people import User
from core.models.record import Event, Notification
from core.models.tickets import Attachment, Tag, Ticket
from core.models.ties import TicketParticipant, TicketWatcher
from core.runtime import Actor
from tests.api.desk_client import Served
from tests.support.desk import Desk

SECRET = "SECRET"


class Hidden:
    """A ticket in a private queue with everything on it that could leak, every word of it secret."""

    def __init__(self, desk: Desk, ticket: int, ids: dict[str, int]) -> None:
        self.desk, self.ticket, self.ids = desk, ticket, ids

    @classmethod
    async def made(cls, desk: Desk) -> Hidden:
        queue = await desk.private_queue(f"{SECRET} queue", [desk.boris])
        olga = await desk.person("olga@customer.test", name=f"{SECRET} Olga")
        number = await desk.ticket(olga, subject=f"{SECRET} subject", body=f"{SECRET} body", queue=queue)
        known = await desk.ticket(subject="Known")
        now = desk.rt.clock.now()
        await Tag.create(name="secret-tag", created_at=now, updated_at=now)
        async with desk.rt.transaction(Actor(desk.boris.id)) as tx:
            await tickets.set_tags(tx, number, ["secret-tag"])
            said = await comments.reply(tx, number, f"{SECRET} answer")
            note = await comments.note(tx, number, f"{SECRET} note @anna")
            await links.link(tx, number, "related", known)
        file = await Attachment.create(ticket_id=number, comment_id=note, blob="0" * 64, filename=f"{SECRET}.txt", content_type="text/plain", size=1,
                                       created_at=now)  # fmt: skip
        await TicketWatcher.create(ticket_id=number, user=desk.anna, added_at=now)  # left over from before the queue was private
        event = await Event.filter(ticket_id=number).order_by("-id").first()
        assert event is not None
        for user in (desk.anna, desk.eva, desk.admin):
            await Notification.create(user=user, event=event, ticket_id=number, reason="note", created_at=now)
        ids = {"ticket_id": number, "comment_id": said, "attachment_id": file.id, "queue_id": queue.id, "user_id": olga.id}
        return cls(desk, number, ids)

    def paths(self, api: Served) -> list[str]:
        """Every read there is, asked about the hidden ticket and what hangs on it."""
        declared = [route for group in resources(self.desk.rt.settings) for route in group.declared if route.method == "GET"]
        paths = [re.sub(r"{(\w+)}", lambda found: str(self.ids.get(found[1], 1)), route.path) for route in declared]
        return [path for path in paths if path not in _ADMINISTRATION]

    def lists(self) -> list[str]:
        return [f"/tickets?total=true{more}" for more in ("", "&sort=priority", "&tag=secret-tag", f"&queue={self.ids['queue_id']}",
                f"&requester={self.ids['user_id']}", "&status=new&status=open")]  # fmt: skip


# Who administers the desk sees who there is, and that a private queue exists; never what is in it.
_ADMINISTRATION = ("/api/v1/users", "/api/v1/queues", "/api/v1/mailboxes")


async def everything_read(hidden: Hidden, api: Served, viewer: User) -> str:
    client = api.client(viewer)
    answers = [await client.get(path) for path in (*hidden.paths(api), *hidden.lists())]
    return b"\n".join(answer.content for answer in answers if not answer.headers["Content-Type"].startswith("text/html")).decode()


def hides(text: str) -> list[str]:
    return re.findall(rf".{{0,60}}(?:{SECRET}|secret-tag).{{0,60}}", text)


async def test_no_read_tells_strangers_of_a_hidden_ticket(desk: Desk, api: Served) -> None:
    hidden = await Hidden.made(desk)
    for viewer in (desk.eva, desk.anna, desk.admin):
        text = await everything_read(hidden, api, viewer)
        allowed = ["secret-tag", f"{SECRET} Olga", f"{SECRET} queue"] if viewer is not desk.eva else []  # words and people, not the case
        left = [found for found in hides(text) if not any(word in found for word in allowed)]
        assert left == [], (viewer.email, left)


async def test_who_may_see_it_reads_all_of_it(desk: Desk, api: Served) -> None:
    """The other half of the test before: its walk does find what it looks for."""
    hidden = await Hidden.made(desk)
    text = await everything_read(hidden, api, desk.boris)
    for part in ("subject", "body", "answer", "note", "queue", "Olga"):
        assert f"{SECRET} {part}" in text, part


async def test_a_requester_never_reads_what_staff_says_among_themselves(desk: Desk, api: Served) -> None:
    hidden = await Hidden.made(desk)
    olga = await User.get(id=hidden.ids["user_id"])
    text = await everything_read(hidden, api, olga)
    assert f"{SECRET} answer" in text
    assert f"{SECRET} note" not in text and "secret-tag" not in text and f"{SECRET} queue" not in text and f"{SECRET}.txt" not in text


async def test_counts_are_the_same_with_and_without_what_is_hidden(desk: Desk, api: Served) -> None:
    async def counted(viewer: User) -> list[object]:
        client = api.client(viewer)
        totals = [
            orjson.loads((await client.get(path)).content)["total"] for path in ("/tickets?total=true", "/tickets?total=true&status=new")
        ]
        return [*totals, (await client.get("/notifications/unread")).json]

    await desk.ticket(subject="Known")
    viewers = (desk.eva, desk.anna, desk.admin)
    hidden = await Hidden.made(desk)
    with_it = [await counted(viewer) for viewer in viewers]
    await Ticket.filter(id=hidden.ticket).delete()
    assert [await counted(viewer) for viewer in viewers] == with_it


async def test_being_in_copy_shows_the_public_part_and_no_more(desk: Desk, api: Served) -> None:
    hidden = await Hidden.made(desk)
    await TicketParticipant.create(ticket_id=hidden.ticket, user=desk.anna, added_at=desk.rt.clock.now())
    text = await everything_read(hidden, api, desk.anna)
    assert f"{SECRET} answer" in text and f"{SECRET} note" not in text
