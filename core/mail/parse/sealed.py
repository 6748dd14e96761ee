"""The message inside an opaque S/MIME signature (`smime.p7m`, RFC 8551, 3.5.2), which programs without S/MIME cannot show.

Only as much of CMS (RFC 5652) is read as leads to the content. Nothing is verified, and what is encrypted stays closed.
"""

from __future__ import annotations

SEALED_KINDS = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})

_SIGNED_DATA = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
_DATA = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
_OCTETS, _OCTETS_IN_PIECES, _EXPLICIT = 0x04, 0x24, 0xA0
_NEAR = 4096


def signed_content(data: bytes) -> bytes | None:
    """The content of CMS signed data; None for everything else."""
    signed = data.find(_SIGNED_DATA, 0, 64)
    found = data.find(_DATA, signed, signed + _NEAR) if signed >= 0 else -1
    if found < 0:
        return None
    try:
        position, _ = _opened(data, found + len(_DATA), _EXPLICIT)
        return _octets(data, position)
    except (IndexError, ValueError):
        return None


def _octets(data: bytes, position: int) -> bytes:
    if data[position] == _OCTETS:
        start, end = _opened(data, position, _OCTETS)
        return data[start:end]
    position, last = _opened(data, position, _OCTETS_IN_PIECES)
    pieces = []
    while position < last and data[position] == _OCTETS:
        start, position = _opened(data, position, _OCTETS)
        pieces.append(data[start:position])
    return b"".join(pieces)


def _opened(data: bytes, position: int, tag: int) -> tuple[int, int]:
    """Where the value of the element at `position` begins and ends; one of indefinite length ends with the data."""
    if data[position] != tag:
        raise ValueError("another element was expected")
    length = data[position + 1]
    position += 2
    if length == 0x80:
        return position, len(data)
    if length > 0x80:
        octets = length & 0x7F
        length = int.from_bytes(data[position : position + min(octets, 8)], "big")
        position += octets
    return position, min(position + length, len(data))
