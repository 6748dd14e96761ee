"""The header of a mail or of a MIME part: cut off the body, unfolded, and decoded to Unicode (RFC 5322, 2047, 6532).

What the wild adds is read too: a From_ line of an mbox first, blanks before the colon, lines that are no header, encoded
words split in the middle of a character, with blanks inside, without an end or inside quotes, raw 8-bit bytes, NUL.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from core.mail.parse.charsets import decode, decode_strictly

MAX_FIELDS = 2000
MAX_VALUE_BYTES = 128 * 1024
_MAX_HEADER_BYTES = 1024 * 1024

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_KNOWN_FIELD = re.compile(
    rb"(?:from|to|cc|subject|date|received|return-path|reply-to|message-id|mime-version|content-[a-z-]+|delivered-to|dkim-signature"
    rb"|x-[a-z0-9-]+)[ \t]*:",
    re.IGNORECASE,
)
_BLANKS = re.compile(rb"[ \t\r\n]+")
_FROM_LINE = re.compile(rb">?From [^\r\n]*\r?\n")
_ENCODED_WORD = re.compile(r"=\?([^?\s\"<>]{0,80})\?\s*([bBqQ])\s*\?((?:(?!=\?[^?\s]{1,60}\?[bBqQ]\?)[^\r\n])*?)(?:\?=|\?$|$)")
_BREAKS = re.compile("[\r\n\x0b\x0c\x85\u2028\u2029]+[ \t]*")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Header:
    """Raw header fields, in order: names in lower case, values unfolded bytes. `cut` says that limits were reached."""

    fields: tuple[tuple[str, bytes], ...] = ()
    cut: bool = False

    def first(self, name: str) -> bytes:
        """The topmost raw value of a field; empty when there is none."""
        for key, value in self.fields:
            if key == name:
                return value
        return b""

    def all(self, name: str) -> list[bytes]:
        """Every raw value of a field, topmost first."""
        return [value for key, value in self.fields if key == name]


def read_header(raw: bytes, start: int, end: int, top: bool = False) -> tuple[Header, int]:
    """The header that begins at `start`, and where the body after it begins. `top`: it is a whole mail's."""
    if top:
        start = _skip_envelope(raw, start, end)
    fields: list[tuple[str, bytes]] = []
    position, limit, cut = start, start + _MAX_HEADER_BYTES, False
    while position < end:
        stop = raw.find(b"\n", position, end) + 1 or end
        if raw[position:stop].strip(b"\r\n") == b"":
            return Header(tuple(fields), cut), stop
        field = _FIELD.match(raw, position, stop)
        if field is None and not _may_skip(raw, position, stop, end):
            break  # the empty line is missing: this is the body already
        stop = _field_end(raw, stop, end)
        if field is None:
            pass
        elif len(fields) < MAX_FIELDS and position < limit:
            value_end = min(stop, field.end() + MAX_VALUE_BYTES)
            cut = cut or value_end < stop
            fields.append((field[1].decode("ascii").lower(), raw[field.end() : value_end].strip()))
        else:
            cut = True
        position = stop
    return Header(tuple(fields), cut), position


def decode_value(raw: bytes, hint: str | None = None) -> str:
    """A header value as one line of Unicode text; `hint` is the charset to try for raw 8-bit bytes."""
    if b"=?" not in raw and raw.isascii():
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


def _skip_envelope(raw: bytes, start: int, end: int) -> int:
    """Past a byte order mark, an mbox From_ line, and blanks and empty lines when a header follows them."""
    if raw.startswith(b"\xef\xbb\xbf", start):
        start += 3
    line = _FROM_LINE.match(raw, start, end)
    if line:
        start = line.end()
    after = _BLANKS.match(raw, start, end)
    return after.end() if after and _KNOWN_FIELD.match(raw, after.end(), end) else start


def _may_skip(raw: bytes, position: int, stop: int, end: int) -> bool:
    """Whether a line that is no header field stands between header fields, and not at the start of the body."""
    return bool(_FROM_LINE.match(raw, position, stop) or raw[position] in b" \t" or _KNOWN_FIELD.match(raw, stop, end))


def _field_end(raw: bytes, stop: int, end: int) -> int:
    """Where the field ends whose first line ends at `stop`: continuation lines begin with a blank."""
    while stop < end and raw[stop] in b" \t":
        following = raw.find(b"\n", stop, end) + 1 or end
        if not raw[stop:following].strip() and not _goes_on(raw, following, end):
            break
        stop = following
    return stop


def _goes_on(raw: bytes, position: int, end: int) -> bool:
    return position < end and (raw[position] in b" \t" or _FIELD.match(raw, position, end) is not None)


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
        return binascii.a2b_qp(raw.replace(b"\n", b""), header=True)
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw.replace(b"-", b"+").replace(b"_", b"/"))
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return base64.b64decode(letters + b"=" * (-len(letters) % 4))


def _one_line(text: str) -> str:
    return (text if text.isprintable() else _CONTROLS.sub("", _BREAKS.sub(" ", text))).strip()
