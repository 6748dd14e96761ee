"""What mail servers write for people when a mail was not delivered: which addresses, why, and is it final.

The notice is the text above the returned mail. A sentence of `bounces_phrases` proves that it is one; the addresses are then
looked for in the few shapes that servers use, from the plainest (a labelled field) to the loosest (inside the sentence).
Every pattern is bounded, the text is hostile.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.mail.parsed import ParsedMail
from core.mail.screen.bounces_dsn import BouncedRecipient, find_status, report_in_text
from core.mail.screen.bounces_phrases import ABOUT_US, DELAYED, FAILED, FINAL, PERSONAL, RETURNED, STILL_TRYING


@dataclass(frozen=True, slots=True)
class Notice:
    """A server's words: the addresses it names, whether it only waits (`delayed`), the sentence (`words`) that proves it.

    `certain` says that such a sentence was found, `returned` that the mail it is about follows below, `personal` that somebody
    asks there, or speaks of what is his. `status` and
    `diagnostic` are the first ones in the text, for addresses that have none of their own.
    """

    recipients: tuple[BouncedRecipient, ...]
    delayed: bool
    certain: bool
    returned: bool
    personal: bool
    words: str
    status: str | None
    diagnostic: str | None


def read_notice(mail: ParsedMail) -> Notice:
    """What the text of a mail says, as a server's notice; `certain` is False when it does not read like one."""
    text = _tidy(mail.text)
    marker = RETURNED.search(text)
    above = text[: marker.start()] if marker else text
    phrase = next((hit for words in (FAILED, DELAYED) if (hit := words.search(_flat(above)))), None)
    phrase = phrase or next((hit for words in (FAILED, DELAYED) if (hit := words.search(_flat(text)))), None)
    delayed = _is_delayed(mail.subject, above)
    us = {one.key for one in mail.to}
    wrapped = _wrapped(mail)
    recipients = _recipients(above, us, delayed, mail) or _recipients(_above_headers(text), us, delayed, mail) or wrapped
    certain = phrase is not None or bool(wrapped)
    line = _line_at(text, phrase.start()) if phrase else mail.subject
    status, diagnostic = find_status(above), _first_diagnostic(above)
    if len(recipients) == 1:
        recipients = (_completed(recipients[0], status, diagnostic),)
    personal = PERSONAL.search(_NO_PROSE.sub("", above[:_MOST_OPENING])) is not None
    return Notice(recipients, delayed, certain, marker is not None, personal, line, status, diagnostic)


def is_about_us(status: str | None, diagnostic: str | None) -> bool:
    """A refusal for what we are (5.7.x, a block list, SPF, DKIM, DMARC), not for who the recipient is."""
    if status is not None and not status.endswith(".0.0"):
        return status.startswith("5.7.")
    return bool(diagnostic and ABOUT_US.search(diagnostic))


_MOST_TEXT = 16_384  # a notice is short; what follows it is the returned mail
_MOST_LINE = 1_000
_MOST_OPENING = 1_000
_SHORT_REASON = 12
_MOST_RECIPIENTS = 200

_LOCAL = r"[^\s<>()\[\]\"';:,@：；，。、（）「」《》]{1,128}"
_DOMAIN = r"[^\W_](?:[\w-]|\.(?=[\w-])){0,254}"
_ADDR = rf"{_LOCAL}@{_DOMAIN}"
_BRACKETED = r"<(?P<b>[^<>\s@]{1,128}@[^<>\s@]{1,255})>"
_ANY = rf"(?:{_BRACKETED}|(?P<a>{_ADDR}))"

_ITEM = r"^[ \t*•·>|-]{0,20}"


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE | re.MULTILINE) for pattern in patterns)


# Shapes that name a recipient wherever they stand in a notice.
_SURE = _compiled(
    # A labelled field: "Failed Recipient: a@b", "Recipient: [SMTP:a@b]", "unknown user: a@b", "SMTP=a@b;", "Error-for: a@b".
    rf"{_ITEM}(?:(?:failed|intended|original|undeliverable|bounced|bad|invalid|affected)[ -](?:recipients?|address(?:es)?)|recipients?"
    rf"|error-for|address"
    r"|(?:user mailbox|user's mailbox|delivery failed|unknown user|user unknown|unknown or illegal alias|delivery userid|undeliverable to|mailbox full"
    r"|empf(?:ä|ae)nger"
    r"|destinataire|destinatario|destinatário|ontvanger|mottagare|modtager|odbiorca|получатель"
    r"|수신자|받는 사람|受信者|宛先|收件人|.{0,60}following recipient)[^:\n]{0,60})"
    rf"(?:[:：]| to |(?<=[人者]) )[ \t]{{0,4}}\[?(?:smtp:|rfc822;\s?)?{_ANY}",
    rf"\bsmtp=(?P<a>{_ADDR})",
    # qmail, Postfix, Yahoo: "<a@b>: the reason" at the start of a line.
    # An alias that was expanded is the address that was written to.
    r"^[ \t]{0,8}<(?P<b>[^<>\s@]{1,128}@[^<>\s@]{1,255})>(?:\s{1,8}\(expanded\s{1,8}from\s{1,8}<(?P<e>[^<>\s@]{1,128}@[^<>\s@]{1,255})>\)"
    r"|\s?\([^()\n]{1,300}\))?\s?:",
    # Exim, sendmail, Gmail, Exchange: the address alone on its line, perhaps with a word where it comes from.
    rf"{_ITEM}(?:\(?(?:expanded|ultimately generated|generated|reached) (?:from|by):?\s)?[\"'\[(]?{_ANY}[\"'\])]{{0,2}}[:.,;]?[ \t]{{0,40}}"
    r"(?:\([^()\n]{1,300}\)?)?$",
    rf"{_ITEM}[^<>()\n]{{1,100}}[<(](?:mailto:|smtp:)?(?P<a>{_ADDR})[>)]{{1,2}}[\"'.,:;]?[ \t]{{0,40}}$",
    # "a@b: reason", "a@b, ERROR", "a@b - no such user", "a@b (reason)", "a@b... reason", "a@b on Fri, 1 May", "a@b am 01.05.": the address begins its line.
    rf"{_ITEM}[\"'\[(]?{_ANY}[\"'\])]{{0,2}}(?:\s?:|,\s?error|\.\.|\s+[-–(.]|\s{{1,4}}\d{{1,4}}[./]\d{{1,2}}[./]|\s+on\s|\s+(?:am|le|il|el|em|op|den|dne|в)\s\d)",
    # The dialogue with the other server.
    r"rcpt to:\s{0,3}<(?P<b>[^<>\s@]{1,128}@[^<>\s@]{1,255})>",
)
# Shapes that count only in a paragraph that says that something was not delivered.
_IN_A_SENTENCE = _compiled(
    r"(?:\bto|addressed,|\bfor|\ban|\bà|\ba|\bpara|\bper|\baan|\btill|\btil|\bdo|\bна|\buser|\bmailbox|\baddress|\brecipient"
    rf"|\baccount)\s{{1,4}}['\"]?{_ANY}",
    rf"{_ITEM}{_ANY}\s+\S",
    _ANY,
)
# The field of the returned mail, quoted in the notice.
_TO_FIELD = _compiled(rf"^[ \t]{{0,8}}(?:to|an|à|para|aan|til|till|do|кому)\s?:\s{{1,20}}{_ANY}")
_ALONE_BELOW_A_COLON = re.compile(
    r":[ \t]{0,20}\n\s{0,40}([a-z][\w.+-]{2,63})[ \t]{0,20}(?:\([^()\n]{1,80}\)[ \t]{0,20})?(?:\n|$)", re.IGNORECASE
)
_HEADERS_BEGIN = re.compile(r"^(?:received|return-path|dkim-signature|message-id):", re.IGNORECASE | re.MULTILINE)
_JOINED_BEFORE = re.compile(r"^[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,40}(?=[!-~])")
_JOINED_BEHIND = re.compile(r"(@[!-~]{1,255}\.[a-z]{2,63})[^\x00-\x7f].*$", re.IGNORECASE)
# What a server quotes: fields of the mail, and addresses; hello@shop.example greets nobody.
_NO_PROSE = re.compile(r"^[ \t]{0,20}[\w-]{1,30}:[ \t].*$|[^\s@<>]{1,128}@[^\s@<>]{1,255}", re.MULTILINE)
_LINK = re.compile(r"([^\s<>()@]{1,128}@[^\s<>()@]{1,255})(\)?)<mailto:\1>", re.IGNORECASE)  # the address, and where it leads to
_WRAPPED_LINE = re.compile(r"(?<![\n])\n(?![\n])")
_DIAGNOSTIC = re.compile(r"^.{0,200}\b[45]\d\d[ -](?:#?[45]\.\d|\S).{0,400}$", re.MULTILINE)


def _tidy(text: str) -> str:
    """Bounded text with one kind of line end and links only as addresses; too long lines are cut."""
    text = "\n".join(line[:_MOST_LINE] for line in text[:_MOST_TEXT].splitlines())
    return _LINK.sub(r"\1\2", text).replace("mailto:", "") if "mailto:" in text else text


def _flat(text: str) -> str:
    """The same text, place by place, with paragraphs of one line: sentences are wrapped anywhere."""
    return _WRAPPED_LINE.sub(" ", text)


def _above_headers(text: str) -> str:
    """Where a server announces the returned mail before it names the addresses: all that stands above real header lines."""
    begin = _HEADERS_BEGIN.search(text)
    return text[: begin.start()] if begin else text


def _is_delayed(subject: str, notice: str) -> bool:
    """Somebody still tries: said in subject or notice, and nothing there says that they gave up."""
    if DELAYED.search(subject) or STILL_TRYING.search(notice):
        return True
    return bool(DELAYED.search(notice)) and not FINAL.search(f"{subject}\n{notice}")


def _recipients(notice: str, us: set[str], delayed: bool, mail: ParsedMail) -> tuple[BouncedRecipient, ...]:
    """The addresses of the first shape that fits, those of ourselves (whom the bounce is sent to) only when there is no other."""
    report = report_in_text(notice)  # some write the machine-readable fields into the text
    if report is not None:
        return report.recipients
    for shape in (*_SURE, *_IN_A_SENTENCE, *_TO_FIELD):
        loose = shape in _IN_A_SENTENCE
        found = {address: place for address, place in _found(shape, notice) if not loose or _says_so(_paragraph_at(notice, place))}
        others = {key: place for key, place in found.items() if key.lower() not in us}
        if others or (found and not loose):
            return tuple(_recipient(address, notice[place:], delayed) for address, place in (others or found).items())
    return _screen_names(notice, delayed, mail)


def _wrapped(mail: ParsedMail) -> tuple[BouncedRecipient, ...]:
    """Gateways put a whole report into an attachment of their own."""
    for part in mail.attachments:
        report = (
            report_in_text(part.content[:_MOST_TEXT].replace(b"\0", b"").decode("utf-8", "replace"))
            if part.content_type == "message/rfc822"
            else None
        )
        if report is not None:
            return report.recipients
    return ()


def _found(shape: re.Pattern[str], notice: str) -> Iterator[tuple[str, int]]:
    """Every address of a shape with the place behind it, no more than a limit."""
    seen: set[str] = set()
    for match in shape.finditer(notice):
        groups = match.groupdict()
        address = without_particles((groups.get("e") or groups.get("b") or groups.get("a") or "").strip("."))
        if address and address.lower() not in seen and not _is_message_id(notice, match.start()):
            seen.add(address.lower())
            yield address, match.end()
        if len(seen) >= _MOST_RECIPIENTS:
            return


def without_particles(address: str) -> str:
    """Without the words that languages without spaces join to an address; no domain changes its script in its last label."""
    return _JOINED_BEFORE.sub("", _JOINED_BEHIND.sub(r"\1", address))


def _says_so(paragraph: str) -> bool:
    """Whether a paragraph says that something was not delivered, or not yet."""
    flat = _flat(paragraph)
    return bool(FAILED.search(flat) or DELAYED.search(flat))


def _is_message_id(notice: str, place: int) -> bool:
    """The line of that place speaks of the sender or of an id, not of a recipient."""
    line = _line_at(notice, place).lower()
    return bool(re.search(r"message[- ]?id|^from:|return-path|reply-to|mail from|envelope-from|\bsender:|postmaster@", line))


def _recipient(address: str, behind: str, delayed: bool) -> BouncedRecipient:
    """An address with the reason that follows it: up to the next blank line, and the next paragraph when little stands there."""
    paragraphs = [part.strip() for part in behind[:3000].split("\n\n", 2)[:2]]
    reason = paragraphs[0] if len(paragraphs[0]) > _SHORT_REASON else "\n".join(paragraphs)
    reason = " ".join(reason.split()).strip(':;,)>" ')[:500]
    return BouncedRecipient(address, "delayed" if delayed else "failed", find_status(reason), reason or None)


def _completed(recipient: BouncedRecipient, status: str | None, diagnostic: str | None) -> BouncedRecipient:
    """The only address of a notice has the status and the server's answer that stand anywhere in it."""
    if diagnostic is not None and not _DIAGNOSTIC.search(recipient.diagnostic or ""):
        recipient = replace(recipient, diagnostic=diagnostic)
    return replace(recipient, status=recipient.status or status)


def _screen_names(notice: str, delayed: bool, mail: ParsedMail) -> tuple[BouncedRecipient, ...]:
    """Some providers name their own users without a domain, alone on a line below a sentence that ends in a colon."""
    domain = mail.sender.domain if mail.sender else ""
    found = _ALONE_BELOW_A_COLON.search(notice)
    if not domain or not found or not FAILED.search(_line_at(notice, found.start())):
        return ()
    return (_recipient(f"{found.group(1)}@{domain}", notice[found.end() :], delayed),)


def _first_diagnostic(notice: str) -> str | None:
    found = _DIAGNOSTIC.search(notice)
    return " ".join(found.group(0).split())[:500] if found else None


def _line_at(text: str, place: int) -> str:
    end = text.find("\n", place)
    return text[text.rfind("\n", 0, place) + 1 : end if end >= 0 else len(text)].strip()


def _paragraph_at(text: str, place: int) -> str:
    end = text.find("\n\n", place)
    return text[max(text.rfind("\n\n", 0, place), 0) : end if end >= 0 else len(text)]
