"""The bytes of a mail that goes out: headers by the kind of mail, plain text and HTML, inline pictures and files.

The MIME text is written by hand, because the standard library's way costs several times the rest of sending. Everything is
7-bit, so that every relay takes it and no signature breaks; only a local part with foreign letters, which has no 7-bit
form, needs a relay that speaks SMTPUTF8 (RFC 6531). The same value always gives the same bytes. No value can add a header
or a part: control characters and line breaks are taken out, ids and addresses that cannot be written are dropped or refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import blake2s
from typing import Literal

import idna

from core.errors import PermanentFailure
from core.mail.addresses import Address
from core.mail.text import base64_lines, encoded_words, filename_parameter, one_line, quoted_string, transfer_encoded, whole

Kind = Literal["receipt", "reply", "notice", "account"]

# RFC 3834, and X-Auto-Response-Suppress of MS-OXCMAIL. A reply was written by a person: it claims nothing else, and an
# out-of-office note in return is worth having.
_AUTOMATIC = (("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All"), ("Precedence", "bulk"))
_HEADERS_BY_KIND: dict[Kind, tuple[tuple[str, str], ...]] = {
    "receipt": (("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All"), ("Precedence", "bulk")),
    "reply": (("X-Auto-Response-Suppress", "DR, RN, NRN"),),
    "notice": _AUTOMATIC,
    "account": _AUTOMATIC,
}

_NO_ADDRESS = "A recipient or sender of this mail is not a valid address: correct it, then send again."
_LINE = 78
_NAME_LIMIT = 128
_ADDRESS_LIMIT = 320
_PLAIN_WORD = re.compile(r"(?!.*=\?)[!-~]{1,60}")
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]{1,60}")
_QUOTABLE_PHRASE = re.compile(r"[ -~]{1,60}")
_ATOM = r"[^\s\x00-\x20\x7f-\xa0()<>@,;:\\\".\[\]\ud800-\udfff]+"
_DOT_ATOM = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_QUOTABLE_LOCAL = re.compile(r"[ -~]{1,64}")
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
_ASCII_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Za-z.:]+\]")
_ID = re.compile(r"[!-;=?-~]{1,900}")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
_CONTENT_TYPE = re.compile(r"(?!message/|multipart/)[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")
_LINK = re.compile(r"(?:https?://|mailto:)[!-;=?-~]{1,900}")


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file to send. With a `content_id` (no angle brackets) that the HTML shows by `cid:`, it is a picture inside the text."""

    filename: str
    content_type: str
    content: bytes
    content_id: str | None = None


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """One message as its readers will see it; who gets it by envelope is the transport's business.

    Ids are without angle brackets. `references` is in order, oldest first. `instance` is the value of the loop mark.
    `queue` and `reason` are written on notices only, `list_unsubscribe` (a URL) on notices and account mail only.
    """

    kind: Kind
    message_id: str
    sender: Address
    reply_to: Address | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    in_reply_to: str | None
    references: tuple[str, ...]
    language: str
    instance: str
    ticket_id: int | None
    ticket_status: str | None
    queue: str | None
    reason: str | None
    text: str
    html: str
    attachments: tuple[OutgoingFile, ...]
    date: datetime
    list_unsubscribe: str | None


def compose(mail: OutgoingMail) -> bytes:
    """The message, with CRLF line ends and without Bcc; `PermanentFailure` when an address or the Message-ID cannot be written."""
    if not mail.to and not mail.cc:
        raise PermanentFailure("A mail needs at least one recipient: add the requester's address to the ticket.")
    header = "".join([*_envelope_headers(mail), *_thread_headers(mail), *_kind_headers(mail), "MIME-Version: 1.0\r\n"])
    return header.encode("utf-8") + _body(mail)


def needs_smtputf8(mail: OutgoingMail) -> bool:
    """Whether only a relay with SMTPUTF8 can take this mail, for a local part outside ASCII has no other form."""
    people = (mail.sender, *mail.to, *mail.cc, *((mail.reply_to,) if mail.reply_to else ()))
    return any(not person.email.rpartition("@")[0].isascii() for person in people)


def addr_spec(address: Address) -> str:
    """The address as header and envelope must write it: the domain by IDNA 2008, the local part quoted where it has to be.

    Raises `PermanentFailure` for what is no address.
    """
    email = address.email.strip() if len(address.email) <= _ADDRESS_LIMIT else ""
    local, _, domain = email.rpartition("@")
    if len(local) > 2 and local[0] == local[-1] == '"':
        local = re.sub(r"\\(.)", r"\1", local[1:-1])
    try:
        domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except UnicodeError:
        domain = ""
    domain = domain.removesuffix(".")
    if not _ASCII_DOMAIN.fullmatch(domain):
        raise PermanentFailure(_NO_ADDRESS)
    if local.isprintable() and _DOT_ATOM.fullmatch(local):
        return f"{local}@{domain}"
    if _QUOTABLE_LOCAL.fullmatch(local):
        return f"{quoted_string(local)}@{domain}"
    raise PermanentFailure(_NO_ADDRESS)


def _envelope_headers(mail: OutgoingMail) -> list[str]:
    """Who writes to whom, about what."""
    lists = (("From", (mail.sender,)), ("To", mail.to), ("Cc", mail.cc), ("Reply-To", (mail.reply_to,) if mail.reply_to else ()))
    return [*[_folded(name, _address_tokens(people)) for name, people in lists if people], _unstructured("Subject", one_line(mail.subject))]


def _thread_headers(mail: OutgoingMail) -> list[str]:
    """Which message this is and what it follows. Ids of others that RFC 5322 cannot express are left out."""
    if not _ID.fullmatch(mail.message_id):
        raise PermanentFailure("The Message-ID of this mail cannot be written in a header: make a new one.")
    chain = [f"<{each}>" for each in _trimmed(mail.references) if _ID.fullmatch(each)]
    headers = [f"Date: {format_datetime(mail.date)}\r\n", f"Message-ID: <{mail.message_id}>\r\n"]
    if mail.in_reply_to and _ID.fullmatch(mail.in_reply_to):
        headers.append(f"In-Reply-To: <{mail.in_reply_to}>\r\n")
    return [*headers, _folded("References", chain)] if chain else headers


def _kind_headers(mail: OutgoingMail) -> list[str]:
    """What programs must know: is it automatic, whose is it, which ticket, which language, how to stop it."""
    fields: list[tuple[str, str | None]] = [*_HEADERS_BY_KIND[mail.kind]]
    if mail.kind != "account":
        ticket = None if mail.ticket_id is None else str(mail.ticket_id)
        fields += [("X-Helpdesk-Loop", mail.instance), ("X-Ticket-ID", ticket), ("X-Ticket-Status", mail.ticket_status)]
    if mail.kind == "notice":
        fields += [("X-Helpdesk-Queue", mail.queue), ("X-Helpdesk-Reason", mail.reason)]
    if mail.kind in ("notice", "account") and mail.list_unsubscribe and _LINK.fullmatch(mail.list_unsubscribe):
        fields.append(("List-Unsubscribe", f"<{mail.list_unsubscribe}>"))
        if mail.kind == "account" and mail.list_unsubscribe.startswith("https://"):
            fields.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))  # RFC 8058
    if _LANGUAGE.fullmatch(mail.language):
        fields.append(("Content-Language", mail.language))
    lines = [(name, one_line(value or "")) for name, value in fields]
    return [_unstructured(name, line) for name, line in lines if line]


def _trimmed(references: tuple[str, ...]) -> tuple[str, ...]:
    """The start of the chain, which names the ticket, and its end, which clients thread by."""
    return references if len(references) <= 10 else references[:4] + references[-6:]


def _unstructured(name: str, value: str) -> str:
    """A header of one line of text; only what is not plain ASCII is encoded, so that the ticket's tag stays readable everywhere."""
    words = value.split(" ")
    odd = [position for position, word in enumerate(words) if not _PLAIN_WORD.fullmatch(word)] if value else []
    if odd:
        room = 75 - (len(name) + 1 if odd[0] == 0 else 0)
        words[odd[0] : odd[-1] + 1] = encoded_words(" ".join(words[odd[0] : odd[-1] + 1]), room)
    return _folded(name, words)


def _address_tokens(people: tuple[Address, ...]) -> list[str]:
    """The addresses as tokens a header may be folded between."""
    tokens: list[str] = []
    for person in people:
        name, spec = _phrase(one_line(person.name, _NAME_LIMIT)), addr_spec(person)
        tokens += [*name, f"<{spec}>," if name else f"{spec},"]
    return [*tokens[:-1], tokens[-1][:-1]]


def _phrase(name: str) -> list[str]:
    """A display name: bare, quoted, or in encoded words (never inside quotes, RFC 2047, 5)."""
    if not name:
        return []
    if "=?" not in name and _PLAIN_PHRASE.fullmatch(name):
        return name.split(" ")
    if "=?" not in name and _QUOTABLE_PHRASE.fullmatch(name):
        return [quoted_string(name)]
    return encoded_words(name, 64)


def _folded(name: str, tokens: list[str]) -> str:
    """A header field, folded before the token that would pass the line's end."""
    lines, line = [], f"{name}: {tokens[0]}"
    for token in tokens[1:]:
        if len(line) + len(token) >= _LINE:
            lines.append(line)
            line = ""
        line += " " + token
    return "\r\n".join([*lines, line]) + "\r\n"


def _body(mail: OutgoingMail) -> bytes:
    """Headers and content of the MIME tree: mixed(alternative(text, related(HTML, pictures)), files), as much of it as needed."""
    boundary = blake2s(mail.message_id.encode("ascii"), digest_size=16).hexdigest()
    pictures = [file for file in mail.attachments if _is_shown(file, mail.html)]
    files = [file for file in mail.attachments if not _is_shown(file, mail.html)]
    body = _text_part("plain", mail.text)
    if mail.html:
        html = _text_part("html", mail.html)
        if pictures:
            html = _multipart('related; type="text/html"', f"=_r{boundary}", [html, *[_file_part(file, "inline") for file in pictures]])
        body = _multipart("alternative", f"=_a{boundary}", [body, html])
    return _multipart("mixed", f"=_m{boundary}", [body, *[_file_part(file, "attachment") for file in files]]) if files else body


def _is_shown(file: OutgoingFile, html: str) -> bool:
    return file.content_id is not None and _ID.fullmatch(file.content_id) is not None and f"cid:{file.content_id}" in html


def _text_part(subtype: str, text: str) -> bytes:
    encoding, content = transfer_encoded(whole(text))
    return f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode("ascii") + content


def _multipart(subtype: str, boundary: str, parts: list[bytes]) -> bytes:
    """Parts in one; no encoded text can hold the boundary, see `transfer_encoded`."""
    mark = boundary.encode("ascii")
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n'.encode("ascii")
    return b"".join([head, *[b"--" + mark + b"\r\n" + part + b"\r\n" for part in parts], b"--" + mark + b"--\r\n"])


def _file_part(file: OutgoingFile, disposition: str) -> bytes:
    """A file in base64. A type that base64 may not carry (RFC 2046, 5) or that is none becomes application/octet-stream."""
    declared = file.content_type.partition(";")[0].strip().lower()
    content_type = declared if _CONTENT_TYPE.fullmatch(declared) else "application/octet-stream"
    lines = [f"Content-Type: {content_type}", "Content-Transfer-Encoding: base64"]
    lines.append(f"Content-Disposition: {disposition};\r\n {filename_parameter(file.filename)}")
    if disposition == "inline":
        lines.append(f"Content-ID: <{file.content_id}>")
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + base64_lines(file.content)
