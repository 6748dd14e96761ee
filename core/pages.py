"""Keyset pages: where a list goes on is said by the last row shown, not by a count, so that inserts neither repeat nor skip rows.

A cursor is opaque to clients but no secret: rights are read anew for every page. It names the order it was made for, and is refused
with any other.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime

import orjson

from core.db import Row
from core.errors import Invalid

Key = int | str | datetime

LARGEST = 100  # rows a page
LONGEST = 2_500  # characters of a cursor: a key may hold a title in any writing


@dataclass(frozen=True, slots=True)
class Page:
    """Rows as a JSON array in UTF-8, where the next page begins (None: this is the last), and how many there are when asked for."""

    items: bytes
    next_cursor: str | None
    total: int | None = None

    def json(self) -> bytes:
        """The page as the API gives it."""
        cursor = f'"{self.next_cursor}"' if self.next_cursor else "null"
        total = "null" if self.total is None else str(self.total)
        return b'{"items":%b,"next_cursor":%b,"total":%b}' % (self.items, cursor.encode(), total.encode())


def page_of(row: Row, order: str, *columns: str) -> Page:
    """The page of a row with `items` and `more`; `columns` are those that hold the key of the last one shown."""
    cursor = encoded(order, *(row[column] for column in columns)) if row["more"] else None
    return Page(row["items"], cursor, row.get("total"))


def encoded(order: str, *key: Key) -> str:
    """The cursor of a key in an order."""
    return base64.urlsafe_b64encode(orjson.dumps([order, *key])).decode().rstrip("=")


def decoded(cursor: str | None, order: str, *kinds: type[Key]) -> list[Key] | None:
    """The key of a cursor made for this order, with values of these kinds; None without a cursor. Invalid for anything else."""
    if cursor is None:
        return None
    try:
        padding = "=" * (-len(cursor) % 4)
        values = orjson.loads(base64.b64decode((cursor[:LONGEST] + padding).encode(), altchars=b"-_", validate=True))
        made_for, *key = values
        if made_for != order:
            raise ValueError("It belongs to another order.")
        return [_value(value, kind) for value, kind in zip(key, kinds, strict=True)]
    except (ValueError, TypeError, binascii.Error):
        raise Invalid("This cursor does not belong to this list.", {"cursor": "must be next_cursor of the same list, unchanged"}) from None


def _value(value: object, kind: type[Key]) -> Key:
    """JSON's value as the kind wanted; ValueError for one that PostgreSQL could not take."""
    if kind is datetime:
        instant = datetime.fromisoformat(str(value))
        if instant.tzinfo is None or not 1970 <= instant.year < 9999:
            raise ValueError("It is no instant.")
        return instant
    if type(value) is not kind or (isinstance(value, int) and not 0 <= value < 2**63) or (isinstance(value, str) and "\0" in value):
        raise ValueError("It is no key.")
    assert isinstance(value, (int, str))
    return value
