"""Text that was signed inside its body (RFC 4880, 7): the words without the armor around them, which is kept in the raw mail."""

from __future__ import annotations

import re

_BEGINS = re.compile(r"\s*-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n(?:[A-Z][\w-]{1,30}: .*\n){0,10}[ \t]*\n")
_SIGNATURE = re.compile(r"^-----BEGIN PGP SIGNATURE-----[ \t]*$", re.MULTILINE)
_END = "-----END PGP SIGNATURE-----"
_ESCAPED = re.compile(r"^- (?=-|From )", re.MULTILINE)


def without_armor(text: str) -> str:
    """The signed words, and what was added below; a text that does not begin with whole armor stays as it is."""
    begins = _BEGINS.match(text)
    signature = _SIGNATURE.search(text, begins.end()) if begins else None
    end = text.find(_END, signature.end()) if signature else -1
    if begins is None or signature is None or end < 0:
        return text
    return _ESCAPED.sub("", text[begins.end() : signature.start()]) + text[end + len(_END) :].lstrip("\n")
