"""The tree of MIME parts in a mail (RFC 2045, 2046), as offsets into its bytes: nothing is copied or decoded before it is used.

Our own splitter, because it has bounds (depth, number of parts, bytes of header) and because boundaries in the wild prefix one
another, lack their end, or are named wrongly in the header. What is past the bounds becomes one leaf and so is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.mail.parse.headers import Header, read_header
from core.mail.parse.params import Parameterized, read_parameters
from core.mail.parse.transfer import decode_transfer

MAX_DEPTH = 100
MAX_PARTS = 1000

_GUESSED_DELIMITER = re.compile(rb"(?:\A|\n)--(-*[^\s-][^\r\n]{0,120}?)[ \t]*\r?\n(?=Content-[a-z-]+:)", re.IGNORECASE)
_COMMENT = re.compile(rb"\([^()]*\)")
_NO_LETTER = re.compile(rb"[^A-Za-z0-9]+")
# Junk behind the last delimiter, unless it may go on as the boundary of another (RFC 2046, 5.1.1).
_AFTER_THE_LAST = rb"(?:[^\w'()+,./:=?\r\n-][^\r\n]*)?"
# The first delimiter is gone or damaged, but a part begins.
_LOST_DELIMITER = re.compile(rb"\s*+(?:--[^\r\n]*+\r?+\n)?+(?=Content-(?:Type|Transfer-Encoding|Disposition):)", re.IGNORECASE)
_MOST_TYPES = 5
_TYPE = re.compile(r"(?!(?:plain|html|txt|test)/)[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A part: `raw[start:end]` is its header and body, `raw[body:end]` the body alone as it was sent.

    `past_limits` marks the leaf that holds what came after the last part or level that is taken apart.
    """

    raw: bytes
    start: int
    body: int
    end: int
    header: Header
    content_type: Parameterized
    disposition: Parameterized
    children: list[Part] = field(default_factory=list)
    past_limits: bool = False

    @property
    def kind(self) -> str:
        """The media type, such as `text/plain`."""
        return self.content_type.value

    @property
    def encoding(self) -> str:
        """The transfer encoding in `transfer`'s spelling: `Quoted printable (of course)` is `quotedprintable`."""
        text = _COMMENT.sub(b"", self.header.first("content-transfer-encoding")).partition(b";")[0]
        return _NO_LETTER.sub(b"", text).decode("ascii").lower()

    def source(self) -> bytes:
        """The body as it was sent."""
        return self.raw[self.body : self.end]

    def content(self) -> bytes:
        """The body without its transfer encoding."""
        if self.past_limits:
            return self.raw[self.start : self.end]
        return decode_transfer(self.source(), self.encoding, self.kind.startswith(("text/", "multipart/")))


def read_tree(raw: bytes) -> Part:
    """The parts of a whole mail; a mail that is no multipart is one part."""
    return _read(raw, 0, len(raw), _Budget(MAX_PARTS), 0, "text/plain")


def leaves(part: Part) -> Iterator[Part]:
    """The part itself or, of a multipart, all that are no multipart, in order."""
    if not part.children:
        yield part
    for child in part.children:
        yield from leaves(child)


class _Budget:
    """How many parts may still be read."""

    def __init__(self, parts: int) -> None:
        self.parts = parts


def _read(raw: bytes, start: int, end: int, budget: _Budget, depth: int, default: str) -> Part:
    budget.parts -= 1
    header, body = read_header(raw, start, end, top=depth == 0)
    content_type = _content_type(_stated(header, raw, body, end), default)
    part = Part(raw, start, min(body, end), end, header, content_type, read_parameters(header.first("content-disposition")))
    if not content_type.value.startswith("multipart/"):
        return part
    if depth >= MAX_DEPTH:
        return _rest(raw, start, end)
    nested = "message/rfc822" if content_type.value == "multipart/digest" else "text/plain"
    _read_children(part, raw, part.body, end, budget, depth, nested)
    if part.children and len(header.all("content-type")) > 1:
        _keep_words_above(part, end)
    if not part.children and part.encoding == "base64":
        inner = b"\n" + part.content()  # no program may encode a multipart as a whole (RFC 2045, 6.4); gateways do
        _read_children(part, inner, 0, len(inner), budget, depth, nested)
    return part


def _read_children(part: Part, raw: bytes, start: int, end: int, budget: _Budget, depth: int, default: str) -> None:
    for first, last in _regions(raw, start, end, part.content_type.get("boundary")):
        if budget.parts <= 1:
            part.children.append(_rest(raw, first, end))
            break
        part.children.append(_read(raw, first, last, budget, depth + 1, default))


def _keep_words_above(part: Part, end: int) -> None:
    """Where a gateway added a second type to a text, its words stand above the parts and are one themselves."""
    stated = read_parameters(part.header.first("content-type"))
    above = part.raw.find(b"--" + part.content_type.get("boundary").encode("utf-8", "surrogateescape"), part.body, end)
    if stated.value.startswith("text/") and part.raw[part.body : above].strip():
        part.children.insert(0, Part(part.raw, part.body, part.body, above, Header(), stated, Parameterized()))


def _rest(raw: bytes, start: int, end: int) -> Part:
    kind = Parameterized("application/octet-stream")
    return Part(raw, start, start, end, Header(), kind, Parameterized("attachment"), past_limits=True)


def _stated(header: Header, raw: bytes, start: int, end: int) -> Parameterized | None:
    """The Content-Type; where it is given twice, the one whose boundary is really there."""
    fields = [read_parameters(value) for value in header.all("content-type")[:_MOST_TYPES] if value]
    for one in fields if len(fields) > 1 else ():
        boundary = one.get("boundary").encode("utf-8", "surrogateescape")
        if boundary and raw.find(b"--" + boundary, start, end) >= 0:
            return one
    return fields[0] if fields else None


def _content_type(found: Parameterized | None, default: str) -> Parameterized:
    if found is None:
        return Parameterized(default)
    if _TYPE.fullmatch(found.value):
        return found
    if found.value.startswith("multipart"):
        return Parameterized("multipart/mixed", found.parameters)
    whole = _TYPE.match(found.value)
    kind = whole[0] if whole else "text/html" if "html" in found.value else "text/plain"
    return Parameterized(kind, found.parameters)


def _regions(raw: bytes, start: int, end: int, boundary: str) -> Iterator[tuple[int, int]]:
    """Where each child begins and ends. A missing end delimiter means: up to the end of the parent; a part before the first
    delimiter, which is nothing but that where a header begins it, lost its own."""
    delimiters = _delimiters(raw, start, end, boundary)
    lost = _LOST_DELIMITER.match(raw, start, end)
    opened = lost.end() if lost else None
    for at, after, closes in delimiters:
        if opened is not None and opened < after:
            yield opened, max(opened, at)
        opened = None if closes else after
    if opened is not None and opened < end:
        yield opened, end


def _delimiters(raw: bytes, start: int, end: int, boundary: str) -> Iterator[tuple[int, int, bool]]:
    """(end of the part before, start of the part after, whether it is the last) of every delimiter line."""
    wanted = boundary.encode("utf-8", "surrogateescape").rstrip()
    pattern = _pattern(raw, start, end, wanted)
    for found in pattern.finditer(raw, start - 1, end) if pattern is not None else ():
        yield max(start, _before_line_end(raw, found.start() + 1, start)), found.end(2), found[1] is not None


def _pattern(raw: bytes, start: int, end: int, wanted: bytes) -> re.Pattern[bytes] | None:
    """What the delimiters look like: the boundary and nothing else, because one may be the beginning of another; where there is no
    such line, the boundary at the beginning of a line, or indented; else a line that stands where a delimiter would."""
    if wanted:
        for before, behind in ((b"", rb"[ \t]*"), (b"", rb"[^\r\n]*"), (rb"[ \t]+", rb"[ \t]*")):
            pattern = _delimiter(wanted, before, behind)
            first = pattern.search(raw, start - 1, end)
            if first is not None and first[1] is None:
                return pattern
    guess = _GUESSED_DELIMITER.search(raw, start - 1, end)
    return _delimiter(guess[1]) if guess else None


def _delimiter(boundary: bytes, before: bytes = b"", behind: bytes = rb"[ \t]*") -> re.Pattern[bytes]:
    """A delimiter line from the line end above it, which is part of the header at least; its own line end is group 2. A pattern that
    begins with nothing but letters is found many times faster."""
    return re.compile(rb"\n" + before + rb"--" + re.escape(boundary) + rb"(--" + _AFTER_THE_LAST + rb")?" + behind + rb"(?=(\r?\n|\r?\Z))")


def _before_line_end(raw: bytes, at: int, start: int) -> int:
    """The line end before a delimiter belongs to the delimiter (RFC 2046, 5.1.1)."""
    if at > start and raw[at - 1] == 10:
        at -= 1
        if at > start and raw[at - 1] == 13:
            at -= 1
    return at
