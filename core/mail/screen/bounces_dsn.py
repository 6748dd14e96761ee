"""The machine-readable part of a delivery report: message/delivery-status of RFC 3464, its UTF-8 form of RFC 6533."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.mail.parsed import ParsedMail


@dataclass(frozen=True, slots=True)
class BouncedRecipient:
    """What became of one address. `action` is failed, delayed, delivered, relayed, expanded or unknown; `status` is the code of
    RFC 3463 ("5.1.1") where one was given; `diagnostic` are the words of the server that refused."""

    address: str
    action: str
    status: str | None = None
    diagnostic: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery-status part: its recipients, and the ENVID of RFC 3461 that we gave with the mail."""

    recipients: tuple[BouncedRecipient, ...]
    envelope_id: str | None


def read_report(mail: ParsedMail) -> Report | None:
    """All delivery-status parts of a mail as one report; None when it has none, or none with an address or an action."""
    blocks = [block for part in mail.attachments if part.content_type in STATUS_TYPES for block in _blocks(part.content)]
    return _report(blocks)


def report_in_text(text: str) -> Report | None:
    """The same fields where a server wrote them into the text of the mail."""
    if "final-recipient:" not in text.lower():
        return None
    return _report(_blocks(text.encode("utf-8", "replace")))


def find_status(text: str) -> str | None:
    """The first enhanced status code of RFC 3463 in a server's words, never a part of an IP address or a version."""
    found = _SMTP_STATUS.search(text) or _BARE_STATUS.search(text)
    return found.group(1) if found else None


STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_MOST_RECIPIENTS = 200
_SMTP_STATUS = re.compile(r"\b[245]\d\d[\s:#(-]{1,3}([245]\.\d{1,3}\.\d{1,3})(?![.\d])")
_BARE_STATUS = re.compile(r"(?<![.\d\w])([245]\.\d{1,2}\.\d{1,3})(?![.\d])")
_ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")


def _report(blocks: list[dict[str, str]]) -> Report | None:
    found = [recipient for block in blocks[: _MOST_RECIPIENTS + 1] if (recipient := _recipient(block)) is not None]
    envelope_id = next((block["original-envelope-id"] for block in blocks if block.get("original-envelope-id")), None)
    return Report(tuple(dict.fromkeys(found)), envelope_id) if found else None


def _blocks(content: bytes) -> list[dict[str, str]]:
    """The groups of fields between blank lines; the first value of a field counts, folded lines are joined."""
    blocks: list[dict[str, str]] = [{}]
    last = ""
    for line in content[:500_000].replace(b"\0", b"").decode("utf-8", "replace").splitlines():
        if not line.strip():
            blocks.append({})
            last = ""
        elif line[0] in " \t" and last:
            blocks[-1][last] = f"{blocks[-1][last]} {line.strip()}"
        elif ":" in line:
            name, _, value = line.partition(":")
            last = name.strip().lower()
            if last in ("original-recipient", "final-recipient") and last in blocks[-1]:
                blocks.append({})
            blocks[-1].setdefault(last, value.strip())
    return [block for block in blocks if block]


def _recipient(block: dict[str, str]) -> BouncedRecipient | None:
    """One group of recipient fields. The address we wrote to (Original-Recipient) counts before the one it ended at."""
    names = ("original-recipient", "final-recipient", "x-actual-recipient")
    address = next((found for name in names if (found := _address(block.get(name, "")))), "")
    if not address:
        return None
    diagnostic = _without_type(block.get("diagnostic-code", "")) or None
    given = _BARE_STATUS.search(block.get("status", ""))
    status = given.group(1) if given else None
    told = find_status(diagnostic or "")
    if told is not None and (status is None or status.endswith(".0.0")):
        status = told
    return BouncedRecipient(address, _action(block.get("action", ""), status), status, diagnostic[:1000] if diagnostic else None)


def _address(value: str) -> str:
    """`rfc822; a@b`, `utf-8; a@b`, `<a@b>` and their misspellings; empty when it is not a mail address."""
    value = _without_type(value)
    bracketed = re.search(r"<([^<>]{1,500})>", value)
    value = (bracketed.group(1) if bracketed else value.split(" ")[0]).strip("\"'<>;, ")
    value = value.removeprefix("SMTP:").removeprefix("smtp:").removeprefix("mailto:")
    value = re.sub(r"\\x\{([0-9A-Fa-f]{2,6})\}", _character, value).replace("+2B", "+").replace("+3D", "=")  # RFC 3461, 4: xtext
    return value if "@" in value.strip("@") else ""


def _character(escaped: re.Match[str]) -> str:
    """A `\\x{e4}` of RFC 6533 as the character it stands for; nothing for what cannot be in an address."""
    code = int(escaped.group(1), 16)
    return chr(code) if code <= 0x10FFFF and chr(code).isprintable() else ""


def _without_type(value: str) -> str:
    """`smtp; 550 no such user` without the type in front."""
    kind, separator, rest = value.partition(";")
    return rest.strip() if separator and re.fullmatch(r"[\w.-]{1,40}", kind.strip()) else value.strip()


def _action(value: str, status: str | None) -> str:
    """The action in one of its five words; by the status where it is missing; OpenSMTPD writes `error`, others add comments."""
    word = value.strip().lower()
    for action in _ACTIONS:
        if word.startswith(action[:4]):
            return action
    if word.startswith(("error", "undeliver", "bounce")):
        return "failed"
    if status is None:
        return "unknown"
    return {"5": "failed", "4": "delayed", "2": "delivered"}[status[0]]
