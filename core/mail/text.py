"""Text on its way out: freed of what no mail may carry, turned into safe HTML, or written in the 7-bit forms of MIME.

Whatever people and their mail programs wrote passes through here before it meets a header, a template or a relay, so
everything that arrives is hostile and everything that leaves is harmless: no control characters, no half characters
(lone surrogates), no line breaks where one line is expected, no markup but our own.
"""

from __future__ import annotations

import re
from binascii import b2a_base64, b2a_qp
from collections.abc import Iterator
from urllib.parse import quote

from markupsafe import Markup, escape

PARAGRAPH_STYLE = "margin:0 0 16px"
QUOTE_STYLE = "margin:0 0 16px;padding:0 0 0 12px;border-left:3px solid #9aa4b2"

_ASCII = bytes(range(128))
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = bytes(code for code in (*range(32), 127) if code not in b"\t\n")
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
# Directional overrides make a name or subject read as something else than it is.
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_PLAIN_BODY = re.compile(r"(?!From )[\t -~]{0,76}(?:\n(?!From )[\t -~]{0,76})*")
_LINK = re.compile(r"https?://[^\s<>\"'`{}|\\^\u202a-\u202e\u2066-\u2069]{1,2000}", re.IGNORECASE)
_SPACES = re.compile(r"  +|\t")
_MARKUP = re.compile(r"[&<>\"']")
_QUOTE_MARK = re.compile(r"^> ?", re.MULTILINE)
_PLAIN_NAME = re.compile(r"[ -~]{1,60}")
_PREFIXES = re.compile(
    r"(?:(?:re|aw|antw|antwort|sv|vs|vl|rv|tr|rif|odp|ynt|vá|bls|res|enc|fwd?|wg|doorst|i|r|回复|回覆|答复|答覆|转发|轉寄|返信|転送)"
    r"(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s?[:\uff1a]\s?)+",
    re.IGNORECASE,
)
_SUBJECT_LIMIT = 250
_QUOTE_DEPTH = 5


def whole(text: str) -> str:
    """The text with `\\n` as its only line end, without control characters; half characters become U+FFFD."""
    if text.isascii():
        return text.replace("\r\n", "\n").replace("\r", "\n").encode().translate(None, _CONTROLS).decode()
    text = _LINE_ENDS.sub("\n", text)
    return _UNFIT.sub(lambda found: "\ufffd" if found[0] >= "\ud800" else "", text)


def one_line(text: str, limit: int = 1000) -> str:
    """The text as a single line of at most `limit` characters: white space of any kind becomes one space."""
    if text.isprintable() and "  " not in text:
        return shortened(text.strip(), limit)
    return shortened(" ".join(_OVERRIDES.sub("", whole(text)).split()), limit)


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters; what was cut off leaves an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def quoted(text: str) -> str:
    """Every line behind a `>`, as mail programs mark what was said before."""
    return "\n".join([f"> {line}".rstrip() for line in text.split("\n")])


def reply_subject(subject: str, ticket_id: int) -> str:
    """`[#1042] Printer`: the tag once and in front, and at most one `Re:` for all reply and forward prefixes of any language."""
    rest = one_line(one_line(subject).replace(f"[#{ticket_id}]", " "), _SUBJECT_LIMIT)
    bare = _PREFIXES.sub("", rest)
    return f"[#{ticket_id}] {'Re: ' if bare != rest else ''}{bare}".rstrip()


def html_from_text(text: str) -> Markup:
    """Plain text as safe HTML that looks the same: paragraphs, line breaks, `>` quotes and http(s) links; no other markup."""
    return Markup("\n".join(_blocks(whole(text).strip("\n"), 0)))


def is_plain(text: str) -> bool:
    """Whether the text (see `whole`) may travel as it is: ASCII, lines of at most 76, nothing a relay would alter.

    Trailing blanks get lost on the way, a leading "From " grows a `>`, and `=_` is kept free for our boundaries.
    """
    return text.isascii() and "=_" not in text and " \n" not in text and "\t\n" not in text and _PLAIN_BODY.fullmatch(text) is not None


def transfer_encoded(text: str) -> tuple[str, bytes]:
    """Name and bytes of the smallest 7-bit transfer encoding (RFC 2045) of a text that went through `whole`; CRLF at the end."""
    text = text if text.endswith("\n") else text + "\n"
    if is_plain(text):
        return "7bit", text.replace("\n", "\r\n").encode("ascii")
    content = text.replace("\n", "\r\n").encode("utf-8")
    # Quoted-printable writes three octets for each foreign one, base64 four for any three.
    if len(content.translate(None, _ASCII)) * 6 > len(content):
        return "base64", base64_lines(content)
    return "quoted-printable", (b"\n" + b2a_qp(content, istext=True)).replace(b"\nFrom ", b"\n=46rom ")[1:]


def base64_lines(content: bytes) -> bytes:
    """Base64 in lines of 76 characters, each ended by CRLF."""
    encoded = b2a_base64(content, newline=False)
    return b"".join([encoded[start : start + 76] + b"\r\n" for start in range(0, len(encoded), 76)])


def encoded_words(text: str, room: int) -> list[str]:
    """RFC 2047 words for one line of text, none above 75 characters, the first within `room`; split between characters only."""
    sizes = [len(character.encode("utf-8")) for character in text]
    chunks, start, used, limit = [], 0, 0, _octets_in(room)
    for position, size in enumerate(sizes):
        if used + size > limit:
            chunks.append(text[start:position])
            start, used, limit = position, 0, _octets_in(75)
        used += size
    chunks.append(text[start:])
    return [_encoded_word(chunk) for chunk in chunks if chunk]


def quoted_string(text: str) -> str:
    """One line of ASCII as a quoted-string of RFC 5322."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def filename_parameter(filename: str) -> str:
    """The parameter of RFC 2183, never a path; in the form and the pieces of RFC 2231 where it is long or not ASCII."""
    name = one_line(filename, 200).replace("/", "_").replace("\\", "_") or "file"
    if _PLAIN_NAME.fullmatch(name) and "=?" not in name:
        return f"filename={quoted_string(name)}"
    # Some readers decode piece by piece, so no character may be cut in two: five characters are at most 60 octets.
    pieces = [quote(name[start : start + 5], safe="") for start in range(0, len(name), 5)]
    if sum(map(len, pieces)) <= 60:
        return f"filename*=utf-8''{''.join(pieces)}"
    pieces[0] = "utf-8''" + pieces[0]
    return ";\r\n ".join([f"filename*{number}*={piece}" for number, piece in enumerate(pieces)])


def _octets_in(room: int) -> int:
    """How many octets always fit an encoded word of this length, whichever encoding it gets."""
    return max(0, (min(room, 75) - 12) // 4 * 3)


def _encoded_word(chunk: str) -> str:
    """Q where it is the shorter and so stays readable (RFC 2047, 5.3: letters and digits only, for it may stand in a name)."""
    content = chunk.encode("utf-8")
    q_form = "".join([chr(octet) if chr(octet).isalnum() and octet < 128 else "_" if octet == 32 else f"={octet:02X}" for octet in content])
    if len(q_form) <= (len(content) + 2) // 3 * 4:
        return f"=?utf-8?q?{q_form}?="
    return f"=?utf-8?b?{b2a_base64(content, newline=False).decode('ascii')}?="


def _blocks(text: str, depth: int) -> Iterator[str]:
    """Paragraphs and quotes, in order; below `_QUOTE_DEPTH` a quote is written as it is."""
    for block in re.split(r"\n(?:[ \t]*\n)+", text):
        for is_quote, lines in _runs(block):
            if is_quote and depth < _QUOTE_DEPTH:
                inner = "\n".join(_blocks(_QUOTE_MARK.sub("", lines).strip("\n"), depth + 1))
                yield f'<blockquote style="{QUOTE_STYLE}">{inner}</blockquote>'
            elif lines.strip():
                yield f'<p style="{PARAGRAPH_STYLE}">{_linked(lines)}</p>'


def _runs(block: str) -> Iterator[tuple[bool, str]]:
    """A block cut where quoted lines begin or end."""
    if ">" not in block:
        yield False, block
        return
    run: list[str] = []
    for line in block.split("\n"):
        if run and line.startswith(">") != run[0].startswith(">"):
            yield run[0].startswith(">"), "\n".join(run)
            run = []
        run.append(line)
    yield run[0].startswith(">"), "\n".join(run)


def _linked(text: str) -> str:
    """Escaped text with line breaks, in which http and https addresses can be followed."""
    parts, end = [], 0
    for found in _LINK.finditer(text):
        url = _without_punctuation(found[0])
        parts.append(_escaped(text[end : found.start()]))
        parts.append(f'<a href="{escape(url)}">{escape(url)}</a>')
        end = found.start() + len(url)
    parts.append(_escaped(text[end:]))
    return "".join(parts).replace("\n", "<br>\n")


def _without_punctuation(url: str) -> str:
    """A URL at the end of a sentence or in brackets, without what belongs to the sentence."""
    unopened = {")": url.count(")") - url.count("("), "]": url.count("]") - url.count("[")}
    end = len(url)
    while url[end - 1] in ".,;:!?*_~" or unopened.get(url[end - 1], 0) > 0:
        if url[end - 1] in unopened:
            unopened[url[end - 1]] -= 1
        end -= 1
    return url[:end]


def _escaped(text: str) -> str:
    """Escaped, with indents and runs of blanks kept."""
    kept = _SPACES.sub(lambda found: "\u00a0" * (4 if found[0] == "\t" else len(found[0]) - 1) + " ", text)
    return str(escape(kept)) if _MARKUP.search(kept) else kept
