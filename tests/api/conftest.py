"""The API of a seeded desk, served on a free port for one test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.api.desk_client import Served, serving
from tests.support.desk import Desk


@pytest.fixture
async def api(desk: Desk) -> AsyncIterator[Served]:
    """The API of `desk`."""
    async with serving(desk.rt) as served:
        yield served
