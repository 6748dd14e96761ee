"""The values of header fields as Unicode: encoded words (RFC 2047), and raw bytes (RFC 6532).

What the wild adds is read too: words split in the middle of a character, with blanks inside, without an end or inside quotes, raw 8-bit
bytes, NUL.
"""

from __future__ import annotations

import base64
import binascii
import re

from core.mail.parse.charsets import decode, decode_strictly

_ENCODED_WORD = re.compile(r"=\?([^?\s\"<>]{0,80})\?\s*([bBqQ])\s*\?((?:(?!=\?[^?\s]{1,60}\?[bBqQ]\?)[^\r\n])*?)(?:\?=|\?$|$)")
_BREAKS = re.compile("[\r\n\x0b\x0c\x85\u2028\u2029]+[ \t]*")
_SOFT_BREAK = re.compile(rb"=[ \t]+")  # of quoted-printable, which no encoded word may have
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]+")


def decode_value(raw: bytes, hint: str | None = None) -> str:
    """A header value as one line of Unicode text; `hint` is the charset to try for raw 8-bit bytes."""
    if b"=?" not in raw and raw.isascii() and b"\x1b" not in raw:  # Japanese is written in seven bits, between escapes
        text = raw.decode("ascii")
        return _one_line(text) if not text.isprintable() else text
    return decode_words(_BREAKS.sub(" ", decode(raw, None, hint)))


def decode_words(text: str) -> str:
    """Text with its RFC 2047 encoded words decoded, as one line."""
    if "=?" not in text:
        return _one_line(text)
    out: list[str] = []
    group: list[tuple[str, str, str]] = []
    position = 0
    for word in _ENCODED_WORD.finditer(text):
        between = text[position : word.start()]
        if between.strip(" \t") or (group and group[-1][0] != _charset(word[1])):
            out.append(_decode_group(group))
            group = []
        if between.strip(" \t") or not position:
            out.append(between)
        group.append((_charset(word[1]), word[2].lower(), word[3]))
        position = word.end()
    return _one_line("".join(out) + _decode_group(group) + text[position:])


def _charset(label: str) -> str:
    return label.partition("*")[0].lower()  # RFC 2231 allows a language behind an asterisk


def _decode_group(words: list[tuple[str, str, str]]) -> str:
    """Neighbouring encoded words of one charset: joined before decoding, because mailers cut characters in half."""
    if not words:
        return ""
    charset = words[0][0]
    parts = [_word_bytes(encoding, text) for _, encoding, text in words]
    joined = decode_strictly(b"".join(parts), charset)
    if joined is None and len(words) > 1 and all(encoding == "b" for _, encoding, _ in words):
        joined = decode_strictly(_word_bytes("b", "".join(text.rstrip("= ") for _, _, text in words)), charset)
    if joined is not None and charset not in ("iso-8859-1", "us-ascii", ""):
        return joined
    return decode(b"".join(parts), charset)


def _word_bytes(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "surrogateescape")
    if encoding == "q":
        return binascii.a2b_qp(_SOFT_BREAK.sub(b"", raw.replace(b"\n", b"")), header=True)
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw.replace(b"-", b"+").replace(b"_", b"/"))
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return base64.b64decode(letters + b"=" * (-len(letters) % 4))


def _one_line(text: str) -> str:
    return (text if text.isprintable() else _CONTROLS.sub("", _BREAKS.sub(" ", text))).strip()
