"""Mail is read in children: one that cannot be read costs nobody else anything."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.errors import TemporaryFailure
from core.mail.reading import Reader, Reading, UnreadableMail, read_file
from core.mail.screen import Own

SAMPLES = Path(__file__).parent / "samples" / "parse"
OWN = Own(frozenset({"desk@help.example"}), "desk")


@dataclass
class Desk:
    """A folder of mail to read, and readers that are closed at the end."""

    folder: Path
    readers: list[Reader]

    async def reader(self, *, workers: int = 2, seconds: float = 30.0, memory: int = 1 << 30) -> Reader:
        reader = Reader(workers, seconds=seconds, memory=memory)
        self.readers.append(reader)
        await reader.start()
        return reader

    def mail(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def endless(self) -> Path:
        """A mail that a child begins to read and never comes to the end of, until somebody writes to it."""
        path = self.folder / "endless.eml"
        os.mkfifo(path)
        return path

    async def read(self, reader: Reader, path: Path) -> Reading:
        return await reader.read(path, self.folder, envelope_from="eva@farm.example", own=OWN)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(tmp_path, [])
    yield desk
    for reader in desk.readers:
        await reader.close()


async def test_a_mail_is_parsed_trimmed_screened_and_its_files_lie_on_disk(desk: Desk) -> None:
    reading = await desk.read(await desk.reader(), SAMPLES / "picture_inside_the_html.eml")
    assert reading.mail.subject == "The pump"
    assert reading.mail.attachments == ()
    assert reading.trimmed.reply == "Look:"
    assert reading.screening.answerable
    shown, other = reading.files
    assert (shown.filename, shown.content_type, shown.content_id, shown.inline) == ("attachment-1.png", "image/png", "pic@farm", True)
    assert shown.path.read_bytes() == b"\x89PNG"
    assert (shown.size, shown.sha256) == (4, hashlib.sha256(b"\x89PNG").hexdigest())
    assert not other.inline


def test_one_mail_by_two_ways_has_one_content_hash(tmp_path: Path) -> None:
    def content_hash(head: bytes, body: bytes) -> str:
        (tmp_path / "m.eml").write_bytes(head + b"From: a@b.example\nSubject: x\n\n" + body)
        return read_file(tmp_path / "m.eml", tmp_path, None, OWN).content_hash

    assert content_hash(b"Received: by one\n", b"words") == content_hash(b"Received: by two\nX-Original-To: y\n", b"words\r\n")
    assert content_hash(b"", b"words") != content_hash(b"", b"other words")
    assert content_hash(b"Date: Mon, 3 Mar 2025 10:15:00 +0100\n", b"words") != content_hash(b"", b"words")


async def test_a_mail_over_its_deadline_is_unreadable_and_others_are_read_meanwhile(desk: Desk) -> None:
    reader = await desk.reader(seconds=0.5)
    slow = asyncio.create_task(desk.read(reader, desk.endless()))
    good = await asyncio.gather(*(desk.read(reader, SAMPLES / "signed.eml") for _ in range(5)))
    assert {reading.mail.text for reading in good} == {"I sign this."}
    with pytest.raises(UnreadableMail, match=r"more than 0\.5 seconds"):
        await slow
    assert (await desk.read(reader, SAMPLES / "signed.eml")).mail.text == "I sign this."


async def test_a_mail_that_takes_too_much_memory_is_unreadable_and_the_next_is_read(desk: Desk) -> None:
    reader = await desk.reader(workers=1, memory=64 << 20)
    huge = desk.mail("huge.eml", b"From: a@b.example\n\n" + b"words and more words\n" * 2_000_000)
    with pytest.raises(UnreadableMail, match="memory"):
        await desk.read(reader, huge)
    assert (await desk.read(reader, SAMPLES / "signed.eml")).mail.text == "I sign this."


async def test_a_mail_whose_child_was_killed_is_read_once_more(desk: Desk) -> None:
    reader, path = await desk.reader(workers=1), desk.endless()
    reading = asyncio.create_task(desk.read(reader, path))
    first_try = await asyncio.to_thread(path.open, "wb")  # opens when the child does
    kill_children()
    with pytest.raises(BrokenPipeError), first_try:  # the killed child is gone
        while True:
            first_try.write(b" " * 65536)
    await asyncio.to_thread(path.write_bytes, b"From: a@b.example\nSubject: again\n\nwords\n")
    assert (await reading).mail.subject == "again"


async def test_mail_is_read_after_all_idle_children_were_killed(desk: Desk) -> None:
    reader = await desk.reader()
    kill_children()
    for _ in range(3):
        assert (await desk.read(reader, SAMPLES / "signed.eml")).mail.text == "I sign this."


async def test_a_mail_that_is_being_read_when_the_desk_stops_is_for_later(desk: Desk) -> None:
    reader, path = await desk.reader(), desk.endless()
    reading = asyncio.create_task(desk.read(reader, path))
    pipe = await asyncio.to_thread(path.open, "wb")
    await reader.close()
    with pytest.raises(TemporaryFailure):
        await reading
    pipe.close()


async def test_a_missing_file_is_no_fault_of_the_mail(desk: Desk) -> None:
    with pytest.raises(FileNotFoundError):
        await desk.read(await desk.reader(), desk.folder / "nothing.eml")


def kill_children() -> None:
    """Kill every process whose parent is a child of ours: those that the fork server made."""
    parents = {int(path.name): parent_of(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
    for process, parent in parents.items():
        if parents.get(parent) == os.getpid():
            os.kill(process, signal.SIGKILL)


def parent_of(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
