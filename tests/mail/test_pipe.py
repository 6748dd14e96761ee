"""`helpdesk mail pipe`, as a mail server runs it: its exit status is a promise."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from core.models.mail import InboundMail
from tests.support.desk import Desk
from tests.support.mail import EVA, SUPPORT, letter


async def piped(desk: Desk, raw: bytes, *arguments: str, **environment: str) -> tuple[int | None, str]:
    keys = desk.rt.keys.exported()
    settings = {"DATABASE_URL": desk.rt.database.url, "SECRET_KEYS": keys, "DATA_DIR": str(desk.rt.settings.data_dir), **environment}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "mail", "pipe", *arguments, env={"PATH": os.environ["PATH"], **settings}, cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, said = await process.communicate(raw)
    return process.returncode, said.decode()


async def test_status_0_says_that_the_mail_is_durable(desk: Desk) -> None:
    raw = letter()
    status, said = await piped(desk, raw, "--from", EVA)
    row = await InboundMail.get()
    assert (status, f"accepted as {row.id}" in said) == (0, True)
    assert (row.door, row.mailbox_id, row.envelope_from, row.envelope_to) == ("pipe", desk.mailbox.id, EVA, [SUPPORT])
    assert await desk.rt.blobs.read(row.blob) == raw


async def test_a_desk_that_is_down_says_75_and_keeps_nothing(desk: Desk) -> None:
    status, said = await piped(desk, letter(), DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    assert (status, said.count("\n")) == (75, 1)
    assert await InboundMail.all().count() == 0


@pytest.mark.parametrize(("environment", "status"), [({"MAIL_SIZE_LIMIT": "65536"}, 65), ({"SECRET_KEYS": "short"}, 75)])
async def test_what_is_wrong_is_told_by_the_status(desk: Desk, environment: dict[str, str], status: int) -> None:
    assert (await piped(desk, letter("x" * 70_000), **environment))[0] == status


async def test_names_that_are_no_text_keep_no_mail_out(desk: Desk) -> None:
    status, _ = await piped(desk, letter(), "--to", os.fsdecode(b"s\xffx@example.org"), "--from", os.fsdecode(b"\xfe@x"))
    assert (status, await InboundMail.all().count()) == (0, 1)
