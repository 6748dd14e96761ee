"""Small things every door does to text from outside."""

from __future__ import annotations

import re

_LOCAL = r"[^\s<>\"'()\[\]{},;:@\\/|`]"  # what the part before the @ is made of, outside quotation marks
_ADDRESS = re.compile(rf'(?:"[^"\\\n]{{1,64}}"|(?<!{_LOCAL}){_LOCAL}++)@(?=[\w\[])')


def one_line(text: str) -> str:
    """Without control characters, line breaks and runs of blanks: fit for subjects and names."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def storable(text: str) -> str:
    """Without what PostgreSQL cannot keep: NUL and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def masked(text: str) -> str:
    """With mail addresses that name their domain only: `…@example.org`. In doubt it masks what merely looks like one."""
    return _ADDRESS.sub("…@", text) if "@" in text else text
