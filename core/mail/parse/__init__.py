"""From the raw bytes of a mail to `ParsedMail`: the one reader of mail. Whatever the bytes are, it answers with what can be known.

Nothing of a mail is trusted to be well made and nothing is dropped for being ill made: repairs are listed in `defects`. Work and
memory are bounded by the limits in `mime`, `headers` and `html`; the caller bounds the size of the mail.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from core.mail.addresses import Address
from core.mail.parse.addresslist import read_addresses
from core.mail.parse.body import Content, join_html, join_text, read_content
from core.mail.parse.charsets import codec_of, guess_codec
from core.mail.parse.dates import read_date
from core.mail.parse.encoded_words import decode_value
from core.mail.parse.headers import Header
from core.mail.parse.html import clean_html
from core.mail.parse.mime import Part, leaves, read_tree
from core.mail.parsed import MailPart, ParsedMail

_IN_BRACKETS = re.compile(r"<([^<>]+)>")
_SPACE = re.compile(r"\s+")
_BETWEEN_IDS = re.compile(r"[\s,]+")
_MAX_IDS = 200


@dataclass(frozen=True, slots=True)
class ReadMail:
    """A mail as read, and its HTML as it was sent: the marks of quoting are in it, so only the trimmer may see it."""

    mail: ParsedMail
    html_raw: str | None


def parse(raw: bytes) -> ParsedMail:
    """A mail in its normal form. Never raises, for any bytes."""
    return read(raw).mail


def read(raw: bytes) -> ReadMail:
    """Like `parse`, with the HTML before it was cleaned."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raw = raw.decode("utf-16", "replace").encode("utf-8", "replace")  # saved by an editor
    if b"\n" not in raw.strip(b"\r\n"):
        raw = raw.replace(b"\r", b"\n")  # the line ends of the oldest Macs
    root = read_tree(raw)
    hint = _charset_of(root)
    content = read_content(root, hint)
    html_raw = join_html(content.pieces)
    mail = _with_header(root.header, hint)
    mail = replace(
        mail,
        content_type=root.kind,
        text=join_text(content.pieces),
        html=(clean_html(html_raw) or None) if html_raw else None,
        attachments=tuple(_inline_marked(content.files, html_raw)),
        defects=tuple(_defects(root, content, mail)),
    )
    return ReadMail(mail, html_raw)


def _with_header(header: Header, hint: str | None) -> ParsedMail:
    senders = (*_addresses(header, "from", hint), *_addresses(header, "sender", hint))
    whole = (one for one in senders if one.domain)  # Exchange leaks addresses of its own (X.500), which nobody else can use
    return ParsedMail(
        message_id=_message_id(decode_value(header.first("message-id"))),
        in_reply_to=_ids(header, "in-reply-to"),
        references=_ids(header, "references"),
        sender=next(whole, next(iter(senders), None)),
        reply_to=_addresses(header, "reply-to", hint),
        to=_addresses(header, "to", hint),
        cc=_addresses(header, "cc", hint),
        subject=decode_value(header.first("subject"), hint),
        date=read_date(decode_value(header.first("date"))),
        headers=tuple((name, decode_value(value, hint)) for name, value in header.fields),
    )


def _addresses(header: Header, name: str, hint: str | None) -> tuple[Address, ...]:
    return tuple(address for value in header.all(name) for address in read_addresses(value, hint))


def _message_id(text: str) -> str | None:
    found = _IN_BRACKETS.search(text)
    return _SPACE.sub("", found[1] if found else text.strip(" \t\r\n<>")) or None


def _ids(header: Header, name: str) -> tuple[str, ...]:
    text = " ".join(decode_value(value) for value in header.all(name))  # long rows of ids come as encoded words from Exchange
    found = _IN_BRACKETS.findall(text) or [word for word in _BETWEEN_IDS.split(text) if "@" in word]
    return tuple(dict.fromkeys(_SPACE.sub("", word).strip("<>") for word in found[-_MAX_IDS:]))


def _charset_of(root: Part) -> str | None:
    """The charset that the mail itself speaks: what its text says, else what the look of it says, for headers that do not say."""
    first: Part | None = None
    for part in leaves(root):
        if not part.kind.startswith("text/") or part.disposition.value == "attachment":
            continue
        label = part.content_type.get("charset")
        if codec_of(label) not in (None, "cp1252"):
            return label
        first = first or part
    said = [value for name, value in root.header.fields if name in ("subject", "from")]
    told = [value for value in said if not value.isascii()]
    if first is None or not told:
        return None
    body = first.content()[:8192]
    return first.content_type.get("charset") or guess_codec(b"\n".join(told if body.isascii() else [*said, body]))


def _inline_marked(files: list[MailPart], html: str | None) -> Iterator[MailPart]:
    named = html is not None and any(file.content_id for file in files)
    shown = {unquote(found) for found in re.findall(r"[cC][iI][dD]:([^\"'\s>)]+)", html)} if named and html else set()
    for file in files:
        yield replace(file, inline=True) if file.content_id and unquote(file.content_id) in shown else file


def _defects(root: Part, content: Content, mail: ParsedMail) -> Iterator[str]:
    if not root.header.fields:
        yield "There is no header."
    if root.header.cut:
        yield "The header was longer than is read."
    if mail.sender is None:
        yield "There is no sender."
    if root.kind.startswith("multipart/") and not root.children:
        yield "It says it has parts, but has none."
    if any(file.filename == "rest-of-mail.txt" for file in content.files):
        yield "It has more parts or levels than are taken apart; the rest is kept as one file."
