"""Microsoft's TNEF (winmail.dat): the files in it, and its body where the mail has no other (MS-OXTNEF, MS-OXMSG).

Read as far as it goes: of a truncated stream the files that are whole, and of the last one what is there.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.mail.parse.charsets import decode
from core.mail.parse.rtf import decompress_rtf, rtf_to_text

_SIGNATURE = 0x223E9F78
_BODY, _MESSAGE_PROPERTIES, _CODE_PAGE = 0x800C, 0x9003, 0x9007
_RENDERING, _TITLE, _DATA, _FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_P_BODY, _P_HTML, _P_RTF, _P_FILENAME, _P_LONG_FILENAME, _P_MIME, _P_CID, _P_DATA, _P_DISPLAY = (
    0x1000, 0x1013, 0x1009, 0x3704, 0x3707, 0x370E, 0x3712, 0x3701, 0x3001,
)  # fmt: skip
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_MAX_PROPERTIES = 2000


@dataclass(slots=True)
class TnefFile:
    """A file in the stream; `content_type` is empty where the stream does not say."""

    filename: str = ""
    content: bytes = b""
    content_type: str = ""
    content_id: str = ""


@dataclass(slots=True)
class Tnef:
    """What a stream held."""

    files: list[TnefFile] = field(default_factory=list)
    text: str = ""
    html: str = ""


def read_tnef(data: bytes) -> Tnef | None:
    """The content of a TNEF stream, or None when it is none."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        return None
    found = Tnef()
    codepage = "cp1252"
    for attribute, value in _attributes(data):
        if attribute == _CODE_PAGE and len(value) >= 4:
            codepage = f"cp{struct.unpack_from('<I', value)[0]}"
        elif attribute == _RENDERING:
            found.files.append(TnefFile())
        elif attribute == _BODY:
            found.text = found.text or decode(value.rstrip(b"\x00"), codepage)
        elif attribute == _MESSAGE_PROPERTIES:
            _read_message(found, dict(_properties(value)), codepage)
        elif found.files:
            _read_file(found.files[-1], attribute, value, codepage)
    found.files = [file for file in found.files if file.content]
    return found


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    position = 6
    while position + 9 <= len(data):
        attribute, length = struct.unpack_from("<II", data, position + 1)
        position += 9
        yield attribute & 0xFFFF, data[position : position + length]
        position += length + 2


def _read_message(found: Tnef, properties: dict[int, bytes], codepage: str) -> None:
    found.text = _string(properties.get(_P_BODY, b""), codepage) or found.text
    html = properties.get(_P_HTML, b"")
    found.html = decode(html.rstrip(b"\x00"), codepage) if html else found.html
    if not found.text and not found.html and _P_RTF in properties:
        found.text = rtf_to_text(decompress_rtf(properties[_P_RTF]))


def _read_file(file: TnefFile, attribute: int, value: bytes, codepage: str) -> None:
    if attribute == _TITLE:
        file.filename = file.filename or decode(value.rstrip(b"\x00"), codepage)
    elif attribute == _DATA:
        file.content = value
    elif attribute == _FILE_PROPERTIES:
        properties = dict(_properties(value))
        names = (properties.get(key, b"") for key in (_P_LONG_FILENAME, _P_DISPLAY, _P_FILENAME))
        file.filename = next((name for name in (_string(raw, codepage) for raw in names) if name), file.filename)
        file.content_type = _string(properties.get(_P_MIME, b""), codepage)
        file.content_id = _string(properties.get(_P_CID, b""), codepage)
        embedded = properties.get(_P_DATA, b"")
        if embedded and not file.content:
            file.content = embedded[16:]  # behind the class id of the object: a mail in TNEF, or an OLE document


def _properties(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(property id, value) of a MAPI property list; multi-valued ones give their first value. Strings end with UTF-16's mark."""
    if len(data) < 4:
        return
    position = 4
    for _ in range(min(struct.unpack_from("<I", data)[0], _MAX_PROPERTIES)):
        if position + 4 > len(data):
            return
        kind, name = struct.unpack_from("<HH", data, position)
        position += 4
        if name >= 0x8000:
            position = _skip_name(data, position)
        many, kind = bool(kind & 0x1000), kind & 0xFFF
        value, position = _value(data, position, kind, many)
        if value is None:
            return
        yield name, (b"\xff\xfe" + value if kind == 0x1F else value)


def _skip_name(data: bytes, position: int) -> int:
    if position + 24 > len(data):
        return len(data)
    by_name, length = struct.unpack_from("<II", data, position + 16)
    return position + 24 + (length + 3) // 4 * 4 if by_name == 1 else position + 24


def _value(data: bytes, position: int, kind: int, many: bool) -> tuple[bytes | None, int]:
    variable = kind in (0x1E, 0x1F, 0xD, 0x102)
    if not variable and kind not in _FIXED:
        return None, position
    count = 1
    if many or variable:
        if position + 4 > len(data):
            return None, position
        count = struct.unpack_from("<I", data, position)[0]
        position += 4
    first: bytes | None = None
    for _ in range(min(count, _MAX_PROPERTIES)):
        if variable:
            if position + 4 > len(data):
                return first, len(data)
            length = struct.unpack_from("<I", data, position)[0]
            start, position = position + 4, position + 4 + (length + 3) // 4 * 4
        else:
            length = _FIXED[kind]
            start, position = position, position + length
        first = data[start : start + length] if first is None else first
    return first or b"", position


def _string(raw: bytes, codepage: str) -> str:
    if raw.startswith(b"\xff\xfe"):
        return raw[2:].decode("utf-16-le", "replace").rstrip("\x00").replace("\x00", "")
    return decode(raw.rstrip(b"\x00"), codepage)
