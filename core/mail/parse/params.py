"""Content-Type and Content-Disposition: a value and its parameters, in all the shapes that mailers give them
(RFC 2045, RFC 2231 with continuations and charsets, RFC 2047 words and raw 8-bit bytes where neither is allowed)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from core.mail.parse.charsets import decode
from core.mail.parse.encoded_words import decode_value

_PARAMETER = re.compile(
    rb"""[;\s,]*([^\s=;"]{1,80}?)\s*=\s*(?:"((?:[^"\\]|\\.)*)(?:"|$)|([^;"]*(?:"(?=[^;])[^;"]*)*))""",
    re.DOTALL,
)
_VALUE = re.compile(rb'(?=\s*[a-zA-Z*0-9-]+\s*=)|[^;="]*(?=;|$)|[^;="\s]*')
_ESCAPED = re.compile(rb"\\([\"\\])")
_BROKEN = re.compile(rb"\r?\n[ \t]*")
_COMMENT = re.compile(r"\([^()]*\)")
_EXTENDED = re.compile(r"(.+?)(?:\*(\d{1,4}))?(\*)?$")
_MAX_PARAMETERS = 200


@dataclass(frozen=True, slots=True)
class Parameterized:
    """A header value such as `text/plain; charset=utf-8`: `value` in lower case, parameter names in lower case."""

    value: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """A parameter's decoded value; empty when there is none."""
        return self.parameters.get(name, "")


def read_parameters(raw: bytes, hint: str | None = None) -> Parameterized:
    """Value and parameters of a structured MIME field; `hint` is the charset to try for raw 8-bit bytes."""
    if not raw:
        return Parameterized()
    if raw.startswith(b"=?"):
        raw = decode_value(raw).encode("utf-8")  # Python encodes the whole field where a name has other letters
    head = _VALUE.match(raw)
    value = head[0] if head else b""
    pairs: list[tuple[str, bytes]] = []
    for found in _PARAMETER.finditer(raw, len(value)):
        quoted = found[2]
        content = _ESCAPED.sub(rb"\1", quoted) if quoted is not None else _unquoted(found[3])
        pairs.append((found[1].decode("latin-1").lower(), content))
        if len(pairs) >= _MAX_PARAMETERS:
            break
    return Parameterized(_first_word(value.decode("latin-1").lower()), _joined(pairs, hint))


def _first_word(value: str) -> str:
    """The type, without comments, blanks around its slash, and what a torn header left behind it."""
    words = " ".join(_COMMENT.sub(" ", value).split())
    return words.replace(" /", "/").replace("/ ", "/").partition(" ")[0].rstrip(".,:")


def _unquoted(raw: bytes) -> bytes:
    value = raw.strip()
    if value.endswith(b")") and b" (" in value:
        value = value[: value.rfind(b" (")].strip()  # a comment
    return value.strip(b"'") if value.startswith(b"'") else value


def _joined(pairs: list[tuple[str, bytes]], hint: str | None) -> dict[str, str]:
    """RFC 2231 pieces put together in the order of their numbers; they win over a plain parameter of the same name."""
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for name, value in pairs:
        found = _EXTENDED.match(name) if "*" in name else None
        if found is None:
            plain.setdefault(name, decode_value(_BROKEN.sub(b" ", value), hint))
        else:
            pieces.setdefault(found[1], {}).setdefault(int(found[2] or 0), (value, bool(found[3])))
    return plain | {name: _extended(numbered, hint) for name, numbered in pieces.items()}


def _extended(numbered: dict[int, tuple[bytes, bool]], hint: str | None) -> str:
    charset = ""
    out = b""
    for position, number in enumerate(sorted(numbered)):
        value, encoded = numbered[number]
        if encoded and position == 0 and value.count(b"'") >= 2:
            label, _, value = value.split(b"'", 2)
            charset = label.decode("latin-1")
        out += unquote_to_bytes(value) if encoded else value
    if not charset and (b"=?" in out or not any(encoded for _, encoded in numbered.values())):
        return decode_value(out, hint)
    return decode_value(decode(out, charset or None, hint).encode("utf-8"))
