"""Changing and taking back what one said, through the API: who may, who reads what it said before, and what a reader sees then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.models.ties import TicketParticipant
from core.settings import Settings
from tests.api.desk_client import Served
from tests.support.desk import Desk


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """There is time to think."""
    return settings.model_copy(update={"undo_seconds": 10})


async def test_an_answer_is_changed_by_its_writer_until_it_leaves(desk: Desk, api: Served) -> None:
    said, anna = await desk.says(desk.anna, await desk.ticket(), "Use petrol."), api.client(desk.anna)
    for user, status in ((desk.eva, 403), (desk.boris, 403), (desk.admin, 403), (await desk.person("otto@other.test"), 404), (None, 401)):
        assert (await api.client(user).patch(f"/comments/{said}", {"body": "Use sand."})).status == status
        assert (await api.client(user).delete(f"/comments/{said}")).status == status
    changed = await anna.patch(f"/comments/{said}", {"body": "Use water."})
    assert (changed.status, changed.json["body"], changed.json["edited_at"] is None) == (200, "Use water.", False)
    desk.rt.clock.advance(timedelta(seconds=11))
    for late in (await anna.patch(f"/comments/{said}", {"body": "Use sand."}), await anna.delete(f"/comments/{said}")):
        assert (late.status, late.json["detail"]) == (409, "This has left already: write a correction.")


@pytest.mark.parametrize(
    "body", [{}, {"body": " \n"}, {"body": None}, {"body": "x", "public": True}, {"body": "\0"}, {"body": "x" * 200_001}]
)
async def test_what_is_no_text_is_refused(desk: Desk, api: Served, body: dict[str, object]) -> None:
    note = await desk.says(desk.anna, await desk.ticket(), "A note.", public=False)
    assert (await api.client(desk.anna).patch(f"/comments/{note}", body)).status == 422


async def test_what_was_said_before_is_read_by_those_who_work_on_the_ticket_and_by_its_writer(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    ina, otto = await desk.person("ina@customer.test"), await desk.person("otto@other.test")
    await TicketParticipant.create(ticket_id=number, user=ina, added_at=desk.rt.clock.now())
    said = await desk.says(desk.eva, number, "It burms.")
    note = await desk.says(desk.anna, number, "He is a nuisance.", public=False)
    await api.client(desk.eva).patch(f"/comments/{said}", {"body": "It burns."})
    await api.client(desk.anna).patch(f"/comments/{note}", {"body": "He is a customer."})
    for comment, seen, before in (
        (said, {desk.eva, desk.anna, desk.admin}, "It burms."),
        (note, {desk.anna, desk.admin}, "He is a nuisance."),
    ):
        for user in (desk.eva, ina, otto, desk.anna, desk.admin):
            answer = await api.client(user).get(f"/comments/{comment}/revisions")
            assert answer.status == (200 if user in seen else 404), (comment, user.email)
            assert user not in seen or [revision["body"] for revision in answer.json["items"]] == [before]


async def test_what_was_taken_back_is_gone_for_readers_and_kept_for_its_writer_and_staff(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    said = await desk.says(desk.eva, number, "My password is 1234.")
    assert (await api.client(desk.eva).delete(f"/comments/{said}")).status == 204
    for user in (desk.eva, desk.anna, desk.admin):
        client = api.client(user)
        assert (await client.get(f"/comments/{said}")).status == (await client.delete(f"/comments/{said}")).status == 404
        read = [await client.get(path) for path in (f"/tickets/{number}", f"/tickets/{number}/comments", f"/tickets/{number}/events")]
        assert not [answer for answer in read if b"1234" in answer.content]
        assert "took back an answer" in read[2].json["items"][-1]["text"]
        assert [one["body"] for one in (await client.get(f"/comments/{said}/revisions")).json["items"]] == ["My password is 1234."]


async def test_who_has_the_ticket_in_his_cache_hears_of_new_words(desk: Desk, api: Served) -> None:
    number, anna = await desk.ticket(), api.client(desk.anna)
    note = await desk.says(desk.anna, number, "A note.", public=False)
    known = {"If-None-Match": (await anna.get(f"/tickets/{number}")).headers["ETag"]}
    assert (await anna.get(f"/tickets/{number}", headers=known)).status == 304
    await anna.patch(f"/comments/{note}", {"body": "Another."})
    assert (await anna.get(f"/tickets/{number}", headers=known)).json["comments"][-1]["body"] == "Another."


async def test_of_a_note_that_was_changed_requesters_hear_nothing(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    note = await desk.says(desk.anna, number, "A note.", public=False)
    await api.client(desk.anna).patch(f"/comments/{note}", {"body": "Another."})
    await api.client(desk.anna).delete(f"/comments/{note}")
    kinds = {
        user.id: [event["kind"] for event in (await api.client(user).get(f"/tickets/{number}/events")).json["items"]]
        for user in (desk.eva, desk.boris)
    }
    assert kinds == {
        desk.eva.id: ["ticket.opened"],
        desk.boris.id: ["ticket.opened", "comment.added", "comment.edited", "comment.retracted"],
    }
