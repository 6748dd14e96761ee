"""Slack's text and ours: plain text on our side, escaped mrkdwn on theirs.

What Slack sends is escaped (`&lt;`) and carries tokens (`<@U1>`, `<#C1|name>`, `<https://x|label>`); mail and API must see words
instead. What we send is mostly written by strangers: escaped, so that nobody can write `<!channel>` or a link that claims to
lead elsewhere, and cut where Slack's limits end, never within a token, an entity, a code block or a composed character.
The rules are Slack's "Formatting text for app surfaces" (docs.slack.dev/messaging/formatting-message-text).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

ELLIPSIS = "…"
FENCE = "```"

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_CHARACTERS = {entity: character for character, entity in _ENTITIES.items()}
_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_TOKEN = re.compile(r"<([^<>\n]+)>")
_URL = re.compile(r"https?://[^\s<>\"|`]+")
_QUOTE = re.compile(r"[ \t]*((?:>[ \t]?)+)")
_LONGEST_CLUSTER = 32
# Controls, lone surrogates, and the marks that turn the direction of everything that follows them.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def escape(text: str) -> str:
    """Text of anybody, as characters that mean nothing to Slack: no mention, no channel, no link can be written with it."""
    return re.sub("[&<>]", lambda found: _ENTITIES[found[0]], clean(text))


def clean(text: str) -> str:
    """The text without controls, lone surrogates and marks that reverse what is written around them; lines end in newlines."""
    return _UNWANTED.sub("", re.sub("\r\n?", "\n", text))


def unescape(text: str) -> str:
    """The reverse of Slack's own escaping: its three entities and no others, each once."""
    return re.sub("&(?:amp|lt|gt);", lambda found: _CHARACTERS[found[0]], text)


def link(url: str, label: str) -> str:
    """A link as mrkdwn. The label may come from anybody, the URL is one of ours."""
    target = escape(url).replace("|", "%7C").replace("&gt;", "%3E").replace("&lt;", "%3C")
    return f"<{target}|{escape(label).replace('|', '/')}>"


def to_plain(text: str, names: Mapping[str, str]) -> str:
    """What a person wrote in Slack, as plain text for mail and API.

    `names` knows people, channels and groups by id (`{"U1": "Anna Berg", "C1": "support"}`); an unknown id stays readable
    as it is. A labelled link becomes `label (url)`; in code it stays as it was typed. Formatting marks are kept.
    """
    pieces = _CODE.split(text)
    return "".join(_plain_piece(piece, names, code=bool(place % 2)) for place, piece in enumerate(pieces))


def from_plain(text: str, limit: int = 3000, more: str = "") -> str:
    """Plain text of anybody as mrkdwn of at most `limit` characters: quotes and code blocks kept, URLs shown as they are.

    `more` is mrkdwn put behind the ellipsis when something had to go, usually a `link` to the whole.
    """
    lines, code = [], False
    for line in clean(text).split("\n"):
        fences = line.count(FENCE)
        lines.append(escape(line) if code or fences else _formatted_line(line))
        code ^= bool(fences % 2)
    closing = "\n" + FENCE if code else ""
    return cut("\n".join(lines) + closing, limit, more)


def cut(text: str, limit: int, more: str = "") -> str:
    """Mrkdwn of at most `limit` characters; what was cut is shown by an ellipsis and `more`, which is mrkdwn itself."""
    if len(text) <= limit:
        return text
    tail = f"{ELLIPSIS} {more}" if more and len(more) + 2 <= limit else ELLIPSIS
    kept = _kept(text, limit - len(tail))
    if not kept.count(FENCE) % 2:
        return kept + tail
    closing = f"\n{FENCE}\n"
    kept = _kept(text, limit - len(tail) - len(closing))
    return kept + closing + tail if kept.count(FENCE) % 2 else kept + tail


def cut_plain(text: str, limit: int) -> str:
    """Plain text of at most `limit` characters, cut between whole characters as people see them, with an ellipsis."""
    if len(text) <= limit:
        return text
    return text[: _character_boundary(text, limit - 1)].rstrip() + ELLIPSIS


def _plain_piece(piece: str, names: Mapping[str, str], *, code: bool) -> str:
    return "".join(_spoken(part, names, code=code) if place % 2 else unescape(part) for place, part in enumerate(_TOKEN.split(piece)))


def _spoken(token: str, names: Mapping[str, str], *, code: bool) -> str:
    target, _, label = (unescape(part) for part in token.partition("|"))
    if target.startswith("@"):
        return "@" + (names.get(target[1:]) or label or target[1:]).removeprefix("@")
    if target.startswith("#"):
        return "#" + (names.get(target[1:]) or label or target[1:]).removeprefix("#")
    if target.startswith("!"):
        return _spoken_command(target[1:], label, names)
    return _spoken_link(target, label, code=code)


def _spoken_command(command: str, label: str, names: Mapping[str, str]) -> str:
    kind, _, rest = command.partition("^")
    if kind == "subteam":
        return "@" + (names.get(rest) or label or rest).removeprefix("@")
    if kind == "date":
        return label or rest
    return "@" + kind


def _spoken_link(target: str, label: str, *, code: bool) -> str:
    address = target.removeprefix("mailto:").removeprefix("tel:")
    if not label:
        return address
    says_the_same = label in (target, address, re.sub(r"^https?://", "", target).rstrip("/"))
    if says_the_same or code:
        return label if code or address != target else target
    return f"{label} ({address})"


def _formatted_line(line: str) -> str:
    quote = _QUOTE.match(line)
    if quote is None:
        return _linked(line)
    # Slack knows one depth of quoting, and takes ">>>" for "all that follows": deeper marks become characters.
    deeper = "&gt; " * (quote[1].count(">") - 1)
    return f"> {deeper}{_linked(line[quote.end() :])}"


def _linked(text: str) -> str:
    pieces, end = [], 0
    for found in _URL.finditer(text):
        url = _without_punctuation(found[0])
        pieces += [escape(text[end : found.start()]), f"<{escape(url)}>"]
        end = found.start() + len(url)
    return "".join([*pieces, escape(text[end:])])


def _without_punctuation(url: str) -> str:
    url = url.rstrip(".,;:!?'")
    return url if "(" in url else url.rstrip(").,;:!?'")


def _kept(text: str, room: int) -> str:
    end = _character_boundary(text, max(room, 0))
    opened = text.rfind("<", 0, end)
    if opened >= 0 and ">" not in text[opened:end] and ">" in text[end : end + 4000]:
        end = opened
    entity = text.rfind("&", max(end - 4, 0), end)
    if entity >= 0 and re.match("&(?:amp|lt|gt);", text[entity : entity + 5]) and ";" not in text[entity:end]:
        end = entity
    while 0 < end < len(text) and text[end] == text[end - 1] == "`":
        end -= 1
    return text[:end].rstrip()


def _character_boundary(text: str, end: int) -> int:
    """The last place at or before `end` that does not fall within an accented letter, an emoji sequence or a flag."""
    for place in range(end, max(end - _LONGEST_CLUSTER, 0), -1):
        if not _joined(text, place):
            return place
    return end if end > _LONGEST_CLUSTER else 0


def _joined(text: str, place: int) -> bool:
    if place >= len(text):
        return False
    following, before = text[place], text[place - 1]
    if unicodedata.combining(following) or following in "\u200d\ufe0e\ufe0f\u20e3" or before == "\u200d":
        return True
    if "\U0001f3fb" <= following <= "\U0001f3ff":
        return True
    flags = re.search("[\U0001f1e6-\U0001f1ff]*$", text[max(place - 2 * _LONGEST_CLUSTER, 0) : place])
    return "\U0001f1e6" <= following <= "\U0001f1ff" and flags is not None and len(flags[0]) % 2 == 1
