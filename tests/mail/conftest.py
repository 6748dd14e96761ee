"""What the tests of mail share: children that read, and a desk whose mail is filed and posted when a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from core.mail.reading import Reader
from tests.support.desk import Desk
from tests.support.mail import MailDesk, mail_desk


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    """Children that read mail, started once: each test asks them for one mail at a time."""
    reader = Reader(2)
    asyncio.run(reader.start())
    yield reader
    asyncio.run(reader.close())


@pytest.fixture
async def post(desk: Desk, reader: Reader) -> AsyncIterator[MailDesk]:
    async with mail_desk(desk, reader) as one:
        yield one
