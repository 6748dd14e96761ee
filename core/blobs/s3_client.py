"""The S3 client: how it is opened, the few calls the store makes, and what the other side's refusals mean for the operator."""

# ruff: noqa: N803  # the arguments are called what Amazon calls them

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from datetime import datetime
from typing import Protocol, TypedDict

import aiohttp
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import BotoCoreError, ClientError

from core.blobs.store import S3Config, missing
from core.errors import HelpdeskError, TemporaryFailure

_UNREACHABLE = "The S3 store does not answer: check S3_ENDPOINT_URL and that the store is up; the desk tries again."
_KEYS = "The S3 store refuses the keys: check S3_ACCESS_KEY and S3_SECRET_KEY, and that they may read, write, list and delete in S3_BUCKET."
NO_BUCKET = "The bucket named in S3_BUCKET does not exist: create it, or correct the setting."
_REGION = "The bucket is in another region: correct S3_REGION or S3_ENDPOINT_URL."
_CLOCK = "The S3 store and this machine disagree about the time: set the clock."
_FULL = "The S3 store is full: enlarge it, until then nothing new is accepted."
_SENTENCES = {
    "NoSuchBucket": NO_BUCKET,
    "InvalidBucketName": NO_BUCKET,
    "403": _KEYS,
    "AccessDenied": _KEYS,
    "InvalidAccessKeyId": _KEYS,
    "SignatureDoesNotMatch": _KEYS,
    "InvalidToken": _KEYS,
    "ExpiredToken": _KEYS,
    "301": _REGION,
    "PermanentRedirect": _REGION,
    "AuthorizationHeaderMalformed": _REGION,
    "RequestTimeTooSkewed": _CLOCK,
    "QuotaExceeded": _FULL,
    "XMinioStorageFull": _FULL,
}


class Body(Protocol):
    """What is being downloaded."""

    async def __aenter__(self) -> object: ...
    async def __aexit__(self, *error: object) -> None: ...
    async def read(self, amount: int = -1) -> bytes: ...


class Got(TypedDict):
    Body: Body


class Head(TypedDict):
    ContentLength: int
    LastModified: datetime


class Upload(TypedDict):
    UploadId: str


class Part(TypedDict):
    ETag: str


class Listed(TypedDict):
    Key: str
    LastModified: datetime


class Page(TypedDict, total=False):
    Contents: list[Listed]


class Pages(Protocol):
    def paginate(self, *, Bucket: str) -> AsyncIterator[Page]: ...


class Client(Protocol):
    """The part of aiobotocore's S3 client that is used here."""

    async def put_object(self, *, Bucket: str, Key: str, Body: bytes, ChecksumSHA256: str) -> object: ...
    async def get_object(self, *, Bucket: str, Key: str, Range: str = ...) -> Got: ...
    async def head_object(self, *, Bucket: str, Key: str) -> Head: ...
    async def delete_object(self, *, Bucket: str, Key: str) -> object: ...
    async def head_bucket(self, *, Bucket: str) -> object: ...
    async def create_multipart_upload(self, *, Bucket: str, Key: str) -> Upload: ...
    async def upload_part(self, *, Bucket: str, Key: str, UploadId: str, PartNumber: int, Body: bytes) -> Part: ...
    async def complete_multipart_upload(self, *, Bucket: str, Key: str, UploadId: str, MultipartUpload: Mapping[str, object]) -> object: ...
    async def abort_multipart_upload(self, *, Bucket: str, Key: str, UploadId: str) -> object: ...
    async def generate_presigned_url(self, ClientMethod: str, Params: Mapping[str, str], ExpiresIn: int) -> str: ...
    def get_paginator(self, operation_name: str) -> Pages: ...


async def connect(stack: AsyncExitStack, config: S3Config, endpoint_url: str | None) -> Client:
    """A client for as long as the stack lives. Nothing is sent yet, so this succeeds while the store is down."""
    options = AioConfig(
        signature_version="s3v4",
        s3={"addressing_style": "path"},  # MinIO and other stores have no host name per bucket
        connect_timeout=3,
        read_timeout=20,
        retries={"total_max_attempts": 3, "mode": "standard"},
        max_pool_connections=50,
        request_checksum_calculation="when_required",  # else every upload gets a trailer that older stores refuse
        response_checksum_validation="when_required",
    )
    client: Client = await stack.enter_async_context(
        get_session().create_client(
            "s3",
            endpoint_url=endpoint_url,
            region_name=config.region,
            aws_access_key_id=config.access_key,
            aws_secret_access_key=config.secret_key,
            config=options,
        )
    )
    return client


@contextmanager
def s3_failures() -> Iterator[None]:
    """What goes wrong while talking to the store, in our words. Nothing but calls to the store belongs inside."""
    try:
        yield
    except ClientError as error:
        raise _refusal(error) from error
    except (BotoCoreError, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise TemporaryFailure(_UNREACHABLE) from error


def _refusal(error: ClientError) -> HelpdeskError:
    code = str(error.response.get("Error", {}).get("Code", "unknown"))
    if code in {"NoSuchKey", "404", "NotFound"}:
        return missing()
    return TemporaryFailure(_SENTENCES.get(code, f"The S3 store could not do it ({code}): the desk tries again."))
