"""Named SQL: `-- name: list` in `tickets.sql` is `SQL["tickets.list"]`, read once at import; `$1 …` are its arguments."""

from __future__ import annotations

import re
from pathlib import Path

_NAME = re.compile(r"^-- name: (\w+)[^\n]*\n", re.MULTILINE)


def _statements(path: Path) -> dict[str, str]:
    parts = _NAME.split(path.read_text(encoding="utf-8"))
    return {f"{path.stem}.{name}": text.strip().removesuffix(";") for name, text in zip(parts[1::2], parts[2::2], strict=True)}


SQL: dict[str, str] = {name: text for path in sorted(Path(__file__).parent.glob("*.sql")) for name, text in _statements(path).items()}
