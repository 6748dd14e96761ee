"""Mail addresses as values: one normal form, used everywhere an address is compared, stored or shown."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import formataddr


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox of RFC 5322: an optional display name and an `email` with its case as written."""

    email: str
    name: str = ""

    @property
    def key(self) -> str:
        """The form addresses are compared and stored by: trimmed and lower-case."""
        return self.email.strip().lower()

    @property
    def domain(self) -> str:
        """The part behind the last `@`, lower-case; empty when there is none."""
        return self.key.rpartition("@")[2] if "@" in self.email else ""

    @property
    def local_part(self) -> str:
        """The part before the last `@`, lower-case."""
        return self.key.rpartition("@")[0] if "@" in self.email else self.key

    def __str__(self) -> str:
        return formataddr((self.name, self.email)) if self.name else self.email
