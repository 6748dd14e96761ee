"""Accounts through the API: who may invite, add addresses and merge, and what a profile takes."""

from __future__ import annotations

from core.models.people import User, UserAddress
from tests.api.desk_client import Served
from tests.support.desk import Desk


async def test_admins_invite_and_withdraw(desk: Desk, api: Served) -> None:
    admin = api.client(desk.admin)
    invited = await admin.post("/invitations", {"email": "nora@example.org", "role": "staff"})
    assert (invited.status, invited.json["role"]) == (201, "staff")
    assert (await admin.delete(f"/users/{invited.json['id']}/invitation")).status == 204
    assert (await admin.delete(f"/users/{invited.json['id']}/invitation")).status == 404
    assert (await admin.post("/invitations", {"email": "anna@example.org"})).status == 409
    assert (await api.client(None).post("/auth/invitation", {"token": "nonsense", "password": "a long enough one"})).status == 404


async def test_addresses_are_ones_own_to_keep_and_an_admins_to_give(desk: Desk, api: Served) -> None:
    admin, eva = api.client(desk.admin), api.client(desk.eva)
    given = await admin.post(f"/users/{desk.eva.id}/addresses", {"email": "eva@home.test"})
    assert [(one["email"], one["primary"]) for one in given.json["items"]] == [("eva@customer.test", True), ("eva@home.test", False)]
    assert (await eva.put("/profile/addresses/eva@home.test")).json["items"][0]["email"] == "eva@home.test"
    assert (await eva.delete("/profile/addresses/eva@home.test")).status == 409
    assert (await eva.delete("/profile/addresses/eva@customer.test")).status == 204
    proposed = await eva.post("/profile/addresses", {"email": "anna@example.org"})  # whose it is, nobody tells
    assert (proposed.status, [one["email"] for one in proposed.json["items"]]) == (202, ["eva@home.test"])
    assert (await UserAddress.get(email="anna@example.org")).user_id == desk.anna.id


async def test_two_people_are_made_one(desk: Desk, api: Served) -> None:
    otto = await desk.person("otto@home.test")
    assert (await api.client(desk.admin).post(f"/users/{otto.id}/merge", {"into": desk.eva.id})).json["id"] == desk.eva.id
    assert (await User.get(id=otto.id)).active is False


async def test_quiet_hours_and_language_can_be_set_and_unset(desk: Desk, api: Served) -> None:
    anna = api.client(desk.anna)
    told = {"language": "de", "quiet_from": "22:00", "quiet_until": "07:00"}
    assert {name: (await anna.patch("/profile", told)).json[name] for name in told} == told
    assert (await anna.patch("/profile", {"quiet_from": None})).status == 422
    assert (await anna.patch("/profile", {"quiet_from": "25:00"})).status == 422
    cleared = (await anna.patch("/profile", {"quiet_from": None, "quiet_until": None, "language": None})).json
    assert [cleared[name] for name in told] == [None, None, None]
