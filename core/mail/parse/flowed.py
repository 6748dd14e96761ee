"""format=flowed text (RFC 3676) put together into the paragraphs that its writer saw."""

from __future__ import annotations

import re

_QUOTES = re.compile(r">*")


def unflow(text: str, delsp: bool = False) -> str:
    """Soft line breaks removed, space-stuffing undone, quote depth kept as `> ` marks. `delsp` as the parameter says."""
    paragraphs: list[list[str]] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        found = _QUOTES.match(line)
        depth = found.end() if found else 0
        content = line[depth:].removeprefix(" ")
        is_signature_mark = content == "-- "
        if open_depth != depth or is_signature_mark:
            paragraphs.append([">" * depth + " " * bool(depth and content)])
        soft = content.endswith(" ") and not is_signature_mark
        open_depth = depth if soft else None
        paragraphs[-1].append(content[:-1] if soft and delsp else content)
    return "\n".join("".join(paragraph) for paragraph in paragraphs)
