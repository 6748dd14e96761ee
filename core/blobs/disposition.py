"""The header that makes a browser save a file instead of showing it (RFC 6266), made from a name somebody else chose."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

_FALLBACK = "attachment"
_LONGEST = 150  # characters; most file systems stop at 255 bytes, and the name goes into a URL
_ATTR_CHAR = "!#$&+-.^_`|~"  # RFC 5987 section 3.2.1, besides letters and digits
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}", re.ASCII | re.IGNORECASE)


def content_disposition(filename: str) -> str:
    """The header's value, always pure ASCII on one line: an ASCII name for old clients, the real one percent-encoded beside it."""
    name = _safe_name(filename)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r'["\\%;]', "_", plain).strip(" .") or _FALLBACK
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe=_ATTR_CHAR)}"


def media_type(claimed: str) -> str:
    """The type and subtype of what the sender claimed, without parameters; `application/octet-stream` for anything else."""
    bare = claimed.partition(";")[0].strip()
    return bare.lower() if _MEDIA_TYPE.fullmatch(bare) else "application/octet-stream"


def _safe_name(filename: str) -> str:
    """The last part of a path, without characters that are invisible, reorder the rest (`U+202E`), or cannot be encoded."""
    name = re.split(r"[/\\]", filename)[-1]
    name = "".join(each for each in name if unicodedata.category(each) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    name = name.strip(" .")
    if len(name) > _LONGEST:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: _LONGEST - len(ending) - 1]}.{ending}" if dot and len(ending) <= 16 else name[:_LONGEST]
    return name or _FALLBACK
