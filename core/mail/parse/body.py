"""Which parts of a mail are its body, which are files, and the one text and one HTML that the body makes.

The body is a row of pieces. Alternatives make one piece with a text and an HTML side; Apple's text, picture, text and a mailing
list's footer make several, and all are joined. Everything that is no body is kept as a file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from core.mail.parse.alternatives import same_words, says_something_else
from core.mail.parse.armor import without_armor
from core.mail.parse.charsets import decode
from core.mail.parse.filenames import MESSAGE_KINDS, clean_name, extension_of, given_name, made_up_name, name_of
from core.mail.parse.flowed import unflow
from core.mail.parse.html import html_to_text, looks_like_html, strip_tags, text_to_html
from core.mail.parse.mime import MAX_PARTS, Part, leaves, read_tree
from core.mail.parse.rtf import rtf_to_text
from core.mail.parse.sealed import SEALED_KINDS, signed_content
from core.mail.parse.tnef import Tnef, read_tnef
from core.mail.parse.transfer import IDENTITY
from core.mail.parse.uuencode import split_uu
from core.mail.parsed import MailPart

_BODY_KINDS = frozenset({"text/plain", "text/html", "text/markdown", "text/enriched", "text/richtext", "application/xhtml+xml"})
_HTML_KINDS = frozenset({"text/html", "application/xhtml+xml"})
_MOST_SEALS = 5  # signatures of signatures (RFC 2634)
_NO_PROSE = frozenset({"text/calendar", "text/vcard", "text/x-vcard", "text/directory", "text/rtf", "text/css", "text/javascript"})
_NEVER_SHOWN = frozenset({"text/x-amp-html", "text/watch-html"})
_DELIMITER_LINES = re.compile(rb"^--[^\s-][^\r\n ]*(?:\r?\n|\Z)", re.MULTILINE)
_LINE_END = re.compile(rb"\r?\n")
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)


@dataclass(slots=True)
class Piece:
    """A piece of the body: its text, its HTML, or the two sides of the same."""

    text: str | None = None
    html: str | None = None


@dataclass(slots=True)
class Content:
    """What a mail holds. `hint` is the charset to try for names that do not say theirs."""

    hint: str | None
    pieces: list[Piece] = field(default_factory=list)
    files: list[MailPart] = field(default_factory=list)
    # For mail that has no other body: the one inside a winmail.dat, texts that came as files to be shown in line, and rich text.
    outer: Piece = field(default_factory=Piece)
    shown_files: list[Piece] = field(default_factory=list)
    rich: list[Piece] = field(default_factory=list)
    unsealed: int = 0

    def add(self, name: str, kind: str, data: bytes, content_id: str | None) -> None:
        """Keep a file."""
        self.files.append(MailPart(name, kind, data, content_id))


def read_content(root: Part, hint: str | None) -> Content:
    """The body and the files of a mail."""
    content = Content(hint)
    content.pieces = _pieces(root, content, root=True)
    if not any(_has_words(piece) for piece in content.pieces):
        content.pieces = (
            [content.outer] if _has_words(content.outer) else _without_twin(content.shown_files) or content.rich or content.pieces
        )
    return content


def join_text(pieces: list[Piece]) -> str:
    """The whole body as text; HTML is laid out only where there is no text, or none of its own."""
    texts = [_text_of(piece) for piece in pieces]
    return "\n".join(text.strip("\n").rstrip() if len(texts) > 1 else text for text in texts if text.strip()).strip("\n").rstrip()


def _text_of(piece: Piece) -> str:
    if piece.html is None:
        return piece.text or ""
    if not piece.text or not piece.text.strip():
        return html_to_text(piece.html)
    return f"{piece.text.rstrip()}\n\n{html_to_text(piece.html)}" if says_something_else(piece.text, piece.html) else piece.text


def join_html(pieces: list[Piece]) -> str | None:
    """The whole body as it was sent in HTML, not cleaned; None when no piece has HTML."""
    shown = [piece for piece in pieces if piece.html or (piece.text and piece.text.strip())]
    if not any(piece.html for piece in shown):
        return None
    return "\n".join(piece.html or text_to_html(piece.text or "") for piece in shown)


def _pieces(part: Part, content: Content, root: bool = False) -> list[Piece]:
    if part.children:
        return _of_multipart(part, content)
    if _may_be_sealed(part, content):
        inner = signed_content(part.content())
        if inner:
            content.unsealed += 1
            _keep(part, content)
            return _pieces(read_tree(inner), content, root=True)
    if part.kind in _NEVER_SHOWN and not root:
        return []
    if _is_body(part, content, root):
        return _of_text(part, content)
    _keep(part, content)
    if part.kind.startswith("text/") and part.disposition.value != "attachment":
        if part.kind == "text/rtf" and not content.rich:
            content.rich.append(Piece(text=rtf_to_text(part.content())))
        elif part.kind not in _NO_PROSE:
            content.shown_files.extend(_of_text(part, content))
    return []


def _of_multipart(part: Part, content: Content) -> list[Piece]:
    subtype = part.kind.partition("/")[2]
    if subtype == "alternative":
        return _one_of([_pieces(child, content) for child in part.children])
    if subtype == "report":
        # Only the first part is for people (RFC 6522); the others are for machines.
        first = _pieces(part.children[0], content)
        for child in part.children[1:]:
            _keep_all(child, content)
        return first
    if subtype == "encrypted":
        _keep_all(part, content)
        return []
    rows = [_pieces(child, content) for child in part.children]
    return _without_twin([piece for row in rows for piece in row])


def _may_be_sealed(part: Part, content: Content) -> bool:
    if content.unsealed >= _MOST_SEALS:
        return False
    named = part.kind == "application/octet-stream" and name_of(part, content.hint).lower() == "smime.p7m"
    return named or part.kind in SEALED_KINDS


def _is_body(part: Part, content: Content, root: bool) -> bool:
    if part.past_limits or part.disposition.value == "attachment":
        return False
    if part.kind.startswith("multipart/"):
        return True  # it says so, but there are no parts in it
    return part.kind in _BODY_KINDS and (root or not given_name(part, content.hint))


def _of_text(part: Part, content: Content) -> list[Piece]:
    raw = part.content()
    label = part.content_type.get("charset")
    if part.kind.startswith("multipart/") and raw.strip().startswith(b"--"):
        raw = _DELIMITER_LINES.sub(b"", raw)
    if part.kind in _HTML_KINDS:
        meta = None if label else _META_CHARSET.search(raw, 0, 4096)
        return [Piece(html=decode(raw, label or (meta[1].decode("ascii") if meta else None), content.hint))]
    text = decode(raw, label, content.hint).replace("\r\n", "\n").replace("\r", "\n")
    if part.kind in ("text/enriched", "text/richtext"):
        return [Piece(text=strip_tags(re.sub(r"(?is)<param>[^<]{0,200}</param>", "", text).replace("<<", "&lt;")))]
    if looks_like_html(text):
        return [Piece(html=text)]
    if part.encoding in IDENTITY:
        text, files = split_uu(text, MAX_PARTS - len(content.files))
        for file in files:
            name = clean_name(file.filename) or f"attachment-{len(content.files) + 1}.bin"
            content.add(name, "application/octet-stream", file.content, None)
    text = without_armor(text)
    if part.content_type.get("format").lower() == "flowed":
        text = unflow(text, delsp=part.content_type.get("delsp").lower() == "yes")
    return [Piece(text=text)]


def _one_of(rows: list[list[Piece]]) -> list[Piece]:
    """multipart/alternative: the texts make the text side, the last row with HTML the other."""
    texts = [row for row in rows if not any(piece.html for piece in row)]
    htmls = [row for row in rows if any(piece.html for piece in row)]
    text = join_text(_distinct([piece for row in texts for piece in row])) or None
    html = join_html(htmls[-1]) if htmls else None
    if text is None and htmls and any(piece.text for piece in htmls[-1]):
        text = join_text(htmls[-1])
    return [Piece(text, html)] if text or html else []


def _distinct(pieces: list[Piece]) -> list[Piece]:
    if len(pieces) < 2:
        return pieces
    seen: dict[str, Piece] = {}
    for piece in pieces:
        seen.setdefault(" ".join((piece.text or "").split()), piece)
    return list(seen.values())


def _without_twin(pieces: list[Piece]) -> list[Piece]:
    """Some mailers send the same words as text and as HTML in one multipart/mixed: those two are one piece."""
    pieces = [piece for piece in pieces if piece.text or piece.html]
    if len(pieces) != 2:
        return pieces
    text, html = (pieces[0].text, pieces[1].html) if pieces[0].html is None else (pieces[1].text, pieces[0].html)
    if not text or not html or (pieces[0].html is not None and pieces[1].html is not None):
        return pieces
    return [Piece(text, html)] if same_words(text, strip_tags(html)) else pieces


def _has_words(piece: Piece) -> bool:
    return bool((piece.text and piece.text.strip()) or (piece.html and strip_tags(piece.html[:100_000]).strip()))


def _keep_all(part: Part, content: Content) -> None:
    for leaf in leaves(part):
        _keep(leaf, content, in_report=True)


def _keep(part: Part, content: Content, in_report: bool = False) -> None:
    data = part.content()
    name = name_of(part, content.hint)
    if part.kind in ("application/ms-tnef", "application/vnd.ms-tnef") or name.lower() == "winmail.dat":
        tnef = read_tnef(data)
        if tnef is not None and (tnef.files or tnef.text or tnef.html):
            _keep_tnef(tnef, content)
            return
    if part.kind.startswith("message/") and part.encoding in IDENTITY:
        # A message is lines of text, which end with CRLF (RFC 5322); empty ones at its end are not signed either (RFC 6376, 3.4).
        data = _LINE_END.sub(b"\r\n", data.strip(b"\r\n"))
    content.add(name or made_up_name(part, data, len(content.files) + 1, content.hint), part.kind, data, _content_id(part))
    if part.kind in MESSAGE_KINDS and not in_report:
        _keep_files_of(data, content)


def _keep_tnef(tnef: Tnef, content: Content) -> None:
    content.outer = Piece(tnef.text or None, tnef.html or None)
    for file in tnef.files:
        kind = file.content_type.lower() or "application/octet-stream"
        name = clean_name(file.filename) or f"attachment-{len(content.files) + 1}{extension_of(kind)}"
        content.add(name, kind, file.content, file.content_id.strip("<> ") or None)


def _keep_files_of(message: bytes, content: Content) -> None:
    """The files of a mail that was forwarded as a file: they too are what the sender wants to show."""
    for part in leaves(read_tree(message)):
        name = name_of(part, content.hint)
        if name and part.kind not in MESSAGE_KINDS and len(content.files) < MAX_PARTS:
            content.add(name, part.kind, part.content(), None)


def _content_id(part: Part) -> str | None:
    return decode(part.header.first("content-id")).strip().strip("<>").strip() or None
