"""The last resort for a bounce whose addresses stand in no known shape: what else in its text could be meant."""

from __future__ import annotations

import re

from core.mail.parsed import ParsedMail
from core.mail.screen.bounces_phrases import RETURNED
from core.mail.screen.bounces_text import without_particles


def only_addresses(mail: ParsedMail) -> tuple[str, ...]:
    """The one address in a notice that is neither ours nor the server's, or those that stand on a line of addresses."""
    text = mail.text[:_MOST_TEXT]
    marker = RETURNED.search(text)
    people = (*mail.to, *mail.cc, *mail.reply_to, *([mail.sender] if mail.sender else []))
    known = {one.key for one in people}
    lines = [_foreign(line[:_MOST_LINE], known) for line in (text[: marker.start()] if marker else text).splitlines()]
    found = dict.fromkeys(address for addresses, _ in lines for address in addresses)
    if len(found) > 1:
        found = dict.fromkeys(address for addresses, alone in lines if alone for address in addresses)
    return tuple(found)[:_MOST_RECIPIENTS]


_MOST_TEXT = 16_384
_MOST_LINE = 1_000
_MOST_RECIPIENTS = 200
_BETWEEN = re.compile(r"[\s,;:<>()\[\]\"'，；：。、（）「」《》]+")
_ADDRESS = re.compile(r"[^@]{1,128}@[^\W_](?:[\w-]|\.(?=[\w-])){0,254}\.?$")
_ROLE = re.compile(
    r"(?:post[-_.]?master|mail(?:er)?[-_.]?daemon|abuse|help(?:desk)?|support|no-?reply|hostmaster|webmaster)@", re.IGNORECASE
)


def _foreign(line: str, known: set[str]) -> tuple[list[str], bool]:
    """The addresses of strangers on a line, and whether there is nothing else on it."""
    words = [word for word in _BETWEEN.split(line) if word]
    addresses = [without_particles(word.strip(".")) for word in words if _ADDRESS.match(word)]
    return [one for one in addresses if one.lower() not in known and not _ROLE.match(one)], len(addresses) == len(words)
