"""The name of a file that came by mail: the sender's, cleaned so that it is a name and never a path, or one made up by kind."""

from __future__ import annotations

import mimetypes
import re
from urllib.parse import unquote

from core.mail.parse.charsets import decode
from core.mail.parse.encoded_words import decode_value
from core.mail.parse.headers import read_header
from core.mail.parse.mime import Part
from core.mail.parse.params import Parameterized, read_parameters

MAX_NAME = 180

_BY_KIND = {
    "text/calendar": "invite.ics",
    "application/ics": "invite.ics",
    "text/vcard": "contact.vcf",
    "text/x-vcard": "contact.vcf",
    "message/delivery-status": "delivery-status.txt",
    "message/global-delivery-status": "delivery-status.txt",
    "message/disposition-notification": "disposition-notification.txt",
    "message/feedback-report": "feedback-report.txt",
    "text/rfc822-headers": "headers.txt",
    "message/global-headers": "headers.txt",
    "application/pgp-signature": "signature.asc",
    "application/pgp-encrypted": "pgp-version.asc",
    "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-signature": "smime.p7s",
    "application/pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-mime": "smime.p7m",
    "application/ms-tnef": "winmail.dat",
    "application/vnd.ms-tnef": "winmail.dat",
}
_EXTENSIONS = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/x-patch": ".patch",
    "text/rtf": ".rtf",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/pjpeg": ".jpg",
}
_LOOKS_LIKE_NAME = re.compile(r"[^<>:\"|?*/\\\s][^<>:\"|?*/\\]{0,80}\.[A-Za-z][A-Za-z0-9]{1,3}")
MESSAGE_KINDS = frozenset({"message/rfc822", "message/global", "message/news"})
# Controls, and the marks that turn the direction of writing: `exe.fdp` must not show as `pdf.exe`.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


def name_of(part: Part, hint: str | None) -> str:
    """The cleaned name of a part: the sender's, else that of the page or picture that it was; empty when there is none."""
    given = given_name(part, hint)
    if given:
        return given
    location = decode_value(part.header.first("content-location"), hint)
    if not location:
        return ""
    last = unquote(location.partition("?")[0].rpartition("/")[2])
    return clean_name(last) if re.fullmatch(r"[^<>:\"|?*]{1,80}\.[A-Za-z0-9]{1,5}", last) else ""


def given_name(part: Part, hint: str | None) -> str:
    """The cleaned name that the sender gave a part; empty when there is none. `hint`: the charset of raw 8-bit names."""
    disposition, kind = _field(part, "content-disposition", hint), _field(part, "content-type", hint)
    places = [(disposition, "filename"), (kind, "name"), (disposition, "name"), (kind, "filename")]
    if disposition.value == "form-data":
        places.remove((disposition, "name"))  # that of a form's field (RFC 7578)
    named = [clean_name(field.get(parameter)) for field, parameter in places]
    first = next((name for name in named if name), "")
    # A question mark is in no file's name: it stands for a letter that the sender's charset did not have, where another has it.
    return next((name for name in named if name and len(name) == len(first) and "?" not in name), first) if "?" in first else first


def _field(part: Part, name: str, hint: str | None) -> Parameterized:
    """A field of the part, read again where raw 8-bit bytes in it are better understood with the charset of the mail."""
    raw = part.header.first(name)
    if hint and not raw.isascii():
        return read_parameters(raw, hint)
    return part.disposition if name == "content-disposition" else part.content_type


def made_up_name(part: Part, content: bytes, number: int, hint: str | None) -> str:
    """A name for a part that has none; `number` is its place among the files of the mail, from 1."""
    if part.past_limits:
        return "rest-of-mail.txt"
    if part.kind in MESSAGE_KINDS:
        return message_name(content, hint)
    described = decode_value(part.header.first("content-description"), hint)
    for text in (described, decode(part.header.first("content-id")).strip(" <>").partition("@")[0]):
        if _LOOKS_LIKE_NAME.fullmatch(text) and clean_name(text):
            return clean_name(text)
    return _BY_KIND.get(part.kind) or f"attachment-{number}{extension_of(part.kind)}"


def message_name(content: bytes, hint: str | None) -> str:
    """`<subject>.eml` for a mail that is attached to another."""
    header, _ = read_header(content, 0, min(len(content), 65536), top=True)
    subject = clean_name(" ".join(decode_value(header.first("subject"), hint).replace(":", " ").split()))
    return f"{subject[: MAX_NAME - 4].strip(' .') or 'message'}.eml"


def extension_of(kind: str) -> str:
    """The usual file name extension of a media type, with its dot."""
    return _EXTENSIONS.get(kind) or mimetypes.guess_extension(kind) or (".txt" if kind.startswith("text/") else ".bin")


def clean_name(name: str) -> str:
    """A file name without path, controls and excess; empty when nothing is left."""
    if not name:
        return ""
    name = _UNSEEN.sub("", re.sub(r"[\t\r\n]+", " ", name)).strip().strip("\"'<>").strip()
    if re.match(r"(?:[A-Za-z]:)?[\\/]|\.{1,2}[\\/]|~/|[A-Za-z]:[^\\/]*[\\/]", name):
        name = re.split(r"[\\/]", name.rstrip("\\/"))[-1]
    name = re.sub(r"[\\/]+", "_", name)
    if len(name) > MAX_NAME:
        stem, dot, extension = name.rpartition(".")
        name = stem[: MAX_NAME - 12] + dot + extension[:11] if dot and stem else name[:MAX_NAME]
    return "" if not name.strip(". _") else name
