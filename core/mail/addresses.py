"""Mail addresses as values: one normal form, used everywhere an address is compared, stored or shown."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from email.utils import formataddr

import idna


def normal(email: str) -> str:
    """The form addresses are compared and stored by: trimmed, lower-case, and of the two ways to write an international domain the
    readable one; a label that cannot be decoded stays as it is."""
    email = email.strip().lower()
    if email.isascii() and "xn--" not in email:
        return email
    local, at, domain = unicodedata.normalize("NFC", email).rpartition("@")
    return f"{local}{at}{'.'.join(_readable(label) for label in domain.split('.'))}"


def ascii_domain(domain: str) -> str:
    """A domain as the DNS and signatures name it; one that cannot be encoded stays as it is."""
    try:
        return domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except UnicodeError:
        return domain


def _readable(label: str) -> str:
    if not label.startswith("xn--") or len(label) > _LONGEST_LABEL:
        return label
    try:
        return idna.ulabel(label)
    except UnicodeError:
        return label


_LONGEST_LABEL = 63


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox of RFC 5322: an optional display name and an `email` with its case as written."""

    email: str
    name: str = ""

    @property
    def key(self) -> str:
        """The form addresses are compared and stored by, see `normal`."""
        return normal(self.email)

    @property
    def domain(self) -> str:
        """The part behind the last `@`, lower-case; empty when there is none."""
        return self.key.rpartition("@")[2] if "@" in self.email else ""

    @property
    def local_part(self) -> str:
        """The part before the last `@`, lower-case."""
        return self.key.rpartition("@")[0] if "@" in self.email else self.key

    def __str__(self) -> str:
        if not self.name or self.email.isascii():
            return formataddr((self.name, self.email)) if self.name else self.email
        return formataddr((self.name, "@")).removesuffix("<@>") + f"<{self.email}>"  # RFC 6532, which `formataddr` does not know
