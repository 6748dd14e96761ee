"""Files in and out over HTTP: streamed, limited, never run by a browser, seen by nobody who may not."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import FormData

from core import attachments, tokens
from core.models.tickets import Attachment
from core.models.ties import TicketParticipant
from core.settings import Settings
from tests.api.desk_client import Answer, Client, Served
from tests.support.desk import Desk

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"upload_limit": 300_000})


def form(content: bytes, filename: str = "printer.png", content_type: str = "image/png") -> FormData:
    data = FormData(quote_fields=False)
    data.add_field("file", content, filename=filename, content_type=content_type)
    return data


async def uploaded(client: Client, content: bytes, filename: str = "printer.png", content_type: str = "image/png") -> Answer:
    return await client.post("/attachments", data=form(content, filename, content_type))


async def test_a_file_is_uploaded_named_by_a_comment_and_downloaded(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    eva, anna = api.client(desk.eva), api.client(desk.anna)
    sent = await uploaded(eva, PNG, "../Drücker\u202egnp.exe")
    assert (sent.status, sent.json["filename"], sent.json["size"]) == (201, "Drückergnp.exe", len(PNG))
    assert (await eva.get(sent.headers["Location"])).content == PNG
    assert (await anna.get(sent.headers["Location"])).status == 404
    said = await eva.post(f"/tickets/{number}/comments", {"body": "See.", "attachments": [sent.json["id"]]})
    assert said.json["attachments"] == [sent.json]
    assert (await anna.get(f"/tickets/{number}")).json["comments"][-1]["attachments"] == [sent.json]
    got = await anna.get(sent.headers["Location"])
    assert (got.status, got.content, got.headers["Content-Type"]) == (200, PNG, "image/png")
    assert got.headers["Content-Disposition"].startswith("attachment; filename=")
    assert (got.headers["X-Content-Type-Options"], got.headers["Cache-Control"]) == ("nosniff", "no-store")
    assert "sandbox" in got.headers["Content-Security-Policy"]
    again = await eva.post(f"/tickets/{number}/comments", {"body": "Again.", "attachments": [sent.json["id"]]})
    assert (again.status, again.json["errors"][0]["field"]) == (422, "body.attachments")
    assert (await anna.get(sent.headers["Location"], headers={"If-None-Match": got.headers["ETag"]})).status == 304


async def test_files_of_notes_and_of_hidden_tickets_are_not_there(desk: Desk, api: Served) -> None:
    number, private = await desk.ticket(), await desk.ticket(queue=await desk.private_queue("People", [desk.anna]))
    await TicketParticipant.create(ticket_id=number, user_id=desk.boris.id, added_at=desk.rt.clock.now())
    anna = api.client(desk.anna)
    note, hidden = [(await uploaded(anna, content)).json["id"] for content in (b"note", b"hidden")]
    await anna.post(f"/tickets/{number}/comments", {"body": "note", "public": False, "attachments": [note]})
    await anna.post(f"/tickets/{private}/comments", {"body": "said", "attachments": [hidden]})
    assert [(await anna.get(f"/attachments/{file}")).content for file in (note, hidden)] == [b"note", b"hidden"]
    for user, file in ((desk.eva, note), (desk.boris, note), (desk.boris, hidden), (desk.admin, hidden)):
        for path in (f"/attachments/{file}", f"/attachments/{file}?inline=true"):
            assert (await api.client(user).get(path)).status == 404
    stolen = await api.client(desk.boris).post(
        f"/tickets/{await desk.ticket(desk.boris)}/comments", {"body": "Mine", "attachments": [note]}
    )
    assert stolen.status == 422
    token = tokens.file_token(desk.rt.keys, note, desk.rt.clock.now() + timedelta(days=1))
    assert (await api.client(None).get(f"/files/{token}")).status == 404


async def test_only_raster_images_are_shown_in_place(desk: Desk, api: Served) -> None:
    eva = api.client(desk.eva)
    for content_type, shown in (
        ("image/png", True),
        ("image/svg+xml", False),
        ("text/html", False),
        ("application/pdf", False),
        ("x", False),
    ):
        sent = await uploaded(eva, b"<script>alert(1)</script>", "x.png", content_type)
        got = await eva.get(f"{sent.headers['Location']}?inline=true")
        assert got.headers["Content-Disposition"].startswith("inline" if shown else "attachment"), content_type
        assert (got.headers["X-Content-Type-Options"], "sandbox" in got.headers["Content-Security-Policy"]) == ("nosniff", True)


async def test_a_part_of_a_file_can_be_asked_for(desk: Desk, api: Served) -> None:
    eva = api.client(desk.eva)
    content = os.urandom(1000)
    path = (await uploaded(eva, content)).headers["Location"]
    for asked, part in {
        "bytes=0-9": (0, 10),
        "bytes=990-": (990, 1000),
        "bytes=-10": (990, 1000),
        "bytes=500-5000": (500, 1000),
        "bytes=-5000": (0, 1000),
    }.items():
        got = await eva.get(path, headers={"Range": asked})
        assert (got.status, got.content) == (206, content[slice(*part)]), asked
        assert got.headers["Content-Range"] == f"bytes {part[0]}-{part[1] - 1}/1000"
    for asked in ("bytes=1000-", "bytes=-0"):
        outside = await eva.get(path, headers={"Range": asked})
        assert (outside.status, outside.headers["Content-Range"]) == (416, "bytes */1000")
    for asked in ("bytes=9-1", "bytes=0-1,3-4", "lines=1-2", "bytes=-", "bytes=x"):
        assert (await eva.get(path, headers={"Range": asked})).content == content, asked
    whole = await eva.get(path, headers={"Range": "bytes=0-1", "If-Range": '"another"'})
    assert (whole.status, whole.content) == (200, content)
    head = await eva.ask("HEAD", path)
    assert (head.status, head.headers["Content-Length"], head.content) == (200, "1000", b"")


async def test_an_empty_file_is_a_file(desk: Desk, api: Served) -> None:
    eva = api.client(desk.eva)
    sent = await uploaded(eva, b"")
    got = await eva.get(sent.headers["Location"])
    assert (sent.json["size"], got.status, got.content) == (0, 200, b"")


async def test_what_is_too_large_is_refused_early_and_late_and_leaves_nothing(desk: Desk, api: Served) -> None:
    eva = api.client(desk.eva)
    limit = desk.rt.settings.upload_limit
    assert (await uploaded(eva, b"x" * limit)).status == 201
    late = await uploaded(eva, b"y" * (limit + 1))
    assert (late.status, late.json["title"]) == (413, "Too many bytes")
    early = await uploaded(eva, b"y" * (limit + 100_000))
    assert early.status == 413
    assert await Attachment.all().count() == 1
    keys = [key async for key in desk.rt.blobs.keys(desk.rt.clock.now() + timedelta(days=1))]
    assert len(keys) == 1


async def test_forms_that_are_no_upload_are_refused_in_words(desk: Desk, api: Served) -> None:
    eva = api.client(desk.eva)
    two, other, plain = form(b"a"), FormData(), FormData(default_to_multipart=True)
    two.add_field("file", b"b", filename="b")
    other.add_field("picture", b"a", filename="a")
    plain.add_field("file", "just text")
    multipart = {"Content-Type": "multipart/form-data; boundary=xx"}
    head = b'--xx\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n'
    cases: list[tuple[int, object, dict[str, str]]] = [
        (422, two, {}), (422, other, {}), (422, plain, {}), (415, b"{}", {"Content-Type": "application/json"}),
        (400, b"garbage", multipart), (400, b"", multipart), (400, head + b"\r\nendless", multipart), (400, head, multipart),
        (400, b"--xx\r\n" + b"A: b\r\n" * 5000 + b"\r\n", multipart), (400, b"--xx\r\n" + b"A" * 20_000, multipart),
        (422, head + b"Content-Transfer-Encoding: base64\r\n\r\nYQ==\r\n--xx--\r\n", multipart),
        (422, head + b"Content-Type: multipart/mixed; boundary=yy\r\n\r\n--yy--\r\n--xx--\r\n", multipart),
        (400, b"x", {"Content-Type": "multipart/form-data"}), (400, b"x", {"Content-Type": f"multipart/form-data; boundary={'x' * 100}"}),
    ]  # fmt: skip
    for status, data, headers in cases:
        answer = await eva.post("/attachments", data=data, headers=headers)
        assert answer.status == status, (data, answer.content)

    async def unannounced() -> AsyncIterator[bytes]:
        yield head + b"\r\na\r\n--xx--\r\n"

    assert (await eva.post("/attachments", data=unannounced(), headers=multipart)).status == 411
    assert await Attachment.all().count() == 0


async def test_an_upload_that_breaks_off_leaves_nothing_behind(desk: Desk, api: Served) -> None:
    token = api.token(desk.eva)
    reader, writer = await asyncio.open_connection(api.http._base_url.host, api.http._base_url.port)  # type: ignore[union-attr]  # the client has one
    writer.write(
        f"POST /api/v1/attachments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: multipart/form-data; boundary=xx\r\n"
        'Content-Length: 200000\r\n\r\n--xx\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nbegun'.encode()
    )
    await writer.drain()
    writer.write_eof()
    await reader.read()
    writer.close()
    await writer.wait_closed()
    assert await Attachment.all().count() == 0
    assert list((desk.rt.settings.data_dir / "blobs" / "tmp").iterdir()) == []


async def test_the_link_of_a_mail_opens_its_file_to_anybody_for_a_while(desk: Desk, api: Served) -> None:
    number = await desk.ticket()
    anna, nobody = api.client(desk.anna), api.client(None)
    file = (await uploaded(anna, b"manual", "manual.pdf", "application/pdf")).json["id"]
    await anna.post(f"/tickets/{number}/comments", {"body": "The manual.", "attachments": [file]})
    token = tokens.file_token(desk.rt.keys, file, desk.rt.clock.now() + timedelta(days=1))
    got = await nobody.get(f"/files/{token}")
    assert (got.status, got.content) == (200, b"manual")
    assert got.headers["Content-Disposition"].startswith('attachment; filename="manual.pdf"')
    for wrong in (
        f"{token[:-1]}{'a' if token[-1] != 'a' else 'b'}",
        token.replace(f"{file}-", f"{file + 1}-", 1),
        "x",
        "%C3%A4-1-a",
        "1-2-3",
    ):
        assert (await nobody.get(f"/files/{wrong}")).status == 404, wrong
    desk.rt.clock.advance(timedelta(days=1))
    assert (await nobody.get(f"/files/{token}")).status == 404


async def test_a_file_whose_bytes_are_gone_is_not_found(desk: Desk, api: Served) -> None:
    eva = api.client(desk.eva)
    sent = await uploaded(eva, b"soon gone")
    await desk.rt.blobs.delete((await Attachment.get(id=sent.json["id"])).blob)
    assert (await eva.get(sent.headers["Location"])).status == 404
    assert attachments.clean_filename(sent.json["filename"]) == "printer.png"
