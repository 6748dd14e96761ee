"""Small things every door does to text from outside."""

from __future__ import annotations


def one_line(text: str) -> str:
    """Without control characters, line breaks and runs of blanks: fit for subjects and names."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def storable(text: str) -> str:
    """Without what PostgreSQL cannot keep: NUL and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
