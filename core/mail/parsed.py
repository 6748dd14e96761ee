"""The one normal form of a mail that came in; everything behind the parser sees only this."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from core.mail.addresses import Address


@dataclass(frozen=True, slots=True)
class MailPart:
    """A file that came with a mail: an attachment, or a picture shown inside the HTML.

    `filename` is cleaned (never a path, never empty); `content_id` is without angle brackets; `inline` says that the HTML
    shows it by `cid:`; `content` are the decoded bytes.
    """

    filename: str
    content_type: str
    content: bytes
    content_id: str | None = None
    inline: bool = False


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail as read: header values decoded to Unicode without line breaks or NUL, ids without angle brackets.

    `text` is the whole body as text (from HTML, with its layout, where there is no text part); `html` is cleaned and safe
    to show, or None. `headers` are all header fields in order, names in lower case, values unfolded and decoded. `defects`
    says in words what had to be repaired. Nothing is ever missing because of an error: bad input reads as empty.
    """

    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    date: datetime | None = None
    content_type: str = "text/plain"
    text: str = ""
    html: str | None = None
    attachments: tuple[MailPart, ...] = ()
    headers: tuple[tuple[str, str], ...] = field(default=())
    defects: tuple[str, ...] = ()

    def header(self, name: str) -> str | None:
        """The first (topmost) value of a header field, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), None)

    def all_headers(self, name: str) -> list[str]:
        """Every value of a header field, topmost first."""
        wanted = name.lower()
        return [value for key, value in self.headers if key == wanted]
