"""Profiles, people, tags and queues."""

from __future__ import annotations

import asyncio

from core.models.integrations import Setting
from core.models.people import Role, User
from core.models.tickets import Ticket
from tests.api.desk_client import Served
from tests.support.desk import Desk


async def test_people_change_their_own_profile_and_nothing_above_it(desk: Desk, api: Served) -> None:
    eva = api.client(desk.eva)
    before = await eva.get("/profile")
    changed = await eva.patch(
        "/profile", {"name": "Eva  Maria", "language": "de-AT", "time_zone": "Europe/Vienna"}, headers={"If-Match": before.headers["ETag"]}
    )
    assert {name: changed.json[name] for name in ("name", "language", "time_zone", "role")} == {
        "name": "Eva Maria", "language": "de-AT", "time_zone": "Europe/Vienna", "role": "user",
    }  # fmt: skip
    assert (await eva.patch("/profile", {"name": "Late"}, headers={"If-Match": before.headers["ETag"]})).status == 412
    for wrong in (
        {"role": "admin"},
        {"active": True},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"language": "!"},
        {"name": None},
    ):
        assert (await eva.patch("/profile", wrong)).status == 422, wrong


async def test_admins_add_and_change_people(desk: Desk, api: Served) -> None:
    admin = api.client(desk.admin)
    added = await admin.post("/users", {"email": "Carl@Example.org", "name": "Carl", "role": "staff"})
    assert (added.status, added.json["email"], added.json["role"]) == (201, "carl@example.org", "staff")
    assert (await admin.get(added.headers["Location"])).json == added.json
    assert (await admin.post("/users", {"email": "carl@example.org"})).status == 409
    assert (await admin.post("/users", {"email": "a b@c"})).status == 422
    changed = await admin.patch(added.headers["Location"], {"role": "user", "name": "Carlo"}, headers={"If-Match": added.headers["ETag"]})
    assert (changed.json["role"], changed.json["name"], changed.json["active"]) == ("user", "Carlo", True)
    assert (await admin.patch(added.headers["Location"], {"name": "x"}, headers={"If-Match": added.headers["ETag"]})).status == 412
    assert (await admin.patch("/users/4711", {"name": "x"})).status == 404
    assert (await admin.get("/users/4711")).status == 404


async def test_who_is_switched_off_gives_the_tickets_back_and_the_last_admin_stays(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    assert (await api.client(desk.anna).post(f"/tickets/{number}/take")).status == 200
    admin = api.client(desk.admin)
    assert (await admin.patch(f"/users/{desk.anna.id}", {"active": False})).json["active"] is False
    assert (await Ticket.get(id=number)).assignee_id is None
    assert (await admin.patch(f"/users/{desk.admin.id}", {"role": "staff"})).status == 409
    assert (await User.get(id=desk.admin.id)).role == Role.ADMIN


async def test_staff_finds_people_by_name_address_role_and_page_by_page(desk: Desk, api: Served) -> None:
    anna = api.client(desk.anna)

    async def found(query: str) -> list[str]:
        return [item["name"] for item in (await anna.get(f"/users?{query}")).json["items"]]

    assert await found("") == ["Ada Admin", "Anna Berg", "Boris Lund", "Eva Meyer"]
    assert await found("q=ERG") == ["Anna Berg"]
    assert await found("q=customer.test") == ["Eva Meyer"]
    assert await found("q=%25") == await found("q=_") == []
    assert await found("role=staff&active=true") == ["Anna Berg", "Boris Lund"]
    assert await found("active=false") == []
    first = (await anna.get("/users?limit=3&total=true")).json
    assert (first["total"], len(first["items"])) == (4, 3)
    assert await found(f"limit=3&cursor={first['next_cursor']}") == ["Eva Meyer"]


async def test_tags_are_written_by_admins_and_read_by_staff(desk: Desk, api: Served) -> None:
    admin, anna = api.client(desk.admin), api.client(desk.anna)
    made = await admin.post("/tags", {"name": "VPN", "color": "#00ff00"})
    assert (made.status, made.json["name"], made.json["description"]) == (201, "vpn", "")
    assert (await admin.post("/tags", {"name": "vpn"})).status == 409
    assert (await admin.post("/tags", {"name": "<b>"})).status == 422
    changed = await admin.patch(
        made.headers["Location"], {"description": "Tunnels", "color": None}, headers={"If-Match": made.headers["ETag"]}
    )
    assert (changed.json["name"], changed.json["description"], changed.json["color"]) == ("vpn", "Tunnels", None)
    assert (await admin.patch(made.headers["Location"], {"name": "x"}, headers={"If-Match": made.headers["ETag"]})).status == 412
    for name in ("mac", "vpn-old"):
        assert (await admin.post("/tags", {"name": name})).status == 201
    assert [tag["name"] for tag in (await anna.get("/tags?q=VP")).json["items"]] == ["vpn", "vpn-old"]
    page = (await anna.get("/tags?limit=2")).json
    assert [tag["name"] for tag in page["items"] + (await anna.get(f"/tags?cursor={page['next_cursor']}")).json["items"]] == [
        "mac",
        "vpn",
        "vpn-old",
    ]
    assert (await anna.get(made.headers["Location"])).json == changed.json
    assert (await admin.delete(made.headers["Location"], headers={"If-Match": made.headers["ETag"]})).status == 412
    assert (await admin.delete(made.headers["Location"])).status == 204
    assert (await admin.delete(made.headers["Location"])).status == 404


async def test_queues_are_listed_for_those_who_may_work_in_them(desk: Desk, api: Served) -> None:
    await desk.private_queue("People", [desk.anna])
    listed = {user.id: (await api.client(user).get("/queues")).json["items"] for user in (desk.anna, desk.boris, desk.admin)}
    assert [(queue["slug"], queue["private"], queue["member"]) for queue in listed[desk.anna.id]] == [
        ("people", True, True),
        ("support", False, False),
    ]
    assert [queue["slug"] for queue in listed[desk.boris.id]] == [queue["slug"] for queue in listed[desk.admin.id]] == ["support"]


async def test_tags_are_written_by_staff_where_the_desk_chose_so(desk: Desk, api: Served) -> None:
    vpn = (await api.client(desk.admin).post("/tags", {"name": "vpn"})).headers["Location"]
    for chosen in (False, True):
        await Setting.update_or_create({"value": chosen, "updated_at": desk.rt.clock.now()}, name="staff_write_tags")
        for viewer, allowed in ((None, False), (desk.eva, False), (desk.anna, chosen), (desk.admin, True)):
            client = api.client(viewer)
            asked = [
                await client.post("/tags", {"name": f"{chosen} {viewer.id if viewer else 0}"}),
                await client.patch(vpn, {"description": "Tunnels"}),
                await client.patch("/tags/4711", {"description": "Tunnels"}),
                await client.delete("/tags/4711"),
            ]
            refused = 403 if viewer else 401
            assert [answer.status for answer in asked] == ([201, 200, 404, 404] if allowed else [refused] * 4), (chosen, viewer)


async def test_of_two_who_make_the_same_tag_at_once_one_hears_that_it_is_there(desk: Desk, api: Served) -> None:
    admin = api.client(desk.admin)
    made = await asyncio.gather(*(admin.post("/tags", {"name": "vpn"}) for _ in range(3)))
    assert sorted(answer.status for answer in made) == [201, 409, 409]
    other = (await admin.post("/tags", {"name": "mac"})).headers["Location"]
    assert (await admin.patch(other, {"name": "vpn"})).status == 409
    assert (await admin.get(other)).json["name"] == "mac"
