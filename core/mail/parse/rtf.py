"""Rich text of Outlook as plain text: MS-OXRTFCP's compression undone, then the words without their formatting."""

from __future__ import annotations

import re
import struct

from core.mail.parse.charsets import decode

MAX_RTF = 4_000_000
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier"
    b"{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_TOKEN = re.compile(r"\\([a-z]+)(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL)
_UNSEEN_GROUPS = frozenset(
    [
        "fonttbl",
        "colortbl",
        "stylesheet",
        "info",
        "pict",
        "htmltag",
        "listtable",
        "listoverridetable",
        "generator",
        "themedata",
        "datastore",
    ]
)
_CHARACTERS = {
    "par": "\n", "line": "\n", "tab": "\t", "lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c", "rdblquote": "\u201d",
    "emdash": "\u2014", "endash": "\u2013", "bullet": "\u2022",
}  # fmt: skip


def decompress_rtf(data: bytes) -> bytes:
    """RTF behind PR_RTF_COMPRESSED; as much as can be read of a damaged one."""
    if len(data) < 16:
        return b""
    size, kind = struct.unpack_from("<I", data, 4)[0], data[8:12]
    if kind == b"MELA":
        return data[16 : 16 + size]
    window = bytearray(_DICTIONARY.ljust(4096, b" "))
    out = bytearray()
    write, position = len(_DICTIONARY), 16
    while position < len(data) and len(out) < MAX_RTF:
        flags = data[position]
        position += 1
        for bit in range(8):
            if flags >> bit & 1:
                token = data[position : position + 2]
                position += 2
                offset, length = (int.from_bytes(token, "big") >> 4), (token[-1] & 15) + 2 if token else 0
                if len(token) < 2 or offset == write:
                    return bytes(out)
                copied = [0] * length
            else:
                copied = list(data[position : position + 1])
                offset, position = -1, position + 1
            for step, byte in enumerate(copied):
                value = byte if offset < 0 else window[(offset + step) % 4096]
                out.append(value)
                window[write] = value
                write = (write + 1) % 4096
    return bytes(out)


def rtf_to_text(rtf: bytes) -> str:
    """The words of RTF; formatting, fonts, pictures and encapsulated HTML tags are left out."""
    text = rtf[:MAX_RTF].decode("latin-1")
    page = re.search(r"\\ansicpg(\d{3,5})", text)
    codepage = f"cp{page[1]}" if page else "cp1252"
    out: list[str] = []
    stack: list[bool] = []
    seen, skip = True, 0
    pending = bytearray()
    for word, number, octet, symbol, brace, plain in _TOKEN.findall(text):
        if octet:
            if skip:
                skip -= 1
            elif seen:
                pending.append(int(octet, 16))
            continue
        if pending:
            out.append(decode(bytes(pending), codepage))
            pending.clear()
        if brace == "{":
            stack.append(seen)
        elif brace == "}":
            seen = stack.pop() if stack else True
        elif word in _UNSEEN_GROUPS or symbol == "*":
            seen = False
        elif word == "htmlrtf":
            seen = number == "0"
        elif not seen:
            continue
        elif word == "u" and number:
            out.append(chr(int(number) & 0xFFFF))
            skip = 1
        elif word:
            out.append(_CHARACTERS.get(word, ""))
        elif symbol:
            out.append(" " if symbol == "~" else symbol if symbol in "\\{}" else "")
        elif plain:
            out.append(plain[skip:])
            skip = 0
    return "".join(out).encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "").strip()
