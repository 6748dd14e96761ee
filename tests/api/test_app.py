"""The API as a whole: what it says about itself, how it starts, and how it stops."""

from __future__ import annotations

import asyncio
from time import monotonic

import pytest
from aiohttp import ClientSession, FormData
from openapi_spec_validator import OpenAPIV31SpecValidator
from prometheus_client import REGISTRY

from api.app import open_api
from core import suppressions
from core.errors import ConfigurationError
from core.mail import inbound
from core.models.record import Event, Notification
from core.models.ties import JoinRequest
from core.one_time import link_token
from core.runtime import SYSTEM, Runtime
from tests.api.desk_client import Client, Served
from tests.support.databases import refuse_writes, take_writes
from tests.support.desk import PASSWORD, Desk
from tests.support.mail import execute


async def test_the_description_is_valid_openapi_31_with_examples(desk: Desk, api: Served) -> None:
    document = api.contract.document
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            for media in operation.get("requestBody", {}).get("content", {}).values():
                assert "example" in media or "multipart" in str(operation["requestBody"]), (method, path)


async def test_every_operation_answers_as_it_is_described(desk: Desk, api: Served) -> None:
    """The client compares each answer with the description; here each operation succeeds at least once."""
    await _everything(api, api.client(desk.admin), await desk.ticket())
    await _notifications(desk, api.client(desk.anna))
    await _ties(desk, api.client(desk.anna))
    await _people_on_tickets(desk, api.client(desk.anna))
    await _faqs(api.client(desk.admin))
    await _accounts(desk, api)
    await _canned_replies(desk, api.client(desk.admin))
    await _queues(desk, api.client(desk.admin))
    await _inbound_mail(desk, api.client(desk.admin))
    await _second_thoughts(api.client(desk.anna), await desk.ticket())
    described = {(method.upper(), path) for path, item in api.contract.document["paths"].items() for method in item}
    at_others = {("POST", f"/api/v1/mailboxes/{{mailbox_id}}/{verb}") for verb in ("test", "consent/answer")}  # test_mailbox_connections.py
    assert described - api.contract.used == {("GET", "/api/v1/files/{token}"), *at_others}


async def _everything(api: Served, admin: Client, number: int) -> None:
    login = (await api.client(None).post("/auth/login", {"email": "anna@example.org", "password": PASSWORD})).json
    session = (await api.client(None).post("/auth/refresh", {"refresh_token": login["refresh_token"]})).json
    await api.client(None).post("/auth/logout", {"refresh_token": session["refresh_token"]})
    form = FormData()
    form.add_field("file", b"x", filename="x")
    file = (await admin.post("/attachments", data=form)).json["id"]
    comment = (await admin.post(f"/tickets/{number}/comments", {"body": "x", "attachments": [file]})).json["id"]
    user = (await admin.post("/users", {"email": "new@example.org"})).json["id"]
    tag = (await admin.post("/tags", {"name": "new"})).json["id"]
    await admin.post("/tickets", {"subject": "x", "body": "y"})
    await admin.post(f"/tickets/{number}/take")
    for path in (
        "/profile", "/tickets?total=true", f"/tickets/{number}", f"/tickets/{number}/comments", f"/tickets/{number}/events",
        f"/comments/{comment}", f"/attachments/{file}", "/users", f"/users/{user}", "/tags", f"/tags/{tag}", "/queues",
        "/health/live", "/health/ready",
    ):  # fmt: skip
        assert (await admin.get(path)).status == 200, path
    for path in ("/profile", f"/users/{user}", f"/tags/{tag}"):
        assert (await admin.patch(path, {"name": "changed"})).status == 200, path
    assert (await admin.patch(f"/tickets/{number}", {})).status == 200
    assert (await admin.delete(f"/tags/{tag}")).status == 204


async def _notifications(desk: Desk, anna: Client) -> None:
    event = await Event.all().first()
    assert event is not None
    one = await Notification.create(user=desk.anna, event=event, ticket_id=event.ticket_id, reason="note", created_at=desk.rt.clock.now())
    for path in ("/notifications", "/notifications/unread", "/notifications/choices"):
        assert (await anna.get(path)).status == 200, path
    assert (await anna.post(f"/notifications/{one.id}/read")).status == 204
    assert (await anna.post("/notifications/read", {})).status == 204
    assert (await anna.patch("/notifications/choices", {"choices": []})).status == 200


async def _ties(desk: Desk, anna: Client) -> None:
    first, second, otto = await desk.ticket(), await desk.ticket(), await desk.person("otto@customer.test")
    wishes = [
        await JoinRequest.create(ticket_id=first, own_ticket_id=await desk.ticket(otto), user=user, created_at=desk.rt.clock.now())
        for user in (otto, desk.eva)
    ]
    said = await desk.says(desk.eva, first, "And another thing.")
    assert (await anna.post(f"/comments/{said}/split", {})).status == 201
    assert (await anna.post(f"/tickets/{first}/links", {"relation": "related", "ticket_id": second})).status == 200
    assert (await anna.delete(f"/tickets/{first}/links/related/{second}")).status == 204
    assert (await anna.get(f"/tickets/{first}/join-requests")).status == 200
    for wish, verb in zip(wishes, ("accept", "decline"), strict=True):
        assert (await anna.post(f"/join-requests/{wish.id}/{verb}")).status == 200
    assert (await anna.post(f"/tickets/{first}/merge", {"into": second})).status == 200
    assert (await anna.post(f"/tickets/{first}/unmerge")).status == 200


async def _inbound_mail(desk: Desk, admin: Client) -> None:
    envelope = inbound.Envelope("smtp", ("support@example.org",), desk.mailbox.id, "eva@customer.test", "192.0.2.7")
    [number] = await inbound.accept(desk.rt, [await inbound.keep(desk.rt, envelope, b"Subject: x\r\n\r\ny\r\n")])
    assert [item["id"] for item in (await admin.get("/inbound-mail?disposition=unfiled")).json["items"]] == [number]
    assert (await admin.get(f"/inbound-mail/{number}")).json["envelope_from"] == "eva@customer.test"
    assert (await admin.put("/blocked-senders/bad.test", json={"reason": "Advertises."})).status == 204
    async with desk.rt.transaction(SYSTEM) as tx:
        await suppressions.failed(tx, "gone@customer.test", "lasting", "550 5.1.1 No such user")
    for kind, key, name in (("blocked-senders", "pattern", "bad.test"), ("suppressions", "email", "gone@customer.test")):
        assert [item[key] for item in (await admin.get(f"/{kind}")).json["items"]] == [name]
        assert (await admin.delete(f"/{kind}/{name}")).status == 204
    assert (await admin.get("/alarms")).json["items"] == []
    box = (await admin.post("/mailboxes", {"address": "sales@example.org", "queue_id": desk.queue.id})).json["id"]
    connected = await admin.put(f"/mailboxes/{box}/connection", json={"host": "imap.example.org", "user": "sales", "password": "s3cret"})
    assert (connected.json["kind"], b"s3cret" in connected.content) == ("imap", False)
    assert (await admin.delete(f"/mailboxes/{box}/connection")).status == 204
    assert (await admin.post(f"/mailboxes/{box}/consent", {"provider": "google", "client_id": "id", "client_secret": "s"})).status == 200
    assert (await admin.get(f"/inbound-mail/{number}/raw")).content.startswith(b"Subject: x")


async def _people_on_tickets(desk: Desk, anna: Client) -> None:
    path, otto = f"/tickets/{await desk.ticket()}", await desk.person("otto@elsewhere.test")
    assert (await anna.post(f"{path}/participants", {"user_id": otto.id})).status == 200
    assert (await anna.post(f"{path}/watchers", {"user_id": desk.boris.id})).status == 200
    assert (await anna.put(f"{path}/presence", json={"writing": True})).status == 200
    for mark in ("watch", "mute"):
        assert (await anna.put(f"{path}/{mark}")).status == 204
    for read in ("people", "presence"):
        assert (await anna.get(f"{path}/{read}")).status == 200
    for gone in ("watch", "mute", "presence", f"participants/{otto.id}", f"watchers/{desk.boris.id}"):
        assert (await anna.delete(f"{path}/{gone}")).status == 204


async def _faqs(admin: Client) -> None:
    written = await admin.post("/faqs", {"question": "Does it burn?", "answer": "Yes."})
    path = f"/faqs/{written.json['id']}"
    assert (await admin.patch(path, {"keywords": ["fire"]})).status == 200
    assert (await admin.put(f"{path}/vote", json={"helpful": True})).status == 200
    for read in (path, "/faqs", "/faqs?q=burn"):
        assert (await admin.get(read)).status == 200
    assert (await admin.delete(path)).status == 204


async def _second_thoughts(anna: Client, number: int) -> None:
    note = (await anna.post(f"/tickets/{number}/comments", {"body": "Note.", "public": False})).json["id"]
    assert (await anna.patch(f"/comments/{note}", {"body": "Changed."})).status == 200
    assert (await anna.get(f"/comments/{note}/revisions")).status == 200
    assert (await anna.delete(f"/comments/{note}")).status == 204


async def _queues(desk: Desk, admin: Client) -> None:
    path = f"/queues/{(await admin.post('/queues', {'name': 'New'})).json['id']}"
    assert (await admin.put(f"{path}/members/{desk.anna.id}", json={"lead": True})).status == 200
    assert (await admin.patch(path, {"position": 5})).status == 200
    assert (await admin.patch(f"/mailboxes/{desk.mailbox.id}", {"priority": 5})).status == 200
    for read in ("/mailboxes", f"/mailboxes/{desk.mailbox.id}"):
        assert (await admin.get(read)).status == 200
    assert (await admin.get(path)).status == 200
    assert (await admin.delete(f"{path}/members/{desk.anna.id}")).status == 204
    assert (await admin.delete(path)).status == 204


async def _canned_replies(desk: Desk, admin: Client) -> None:
    number = await desk.ticket()
    path = f"/canned-replies/{(await admin.post('/canned-replies', {'title': 'Hello', 'body': 'Hello!'})).json['id']}"
    assert (await admin.patch(path, {"title": "Hi"})).status == 200
    for read in ("/canned-replies", path, f"{path}/filled?ticket={number}", "/settings"):
        assert (await admin.get(read)).status == 200
    assert (await admin.patch("/settings", {"staff_write_tags": True})).status == 200
    assert (await admin.delete(path)).status == 204


async def _accounts(desk: Desk, api: Served) -> None:
    """The links come by mail; here they are made as the job makes them."""
    admin, eva = api.client(desk.admin), api.client(desk.eva)
    invited = (await admin.post("/invitations", {"email": "nora@example.org"})).json["id"]
    nonces = await execute(
        desk.rt, "SELECT convert_from(payload, 'UTF8')::json ->> 'nonce' AS nonce FROM pgqueuer WHERE entrypoint = 'mail_link'"
    )
    token = link_token(desk.rt.keys, int(nonces[-1]["nonce"]))
    assert (await api.client(None).post("/auth/invitation", {"token": token, "password": PASSWORD})).status == 200
    assert (await eva.post("/profile/addresses", {"email": "eva@home.test"})).status == 202
    nonces = await execute(
        desk.rt, "SELECT convert_from(payload, 'UTF8')::json ->> 'nonce' AS nonce FROM pgqueuer WHERE entrypoint = 'mail_link' ORDER BY id"
    )
    token = link_token(desk.rt.keys, int(nonces[-1]["nonce"]))
    assert (await api.client(None).post("/auth/address", {"token": token})).status == 204
    assert (await admin.post("/invitations", {"email": "nina@example.org"})).status == 201
    nina = (await admin.get("/users?q=nina")).json["items"][0]["id"]
    assert (await admin.delete(f"/users/{nina}/invitation")).status == 204
    for client, path in ((eva, "/profile/addresses"), (admin, f"/users/{desk.eva.id}/addresses")):
        assert (await client.get(path)).status == 200
        assert (await client.put(f"{path}/eva@home.test")).status == 200
        assert (await client.delete(f"{path}/eva@customer.test")).status == 204
        assert (await admin.post(f"/users/{desk.eva.id}/addresses", {"email": "eva@customer.test"})).status == 201
    assert (await admin.post(f"/users/{invited}/merge", {"into": desk.admin.id})).status == 200


async def test_ready_says_what_does_not_work(desk: Desk, api: Served) -> None:
    assert (await api.client(None).get("/health/live")).json == {"status": "ok"}
    assert (await api.client(None).get("/health/ready")).json == {"status": "ok"}
    folder = desk.rt.settings.data_dir / "blobs" / "tmp"
    folder.rename(folder.with_name("gone"))
    failing = await api.client(None).get("/health/ready")
    assert (failing.status, [error["field"] for error in failing.json["errors"]]) == (503, ["blobs"])
    assert (await api.client(None).get("/health/live")).status == 200


@pytest.mark.parametrize("sqlstate", ["53100", "53200", "53400", "57P05", "58030"])
async def test_a_database_that_is_out_of_room_or_in_trouble_is_503_and_works_again_when_it_is_not(
    desk: Desk, api: Served, sqlstate: str
) -> None:
    await refuse_writes(desk.rt.database.url, "tickets", sqlstate)
    asked = {"subject": "Disk", "body": "It is full."}
    answer = await api.client(desk.eva).post("/tickets", asked)
    assert (answer.status, answer.json["type"].rpartition("#")[2]) == (503, "unavailable") and "try again" in answer.json["detail"]
    await take_writes(desk.rt.database.url, "tickets")
    assert (await api.client(desk.eva).post("/tickets", asked)).status == 201


async def test_a_taken_port_is_one_sentence(rt: Runtime) -> None:
    async with open_api(rt) as api:
        taken = f"127.0.0.1:{api.port}"
        for setting in ("api_listen", "api_metrics_listen"):
            rt.settings = rt.settings.model_copy(update={"api_listen": "127.0.0.1:0", setting: taken})
            with pytest.raises(ConfigurationError, match=rf"{setting.upper()}={taken} cannot be used: .+\. Stop what listens there, "):
                async with open_api(rt):
                    pass


async def test_stopping_takes_no_longer_than_three_seconds_though_clients_stay_connected(rt: Runtime) -> None:
    async with ClientSession() as http:
        async with open_api(rt) as api:
            async with http.get(f"http://127.0.0.1:{api.port}/health/live") as answer:
                assert answer.status == 200
            _, writer = await asyncio.open_connection("127.0.0.1", api.port)
            writer.write(b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
            await writer.drain()
            began = monotonic()
        assert monotonic() - began < 3
        writer.close()


async def test_requests_are_measured_by_their_declared_path(desk: Desk, api: Served) -> None:
    labels = {"method": "GET", "route": "/api/v1/tickets/{ticket_id}", "status": "401"}
    before = REGISTRY.get_sample_value("helpdesk_http_seconds_count", labels) or 0
    assert (await api.client(None).get("/tickets/4711")).status == 401
    assert REGISTRY.get_sample_value("helpdesk_http_seconds_count", labels) == before + 1
