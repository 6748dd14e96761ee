"""The header of a mail or of a MIME part: cut off the body, and unfolded (RFC 5322); `encoded_words.py` decodes its values.

What the wild adds is read too: a From_ line of an mbox first, blanks before the colon, lines that are no header, or that lost their
indent, a header cut in two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_FIELDS = 2000
MAX_VALUE_BYTES = 128 * 1024
_MAX_HEADER_BYTES = 1024 * 1024

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_KNOWN_FIELD = re.compile(
    rb"(?:from|to|cc|subject|date|received|return-path|reply-to|message-id|mime-version|content-[a-z-]+|delivered-to|dkim-signature"
    rb"|x-[a-z0-9-]+)[ \t]*:",
    re.IGNORECASE,
)
_A_WORD = re.compile(rb"(?!--)[^\r\n]*?[A-Za-z0-9\x80-\xff]")
_MAX_TORN = 1000
_MAX_BELOW = 16384
_QUOTED_FIELDS = frozenset({"from", "to", "cc", "subject", "date"})
# A line below a header that is no field is part of it still when one of these follows and the header has none yet.
_TELLING_FIELD = re.compile(rb"^(from|to|subject|date|message-id|mime-version|content-type)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_EMPTY_LINE = re.compile(rb"\n\r?\n")
_BARE_PARAMETER = re.compile(rb"[A-Za-z][A-Za-z0-9*-]{1,40}[ \t]*=[ \t]*(?:\"[^\"\r\n]*\"|[^\s\"]+);?[ \t]*\r?\n?")
_TEXTS_OF_SEVERAL_LINES = frozenset({"subject", "references", "in-reply-to", "content-type", "content-disposition"})
_BLANKS = re.compile(rb"[ \t\r\n]+")
# `From : Joe <joe@shop.example>` is a field (RFC 5322, 4.5.2).
_FROM_LINE = re.compile(rb">?From (?! *:[^\r\n]*[^\s<>()]@[^\s<>()@]+[ \t>]*\r?\n)[^\r\n]*\r?\n")


@dataclass(frozen=True, slots=True)
class Header:
    """Raw header fields, in order: names in lower case, values unfolded bytes. `cut` says that limits were reached."""

    fields: tuple[tuple[str, bytes], ...] = ()
    cut: bool = False

    def first(self, name: str) -> bytes:
        """The topmost raw value of a field that has one; empty when there is none."""
        for key, value in self.fields:
            if key == name and value:
                return value
        return b""

    def all(self, name: str) -> list[bytes]:
        """Every raw value of a field, topmost first."""
        return [value for key, value in self.fields if key == name]


def read_header(raw: bytes, start: int, end: int, top: bool = False) -> tuple[Header, int]:
    """The header that begins at `start`, and where the body after it begins. `top`: it is a whole mail's."""
    if top:
        start = _skip_envelope(raw, start, end)
    read = _Lines(raw, start, end)
    while read.position < end:
        stop = raw.find(b"\n", read.position, end) + 1 or end
        if raw[read.position : stop].strip(b"\r\n") == b"":
            if not top or not _goes_on_below(read, stop):
                return read.header(), stop
            read.position = stop
            continue
        field = _FIELD.match(raw, read.position, stop)
        if field is None and not (_may_skip(read, stop) or _is_torn(read, stop)):
            break  # the empty line is missing: this is the body already
        read.take(field, _field_end(raw, stop, end))
    return read.header(), read.position


def _skip_envelope(raw: bytes, start: int, end: int) -> int:
    """Past a byte order mark, an mbox From_ line, and blanks and empty lines when a header follows them."""
    if raw.startswith(b"\xef\xbb\xbf", start):
        start += 3
    line = _FROM_LINE.match(raw, start, end)
    if line:
        start = line.end()
    after = _BLANKS.match(raw, start, end)
    return after.end() if after and _begins_header(raw, after.end(), end) else start


def _begins_header(raw: bytes, start: int, end: int) -> bool:
    if _KNOWN_FIELD.match(raw, start, end):
        return True
    near = min(end, start + _MAX_BELOW)
    empty = _EMPTY_LINE.search(raw, start, near)
    return _FIELD.match(raw, start, end) is not None and _TELLING_FIELD.search(raw, start, empty.start() if empty else near) is not None


class _Lines:
    """A header while it is read: where the values of its fields stand, and the position behind them."""

    def __init__(self, raw: bytes, start: int, end: int) -> None:
        self.raw, self.position, self.end, self.limit = raw, start, end, start + _MAX_HEADER_BYTES
        self.fields: list[tuple[str, int, int]] = []
        self.names: set[str] = set()
        self.cut = False
        self.torn = 0
        self.ahead: dict[str, int] | None = None

    def take(self, field: re.Match[bytes] | None, stop: int) -> None:
        """Add the lines up to `stop`: a field, or lines that are none and may go on the field above."""
        if field is None:
            self._join(stop)
        elif len(self.fields) < MAX_FIELDS and self.position < self.limit:
            self.fields.append((field[1].decode("ascii").lower(), field.end(), stop))
            self.names.add(self.fields[-1][0])
        else:
            self.cut = True
        self.position = stop

    def is_open(self, ends: tuple[bytes, ...]) -> bool:
        """Whether the field above ends with one of these."""
        return self.raw[max(0, self.position - 8) : self.position].rstrip().endswith(ends)

    def header(self) -> Header:
        """What was read, each value within its limit."""
        self.cut = self.cut or any(end - start > MAX_VALUE_BYTES for _, start, end in self.fields)
        return Header(tuple((name, self.raw[at : min(end, at + MAX_VALUE_BYTES)].strip()) for name, at, end in self.fields), self.cut)

    def _join(self, stop: int) -> None:
        if self.fields and not _FROM_LINE.match(self.raw, self.position, stop):
            name, start, end = self.fields[-1]
            if end == self.position and (name in _TEXTS_OF_SEVERAL_LINES or self.is_open((b",", b";"))):
                self.fields[-1] = (name, start, stop)


def _may_skip(read: _Lines, stop: int) -> bool:
    """Whether a line that is no header field stands between header fields, and not at the start of the body."""
    raw, position = read.raw, read.position
    if "content-type" in read.names and raw.startswith(b"--", position) and raw[stop : stop + 8].lower() == b"content-":
        return False  # the first delimiter
    if _FROM_LINE.match(raw, position, stop) or raw[position] in b" \t":
        return True
    following = _KNOWN_FIELD.match(raw, stop, read.end)
    if following is None:
        return False
    name = following[0].rstrip(b": \t").decode("ascii").lower()
    return name not in _QUOTED_FIELDS or name not in read.names  # a second From begins what a body quotes


def _goes_on_below(read: _Lines, stop: int) -> bool:
    """Whether an empty line only cuts the header in two, as web forms send it: nothing but fields follows up to the next empty
    line, among them what the header lacks and none that it has."""
    following = _FIELD.match(read.raw, stop, read.end)
    if following is None or not read.fields or "content-type" in read.names:
        return False
    empty = _EMPTY_LINE.search(read.raw, stop, min(read.end, stop + _MAX_BELOW))
    lines = read.raw[stop : empty.start()].splitlines() if empty else []
    fields = [_FIELD.match(line) for line in lines if line[:1] not in (b" ", b"\t")]
    names = {field[1].decode("ascii").lower() for field in fields if field}
    if not fields or None in fields or names & read.names:
        return False
    return {"from", "subject"} <= names or ("content-type" in names and "received" not in names)


def _is_torn(read: _Lines, stop: int) -> bool:
    """Whether a line belongs to the field above although nothing indents it: gateways and web forms lose those blanks.

    It does when a field follows, before the next empty line, that every mail has and this one has not had yet."""
    if not read.fields or read.torn > _MAX_TORN or not _A_WORD.match(read.raw, read.position, stop):
        return False
    read.torn += 1
    if read.is_open((b";",)) and _BARE_PARAMETER.fullmatch(read.raw, read.position, stop):
        return True
    if read.ahead is None:
        empty = _EMPTY_LINE.search(read.raw, read.position, read.end)
        telling = _TELLING_FIELD.finditer(read.raw, read.position, empty.start() if empty else read.end)
        read.ahead = {found[1].decode("ascii").lower(): found.start() for found in telling}
    return any(at > read.position and name not in read.names for name, at in read.ahead.items())


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
