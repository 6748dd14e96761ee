"""Names of folders as IMAP writes them: quoted (RFC 3501, 4.3), and in its own UTF-7 beyond ASCII (5.1.3)."""

from __future__ import annotations

import re
from base64 import b64encode

_BEYOND_ASCII = re.compile(r"[^\x20-\x7e]+")


def quoted(folder: str) -> str:
    """The name of a folder as a command carries it: `Büro & Co` is `"B&APw-ro &- Co"`."""
    shifted = _BEYOND_ASCII.sub(lambda found: _shifted(found[0]), folder.replace("&", "&-"))
    escaped = shifted.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _shifted(letters: str) -> str:
    return "&" + b64encode(letters.encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"
