"""Uuencoded files, as whole bodies or in the middle of a text, with or without their `end` line."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

_BEGIN = re.compile(r"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]*)\r?\n", re.MULTILINE)
_BASE64_FILE = re.compile(r"((?:[A-Za-z0-9+/]++={0,2}\r?\n)++)====[ \t]*(?:\r?\n|\Z)")
_BEGIN_BYTES = re.compile(rb"^begin [0-7]{3,4} [^\r\n]*\r?\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class UuFile:
    """A file found in a text."""

    filename: str
    content: bytes


def split_uu(text: str, most: int) -> tuple[str, list[UuFile]]:
    """The text without the uuencoded files in it, and those files, at most so many. A `begin` line of ordinary prose stays text."""
    if "begin" not in text:
        return text, []
    files: list[UuFile] = []
    kept: list[str] = []
    position = 0
    while len(files) < most and (begin := _BEGIN.search(text, position)):
        content, after = (_base64_lines if begin[0].startswith("begin-base64") else _lines)(text, begin.end())
        if content:
            kept.append(text[position : begin.start()])
            files.append(UuFile(begin[1].strip(), content))
        else:
            kept.append(text[position : begin.end()])
        position = after if content else begin.end()
    return "".join([*kept, text[position:]]), files


def decode_uu(body: bytes) -> bytes:
    """The file of a body that is uuencoded as a whole."""
    begin = _BEGIN_BYTES.search(body)
    content, _ = _lines(body[begin.end() if begin else 0 :].decode("latin-1"), 0)
    return content


def _lines(text: str, position: int) -> tuple[bytes, int]:
    """The bytes of the encoded lines from `position` on, and where text goes on after them."""
    out = bytearray()
    while position < len(text):
        stop = text.find("\n", position) + 1 or len(text)
        line = text[position:stop].rstrip("\r\n")
        if line == "end":
            return bytes(out), stop
        decoded = _line(line)
        if decoded is None:
            break
        out += decoded
        position = stop
    return bytes(out), position


def _base64_lines(text: str, position: int) -> tuple[bytes, int]:
    found = _BASE64_FILE.match(text, position)
    try:
        return (binascii.a2b_base64(found[1]), found.end()) if found else (b"", position)
    except binascii.Error:
        return b"", position


def _line(line: str) -> bytes | None:
    """One line's bytes, or None when it cannot be uuencoded: its first character says how many there must be."""
    if not line or line in ("`", " "):
        return b"" if line else None
    count = (ord(line[0]) - 32) & 63
    needed, longest = (count * 4 + 2) // 3, (count + 2) // 3 * 4
    # Blanks at the end are data, and get lost on the way; one check character more is allowed.
    if not needed - 4 <= len(line) - 1 <= longest + 2 or any(not " " <= char <= "`" for char in line):
        return None
    try:
        return binascii.a2b_uu(line[: 1 + longest])
    except binascii.Error:
        return None
