"""The desk's secret keys: the first signs, all verify, and every purpose has a key of its own derived from them.

Keys are never dropped for mail: an answer to an old mail must still find its ticket. `helpdesk up` makes the key file in the data
folder; installations with a database of their own set `SECRET_KEYS`. A backup is database + blobs + keys.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from core.errors import ConfigurationError


class Keys:
    """Signs and verifies per purpose. Never printed: `repr` shows how many keys there are."""

    def __init__(self, secrets_: Sequence[str]) -> None:
        if not secrets_:
            raise ConfigurationError("There is no secret key: set SECRET_KEYS (make one with: openssl rand -hex 32).")
        self._secrets = [secret.encode() for secret in secrets_]
        self._derived: dict[str, list[bytes]] = {}

    def __repr__(self) -> str:
        return f"<Keys: {len(self._secrets)}>"

    def derived(self, purpose: str) -> list[bytes]:
        """The 32-byte keys of a purpose (`jwt`, `message-id`, …): the first signs, all verify."""
        if purpose not in self._derived:
            self._derived[purpose] = [hmac.digest(secret, purpose.encode(), "sha256") for secret in self._secrets]
        return self._derived[purpose]

    def sign(self, purpose: str, text: str, length: int = 16) -> str:
        """A MAC over `text`: `length` lower-case base32 characters (5 bits each), safe in addresses, ids and URLs."""
        return _mac(self.derived(purpose)[0], text, length)

    def signatures(self, purpose: str, text: str, length: int = 16) -> list[str]:
        """What `sign` says or said with each of the keys, the newest first."""
        return [_mac(key, text, length) for key in self.derived(purpose)]

    def verify(self, purpose: str, text: str, mac: str) -> bool:
        """Whether `mac` is this desk's signature of `text`, by any of its keys; shorter than 10 characters never is."""
        return (
            len(mac) >= 10
            and mac.isascii()
            and any(hmac.compare_digest(_mac(key, text, len(mac)), mac.lower()) for key in self.derived(purpose))
        )

    def exported(self) -> str:
        """All keys as `SECRET_KEYS` takes them, for handing them to a process of ours."""
        return ",".join(secret.decode() for secret in self._secrets)

    @cached_property
    def instance(self) -> str:
        """The public name of this desk, for loop marks: the same for ever, tells nothing about the keys."""
        return _mac(hmac.digest(self._secrets[-1], b"instance", "sha256"), "instance", 12)


def load_keys(secret_keys: Sequence[str], folder: Path | None) -> Keys:
    """The keys from the settings, else those of the key file in `folder`, which is made (0600) when it is not there yet."""
    if secret_keys:
        return Keys(secret_keys)
    if folder is None:
        return Keys([])
    path = folder / "keys"
    if not path.exists():
        _write_new(path, secrets.token_hex(32) + "\n")
    return Keys(path.read_text(encoding="ascii").split())


def hashed(token: str) -> str:
    """How unguessable tokens are stored: SHA-256, hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def _write_new(path: Path, text: str) -> None:
    """Write beside and link into place: two starters agree on one file, and it is never half there."""
    draft = path.with_name(f".keys-{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _mac(key: bytes, text: str, length: int) -> str:
    digest = hmac.digest(key, text.encode(), "sha256")[: -(-length // 8) * 5]  # base32 is slow: no more of it than is used
    return base64.b32encode(digest).decode().lower()[:length]
