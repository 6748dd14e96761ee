"""Who somebody in Slack is on the desk, and for how long that is believed. What each may do is told in test_commands."""

from __future__ import annotations

from datetime import timedelta

from core.models.people import User
from core.models.slack import SlackPerson
from core.models.tickets import Ticket
from tests.slack.office import Office


async def test_an_account_whose_address_we_may_not_see_is_not_taken_for_a_stranger(office: Office) -> None:
    office.slack.ws.scopes.discard("users:read.email")
    answer = await office.slack.slash(office.eva, "/ticket new Lamp")
    assert "lacks the scope users:read.email" in answer.text
    assert not await SlackPerson.exists()


async def test_an_account_is_looked_at_again_after_a_while(office: Office) -> None:
    await office.slack.slash(office.eva, "/ticket list")
    await office.slack.slash(office.eva, "/ticket list")
    assert len(office.slack.calls("users.info")) == 1
    office.desk.rt.clock.advance(timedelta(minutes=16))
    await office.slack.slash(office.eva, "/ticket list")
    assert len(office.slack.calls("users.info")) == 2


async def test_somebody_new_becomes_a_user_by_his_verified_address(office: Office) -> None:
    nora = office.slack.ws.add_user("nora", "Nora Falk", "Nora@Customer.Test")
    await office.slack.says(nora, office.slack.ws.direct(nora), "Hello")
    user = await User.get(email="nora@customer.test")
    assert (user.name, (await Ticket.get()).requester_id) == ("Nora Falk", user.id)
