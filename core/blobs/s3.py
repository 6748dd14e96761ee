"""Blobs in an S3 bucket (Amazon, MinIO, Ceph …): `ab/<key>`, one client for the store's life.

A blob that exists already is sent again: asking first costs a round trip for every new mail, and only writing renews the date by which
garbage collection spares it. Streams are first written to a local temporary file, because their key is known at their end.
"""

from __future__ import annotations

import base64
import hashlib
import os
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from core.blobs.disk import in_thread, spooled
from core.blobs.disposition import content_disposition, media_type
from core.blobs.s3_client import NO_BUCKET, Body, Client, Page, connect, s3_failures
from core.blobs.store import CHUNK, S3Config, Stored, is_key, place_of
from core.errors import ConfigurationError, NotFound, TemporaryFailure

PART = 8 * 1024 * 1024  # bytes; larger files go in parts of this size, one at a time, which is all of them that is in memory
_HASHED_IN_PLACE = 1024 * 1024  # bytes that are hashed faster than a thread is asked to
_LONGEST_LINK = timedelta(days=7)  # what signature version 4 allows


async def open_s3(config: S3Config) -> S3Blobs:
    """Open the store; an unreachable one is no error yet, `check` tells. A URL or region that is none: `ConfigurationError`."""
    stack = AsyncExitStack()
    try:
        client = await connect(stack, config, config.endpoint_url)
        public = await connect(stack, config, config.public_url) if config.public_url else None
    except ValueError as error:
        await stack.aclose()
        raise ConfigurationError("S3 cannot be used: correct S3_ENDPOINT_URL, S3_PUBLIC_URL or S3_REGION.") from error
    return S3Blobs(config.bucket, client, public, stack)


class S3Blobs:
    """The blob store of installs with several machines."""

    def __init__(self, bucket: str, client: Client, public: Client | None, stack: AsyncExitStack) -> None:
        self._bucket = bucket
        self._client = client
        self._public = public  # only signs, for the host that browsers see; it never connects
        self._stack = stack
        self._temporary = Path(tempfile.gettempdir())

    async def put(self, content: bytes) -> str:
        key = _key(content) if len(content) <= _HASHED_IN_PLACE else await in_thread(_key, content)
        checksum = base64.b64encode(bytes.fromhex(key)).decode()
        with s3_failures():
            await self._client.put_object(Bucket=self._bucket, Key=place_of(key), Body=content, ChecksumSHA256=checksum)
        return key

    async def put_file(self, path: Path) -> Stored:
        stored = await in_thread(_identify, path)
        await self._upload(path, stored)
        await in_thread(path.unlink)
        return stored

    async def put_stream(self, chunks: AsyncIterator[bytes], limit: int) -> Stored:
        async with spooled(chunks, self._temporary, limit) as spool:
            stored = Stored(spool.key, spool.size)
            await self._upload(spool.path, stored)
            return stored

    async def read(self, key: str) -> bytes:
        with s3_failures():
            got = await self._client.get_object(Bucket=self._bucket, Key=place_of(key))
            async with got["Body"]:
                return await got["Body"].read()

    async def stream(self, key: str, start: int = 0, end: int | None = None, chunk: int = CHUNK) -> AsyncGenerator[bytes, None]:
        body = await self._opened(key, start, end)
        if body is None:
            return
        async with body:
            while content := await _read(body, chunk):
                yield content

    async def size(self, key: str) -> int:
        with s3_failures():
            return (await self._client.head_object(Bucket=self._bucket, Key=place_of(key)))["ContentLength"]

    @asynccontextmanager
    async def local_path(self, key: str) -> AsyncIterator[Path]:
        async with aclosing(self.stream(key)) as chunks, spooled(chunks, self._temporary) as spool:
            yield spool.path

    async def delete(self, key: str, *, older_than: datetime | None = None) -> None:
        if older_than is None or await self._is_older(key, older_than):
            with s3_failures():
                await self._client.delete_object(Bucket=self._bucket, Key=place_of(key))

    async def keys(self, older_than: datetime) -> AsyncIterator[str]:
        pages = aiter(self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket))
        while (page := await _next(pages)) is not None:
            for listed in page.get("Contents", []):
                name = listed["Key"].rpartition("/")[2]
                if is_key(name) and listed["Key"] == place_of(name) and listed["LastModified"] < older_than:
                    yield name

    async def link(self, key: str, *, filename: str, content_type: str, expires: timedelta) -> str | None:
        if self._public is None:
            return None
        asked = {
            "Bucket": self._bucket,
            "Key": place_of(key),
            "ResponseContentDisposition": content_disposition(filename),
            "ResponseContentType": media_type(content_type),
        }
        return await self._public.generate_presigned_url("get_object", asked, int(min(expires, _LONGEST_LINK).total_seconds()))

    async def check(self) -> None:
        try:
            with s3_failures():
                await self._client.head_bucket(Bucket=self._bucket)
        except NotFound:
            raise TemporaryFailure(NO_BUCKET) from None

    async def close(self) -> None:
        await self._stack.aclose()

    async def _upload(self, path: Path, stored: Stored) -> None:
        if stored.size <= PART:
            await self.put(await in_thread(_part, path, 0))
            return
        with s3_failures():
            upload = await self._client.create_multipart_upload(Bucket=self._bucket, Key=place_of(stored.key))
        try:
            await self._upload_parts(path, stored, upload["UploadId"])
        except BaseException:
            with suppress(TemporaryFailure, NotFound), s3_failures():  # what went wrong first is what the caller hears
                await self._client.abort_multipart_upload(Bucket=self._bucket, Key=place_of(stored.key), UploadId=upload["UploadId"])
            raise

    async def _upload_parts(self, path: Path, stored: Stored, upload_id: str) -> None:
        place, parts = place_of(stored.key), []
        for number, position in enumerate(range(0, stored.size, PART), start=1):
            content = await in_thread(_part, path, position)
            with s3_failures():
                part = await self._client.upload_part(Bucket=self._bucket, Key=place, UploadId=upload_id, PartNumber=number, Body=content)
            parts.append({"PartNumber": number, "ETag": part["ETag"]})
        with s3_failures():
            await self._client.complete_multipart_upload(
                Bucket=self._bucket, Key=place, UploadId=upload_id, MultipartUpload={"Parts": parts}
            )

    async def _opened(self, key: str, start: int, end: int | None) -> Body | None:
        """The download, or None for an empty range, which S3 refuses to give."""
        if start == 0 and end is None:
            with s3_failures():
                return (await self._client.get_object(Bucket=self._bucket, Key=place_of(key)))["Body"]
        size = await self.size(key)
        end = size if end is None else min(end, size)
        if start >= end:
            return None
        with s3_failures():
            got = await self._client.get_object(Bucket=self._bucket, Key=place_of(key), Range=f"bytes={start}-{end - 1}")
        return got["Body"]

    async def _is_older(self, key: str, than: datetime) -> bool:
        try:
            with s3_failures():
                head = await self._client.head_object(Bucket=self._bucket, Key=place_of(key))
        except NotFound:
            return False
        return head["LastModified"] < than


def _key(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _identify(path: Path) -> Stored:
    with path.open("rb") as file:
        key = hashlib.file_digest(file, "sha256").hexdigest()
        return Stored(key, os.fstat(file.fileno()).st_size)


def _part(path: Path, position: int) -> bytes:
    with path.open("rb", buffering=0) as file:
        file.seek(position)
        return file.read(PART)


async def _read(body: Body, amount: int) -> bytes:
    with s3_failures():
        return await body.read(amount)


async def _next(pages: AsyncIterator[Page]) -> Page | None:
    with s3_failures():
        return await anext(pages, None)
