"""The Date field as an instant in UTC, read as leniently as its writers wrote it (RFC 5322, ISO 8601, and worse)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)


def read_date(text: str) -> datetime | None:
    """The instant in UTC, or None where there is no date to be read. Without a zone, UTC is taken."""
    cleaned = text.strip().strip("\"'")[:200]
    if not cleaned:
        return None
    iso = _ISO.match(cleaned)
    try:
        return _from_iso(iso) if iso else _from_mail(cleaned)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _from_iso(found: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second = (int(group or 0) for group in found.groups()[:6])
    zone = (found[7] or "Z").upper().replace(":", "")
    seconds = 0 if zone == "Z" else (int(zone[1:3]) * 3600 + int(zone[3:5]) * 60) * (-1 if zone[0] == "-" else 1)
    return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC) - timedelta(seconds=seconds)


def _from_mail(text: str) -> datetime | None:
    # Comments and blanks in the time, dots in it, words before the day (`Gesendet: Mo, 3 Mar ...`) or no time are no reason to know nothing.
    text = re.sub(r"\s*:\s*", ":", re.sub(r"\([^()]*\)", " ", text))
    dotted, bare = re.sub(r"(\d)\.(?=\d{2}\b)", r"\1:", text), re.sub(r"^[^\d]*", "", text)
    parsed = parsedate_tz(text) or parsedate_tz(dotted) or parsedate_tz(bare) or parsedate_tz(f"{text} 00:00:00")
    if parsed is None:
        return None
    year, month, day, hour, minute, second = parsed[:6]
    offset = parsed[9] or 0
    if abs(offset) > 86400:
        offset = 0
    return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC) - timedelta(seconds=offset)
