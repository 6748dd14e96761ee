"""What somebody sees in-app: his own, unread counts, what he may not see any longer is gone; and what he chooses to be told."""

from __future__ import annotations

from core.models.people import User
from core.models.queues import Queue
from core.models.record import Event, Notification
from core.models.tickets import Ticket
from tests.api.desk_client import Served
from tests.support.desk import Desk


async def tell(desk: Desk, user: User, ticket_id: int, kind: str = "requester_replied", body: str = "It burns.") -> int:
    """Somebody was told of something that eva said."""
    await desk.says(desk.eva, ticket_id, body)
    event = await Event.filter(ticket_id=ticket_id).order_by("-id").first()
    assert event is not None
    one = await Notification.create(user=user, event=event, ticket_id=ticket_id, reason=kind, created_at=desk.rt.clock.now())
    return int(one.id)


async def test_notifications_come_newest_first_with_what_was_said(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    first, second = await tell(desk, desk.anna, number, body="First."), await tell(desk, desk.anna, number, body="Second.")
    anna = api.client(desk.anna)
    page = (await anna.get("/notifications?limit=1")).json
    assert [(one["id"], one["preview"], one["actor"]["name"]) for one in page["items"]] == [(second, "Second.", "Eva Meyer")]
    rest = (await anna.get(f"/notifications?limit=1&cursor={page['next_cursor']}")).json
    assert ([one["id"] for one in rest["items"]], rest["next_cursor"]) == ([first], None)
    assert (await api.client(desk.boris).get("/notifications")).json["items"] == []


async def test_what_was_read_no_longer_counts(desk: Desk, api: Served) -> None:
    number, other = await desk.ticket(), await desk.ticket()
    ids = [await tell(desk, desk.anna, ticket) for ticket in (number, number, other)]
    anna = api.client(desk.anna)
    assert (await anna.get("/notifications/unread")).json == {"count": 3}
    for _ in range(2):  # again is no error
        assert (await anna.post(f"/notifications/{ids[0]}/read")).status == 204
    assert [one["id"] for one in (await anna.get("/notifications?unread=true")).json["items"]] == [ids[2], ids[1]]
    await anna.post("/notifications/read", {"ticket_id": other})
    assert (await anna.get("/notifications/unread")).json == {"count": 1}
    await anna.post("/notifications/read", {})
    assert (await anna.get("/notifications/unread")).json == {"count": 0}


async def test_nobody_marks_what_is_somebody_elses(desk: Desk, api: Served) -> None:
    one = await tell(desk, desk.anna, await desk.ticket())
    assert (await api.client(desk.boris).post(f"/notifications/{one}/read")).status == 404
    await api.client(desk.boris).post("/notifications/read", {"up_to": one})
    assert (await api.client(desk.anna).get("/notifications/unread")).json == {"count": 1}


async def test_a_ticket_out_of_sight_takes_its_notifications_with_it(desk: Desk, api: Served) -> None:
    one = await tell(desk, desk.anna, await desk.ticket())
    await Queue.filter(id=desk.queue.id).update(private=True)
    anna = api.client(desk.anna)
    assert (await anna.get("/notifications")).json["items"] == []
    assert (await anna.get("/notifications/unread")).json == {"count": 0}
    assert (await anna.post(f"/notifications/{one}/read")).status == 404


async def test_a_requester_sees_no_note_in_a_notification(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    await desk.says(desk.anna, number, "He is a nuisance.", public=False)
    event = await Event.filter(ticket_id=number, kind="comment.added").get()
    await Notification.create(user=desk.eva, event=event, ticket_id=number, reason="reply", created_at=desk.rt.clock.now())
    assert (await api.client(desk.eva).get("/notifications")).json["items"][0]["preview"] is None


async def test_notifications_of_a_merged_ticket_are_seen_by_who_sees_where_it_goes_on(desk: Desk, api: Served) -> None:
    number, target = await desk.ticket(), await desk.ticket()
    await tell(desk, desk.anna, number)
    await Ticket.filter(id=number).update(merged_into_id=target)
    assert len((await api.client(desk.anna).get("/notifications")).json["items"]) == 1
    private = await desk.private_queue("People", [desk.boris])
    await Ticket.filter(id=target).update(queue_id=private.id)
    assert (await api.client(desk.anna).get("/notifications")).json["items"] == []


async def test_choices_are_kept_and_everything_else_stays_as_the_desk_has_it(desk: Desk, api: Served) -> None:
    anna = api.client(desk.anna)
    before = (await anna.get("/notifications/choices")).json["choices"]
    wanted = {"kind": "new_ticket", "scope": "queue", "channel": "mail", "enabled": True}
    after = (await anna.patch("/notifications/choices", {"choices": [wanted]})).json["choices"]
    assert [choice for choice in after if choice not in before] == [wanted]
    assert (await anna.get("/notifications/choices")).json["choices"] == after
    assert (await api.client(desk.boris).get("/notifications/choices")).json["choices"] == before


async def test_there_is_no_choice_about_what_does_not_exist(desk: Desk, api: Served) -> None:
    nonsense = {"kind": "assigned", "scope": "watching", "channel": "mail", "enabled": True}
    answer = await api.client(desk.anna).patch("/notifications/choices", {"choices": [nonsense]})
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "body.choices")
