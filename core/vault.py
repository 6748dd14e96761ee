"""Secrets of others that the desk has to keep: sealed with its keys before they reach the database (Fernet: AES-128-CBC and HMAC-SHA256)."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from core.errors import PermanentFailure
from core.keys import Keys


def sealed(keys: Keys, secret: str) -> str:
    """A secret as it may lie in the database; made with the newest key."""
    return _box(keys).encrypt(secret.encode()).decode()


def opened(keys: Keys, token: str) -> str:
    """What was sealed with any of the keys. PermanentFailure when its key is no longer there."""
    try:
        return _box(keys).decrypt(token.encode()).decode()
    except InvalidToken:
        raise PermanentFailure(_NO_KEY) from None


_NO_KEY = (
    "A kept secret cannot be opened: the key it was sealed with is gone. Put that key back (the file `keys` of the data folder, or SECRET_KEYS) "
    "and start again; if it is lost, connect the mailbox again."
)


def _box(keys: Keys) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys.derived("vault")])
