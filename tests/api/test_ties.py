"""Merging, splitting, linking and joining through the API: who may, what is answered, what is refused."""

from __future__ import annotations

import itertools

from aiohttp import FormData

from core.models.people import User
from core.models.tickets import Attachment, Comment, Ticket
from core.models.ties import JoinRequest, TicketLink
from tests.api.desk_client import Served
from tests.support.desk import Desk


async def test_a_merge_asks_before_it_joins_two_people(desk: Desk, api: Served) -> None:
    otto = await desk.person("otto@customer.test")
    source, target = await desk.ticket(otto, body="Otto's."), await desk.ticket(body="Eva's.")
    anna = api.client(desk.anna)
    asked = await anna.post(f"/tickets/{source}/merge", {"into": target})
    assert (asked.status, asked.json["title"]) == (409, "Are you sure?")
    merged = (await anna.post(f"/tickets/{source}/merge", {"into": target, "confirm": True})).json
    assert (merged["id"], merged["merged_tickets"], merged["comment_count"]) == (target, [source], 2)
    own = (await api.client(otto).get(f"/tickets/{source}")).json
    assert (own["id"], own["standing"], own["merged_tickets"], own["comment_count"]) == (source, "requester", [], 1)
    assert (await api.client(desk.eva).get(f"/tickets/{target}")).json["merged_tickets"] == []
    undone = (await anna.post(f"/tickets/{source}/unmerge")).json
    assert (undone["id"], undone["comment_count"]) == (source, 1)


async def test_a_merged_ticket_stays_in_the_list_of_who_sees_only_his_part(desk: Desk, api: Served) -> None:
    otto = await desk.person("otto@customer.test")
    source, target = await desk.ticket(otto), await desk.ticket()
    await api.client(desk.anna).post(f"/tickets/{source}/merge", {"into": target, "confirm": True})
    shown = {}
    for viewer in (desk.anna, desk.eva, otto):
        shown[viewer.id] = [item["id"] for item in (await api.client(viewer).get("/tickets?total=true")).json["items"]]
    assert shown == {desk.anna.id: [target], desk.eva.id: [target], otto.id: [source]}


async def test_comments_events_and_files_of_the_other_part_are_not_found(desk: Desk, api: Served) -> None:
    otto = await desk.person("otto@customer.test")
    source, target = await desk.ticket(otto), await desk.ticket()
    form = FormData()
    form.add_field("file", b"secret", filename="plan.txt")
    file = (await api.client(desk.eva).post("/attachments", data=form)).json["id"]
    said = (await api.client(desk.eva).post(f"/tickets/{target}/comments", {"body": "See.", "attachments": [file]})).json["id"]
    await api.client(desk.anna).post(f"/tickets/{source}/merge", {"into": target, "confirm": True})
    others = (await Comment.filter(ticket_id=source).get()).id
    assert (await api.client(desk.eva).get(f"/comments/{others}")).status == 404
    assert (await api.client(desk.eva).post(f"/tickets/{source}/comments", {"body": "Hello?"})).status == 404
    await Attachment.filter(id=file).update(ticket_id=source, comment_id=others)
    assert (await api.client(desk.eva).get(f"/attachments/{file}")).status == 404
    await Attachment.filter(id=file).update(ticket_id=target, comment_id=said)
    client = api.client(otto)
    assert (await client.get(f"/comments/{said}")).status == 404
    assert (await client.get(f"/attachments/{file}")).status == 404
    assert {item["ticket_id"] for item in (await client.get(f"/tickets/{source}/comments")).json["items"]} == {source}
    assert {item["ticket_id"] for item in (await client.get(f"/tickets/{source}/events")).json["items"]} == {source}
    staff = api.client(desk.anna)
    assert (await staff.get(f"/comments/{said}")).status == 200
    assert (await staff.get(f"/attachments/{file}")).status == 200


async def test_something_said_goes_on_in_a_ticket_of_its_own(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    form = FormData()
    form.add_field("file", b"x", filename="photo.png")
    eva = api.client(desk.eva)
    file = (await eva.post("/attachments", data=form)).json["id"]
    said = (await eva.post(f"/tickets/{number}/comments", {"body": "Also, my chair squeaks.", "attachments": [file]})).json["id"]
    split = (await api.client(desk.anna).post(f"/comments/{said}/split", {"subject": "Squeaking chair"})).json
    assert (split["subject"], split["requester"]["id"], split["via"]) == ("Squeaking chair", desk.eva.id, "api")
    opening = split["comments"][0]
    assert (opening["body"], opening["author"]["id"], opening["attachments"][0]["filename"]) == (
        "Also, my chair squeaks.", desk.eva.id, "photo.png",
    )  # fmt: skip
    assert split["links"] == [{"relation": "related", "ticket_id": number, "subject": "Printer on fire", "status": "new"}]
    assert (await eva.get(f"/tickets/{split['id']}")).json["links"] == []
    assert await Comment.exists(id=said, ticket_id=number)


async def test_what_staff_said_is_split_for_the_requester_and_notes_not_at_all(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    answer, note = (
        await desk.says(desk.anna, number, "I will order a chair."),
        await desk.says(desk.anna, number, "Cheap one.", public=False),
    )
    anna = api.client(desk.anna)
    split = (await anna.post(f"/comments/{answer}/split", {})).json
    assert (split["subject"], split["requester"]["id"]) == ("I will order a chair.", desk.eva.id)
    assert (await anna.post(f"/comments/{note}/split", {})).status == 422
    assert (await api.client(desk.eva).post(f"/comments/{answer}/split", {})).status == 403
    hidden = await desk.ticket(queue=await desk.private_queue("People", [desk.boris]))
    secret = await desk.says(desk.boris, hidden, "Secret.")
    assert (await anna.post(f"/comments/{secret}/split", {})).json["detail"] == (await anna.post("/comments/4711/split", {})).json["detail"]


async def test_links_are_read_from_both_sides(desk: Desk, api: Served) -> None:
    first, second = await desk.ticket(subject="First"), await desk.ticket(subject="Second")
    anna = api.client(desk.anna)
    for relation, other in (("parent", "child"), ("duplicate", "original"), ("follow_up", "followed_up"), ("related", "related")):
        linked = (await anna.post(f"/tickets/{first}/links", {"relation": relation, "ticket_id": second})).json["links"]
        assert linked == [{"relation": relation, "ticket_id": second, "subject": "Second", "status": "new"}]
        again = (await anna.post(f"/tickets/{second}/links", {"relation": other, "ticket_id": first})).json["links"]
        assert again == [{"relation": other, "ticket_id": first, "subject": "First", "status": "new"}]
        assert (await anna.delete(f"/tickets/{second}/links/{other}/{first}")).status == 204
        assert (await anna.delete(f"/tickets/{second}/links/{other}/{first}")).status == 404
    assert await TicketLink.all().count() == 0


async def test_links_make_no_circle(desk: Desk, api: Served) -> None:
    ring = [await desk.ticket() for _ in range(3)]
    anna = api.client(desk.anna)
    for relation in ("parent", "duplicate", "follow_up"):
        for first, second in itertools.pairwise(ring):
            assert (await anna.post(f"/tickets/{first}/links", {"relation": relation, "ticket_id": second})).status == 200
        assert (await anna.post(f"/tickets/{ring[-1]}/links", {"relation": relation, "ticket_id": ring[0]})).status == 422
    assert (await anna.post(f"/tickets/{ring[0]}/links", {"relation": "related", "ticket_id": ring[0]})).status == 422


async def test_a_link_tells_nothing_of_a_ticket_one_may_not_see(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    hidden = await desk.ticket(queue=await desk.private_queue("People", [desk.boris]))
    assert (await api.client(desk.boris).post(f"/tickets/{number}/links", {"relation": "related", "ticket_id": hidden})).status == 200
    anna = api.client(desk.anna)
    assert (await anna.get(f"/tickets/{number}")).json["links"] == []
    assert (await anna.post(f"/tickets/{number}/links", {"relation": "related", "ticket_id": hidden})).status == 404
    assert (await anna.delete(f"/tickets/{number}/links/related/{hidden}")).status == 404


async def wish(desk: Desk, otto: User, number: int) -> tuple[int, int]:
    """Otto wrote to a ticket he is no part of; his wish and his own ticket."""
    own = await desk.ticket(otto, body="Me too.")
    request = await JoinRequest.create(ticket_id=number, own_ticket_id=own, user=otto, state="open", created_at=desk.rt.clock.now())
    return int(request.id), own


async def test_who_is_let_in_reads_and_is_read(desk: Desk, api: Served) -> None:
    otto, number = await desk.person("otto@customer.test", name="Otto Gast"), await desk.ticket(body="Fire.")
    request, own = await wish(desk, otto, number)
    anna = api.client(desk.anna)
    [waiting] = (await anna.get(f"/tickets/{number}/join-requests")).json["items"]
    assert (waiting["id"], waiting["state"], waiting["user"]["name"], waiting["own_ticket_id"]) == (request, "open", "Otto Gast", own)
    let_in = (await anna.post(f"/join-requests/{request}/accept")).json
    assert (let_in["id"], [p["id"] for p in let_in["participants"]], let_in["merged_tickets"]) == (number, [otto.id], [own])
    assert [c["body"] for c in (await api.client(otto).get(f"/tickets/{own}")).json["comments"]] == ["Fire.", "Me too."]
    assert (await anna.post(f"/join-requests/{request}/decline")).status == 409


async def test_who_is_not_let_in_keeps_his_own_ticket(desk: Desk, api: Served) -> None:
    otto, number = await desk.person("otto@customer.test"), await desk.ticket()
    request, own = await wish(desk, otto, number)
    assert (await api.client(desk.anna).post(f"/join-requests/{request}/decline")).status == 200
    assert (await api.client(otto).get(f"/tickets/{number}")).status == 404
    assert (await Ticket.get(id=own)).merged_into_id is None
    assert (await api.client(desk.anna).get(f"/tickets/{number}/join-requests")).json["items"][0]["state"] == "declined"


async def test_only_who_works_on_a_ticket_decides_who_joins(desk: Desk, api: Served) -> None:
    otto = await desk.person("otto@customer.test")
    hidden = await desk.ticket(queue=await desk.private_queue("People", [desk.boris]))
    request, _ = await wish(desk, otto, hidden)
    for user, status in ((desk.anna, 404), (desk.admin, 404), (desk.eva, 403), (otto, 403)):
        client = api.client(user)
        assert (await client.post(f"/join-requests/{request}/accept")).status == status
        assert (await client.get(f"/tickets/{hidden}/join-requests")).status == status
