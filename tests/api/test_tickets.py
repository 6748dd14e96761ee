"""Tickets by the API: opened, read, changed, taken; what each viewer is shown of them."""

from __future__ import annotations

from datetime import timedelta

from core import tags
from core.models.people import User
from core.models.record import Event
from core.models.tickets import Comment, Ticket, Via
from core.models.ties import TicketParticipant
from core.runtime import SYSTEM
from tests.api.desk_client import Served
from tests.support.desk import Desk


async def tagged(desk: Desk, *names: str) -> None:
    async with desk.rt.transaction(SYSTEM, quiet=True) as tx:
        for name in names:
            await tags.add(tx, tags.TagFields(name))


async def test_somebody_opens_a_ticket_and_staff_answers(desk: Desk, api: Served) -> None:
    eva, anna = api.client(desk.eva), api.client(desk.anna)
    opened = await eva.post("/tickets", {"subject": "Printer  on fire", "body": "It burns.", "priority": "high"})
    number = opened.json["id"]
    assert (opened.status, opened.headers["Location"]) == (201, f"/api/v1/tickets/{number}")
    assert (opened.json["subject"], opened.json["status"], opened.json["via"], opened.json["standing"]) == (
        "Printer on fire",
        "new",
        "api",
        "requester",
    )
    answer = await anna.post(f"/tickets/{number}/comments", {"body": "Water is on its way."})
    assert (answer.status, answer.json["author"]["name"], answer.json["public"]) == (201, "Anna Berg", True)
    assert (await eva.get(answer.headers["Location"])).json.items() <= answer.json.items()
    read = await eva.get(f"/tickets/{number}")
    assert [comment["body"] for comment in read.json["comments"]] == ["It burns.", "Water is on its way."]
    assert (read.json["status"], read.json["comment_count"], read.json["first_response_at"]) == ("open", 2, answer.json["created_at"])


async def test_staff_opens_a_ticket_for_somebody_the_desk_did_not_know(desk: Desk, api: Served) -> None:
    asked = {
        "subject": "On the phone",
        "body": "She called.",
        "requester_email": "New@Customer.test",
        "requester_name": "Nele",
        "tags": ["vpn"],
    }
    await tagged(desk, "vpn")
    opened = await api.client(desk.anna).post("/tickets", {**asked, "queue_id": desk.queue.id})
    assert opened.json["requester"] == {"id": opened.json["requester"]["id"], "name": "Nele", "email": "new@customer.test"}
    assert (opened.json["standing"], opened.json["tags"]) == ("staff", ["vpn"])
    again = await api.client(desk.anna).post("/tickets", asked)
    assert again.json["requester"]["id"] == opened.json["requester"]["id"]
    assert (await api.client(desk.eva).post("/tickets", {**asked, "tags": []})).status == 403


async def test_a_ticket_that_does_not_fit_is_refused_and_leaves_nothing(desk: Desk, api: Served) -> None:
    cases: list[tuple[dict[str, object], int, list[str]]] = [
        ({"queue_id": 4711}, 404, []),
        ({"tags": ["unknown"]}, 422, ["body.tags"]),
        ({"attachments": [4711]}, 422, ["body.attachments"]),
        ({"subject": "  "}, 422, ["body.subject"]),
        ({"requester_email": "no address"}, 422, ["body.requester_email"]),
        ({"requester_email": "support+x@example.org"}, 422, ["body.requester_email"]),
        ({"priority": "max"}, 422, ["body.priority"]),
    ]
    people = await User.all().count()
    for change, status, fields in cases:
        answer = await api.client(desk.anna).post(
            "/tickets", {"subject": "x", "body": "y", "requester_email": "new@customer.test", **change}
        )
        assert answer.status == status, change
        assert [error["field"] for error in answer.json.get("errors", [])] == fields
    assert (await Ticket.all().count(), await User.all().count()) == (0, people)


async def test_staff_who_ask_for_themselves_are_told_why_they_set_no_tags(desk: Desk, api: Served) -> None:
    await tagged(desk, "vpn")
    answer = await api.client(desk.anna).post("/tickets", {"subject": "My own", "body": "It burns.", "tags": ["vpn"]})
    assert answer.status == 403 and "you are the requester" in answer.json["detail"]


async def test_a_filter_of_another_form_is_told_which(desk: Desk, api: Served) -> None:
    answer = await api.client(desk.anna).get("/tickets?assignee=nobody")
    assert answer.status == 422 and "of the form ^(me|none|" in answer.json["errors"][0]["message"]


async def test_a_requester_sees_neither_notes_nor_tags_nor_private_queues_nor_how_the_desk_works(desk: Desk, api: Served) -> None:
    queue = await desk.private_queue("Layoffs", [desk.anna])
    number = await desk.ticket(queue=queue)
    await tagged(desk, "difficult")
    anna = api.client(desk.anna)
    await anna.patch(f"/tickets/{number}", {"tags": ["difficult"], "assignee_id": desk.anna.id})
    note = await anna.post(f"/tickets/{number}/comments", {"body": "Secret note.", "public": False})
    await TicketParticipant.create(ticket_id=number, user_id=desk.boris.id, added_at=desk.rt.clock.now())
    assert (await anna.get(f"/tickets/{number}")).json["tags"] == ["difficult"]
    for viewer in (desk.eva, desk.boris):
        client = api.client(viewer)
        shown = [
            await client.get(path)
            for path in (
                f"/tickets/{number}", f"/tickets/{number}/comments", f"/tickets/{number}/events?limit=100", "/tickets?total=true",
                "/tickets?queue=support", f"/tickets?queue={queue.id}", "/tickets?queue=layoffs", "/tickets?tag=difficult&total=true",
            )
        ]  # fmt: skip
        assert [answer.status for answer in shown] == [200] * 8
        whole = b"".join(answer.content for answer in shown)
        for secret in (b"Secret note", b"difficult", b"Layoffs", b"layoffs"):
            assert secret not in whole
        assert (shown[0].json["comment_count"], shown[0].json["queue"], shown[3].json["total"], shown[7].json["total"]) == (1, None, 1, 0)
        assert {event["kind"] for event in shown[2].json["items"]} == {"ticket.opened", "ticket.assigned", "ticket.status"}
        assert all(not answer.json["items"] for answer in shown[4:])
        assert (await client.get(f"/comments/{note.json['id']}")).status == 404
    assert "anna@example.org" not in (await api.client(desk.eva).get(f"/tickets/{number}")).content.decode()
    assert "boris@example.org" not in (await api.client(desk.eva).get(f"/tickets/{number}")).content.decode()


async def test_staff_in_copy_of_a_ticket_are_participants_first(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    await TicketParticipant.create(ticket_id=number, user_id=desk.boris.id, added_at=desk.rt.clock.now())
    boris = api.client(desk.boris)
    assert (await boris.get(f"/tickets/{number}")).json["standing"] == "participant"
    assert (await boris.post(f"/tickets/{number}/comments", {"body": "note", "public": False})).status == 403
    assert (await boris.patch(f"/tickets/{number}", {"priority": "high"})).status == 403


async def test_a_patch_changes_what_it_names_and_all_of_it_or_nothing(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    await tagged(desk, "a", "b")
    anna = api.client(desk.anna)
    wanted = {"subject": "New subject", "priority": "urgent", "status": "pending", "assignee_id": desk.boris.id, "tags": ["b", "a"]}
    changed = await anna.patch(f"/tickets/{number}", wanted)
    assert changed.status == 200
    shown = {name: changed.json[name] for name in ("subject", "priority", "status", "tags")}
    assert {**shown, "assignee_id": changed.json["assignee"]["id"]} == {**wanted, "tags": ["a", "b"]}  # fmt: skip
    failed = await anna.patch(f"/tickets/{number}", {"subject": "Lost", "tags": ["c"]})
    assert (failed.status, (await anna.get(f"/tickets/{number}")).json) == (422, changed.json)
    freed = await anna.patch(f"/tickets/{number}", {"assignee_id": None}, headers={"Content-Type": "application/merge-patch+json"})
    assert (freed.json["assignee"], freed.json["priority"]) == (None, "urgent")
    for name in ("subject", "status", "priority", "queue_id", "tags"):
        refused = await anna.patch(f"/tickets/{number}", {name: None})
        assert (refused.status, refused.json["errors"][0]["field"]) == (422, f"body.{name}")


async def test_a_requester_closes_and_reopens_and_changes_nothing_else(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    eva = api.client(desk.eva)
    assert (await eva.patch(f"/tickets/{number}", {"status": "closed"})).json["status"] == "closed"
    assert (await eva.patch(f"/tickets/{number}", {"status": "open"})).json["status"] == "open"
    assert (await eva.patch(f"/tickets/{number}", {"status": "open", "priority": "urgent"})).status == 403
    assert (await eva.patch(f"/tickets/{number}", {"status": "pending"})).status == 403


async def test_who_changes_an_old_version_hears_of_it(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    anna, boris = api.client(desk.anna), api.client(desk.boris)
    seen = (await anna.get(f"/tickets/{number}")).headers["ETag"]
    assert (await anna.get(f"/tickets/{number}", headers={"If-None-Match": seen})).status == 304
    assert (await boris.post(f"/tickets/{number}/comments", {"body": "I have it."})).status == 201
    stale = await anna.patch(f"/tickets/{number}", {"priority": "low"}, headers={"If-Match": seen})
    assert (stale.status, stale.json["title"]) == (412, "It changed meanwhile")
    fresh = await anna.get(f"/tickets/{number}", headers={"If-None-Match": seen})
    changed = await anna.patch(f"/tickets/{number}", {"priority": "low"}, headers={"If-Match": fresh.headers["ETag"]})
    assert (changed.status, changed.headers["ETag"]) == (200, (await anna.get(f"/tickets/{number}")).headers["ETag"])


async def test_taking_a_ticket_a_colleague_has_is_a_conflict(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    taken = await api.client(desk.anna).post(f"/tickets/{number}/take")
    assert (taken.status, taken.json["assignee"], taken.json["status"]) == (200, {"id": desk.anna.id, "name": "Anna Berg"}, "open")
    assert (await api.client(desk.anna).post(f"/tickets/{number}/take")).status == 200
    assert (await api.client(desk.boris).post(f"/tickets/{number}/take")).status == 409


async def test_moving_a_ticket_out_of_ones_own_sight_succeeds_without_showing_it(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    queue = await desk.private_queue("People", [desk.boris])
    anna = api.client(desk.anna)
    moved = await anna.patch(f"/tickets/{number}", {"queue_id": queue.id})
    assert (moved.status, moved.content) == (204, b"")
    assert (await anna.get(f"/tickets/{number}")).status == 404
    assert (await api.client(desk.boris).get(f"/tickets/{number}")).json["queue"]["slug"] == "people"


async def test_a_merged_ticket_leads_to_its_target(desk: Desk, api: Served) -> None:
    target, number = await desk.ticket(subject="Target"), await desk.ticket(subject="Merged")
    await Ticket.filter(id=number).update(merged_into_id=target, merged_at=desk.rt.clock.now())
    for viewer in (desk.anna, desk.eva):
        client = api.client(viewer)
        read = await client.get(f"/tickets/{number}")
        assert (read.json["id"], read.headers["ETag"]) == (target, f'"{target}-1"')
        assert [item["id"] for item in (await client.get("/tickets")).json["items"]] == [target]
        assert {item["ticket_id"] for item in (await client.get(f"/tickets/{number}/comments")).json["items"]} == {target, number}
        assert {item["ticket_id"] for item in (await client.get(f"/tickets/{number}/events")).json["items"]} == {target, number}
    assert (await api.client(desk.anna).patch(f"/tickets/{number}", {"priority": "low"})).json["id"] == target
    assert (await Event.filter(ticket_id=number).count(), (await Ticket.get(id=number)).version) == (1, 1)


async def test_a_long_ticket_shows_its_newest_comments_and_pages_through_all(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    said = {"ticket_id": number, "author_id": desk.eva.id, "via": Via.API, "created_at": desk.rt.clock.now()}
    await Comment.bulk_create([Comment(public=position % 3 > 0, automatic=False, body=f"c{position}", **said) for position in range(120)])
    eva = api.client(desk.eva)
    read = (await eva.get(f"/tickets/{number}")).json
    assert (read["comment_count"], len(read["comments"])) == (81, 81)
    staff = (await api.client(desk.anna).get(f"/tickets/{number}")).json
    assert (staff["comment_count"], len(staff["comments"]), staff["comments"][-1]["body"]) == (121, 100, "c119")
    seen, cursor = [], ""
    while cursor is not None:
        page = (await eva.get(f"/tickets/{number}/comments?limit=30{cursor and f'&cursor={cursor}'}")).json
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [comment["id"] for comment in read["comments"]]


async def test_a_ticket_sleeps_and_wakes_by_a_change(desk: Desk, api: Served) -> None:
    number, awake = await desk.ticket(), await desk.ticket()
    anna, until = api.client(desk.anna), (desk.rt.clock.now() + timedelta(days=1)).isoformat()
    slept = await anna.patch(f"/tickets/{number}", {"status": "pending", "snoozed_until": until})
    assert (slept.status, slept.json["status"], slept.json["snoozed_until"] is not None) == (200, "pending", True)
    assert [item["id"] for item in (await anna.get("/tickets?snoozed=true")).json["items"]] == [number]
    assert [item["id"] for item in (await anna.get("/tickets?snoozed=false")).json["items"]] == [awake]
    assert (await anna.patch(f"/tickets/{number}", {"snoozed_until": None})).json["snoozed_until"] is None
    past = await anna.patch(f"/tickets/{number}", {"snoozed_until": "2020-01-01T00:00:00Z"})
    assert (past.status, past.json["errors"][0]["field"]) == (422, "body.snoozed_until")


async def test_a_new_ticket_follows_up_one_that_is_closed_for_good(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    await api.client(desk.anna).patch(f"/tickets/{number}", {"status": "closed"})
    desk.rt.clock.advance(timedelta(days=15))
    eva = api.client(desk.eva)
    refused = await eva.post(f"/tickets/{number}/comments", {"body": "Again!"})
    assert (refused.status, "follows it up" in refused.json["detail"]) == (409, True)
    opened = (await eva.post("/tickets", {"subject": "Again", "body": "It burns again.", "follow_up_of": number})).json
    assert (await api.client(desk.anna).get(f"/tickets/{opened['id']}")).json["links"] == [
        {"relation": "follow_up", "ticket_id": number, "subject": "Printer on fire", "status": "closed"}
    ]
    other = await desk.ticket(desk.boris)
    for unseen in (other, 4711):
        assert (await eva.post("/tickets", {"subject": "x", "body": "y", "follow_up_of": unseen})).status == 404
