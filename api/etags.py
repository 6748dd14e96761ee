"""Entity tags: a client says which version it saw, and we answer 304 (nothing new) or 412 (somebody was faster). RFC 9110 §13.

A tag names the version of a row, not the bytes of an answer. What follows from that, said openly:
two viewers of one ticket, or two `include`s, share a tag although the bytes differ (harmless, because answers to a caller are
`no-store` and public ones vary by Authorization); and a change of what surrounds the row (an assignee's new name) does not
move it. A proxy that compresses turns our strong tags into weak ones; as a tag stands for a version either way, the mark `W/`
is ignored in comparisons, where the RFC would have every If-Match behind such a proxy end in 412.
"""

from __future__ import annotations

from re import ASCII, compile

from aiohttp import ETag, web

from api.problems import STALE, Problem

_PLAIN = compile("[!#-~]+", ASCII)


def etag_for(*parts: int | str) -> str:
    """Make the tag of a version, such as `etag_for(ticket_id, version)` → '"42-7"', ready for the ETag header.

    Parts are numbers or plain ASCII words; raises ValueError for anything a header could not carry.
    """
    value = "-".join(map(str, parts))
    if not _PLAIN.fullmatch(value):
        raise ValueError("An entity tag is made of numbers and plain ASCII words.")
    return f'"{value}"'


def require_match(request: web.Request, current: str) -> None:
    """Raise a 412 problem when the request carries If-Match and `current` is not among its tags.

    Call it inside the transaction, after the row is locked: checked any earlier, two writers can both pass.
    Without If-Match everything passes; `*` matches whatever exists.
    """
    wanted = request.if_match
    if wanted is not None and not _is_among(current, wanted):
        raise Problem(412, "It changed since you read it. Read it again, then repeat your change.", kind=STALE)


def is_unchanged(request: web.Request, current: str) -> bool:
    """Whether a reading client holds this version already, by If-None-Match; the layer then answers 304."""
    known = request.if_none_match if request.method in ("GET", "HEAD") else None
    return known is not None and _is_among(current, known)


def _is_among(current: str, tags: tuple[ETag, ...]) -> bool:
    value = current.strip('"')
    return any(tag.value in (value, "*") for tag in tags)
