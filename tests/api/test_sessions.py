"""Logging in and out over HTTP."""

from __future__ import annotations

from datetime import timedelta

from core.models.people import Session, User
from tests.api.desk_client import Served
from tests.support.desk import PASSWORD, Desk


async def test_a_login_opens_the_api_until_it_ends(desk: Desk, api: Served) -> None:
    nobody = api.client(None)
    login = await nobody.post("/auth/login", {"email": " Anna@Example.org", "password": PASSWORD})
    assert login.json["user"] == {"id": desk.anna.id, "email": "anna@example.org", "name": "Anna Berg", "role": "staff"}
    bearer = {"Authorization": f"Bearer {login.json['access_token']}"}
    assert (await nobody.get("/profile", headers=bearer)).json["email"] == "anna@example.org"
    desk.rt.clock.advance(timedelta(minutes=desk.rt.settings.access_token_minutes))
    assert (await nobody.get("/profile", headers=bearer)).status == 401
    fresh = await nobody.post("/auth/refresh", {"refresh_token": login.json["refresh_token"]})
    bearer = {"Authorization": f"Bearer {fresh.json['access_token']}"}
    assert (await nobody.get("/profile", headers=bearer)).status == 200
    assert (await nobody.post("/auth/logout", {"refresh_token": fresh.json["refresh_token"]})).status == 204
    assert (await nobody.post("/auth/logout", {"refresh_token": "unknown"})).status == 204
    assert (await nobody.post("/auth/refresh", {"refresh_token": fresh.json["refresh_token"]})).status == 401


async def test_a_refresh_token_used_twice_ends_the_login_for_both(desk: Desk, api: Served) -> None:
    nobody = api.client(None)
    first = (await nobody.post("/auth/login", {"email": "anna@example.org", "password": PASSWORD})).json["refresh_token"]
    other = (await nobody.post("/auth/login", {"email": "anna@example.org", "password": PASSWORD})).json["refresh_token"]
    second = (await nobody.post("/auth/refresh", {"refresh_token": first})).json["refresh_token"]
    assert (await nobody.post("/auth/refresh", {"refresh_token": first})).status == 401
    assert (await nobody.post("/auth/refresh", {"refresh_token": second})).status == 401
    assert (await nobody.post("/auth/refresh", {"refresh_token": other})).status == 200
    assert not await Session.filter(token_hash__in=[first, second, other]).exists()


async def test_guessing_is_slowed_whether_the_account_exists_or_not(desk: Desk, api: Served) -> None:
    nobody = api.client(None)
    answers = {}
    for email in ("anna@example.org", "unknown@example.org"):
        for _ in range(10):
            answers[email] = await nobody.post("/auth/login", {"email": email, "password": "wrong password"})
        assert answers[email].status == 401
        slowed = await nobody.post("/auth/login", {"email": email, "password": PASSWORD})
        assert (slowed.status, slowed.headers["Retry-After"]) == (429, "900")
    for _ in range(11):
        assert (await nobody.post("/auth/login", {"email": "eva@customer.test", "password": PASSWORD})).status == 200, (
            "who logs in is not guessing"
        )
    details = {answer.json["detail"] for answer in answers.values()}
    assert details == {"The address or the password is wrong."}
    assert (await nobody.post("/auth/login", {"email": "boris@example.org", "password": PASSWORD})).status == 200


async def test_who_is_switched_off_cannot_log_in_or_refresh(desk: Desk, api: Served) -> None:
    nobody = api.client(None)
    token = (await nobody.post("/auth/login", {"email": "anna@example.org", "password": PASSWORD})).json["refresh_token"]
    await User.filter(id=desk.anna.id).update(active=False)
    assert (await nobody.post("/auth/login", {"email": "anna@example.org", "password": PASSWORD})).status == 401
    assert (await nobody.post("/auth/refresh", {"refresh_token": token})).status == 401


async def test_a_new_password_needs_the_old_one_and_ends_every_session(desk: Desk, api: Served) -> None:
    anna, nobody = api.client(desk.anna), api.client(None)
    token = (await nobody.post("/auth/login", {"email": "anna@example.org", "password": PASSWORD})).json["refresh_token"]
    new = "a quite different one"
    for wrong in ({}, {"current_password": "not the old one"}):
        refused = await anna.patch("/profile", {"password": new, **wrong})
        assert (refused.status, refused.json["errors"][0]["field"]) == (422, "body.current_password")
    assert (await anna.patch("/profile", {"password": "short", "current_password": PASSWORD})).status == 422
    assert (await anna.patch("/profile", {"password": new, "current_password": PASSWORD})).status == 200
    assert (await nobody.post("/auth/refresh", {"refresh_token": token})).status == 401
    assert (await nobody.post("/auth/login", {"email": "anna@example.org", "password": PASSWORD})).status == 401
    assert (await nobody.post("/auth/login", {"email": "anna@example.org", "password": new})).status == 200


async def test_a_stolen_access_token_does_not_help_to_guess_the_password(desk: Desk, api: Served) -> None:
    boris = api.client(desk.boris)
    guesses = [await boris.patch("/profile", {"password": "a quite different one", "current_password": "guess"}) for _ in range(11)]
    assert [guess.status for guess in guesses] == [422] * 10 + [429]
    slowed = await boris.patch("/profile", {"password": "a quite different one", "current_password": PASSWORD})
    assert slowed.status == 429
