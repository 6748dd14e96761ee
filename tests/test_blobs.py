"""Both blob stores keep what they promise: one suite for the folder and for S3, then what only one of them can get wrong."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import subprocess
import sys
import tempfile
import threading
import tracemalloc
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from core.blobs import BlobStore, S3Config, content_disposition, open_blobs
from core.blobs.disk import in_thread
from core.errors import ConfigurationError, NotFound, TemporaryFailure, TooLarge

MIB = 1024 * 1024
ABSENT = "0" * 64
MOTO = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
server.stop()
"""

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture(scope="session")
def s3_port() -> Iterator[int]:
    """An S3 server in a process of its own, so that its memory is not taken for ours; it ends when its input does."""
    with subprocess.Popen(
        [sys.executable, "-c", MOTO], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        yield int(server.stdout.readline())


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go in this test, so that it can look whether any are left."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture(params=["folder", "s3"])
async def store(request: pytest.FixtureRequest, tmp_path: Path, scratch: Path) -> AsyncIterator[BlobStore]:
    if request.param == "folder":
        opened = await open_blobs(tmp_path / "blobs", None)
    else:
        opened = await open_blobs(None, await bucket_at(request.getfixturevalue("s3_port")))
    yield opened
    await opened.close()


async def bucket_at(port: int, public_url: str | None = None) -> S3Config:
    name = f"b-{uuid.uuid4().hex}"
    async with aiohttp.ClientSession() as session, session.put(f"http://127.0.0.1:{port}/{name}") as made:
        assert made.status == 200
    return S3Config(f"http://127.0.0.1:{port}", name, "us-east-1", "access", "hidden-secret", public_url)


@asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[BlobStore]:
    """A store whose S3 server answers what the test says."""
    app = web.Application(client_max_size=100 * MIB)
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server:
        store = await open_blobs(None, S3Config(f"http://127.0.0.1:{server.port}", "bucket", "us-east-1", "access", "secret"))
        try:
            yield store
        finally:
            await store.close()


async def pieces(*contents: bytes) -> AsyncIterator[bytes]:
    for content in contents:
        yield content


async def collected(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def all_keys(store: BlobStore) -> list[str]:
    return [key async for key in store.keys(datetime.now(UTC) + timedelta(hours=1))]


def leftovers(tmp_path: Path) -> list[Path]:
    return [path for folder in ("scratch", "blobs/tmp") for path in (tmp_path / folder).glob("*")]


# Both stores


@pytest.mark.parametrize("content", [b"", b"Hello", os.urandom(3 * MIB)])
async def test_what_was_put_is_read_back_under_its_sha256(store: BlobStore, content: bytes) -> None:
    key = await store.put(content)
    assert key == hashlib.sha256(content).hexdigest()
    assert (await store.read(key), await store.size(key), await collected(store.stream(key))) == (content, len(content), content)


async def test_the_same_content_is_kept_once_however_it_came(store: BlobStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"same")
    keys = await asyncio.gather(*(store.put(b"same") for _ in range(20)))
    keys += [(await store.put_file(tmp_path / "file")).key, (await store.put_stream(pieces(b"sa", b"me"), 4)).key]
    assert set(keys) == set(await all_keys(store))
    assert len(await all_keys(store)) == 1


@pytest.mark.parametrize("size", [0, 5_000, 20 * MIB + 1])
async def test_a_file_is_consumed_when_it_is_kept(store: BlobStore, tmp_path: Path, size: int) -> None:
    content, source = os.urandom(size), tmp_path / "upload"
    source.write_bytes(content)
    stored = await store.put_file(source)
    assert (stored.size, await store.read(stored.key)) == (size, content)
    assert not source.exists()


async def test_a_stream_of_exactly_the_limit_is_kept(store: BlobStore, tmp_path: Path) -> None:
    stored = await store.put_stream(pieces(b"12345", b"", b"67890"), 10)
    assert (stored.size, await store.read(stored.key)) == (10, b"1234567890")
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("contents", [(b"12345", b"678901"), (os.urandom(2 * MIB), b"x")])
async def test_a_stream_over_the_limit_is_refused_and_leaves_nothing(store: BlobStore, tmp_path: Path, contents: tuple[bytes]) -> None:
    limit = sum(map(len, contents)) - 1
    with pytest.raises(TooLarge, match=f"{limit:,} bytes"):
        await store.put_stream(pieces(*contents), limit)
    assert (await all_keys(store), leftovers(tmp_path)) == ([], [])


async def test_a_stream_that_breaks_off_leaves_nothing(store: BlobStore, tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield os.urandom(2 * MIB)
        raise ConnectionResetError("the browser went away")

    with pytest.raises(ConnectionResetError):
        await store.put_stream(broken(), 10 * MIB)
    assert (await all_keys(store), leftovers(tmp_path)) == ([], [])


async def test_an_upload_that_is_cancelled_leaves_nothing(store: BlobStore, tmp_path: Path) -> None:
    halfway = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield os.urandom(2 * MIB)
        halfway.set()
        await asyncio.Event().wait()

    upload = asyncio.create_task(store.put_stream(endless(), 10 * MIB))
    await halfway.wait()
    assert leftovers(tmp_path) != []
    upload.cancel()
    with suppress(asyncio.CancelledError):
        await upload
    assert (await all_keys(store), leftovers(tmp_path)) == ([], [])


async def test_a_large_upload_and_download_need_little_memory(store: BlobStore) -> None:
    async def large() -> AsyncIterator[bytes]:
        for number in range(64 * 16):
            yield bytes([number % 251]) * (64 * 1024)

    tracemalloc.start()
    try:
        stored = await store.put_stream(large(), 64 * MIB)
        received = 0
        async for chunk in store.stream(stored.key):
            received += len(chunk)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert received == stored.size == 64 * MIB
    assert peak < 24 * MIB


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, None, "0123456789"), (3, 7, "3456"), (9, 10, "9"), (8, 99, "89"), (0, 0, ""), (10, None, ""), (50, 60, ""), (6, 3, "")],
)
async def test_a_range_is_read_like_a_slice(store: BlobStore, start: int, end: int | None, expected: str) -> None:
    key = await store.put(b"0123456789")
    assert (await collected(store.stream(key, start, end, chunk=4))).decode() == expected


@pytest.mark.parametrize("key", [ABSENT, "", "../../../etc/passwd", "A" * 64, ABSENT + "\n", "\u0660" * 64, "ab/cd"])
async def test_an_unknown_or_hostile_key_is_not_found(store: BlobStore, key: str) -> None:
    for asked in (store.read(key), store.size(key), collected(store.stream(key)), collected(store.stream(key, 5, 3))):
        with pytest.raises(NotFound):
            await asked
    with pytest.raises(NotFound):
        async with store.local_path(key):
            raise AssertionError("there is nothing to open")


async def test_a_blob_can_be_worked_on_as_a_local_file(store: BlobStore, tmp_path: Path) -> None:
    key = await store.put(b"content")
    async with store.local_path(key) as path:
        assert path.read_bytes() == b"content"
    assert leftovers(tmp_path) == []
    assert await store.read(key) == b"content"


async def test_what_is_deleted_is_gone_and_may_be_deleted_again(store: BlobStore, tmp_path: Path) -> None:
    key = await store.put(b"content")
    await store.delete(key)
    await store.delete(key)
    with pytest.raises(NotFound):
        await store.read(key)
    assert leftovers(tmp_path) == []


async def test_garbage_collection_spares_what_was_put_again_meanwhile(store: BlobStore) -> None:
    before = datetime.now(UTC) - timedelta(minutes=1)
    key = await store.put(b"wanted again")
    await store.delete(key, older_than=before)
    assert await store.read(key) == b"wanted again"
    await store.delete(key, older_than=datetime.now(UTC) + timedelta(minutes=1))
    await store.delete(key, older_than=before)
    assert await all_keys(store) == []


async def test_only_blobs_older_than_asked_are_listed(store: BlobStore) -> None:
    keys = {await store.put(bytes([number])) for number in range(30)}
    assert set(await all_keys(store)) == keys
    assert [key async for key in store.keys(datetime.now(UTC) - timedelta(hours=1))] == []


async def test_a_healthy_store_is_ready(store: BlobStore, tmp_path: Path) -> None:
    await store.check()
    assert (await all_keys(store), leftovers(tmp_path)) == ([], [])


async def test_without_a_public_address_there_is_no_link(store: BlobStore) -> None:
    key = await store.put(b"content")
    assert await store.link(key, filename="a.pdf", content_type="application/pdf", expires=timedelta(minutes=5)) is None


# The folder


async def test_bytes_reach_the_disk_before_their_name_and_both_before_the_caller_hears(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await open_blobs(tmp_path, None)
    told: list[str] = []
    fsync, rename = os.fsync, os.rename

    def told_fsync(descriptor: int) -> None:
        told.append(f"sync {named(descriptor, tmp_path)}")
        fsync(descriptor)

    def told_rename(old: str, new: str) -> None:
        told.append("name")
        rename(old, new)

    monkeypatch.setattr(os, "fsync", told_fsync)
    monkeypatch.setattr(os, "rename", told_rename)
    key = await store.put(b"content")
    folder = key[:2]
    assert told == ["sync tmp/*", "name", f"sync {folder}"]
    told.clear()
    await store.put(b"content")
    assert told == [f"sync {folder}"]
    await store.close()


def named(descriptor: int, root: Path) -> str:
    path = Path(os.readlink(f"/proc/self/fd/{descriptor}")).relative_to(root)
    return "tmp/*" if path.parent.name == "tmp" else str(path)


async def test_a_cancelled_caller_waits_until_its_file_work_has_ended() -> None:
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        may_end.wait(10)
        ended.set()

    caller = asyncio.create_task(in_thread(work))
    await asyncio.to_thread(begun.wait, 10)
    caller.cancel()
    done, _ = await asyncio.wait([caller], timeout=0.01)
    assert not done
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert ended.is_set()


async def test_putting_an_old_blob_again_makes_it_young(tmp_path: Path) -> None:
    store = await open_blobs(tmp_path, None)
    source = tmp_path / "file"
    source.write_bytes(b"two")
    os.utime(source, (0, 0))
    keys = {await store.put(b"one"), (await store.put_file(source)).key}
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    assert [key async for key in store.keys(an_hour_ago)] == []
    for key in keys:
        os.utime(tmp_path / key[:2] / key, (0, 0))
    assert {key async for key in store.keys(an_hour_ago)} == keys
    await store.put(b"one")
    await store.put_stream(pieces(b"two"), 3)
    assert [key async for key in store.keys(an_hour_ago)] == []
    await store.close()


async def test_a_file_from_another_file_system_is_copied(tmp_path: Path) -> None:
    here = tmp_path.stat().st_dev
    elsewhere = next((folder for folder in map(Path, ("/dev/shm", "/var/tmp")) if folder.is_dir() and folder.stat().st_dev != here), None)
    if elsewhere is None:
        pytest.skip("there is no second file system to copy from")
    store = await open_blobs(tmp_path, None)
    with tempfile.NamedTemporaryFile(dir=elsewhere, delete=False) as source:
        source.write(b"content")
    stored = await store.put_file(Path(source.name))
    assert await store.read(stored.key) == b"content"
    assert not Path(source.name).exists()
    assert list((tmp_path / "tmp").iterdir()) == []
    await store.close()


async def test_what_crashed_writers_left_is_removed_after_a_day(tmp_path: Path) -> None:
    await (await open_blobs(tmp_path, None)).close()
    old, young, foreign = (tmp_path / "tmp" / name for name in ("old.part", "young.part", "lost+found"))
    for path in (old, young, foreign):
        path.write_bytes(b"half")
    for path in (old, foreign):
        os.utime(path, (0, 0))
    await (await open_blobs(tmp_path, None)).close()
    assert (old.exists(), young.exists(), foreign.exists()) == (False, True, True)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 640 kB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=640k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, stderr=subprocess.DEVNULL, check=False).returncode != 0:
        pytest.skip("only root can mount a disk to fill")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


async def test_a_full_disk_is_a_temporary_failure_and_nothing_half_written_stays(tiny_disk: Path, tmp_path: Path) -> None:
    store = await open_blobs(tiny_disk, None)
    source = tmp_path / "file"
    source.write_bytes(os.urandom(MIB))
    for attempt in (store.put(os.urandom(MIB)), store.put_stream(pieces(os.urandom(MIB)), 2 * MIB), store.put_file(source)):
        with pytest.raises(TemporaryFailure, match="is full"):
            await attempt
    assert source.exists()
    assert (await all_keys(store), list((tiny_disk / "tmp").iterdir())) == ([], [])
    await store.check()
    assert await store.read(await store.put(b"small")) == b"small"
    await store.close()


async def test_a_full_disk_is_not_ready(tiny_disk: Path) -> None:
    store = await open_blobs(tiny_disk, None)
    with pytest.raises(OSError), (tiny_disk / "other").open("wb", buffering=0) as other:
        while other.write(b"\0" * 4096):
            pass
    with pytest.raises(TemporaryFailure, match="is full"):
        await store.check()
    await store.close()


async def test_a_folder_that_vanishes_is_a_temporary_failure(tmp_path: Path) -> None:
    store = await open_blobs(tmp_path / "blobs", None)
    (tmp_path / "blobs").rename(tmp_path / "unmounted")
    for attempt in (store.put(b"content"), store.put_stream(pieces(b"content"), 10), store.check()):
        with pytest.raises(TemporaryFailure, match="gone"):
            await attempt
    await store.close()


async def test_a_folder_that_cannot_be_made_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ConfigurationError, match="folder for mail and attachments"):
        await open_blobs(tmp_path / "file" / "blobs", None)
    with pytest.raises(ConfigurationError, match="set a data folder or an S3 bucket"):
        await open_blobs(None, None)


def test_the_s3_client_is_not_loaded_for_a_folder(tmp_path: Path) -> None:
    script = (
        "import asyncio, pathlib, sys; from core.blobs import open_blobs;"
        f"asyncio.run(open_blobs(pathlib.Path({str(tmp_path)!r}), None)); sys.exit('botocore' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parent.parent)


# S3


async def test_a_link_is_signed_for_the_public_host_and_downloads_under_its_name(s3_port: int) -> None:
    store = await open_blobs(None, await bucket_at(s3_port, public_url=f"http://localhost:{s3_port}"))
    key = await store.put(b"content")
    link = await store.link(key, filename='Rech"nung ä\r\nX: y.pdf', content_type="application/pdf", expires=timedelta(minutes=5))
    assert link is not None
    assert link.startswith(f"http://localhost:{s3_port}/")
    assert dict(parse_qsl(urlsplit(link).query))["X-Amz-Signature"] == signature_of(link, "hidden-secret")
    async with aiohttp.ClientSession() as session, session.get(link) as got:
        assert await got.read() == b"content"
        assert got.headers["Content-Type"] == "application/pdf"
        assert got.content_disposition is not None
        assert (got.content_disposition.type, got.content_disposition.filename) == ("attachment", 'Rech"nung äX: y.pdf')
    await store.close()


def signature_of(link: str, secret: str) -> str:
    """AWS Signature Version 4 of a presigned GET, as Amazon's documentation describes it, for the host in the link."""
    url = urlsplit(link)
    query = {name: value for name, value in parse_qsl(url.query) if name != "X-Amz-Signature"}
    canonical = urlencode(sorted(query.items()), quote_via=quote, safe="~")
    request = f"GET\n{url.path}\n{canonical}\nhost:{url.netloc}\n\nhost\nUNSIGNED-PAYLOAD"
    scope = query["X-Amz-Credential"].partition("/")[2]
    text = f"AWS4-HMAC-SHA256\n{query['X-Amz-Date']}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = f"AWS4{secret}".encode()
    for part in [*scope.split("/"), text]:
        key = hmac.digest(key, part.encode(), "sha256")
    return key.hex()


@pytest.mark.parametrize("content_type", ["text/html\r\nX: y", "nonsense", "", "text/html;charset=evil, x"])
async def test_a_hostile_content_type_does_not_reach_the_browser(s3_port: int, content_type: str) -> None:
    store = await open_blobs(None, await bucket_at(s3_port, public_url="https://files.example"))
    link = await store.link(ABSENT, filename="a", content_type=content_type, expires=timedelta(days=30))
    asked = dict(parse_qsl(urlsplit(link or "").query))
    assert asked["response-content-type"] in {"application/octet-stream", "text/html"}
    assert asked["X-Amz-Expires"] == "604800"
    await store.close()


def refusing(status: int, code: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        await request.read()
        return web.Response(status=status, text=f"<Error><Code>{code}</Code><Message>hidden</Message></Error>", content_type="text/xml")

    return answer


@pytest.mark.parametrize(
    ("status", "code", "advice"),
    [
        (403, "InvalidAccessKeyId", "check S3_ACCESS_KEY and S3_SECRET_KEY"),
        (403, "SignatureDoesNotMatch", "check S3_ACCESS_KEY and S3_SECRET_KEY"),
        (404, "NoSuchBucket", "S3_BUCKET does not exist: create it"),
        (400, "AuthorizationHeaderMalformed", "correct S3_REGION"),
        (507, "XMinioStorageFull", "full"),
        (503, "SlowDown", "SlowDown"),
    ],
)
async def test_a_refusal_of_the_store_says_what_to_do(status: int, code: str, advice: str) -> None:
    async with answering(refusing(status, code)) as store:
        with pytest.raises(TemporaryFailure, match=advice):
            await store.put(b"content")
        with pytest.raises(TemporaryFailure, match=advice):
            await store.read(ABSENT)


@pytest.mark.parametrize(("status", "advice"), [(404, "create it"), (403, "check S3_ACCESS_KEY")])
async def test_readiness_tells_a_missing_bucket_from_wrong_keys(status: int, advice: str) -> None:
    async with answering(refusing(status, "")) as store:
        with pytest.raises(TemporaryFailure, match=advice):
            await store.check()


async def test_an_unreachable_store_is_a_temporary_failure(unused_tcp_port: int) -> None:
    store = await open_blobs(None, S3Config(f"http://127.0.0.1:{unused_tcp_port}", "bucket", "us-east-1", "access", "secret"))
    for attempt in (store.put(b"content"), store.check()):
        with pytest.raises(TemporaryFailure, match="does not answer"):
            await attempt
    await store.close()


async def test_a_download_that_breaks_off_is_a_temporary_failure() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"only this")
        assert request.transport is not None
        request.transport.close()
        return response

    async with answering(answer) as store:
        with pytest.raises(TemporaryFailure):
            await store.read(ABSENT)
        with pytest.raises(TemporaryFailure):
            await collected(store.stream(ABSENT))


async def test_a_large_upload_that_fails_halfway_is_taken_back(tmp_path: Path) -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        await request.read()
        asked.append(f"{request.method} {request.query.get('partNumber', '')}".strip())
        if request.method == "POST":
            return web.Response(text="<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>")
        if request.query.get("partNumber") == "2":
            return await refusing(403, "AccessDenied")(request)
        return web.Response(headers={"ETag": '"e"'}, status=204 if request.method == "DELETE" else 200)

    source = tmp_path / "file"
    source.write_bytes(bytes(20 * MIB))
    async with answering(answer) as store:
        with pytest.raises(TemporaryFailure, match="S3_ACCESS_KEY"):
            await store.put_file(source)
    assert asked == ["POST", "PUT 1", "PUT 2", "DELETE"]
    assert source.exists()


async def test_a_url_that_is_none_stops_the_start() -> None:
    with pytest.raises(ConfigurationError, match="S3_ENDPOINT_URL"):
        await open_blobs(None, S3Config("minio:9000", "bucket", "us-east-1", "access", "secret"))


def test_the_secret_key_is_never_printed() -> None:
    assert "hidden" not in repr(S3Config(None, "bucket", "us-east-1", "access", "hidden"))


# File names


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("report.pdf", "attachment; filename=\"report.pdf\"; filename*=UTF-8''report.pdf"),
        ("Überweisung.pdf", "attachment; filename=\"Uberweisung.pdf\"; filename*=UTF-8''%C3%9Cberweisung.pdf"),
        ("報告", "attachment; filename=\"attachment\"; filename*=UTF-8''%E5%A0%B1%E5%91%8A"),
        ("../../etc/passwd", "attachment; filename=\"passwd\"; filename*=UTF-8''passwd"),
        ("C:\\temp\\a.txt", "attachment; filename=\"a.txt\"; filename*=UTF-8''a.txt"),
        ('a";x="b', "attachment; filename=\"a__x=_b\"; filename*=UTF-8''a%22%3Bx%3D%22b"),
        ("a\r\nSet-Cookie: b", "attachment; filename=\"aSet-Cookie: b\"; filename*=UTF-8''aSet-Cookie%3A%20b"),
        ("invoice\u202efdp.exe", "attachment; filename=\"invoicefdp.exe\"; filename*=UTF-8''invoicefdp.exe"),
        ("\udc80\x00", "attachment; filename=\"attachment\"; filename*=UTF-8''attachment"),
        ("..", "attachment; filename=\"attachment\"; filename*=UTF-8''attachment"),
        ("", "attachment; filename=\"attachment\"; filename*=UTF-8''attachment"),
    ],
)
def test_a_file_name_is_safe_in_a_header_and_on_a_disk(filename: str, expected: str) -> None:
    assert content_disposition(filename) == expected


def test_an_endless_file_name_keeps_its_ending() -> None:
    header = content_disposition("x" * 10_000 + ".pdf")
    assert header.endswith("xxx.pdf")
    assert len(header) < 400
