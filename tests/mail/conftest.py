"""What the tests of mail share: children that read, and a desk whose mail is filed and posted when a test says so."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from core.mail.reading import Reader
from tests.support.desk import Desk
from tests.support.mail import MailDesk, mail_desk


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    reader = Reader(1)
    await reader.start()
    yield reader
    await reader.close()


@pytest.fixture
async def post(desk: Desk, reader: Reader) -> AsyncIterator[MailDesk]:
    async with mail_desk(desk, reader) as one:
        yield one
