"""Files people put into Slack messages, copied into our own store at once.

The token goes to Slack's own hosts and nowhere else, whatever an event says, and never along a redirect. A login page instead of the
file comes with status 200: it is recognised by its type. What cannot be copied for good is told in words; nothing is left out silently.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from bot.slack.web import Refused, Reply, SlackWeb
from core.attachments import StoredFile
from core.errors import TemporaryFailure, TooLarge
from core.runtime import Runtime

_MOST = 20  # files of one message
_CHUNK = 256 * 1024
_TIMEOUT = aiohttp.ClientTimeout(total=300, connect=5, sock_read=30)


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of a message's files: those that are in our store, and sentences about the others."""

    files: tuple[StoredFile, ...] = ()
    missing: tuple[str, ...] = ()


class NotCopiedError(Exception):
    """This file cannot be had, however often one tries; the message is a reason that fits behind "because"."""


class Files:
    """Copies files from Slack."""

    def __init__(self, rt: Runtime, web: SlackWeb) -> None:
        self._rt = rt
        self._web = web

    async def copy(self, shared: Sequence[Reply]) -> Copied:
        """Copy the files of an event. Raises TemporaryFailure when Slack does not answer."""
        files, missing = [], []
        for file in shared[:_MOST]:
            try:
                files.append(await self._copy_one(file))
            except NotCopiedError as error:
                missing.append(f"[The file {_name_of(file)} could not be copied from Slack: {error}.]")
        missing += [f"[The file {_name_of(file)} was left out: at most {_MOST} files fit a message.]" for file in shared[_MOST:]]
        return Copied(tuple(files), tuple(missing))

    async def _copy_one(self, file: Reply) -> StoredFile:
        file = await self._whole(file)
        if file.get("mode") in ("tombstone", "hidden_by_limit") or not file.get("url_private"):
            raise NotCopiedError("it is no longer there")
        if file.get("is_external"):
            raise NotCopiedError("it lies outside of Slack")
        url = str(file["url_private"])
        if not self._is_slack(url):
            raise NotCopiedError("its address is not one of Slack's")
        return await self._download(url, file)

    async def _whole(self, file: Reply) -> Reply:
        """Files from other workspaces come as a stub that says to ask."""
        if file.get("file_access") != "check_file_info":
            return file
        try:
            found: Reply = (await self._web.ask(self._web.client.files_info(file=str(file["id"]))))["file"]
        except Refused as refused:
            raise NotCopiedError(f"Slack says {refused.word}") from refused
        return found

    def _is_slack(self, url: str) -> bool:
        """Whether this is the host of the Web API or lies below it, and as safely reached."""
        theirs, ours = urlsplit(url), self._web.host
        host, api = theirs.hostname or "", ours.hostname or ""
        try:
            same_door = (theirs.scheme, theirs.port) == (ours.scheme, ours.port)
        except ValueError:
            return False
        return same_door and (host == api or host.endswith("." + api)) and theirs.username is None

    async def _download(self, url: str, file: Reply) -> StoredFile:
        try:
            headers = {"Authorization": f"Bearer {self._web.token}"}
            async with self._web.session.get(url, headers=headers, allow_redirects=False, timeout=_TIMEOUT) as response:
                _check(response, file)
                stored = await self._rt.blobs.put_stream(_chunks(response), self._rt.settings.upload_limit)
        except TooLarge as error:
            raise NotCopiedError(f"it is larger than {self._rt.settings.upload_limit // (1024 * 1024)} MB") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TemporaryFailure("Slack does not hand out a file at the moment.") from error
        if _is_page(response) and stored.size != file.get("size"):
            raise NotCopiedError("Slack sent a login page instead")
        return StoredFile(stored.key, _name_of(file), str(file.get("mimetype") or "application/octet-stream"), stored.size)


def _check(response: aiohttp.ClientResponse, file: Reply) -> None:
    if response.status == 429 or response.status >= 500:
        raise TemporaryFailure("Slack does not hand out a file at the moment.")
    if response.status != 200:
        raise NotCopiedError(f"Slack answered {response.status}")
    if _is_page(response) and file.get("mimetype") != "text/html":
        raise NotCopiedError("Slack sent a login page instead: the app may lack the scope files:read")


def _is_page(response: aiohttp.ClientResponse) -> bool:
    return response.content_type == "text/html"


async def _chunks(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    async for chunk in response.content.iter_chunked(_CHUNK):
        yield chunk


def _name_of(file: Reply) -> str:
    return str(file.get("name") or file.get("title") or "file")[:200]
