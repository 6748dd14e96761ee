"""`Idempotency-Key`: what is sent again is done once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from core.models.tickets import Comment, Ticket
from core.runtime import SYSTEM
from tests.api.desk_client import Served
from tests.support.desk import Desk

TICKET = {"subject": "Once", "body": "Only once."}
KEY = {"Idempotency-Key": "a-key"}


async def test_the_same_request_gets_the_same_answer_and_happens_once(desk: Desk, api: Served) -> None:
    eva = api.client(desk.eva)
    first, again = await eva.post("/tickets", TICKET, headers=KEY), await eva.post("/tickets", TICKET, headers=KEY)
    assert (again.status, again.content) == (first.status, first.content) == (201, first.content)
    assert [again.headers[name] for name in ("Location", "ETag", "Content-Type")] == [
        first.headers[name] for name in ("Location", "ETag", "Content-Type")
    ]
    assert await Ticket.all().count() == 1
    path = first.headers["Location"] + "/comments"
    said = [await eva.post(path, {"body": "More."}, headers={"Idempotency-Key": "k2"}) for _ in range(2)]
    assert said[0].json == said[1].json
    assert await Comment.all().count() == 2


async def test_a_key_means_one_request_of_one_person_for_a_day(desk: Desk, api: Served) -> None:
    eva = api.client(desk.eva)
    first = await eva.post("/tickets", TICKET, headers=KEY)
    assert (await eva.post("/tickets", {**TICKET, "body": "Another."}, headers=KEY)).status == 422
    assert (await eva.post(first.headers["Location"] + "/comments", TICKET | {"body": "x"}, headers=KEY)).status == 422
    assert (await api.client(desk.anna).post("/tickets", TICKET, headers=KEY)).json["id"] != first.json["id"]
    desk.rt.clock.advance(timedelta(hours=24))
    later = await Served(api.rt, api.app, api.http, api.contract).client(desk.eva).post("/tickets", TICKET, headers=KEY)
    assert (later.status, later.json["id"] != first.json["id"]) == (201, True)
    for bad in ("", " ", "ä", "x" * 201, "a b"):
        assert (await api.client(desk.eva).post("/tickets", TICKET, headers={"Idempotency-Key": bad})).status == 422, bad


async def test_a_request_that_failed_may_be_sent_again_under_its_key(desk: Desk, api: Served) -> None:
    anna = api.client(desk.anna)
    wanted = {**TICKET, "tags": ["vpn"]}
    assert (await anna.post("/tickets", {**wanted, "requester_email": "new@customer.test"}, headers=KEY)).status == 422
    assert (await anna.post("/tickets", {**TICKET, "requester_email": "new@customer.test"}, headers=KEY)).status == 201


async def test_while_the_first_is_being_answered_the_second_is_told_to_wait(desk: Desk, api: Served) -> None:
    eva = api.client(desk.eva)
    async with desk.rt.transaction(SYSTEM) as tx:
        assert await tx.value("idempotency.claim", desk.eva.id, "a-key") is True
        assert (await eva.post("/tickets", TICKET, headers=KEY)).status == 409
        assert (await eva.post("/tickets", TICKET, headers={"Idempotency-Key": "another"})).status == 201
    assert (await eva.post("/tickets", TICKET, headers=KEY)).status == 201


async def test_many_at_once_make_one_ticket(desk: Desk, api: Served) -> None:
    eva = api.client(desk.eva)
    answers = await asyncio.gather(*(eva.post("/tickets", TICKET, headers=KEY) for _ in range(8)))
    assert {answer.status for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status == 201}) == 1
    assert await Ticket.all().count() == 1
