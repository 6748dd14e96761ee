"""Time and chance, handed around instead of asked for, so that tests can move the one and repeat the other."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta


class Clock:
    """The clock of a running desk. `shift` is how far its time is from the machine's: zero outside tests."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def now(self) -> datetime:
        """This instant, aware, in UTC, in whole microseconds as PostgreSQL keeps it."""
        return datetime.now(UTC) + self.shift

    def advance(self, by: timedelta) -> None:
        """Move time on (or back); only tests and the demo do this."""
        self.shift += by

    def secret(self, size: int) -> bytes:
        """`size` unguessable bytes."""
        return secrets.token_bytes(size)
