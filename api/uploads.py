"""A file out of a multipart form (RFC 7578), piece by piece: however large it is, a few hundred kilobytes of it are in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiohttp import BodyPartReader, MultipartReader, hdrs, web
from aiohttp.http_exceptions import BadHttpMessage

from api.problems import FieldError, Problem, invalid

FORM_ROOM = 64 * 1024  # bytes that a form may have around its file
_PIECE = 64 * 1024
_PLAIN = frozenset({"", "7bit", "8bit", "binary"})
_BROKEN = (ValueError, RuntimeError, AssertionError, LookupError, BadHttpMessage, RuntimeWarning, web.RequestPayloadError)


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file on its way in; `pieces` can be gone through once."""

    filename: str
    content_type: str
    pieces: AsyncIterator[bytes]


async def sent_file(request: web.Request) -> SentFile:
    """The file of a form with the one field `file`. Raises the 400 problem for a broken form, the 422 problem for another one."""
    try:
        form = await request.multipart()
        part = await form.next()
        name, filename = (part.name, part.filename) if isinstance(part, BodyPartReader) else (None, None)
    except _BROKEN as error:
        raise _broken() from error
    if not isinstance(part, BodyPartReader) or name != "file" or filename is None:
        raise invalid([FieldError("body.file", "is missing: the form needs one file in a field called file")])
    if part.headers.get(hdrs.CONTENT_TRANSFER_ENCODING, "").lower() not in _PLAIN:
        raise invalid([FieldError("body.file", "must be sent as it is, without Content-Transfer-Encoding")])
    return SentFile(filename, part.headers.get(hdrs.CONTENT_TYPE, "application/octet-stream"), _pieces(form, part))


async def _pieces(form: MultipartReader, part: BodyPartReader) -> AsyncIterator[bytes]:
    try:
        while piece := await part.read_chunk(_PIECE):
            yield piece
        further = await form.next()
    except _BROKEN as error:
        raise _broken() from error
    if further is not None:
        raise invalid([FieldError("body", "must have nothing but one file: send each in a request of its own")])


def _broken() -> Problem:
    return Problem(400, "The form is broken or ended early; multipart/form-data with one field called file is expected.")
