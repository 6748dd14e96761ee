"""Content-Transfer-Encoding undone (RFC 2045), also where lines were cut, padding lost or rubbish put between."""

from __future__ import annotations

import binascii
import re

from core.mail.parse.uuencode import decode_uu

_FOREIGN = re.compile(rb"[^A-Za-z0-9+/]+")
_FOREIGN_BUT_END = re.compile(rb"[^A-Za-z0-9+/=]")
_BLANKS_AT_END = re.compile(rb"[ \t]+(?=\r?\n)")
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n"
# Possessive, so that a long line is read once.
_PURE_LINES = re.compile(rb"(?:[ \t]*+[A-Za-z0-9+/]*+=?+=?+[ \t]*+(?:\r?\n|\Z))*+")
_NO_WORD = 24
IDENTITY = frozenset({"", "7bit", "8bit", "binary"})


def decode_transfer(body: bytes, encoding: str, is_text: bool = True) -> bytes:
    """The bytes behind a body of the transfer encoding `encoding` (lower-case letters and digits only); an unknown one changes nothing.

    Words that somebody wrote below base64 are kept where it is text, and are no part of any other file."""
    if encoding in IDENTITY:
        return body
    if encoding == "base64":
        return _base64(body, is_text)
    if encoding == "quotedprintable":
        return binascii.a2b_qp(_BLANKS_AT_END.sub(b"", body) if _has_blanks_at_end(body) else body)
    if encoding in ("xuuencode", "uuencode", "xuue", "uue"):
        return decode_uu(body)
    return body


def _has_blanks_at_end(body: bytes) -> bool:
    """Blanks at the end of a line were added on the way and may hide a soft line break (RFC 2045, 6.7, rule 3)."""
    return any(end in body for end in (b" \r\n", b" \n", b"\t\r\n", b"\t\n"))


def _base64(body: bytes, is_text: bool) -> bytes:
    """A body that only says that it is base64 stays as it is, and so does what a list or a gateway wrote below."""
    if body.translate(None, _BASE64) == b"":
        return _decoded(body)
    found = _PURE_LINES.match(body)
    head = found[0] if found else b""
    if not _is_encoded(head):
        return _decoded(body) if _is_nearly_pure(body) or (not is_text and _is_nearly_pure(body, 8)) else body
    rest = body[len(head) :]
    return _decoded(body) if _is_nearly_pure(rest) else _decoded(head) + (b"\n" + rest if is_text else b"")


def _is_nearly_pure(body: bytes, one_in: int = 20) -> bool:
    """Base64 with little damage; a file, which holds no prose, may have more of it."""
    return len(body.translate(None, _BASE64)) * one_in <= len(body)


def _is_encoded(head: bytes) -> bool:
    """Lines of nothing but base64 are no words: padded, or too long, and whole."""
    letters = b"".join(head.split())
    return len(letters) % 4 == 0 and (letters.endswith(b"=") or len(letters) >= _NO_WORD)


def _decoded(body: bytes) -> bytes:
    try:
        return binascii.a2b_base64(body, strict_mode=False) if _is_whole(body) else _damaged(body)
    except binascii.Error:
        return _damaged(body)


def _is_whole(body: bytes) -> bool:
    """Whether no letter is missing or too much, and padding stands only at the very end: the C decoder stops at the first and drops
    what a joiner added."""
    if len(body.translate(None, b" \t\r\n")) % 4:
        return False
    padding = body.find(b"=")
    return padding < 0 or not body[padding:].strip(b"=\r\n \t")


def _damaged(body: bytes) -> bytes:
    """Each run up to its padding is decoded for itself; a last incomplete quantum gives the bytes that it still holds.

    Where all lines are of one length, damage to one does not reach the next."""
    out = bytearray()
    lines = [line.strip() for line in body.split(b"\n")]
    length = len(lines[0])
    if len(lines) > 1 and length and length % 4 == 0 and sum(len(line) == length for line in lines) * 3 >= len(lines) * 2:
        return b"".join(_damaged(_FOREIGN_BUT_END.sub(b"A", line) if len(line) == length else line) for line in lines if line)
    for run in re.split(rb"=+", body):
        letters = _FOREIGN.sub(b"", run)
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        out += binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    return bytes(out)
