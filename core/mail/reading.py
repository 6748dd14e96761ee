"""Reads mail in child processes, so that no mail can take the desk down: parse, keep the files, trim, screen.

A child has a limit of memory and each mail a deadline. A mail whose child dies, runs out of memory or over its time is read once
more with nothing beside it; if that fails too it is unreadable, and only it. Files go to a folder of the caller, so that big
content never passes through the pipe.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import structlog

from core.errors import PermanentFailure, TemporaryFailure
from core.mail.addresses import Address
from core.mail.children import ChildDiedError, Children
from core.mail.forwarded import Forwarded, forwarded_in
from core.mail.parse import read
from core.mail.parsed import MailPart, ParsedMail
from core.mail.screen import Own, Screening, screen
from core.mail.sender import written_by
from core.mail.trim import Trimmed, trim

log = structlog.get_logger()

# What a child needs is imported once, before it is forked, and so shared by all of them.
_PRELOADED: Final = ["core.mail.reading", "core.mail.parse.preload"]


class UnreadableMail(PermanentFailure):
    """A mail that could not be read although it was tried alone; the message says what happened."""


@dataclass(frozen=True, slots=True)
class FileOnDisk:
    """A file that came with a mail, written to `path`; the other fields are those of `MailPart`, and the content's hash."""

    filename: str
    content_type: str
    path: Path
    size: int
    sha256: str
    content_id: str | None = None
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the desk needs from one mail. `mail.attachments` is empty: they are `files`.

    `writer` is whom it says it is from (`sender.py`).
    `content_hash` is a SHA-256 over From, Date, Subject and the decoded parts. It is the same for one mail that came by two ways.
    """

    mail: ParsedMail
    files: tuple[FileOnDisk, ...]
    trimmed: Trimmed
    screening: Screening
    content_hash: str
    writer: Address | None = None
    forwarded: Forwarded | None = None


class Reader:
    """The children that read. `seconds` is the deadline of one mail; `memory` the bytes a child may take over what it starts with."""

    def __init__(self, workers: int = 2, *, seconds: float = 30.0, memory: int = 1 << 30) -> None:
        self._workers, self._seconds = workers, seconds
        self._children = Children(read_file, workers, seconds=seconds, memory=memory, preload=_PRELOADED)
        self._slots = asyncio.Semaphore(workers)
        self._alone = asyncio.Lock()

    async def start(self) -> None:
        """Start the children, and wait until they can read."""
        await self._children.start()

    async def close(self) -> None:
        """End the children; mail that is being read fails with TemporaryFailure."""
        await self._children.close()

    async def read(self, path: Path, scratch: Path, *, envelope_from: str | None, own: Own) -> Reading:
        """Read the mail in the file `path`; its files are written to the folder `scratch`, made when there are any; it is the
        caller's to remove.

        `envelope_from` and `own` are for `screen`. UnreadableMail when it cannot be read; OSError when the disk fails.
        """
        async with self._slots:
            try:
                return await self._once(path, scratch, envelope_from, own)
            except _FailedError as failure:
                log.warning("mail.read_again", reason=str(failure))
        async with self._alone, AsyncExitStack() as stack:
            for _ in range(self._workers):
                await stack.enter_async_context(self._slots)
            try:
                return await self._once(path, scratch, envelope_from, own)
            except _FailedError as failure:
                raise UnreadableMail(str(failure)) from failure

    async def _once(self, path: Path, scratch: Path, envelope_from: str | None, own: Own) -> Reading:
        try:
            return await self._children.do(path, scratch, envelope_from, own)
        except TimeoutError:
            raise _FailedError(f"Reading it took more than {self._seconds:g} seconds.") from None
        except MemoryError:
            raise _FailedError("Reading it took more memory than a mail may take.") from None
        except ChildDiedError as error:
            if self._children.closed:
                raise TemporaryFailure("The desk is stopping; the mail is read when it runs again.") from None
            raise _FailedError("The process that read it died.") from error
        except OSError:
            raise  # the disk, not the mail
        except Exception as error:  # a mistake of ours: nothing that may stop other mail
            raise _FailedError(f"Reading it failed with {type(error).__name__}.") from error


def read_file(path: Path, scratch: Path, envelope_from: str | None, own: Own) -> Reading:
    """Read the mail in a file, here and now: what a child does."""
    found = read(path.read_bytes())
    if found.mail.attachments:
        scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = tuple(_written(part, scratch / f"{number:04}") for number, part in enumerate(found.mail.attachments, 1))
    writer = written_by(found.mail, own)
    trimmed = trim(found.mail.text, found.html_raw, found.mail.subject, writer.name if writer else "")
    return Reading(
        mail=replace(found.mail, attachments=()),
        files=files,
        trimmed=trimmed,
        screening=screen(found.mail, envelope_from, own),
        content_hash=_content_hash(found.mail, found.html_raw, (file.sha256 for file in files)),
        writer=writer,
        forwarded=forwarded_in(found.mail, trimmed),
    )


class _FailedError(Exception):
    """One try to read a mail failed in a way that may have had another cause than the mail."""


def _written(part: MailPart, path: Path) -> FileOnDisk:
    path.write_bytes(part.content)
    digest = hashlib.sha256(part.content).hexdigest()
    return FileOnDisk(part.filename, part.content_type, path, len(part.content), digest, part.content_id, part.inline)


def _content_hash(mail: ParsedMail, html: str | None, files: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for value in (mail.header("from"), mail.header("date"), mail.subject, mail.text, html, *files):
        data = (value or "").encode("utf-8", "replace")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
