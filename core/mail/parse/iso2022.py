"""ISO-2022-JP as Japanese mail really uses it: with the NEC and IBM characters (①, ㈱, 髙) and the half-width katakana that
Microsoft's variant allows (RFC 1468; CP50221), which Python's own codec refuses."""

from __future__ import annotations

import re

_SEGMENT = re.compile(rb"\x1b(\$@|\$B|\$\(D|\(B|\(J|\(I|\([@-Z])")


def decode_iso2022_jp(data: bytes) -> str:
    """The text of 7-bit ISO-2022-JP bytes; what cannot be read becomes U+FFFD."""
    pieces = _SEGMENT.split(data)
    out = [pieces[0].decode("ascii", "replace")]
    for escape, segment in zip(pieces[1::2], pieces[2::2], strict=True):
        out.append(_decoded(escape, segment))
    return "".join(out)


def _decoded(escape: bytes, segment: bytes) -> str:
    if escape in (b"$@", b"$B"):
        return _kanji(segment)
    if escape == b"$(D":
        return (b"\x1b$(D" + segment + b"\x1b(B").decode("iso2022_jp_ext", "replace")
    if escape == b"(I":
        return bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in segment).decode("cp932", "replace")
    return segment.decode("ascii", "replace")


def _kanji(segment: bytes) -> str:
    """JIS rows as Shift-JIS bytes, because Microsoft's table of them knows every extension. A line end resets to ASCII."""
    line, newline, rest = segment.partition(b"\n")
    out = bytearray()
    index = 0
    while index < len(line):
        row = line[index]
        if not 0x21 <= row <= 0x7E:
            out.append(row)
            index += 1
            continue
        if index + 1 >= len(line):
            break  # half a character at the end
        out += _shift_jis(row, line[index + 1])
        index += 2
    return out.decode("cp932", "replace") + (newline + rest).decode("ascii", "replace")


def _shift_jis(row: int, cell: int) -> bytes:
    lead = ((row + 1) >> 1) + (0x70 if row < 0x5F else 0xB0)
    trail = cell + (0x7E if row % 2 == 0 else 0x1F + (cell > 0x5F))
    return bytes((lead, trail & 0xFF))
