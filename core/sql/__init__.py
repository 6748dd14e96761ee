"""Named SQL: `-- name: list` in `tickets.sql` is `SQL["tickets.list"]`, read once at import; `$1 …` are its arguments.

`{{reads.standing}}` stands for the statement of that name, so that what several statements share is written once.
"""

from __future__ import annotations

import re
from pathlib import Path

_NAME = re.compile(r"^-- name: (\w+)[^\n]*\n", re.MULTILINE)
_PIECE = re.compile(r"{{(\w+\.\w+)}}")


def _statements(path: Path) -> dict[str, str]:
    parts = _NAME.split(path.read_text(encoding="utf-8"))
    return {f"{path.stem}.{name}": text.strip().removesuffix(";") for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def _whole(text: str, written: dict[str, str]) -> str:
    return _PIECE.sub(lambda found: _whole(written[found[1]], written), text)


def _read() -> dict[str, str]:
    written = {name: text for path in sorted(Path(__file__).parent.glob("*.sql")) for name, text in _statements(path).items()}
    return {name: _whole(text, written) for name, text in written.items()}


SQL: dict[str, str] = _read()
