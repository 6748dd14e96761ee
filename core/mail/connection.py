"""How mail is fetched from a mailbox elsewhere: the server, who logs in and how, and what becomes of mail there afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Literal

from core import vault
from core.errors import Invalid
from core.keys import Keys

Security = Literal["tls", "none"]
Afterwards = Literal["leave", "flag", "move"]
_SECRET = ("password", "refresh_token", "client_secret")


@dataclass(frozen=True, slots=True)
class Connection:
    """An IMAP mailbox. Either a `password`, or a `refresh_token` by which `token_url` gives access tokens (XOAUTH2).

    `afterwards`: mail stays as it is, is flagged, or moves to the folder `move_to`; it is never deleted. `fetched_since` is the instant
    from which on mail is the desk's: what is older stays where it is.
    """

    host: str
    user: str
    port: int = 993
    security: Security = "tls"
    folder: str = "INBOX"
    password: str = ""
    token_url: str = ""
    client_id: str = ""
    client_secret: str = ""
    refresh_token: str = ""
    scope: str = ""
    afterwards: Afterwards = "leave"
    move_to: str = ""
    fetched_since: str = ""
    verify: bool = True

    @property
    def uses_oauth(self) -> bool:
        return bool(self.refresh_token)

    def stored(self, keys: Keys) -> dict[str, object]:
        """For the database, secrets sealed."""
        secret = {name: vault.sealed(keys, value) for name in _SECRET if (value := getattr(self, name))}
        return {**asdict(self), **dict.fromkeys(_SECRET, ""), **secret}

    @classmethod
    def restored(cls, keys: Keys, kept: Mapping[str, object]) -> Connection:
        """From the database."""
        known = {one.name for one in fields(cls)}
        values = {name: value for name, value in kept.items() if name in known}
        opened = {name: vault.opened(keys, str(values[name])) for name in _SECRET if values.get(name)}
        return cls(**{**values, **opened})  # type: ignore[arg-type]  # what was stored is what is restored

    def since(self, instant: datetime) -> Connection:
        """The same, fetching what comes from an instant on."""
        return replace(self, fetched_since=instant.isoformat())


def checked(wanted: Connection) -> Connection:
    """The connection if it makes sense; Invalid with a sentence for each field that does not."""
    wrong: dict[str, str] = {}
    if not wanted.host or any(c.isspace() or c in "/@" for c in wanted.host):
        wrong["host"] = "must be the name of an IMAP server, such as imap.example.org"
    if not wanted.user:
        wrong["user"] = "must not be empty"
    if bool(wanted.password) == bool(wanted.refresh_token):
        wrong |= {"password": "is needed, or the consent of the provider instead"}
    if not 0 < wanted.port < 65536:
        wrong["port"] = "must be a port, mostly 993"
    if not wanted.folder or any(not c.isprintable() for c in wanted.folder + wanted.move_to):
        wrong["folder"] = "must be the name of a folder"
    if (wanted.afterwards == "move") != bool(wanted.move_to):
        wrong["move_to"] = "must name the folder that mail moves to, and only then"
    elif wanted.move_to and _same_folder(wanted.move_to, wanted.folder):
        wrong["move_to"] = "must be another folder than the one that mail is fetched from, or it would be fetched again for ever"
    if wrong:
        raise Invalid("This mailbox cannot be fetched from as it is.", wrong)
    return wanted


def _same_folder(one: str, other: str) -> bool:
    """INBOX has no case anywhere (RFC 3501, 5.1); at some servers no folder has."""
    return one.strip().casefold() == other.strip().casefold()
