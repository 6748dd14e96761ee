"""Connecting a mailbox by the API: tried against a real server, consented to at a provider, and never by what was not asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from core import mailboxes
from core.mail.connection import Connection
from core.models.queues import Mailbox
from core.runtime import Actor
from core.settings import Settings
from tests.api.desk_client import Served
from tests.fakes.dovecot import PASSWORD, Dovecot, dovecot_running, needs_dovecot
from tests.fakes.identity import GOOD, PENDING, Idp, identity_provider
from tests.support.desk import Desk
from tests.support.mail import SUPPORT, letter


@pytest.fixture
def dovecot(unused_tcp_port: int) -> Iterator[Dovecot]:
    with dovecot_running(unused_tcp_port) as server:
        yield server


@pytest.fixture
async def idp() -> AsyncIterator[Idp]:
    async with identity_provider() as served:
        yield served


@pytest.fixture
def settings(settings: Settings, idp: Idp) -> Settings:
    return settings.model_copy(update={"microsoft_login_url": idp.url})


async def fetch_from(desk: Desk, dovecot: Dovecot, **values: str) -> None:
    kept = {"host": "127.0.0.1", "user": SUPPORT, "port": dovecot.port, "security": "none", "password": PASSWORD, **values}
    connection = Connection(**kept)  # type: ignore[arg-type]
    async with desk.rt.transaction(Actor(desk.admin.id)) as tx:
        await mailboxes.connect(tx, desk.mailbox.id, connection)


@needs_dovecot
async def test_a_trial_shows_what_is_there(desk: Desk, api: Served, dovecot: Dovecot) -> None:
    await fetch_from(desk, dovecot)
    for number in range(7):
        dovecot.deliver(SUPPORT, letter(subject=f"Matter {number}"))
    tried = await api.client(desk.admin).post(f"/mailboxes/{desk.mailbox.id}/test", {})
    assert tried.json == {"folder": "INBOX", "count": 7, "newest": [f"Matter {n}" for n in (6, 5, 4, 3, 2)], "came_back": None}


@needs_dovecot
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"password": "wrong"}, "does not let"),
        ({"password": "wrong"}, "Authentication failed"),
        ({"folder": "Nowhere"}, "cannot be opened"),
        ({"folder": "Nowhere"}, "Mailbox doesn't exist"),
        ({"host": "127.0.0.2"}, "does not answer as an IMAP server"),
        ({"security": "tls"}, "does not answer as an IMAP server"),
        ({"afterwards": "move", "move_to": "Nowhere"}, "no folder Nowhere"),
    ],
)
async def test_what_does_not_work_is_told_in_a_sentence(
    desk: Desk, api: Served, dovecot: Dovecot, wrong: dict[str, str], words: str
) -> None:
    await fetch_from(desk, dovecot, **wrong)
    tried = await api.client(desk.admin).post(f"/mailboxes/{desk.mailbox.id}/test", {"send": False})
    assert (tried.status, tried.json["title"], "Retry-After" in tried.headers) == (502, "Something outside refused", False)
    assert words in tried.json["detail"]


async def test_mail_is_not_moved_to_where_it_is_fetched_from(desk: Desk, api: Served) -> None:
    wanted = {"host": "imap.example.org", "user": SUPPORT, "password": "x", "afterwards": "move", "move_to": "Inbox"}
    refused = await api.client(desk.admin).put(f"/mailboxes/{desk.mailbox.id}/connection", json=wanted)
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "body.move_to")
    assert "another folder" in refused.json["errors"][0]["message"]
    assert (await Mailbox.get(id=desk.mailbox.id)).kind == "smtp"


async def test_a_mailbox_that_nothing_is_fetched_from_has_no_trial(desk: Desk, api: Served) -> None:
    tried = await api.client(desk.admin).post(f"/mailboxes/{desk.mailbox.id}/test", {})
    assert (tried.status, "by SMTP" in tried.json["detail"]) == (409, True)


async def test_a_mailbox_rests_only_while_its_mail_is_fetched(desk: Desk, api: Served) -> None:
    admin, path = api.client(desk.admin), f"/mailboxes/{desk.mailbox.id}"
    refused = await admin.patch(path, {"paused": True})
    assert (refused.status, "by SMTP" in refused.json["detail"]) == (409, True)
    await admin.put(f"{path}/connection", json={"host": "imap.example.org", "user": SUPPORT, "password": "x"})
    assert (await admin.patch(path, {"paused": True})).json["paused_at"] is not None
    await admin.put(f"{path}/connection", json={"host": "imap.example.org", "user": SUPPORT, "password": "y"})
    assert (await admin.get(path)).json["paused_at"] is None  # fetched from now on, as it says
    await admin.patch(path, {"paused": True})
    await admin.delete(f"{path}/connection")
    assert (await admin.get(path)).json["paused_at"] is None


async def test_an_owner_at_microsoft_consents_with_a_code(desk: Desk, api: Served, idp: Idp) -> None:
    admin, path = api.client(desk.admin), f"/mailboxes/{desk.mailbox.id}/consent"
    asked = (await admin.post(path, {"provider": "microsoft", "client_id": "id"})).json
    assert (asked["code"], asked["page"]) == ("ABCD", "https://idp.test/device")
    idp.answers = [PENDING, GOOD]
    not_yet = await admin.post(f"{path}/answer", {"consent": asked["consent"]})
    assert (not_yet.status, (await Mailbox.get(id=desk.mailbox.id)).kind) == (409, "smtp")
    connected = await admin.post(f"{path}/answer", {"consent": asked["consent"]})
    assert (connected.json["kind"], b"refresh" in connected.content) == ("imap", False)
    kept = Connection.restored(desk.rt.keys, (await Mailbox.get(id=desk.mailbox.id)).connection)
    assert (kept.host, kept.user, kept.refresh_token) == ("outlook.office365.com", SUPPORT, "r")


async def test_an_owner_at_google_opens_a_page(desk: Desk, api: Served) -> None:
    admin, path = api.client(desk.admin), f"/mailboxes/{desk.mailbox.id}/consent"
    assert (await admin.post(path, {"provider": "google", "client_id": "id"})).status == 422
    asked = (await admin.post(path, {"provider": "google", "client_id": "id", "client_secret": "s3cret"})).json
    assert (asked["code"], asked["page"].startswith("https://accounts.google.com/"), "s3cret" in str(asked)) == (None, True, False)
    elsewhere = await admin.post(f"{path}/answer", {"consent": asked["consent"], "landed_at": "http://127.0.0.1:1/?state=other&code=c"})
    assert (elsewhere.status, elsewhere.json["errors"][0]["field"]) == (422, "body.landed_at")


async def test_an_answer_needs_the_question_of_the_same_mailbox_and_in_time(desk: Desk, api: Served, idp: Idp) -> None:
    admin, path = api.client(desk.admin), f"/mailboxes/{desk.mailbox.id}/consent"
    other = (await admin.post("/mailboxes", {"address": "sales@example.org", "queue_id": desk.queue.id})).json["id"]
    consent = (await admin.post(path, {"provider": "microsoft", "client_id": "id"})).json["consent"]
    idp.answers = [GOOD]
    assert (await admin.post(f"/mailboxes/{other}/consent/answer", {"consent": consent})).status == 422
    assert (await admin.post(f"{path}/answer", {"consent": "made up"})).status == 422
    desk.rt.clock.advance(timedelta(seconds=2))
    assert (await admin.post(f"{path}/answer", {"consent": consent})).status == 422
