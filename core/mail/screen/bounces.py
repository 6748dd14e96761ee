"""Is this mail a bounce: a delivery report about a mail that somebody sent?

Reports with the machine-readable parts of RFC 3464 are read first (`bounces_dsn`), then what Exim puts into a header, then the
words that mail servers write for people (`bounces_text`). A report needs a machine behind it: the null sender, a mailer daemon,
a report's content type or subject. A person who forwards or describes a bounce shows none of these, and stays a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from email.utils import getaddresses
from typing import Literal

from core.mail.addresses import normal
from core.mail.parsed import ParsedMail
from core.mail.screen.autoreply import absence_phrase
from core.mail.screen.bounces_dsn import BouncedRecipient, Report, read_report
from core.mail.screen.bounces_only import only_addresses
from core.mail.screen.bounces_original import Original, find_original
from core.mail.screen.bounces_phrases import CONFIRMED, FAILED
from core.mail.screen.bounces_signs import ANSWERED_OR_FORWARDED, Sign, bounce_signs
from core.mail.screen.bounces_text import Notice, is_about_us, read_notice
from core.mail.screen.programs import names_a_program

Kind = Literal["failed", "delayed", "delivered", "unknown"]


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report. `delayed` is no failure: the server still tries; `delivered` is a receipt somebody asked for.

    `original_message_id` (without angle brackets) and `original_envelope_id` (our ENVID of RFC 3461) lead to the mail that was
    sent; `original_headers` are the few fields of it that help to find it, names in lower case, values as they came back.
    `policy` says that the refusal (5.7.x) is about us, the sender, not about the recipient.
    """

    kind: Kind
    recipients: tuple[BouncedRecipient, ...] = ()
    original_message_id: str | None = None
    original_envelope_id: str | None = None
    original_headers: tuple[tuple[str, str], ...] = ()
    policy: bool = False

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses not reached (or, of a delay, not reached yet), lower-case: without those the mail did reach."""
        return tuple(normal(one.address) for one in self.recipients if one.action not in _REACHED)


def find_bounce(mail: ParsedMail, null_sender: bool) -> tuple[Bounce, str] | None:
    """The bounce that a mail is, with the evidence for it in words, or None. Costs microseconds where nothing hints at one."""
    signs = bounce_signs(mail, null_sender)
    if not signs or signs == {"no sender"} or _is_other_report(mail):
        return None
    found = _from_report(mail, signs) or _from_header(mail) or _from_text(mail, signs)
    if found is None:
        return None
    kind, recipients, envelope_id, evidence = found
    original = find_original(mail)
    return _bounce(kind, recipients or _addressee(original, kind) or _only_ones(mail, kind), envelope_id, original, mail), evidence


_REACHED = ("delivered", "relayed", "expanded")
_Found = tuple[Kind, tuple[BouncedRecipient, ...], str | None, str]
_WEIGHTS: dict[Sign, int] = {
    "delivery report": 4, "daemon": 4,
    "postmaster": 2, "null sender": 2, "report": 2, "mailer": 2, "subject": 2,
    "office": 0, "named office": 0, "no sender": 0, "header": 0,
}  # fmt: skip
_ENOUGH = 6
_MOST_OPENING = 4_000
_BESIDE_THE_POINT = re.compile(r"notifications of mail delivery errors|transcript of session", re.IGNORECASE)  # in confirmations, too


def _is_other_report(mail: ParsedMail) -> bool:
    """Read receipts (RFC 8098) and abuse reports (RFC 5965) are no bounces; Dovecot's receipt "automatically rejected" is one."""
    named = {part.content_type for part in mail.attachments} | {mail.content_type}
    kind = (mail.header("content-type") or "").lower()
    receipt = "message/disposition-notification" in named or "disposition-notification" in kind
    abuse = "message/feedback-report" in named or "feedback-report" in kind
    return abuse or (receipt and "automatically rejected" not in mail.text[:2000].lower())


def _from_report(mail: ParsedMail, signs: frozenset[Sign]) -> _Found | None:
    """RFC 3464: the parts of type message/delivery-status, in a mail that a machine seems to have sent."""
    if not signs - {"subject", "no sender"}:
        return None
    report = read_report(mail)
    if report is None:
        return None
    return _kind_of(report), report.recipients, report.envelope_id, f"message/delivery-status: {_words(report.recipients)}"


def _from_header(mail: ParsedMail) -> _Found | None:
    """Exim and Gmail name the addresses in a header field."""
    value = ", ".join(mail.all_headers("x-failed-recipients"))
    addresses = dict.fromkeys(re.findall(r"[^\s,;<>]{1,256}@[^\s,;<>]{1,255}", value[:20000]))
    if not addresses:
        return None
    notice = read_notice(mail)
    told = {one.address.lower(): one for one in notice.recipients}
    kind: Kind = "delayed" if notice.delayed else "failed"
    recipients = tuple(told.get(one.lower()) or BouncedRecipient(one, kind, notice.status, notice.diagnostic) for one in addresses)
    return kind, recipients, None, f"X-Failed-Recipients: {value}"


def _from_text(mail: ParsedMail, signs: frozenset[Sign]) -> _Found | None:
    """The words that mail servers write, believed the more readily the more a machine shows behind them."""
    if absence_phrase(mail.subject):
        return None
    notice = read_notice(mail)
    if _weight(notice, signs, mail) < _ENOUGH:
        return None
    if _confirms(mail.text[:_MOST_OPENING]):
        return "delivered", tuple(replace(one, action="delivered") for one in notice.recipients), None, f"text: {notice.words}"
    told = {one.action for one in notice.recipients}
    kind: Kind = "delayed" if notice.delayed and "failed" not in told else "failed" if notice.certain or "subject" in signs else "unknown"
    return kind, notice.recipients, None, f"text: {notice.words}"


def _confirms(text: str) -> bool:
    """The server says that the mail arrived, and of nobody that it did not."""
    return CONFIRMED.search(text) is not None and not FAILED.search(_BESIDE_THE_POINT.sub("", " ".join(text.split())))


def _weight(notice: Notice, signs: frozenset[Sign], mail: ParsedMail) -> int:
    """How much speaks for a bounce. A person who writes about a bounce, or pastes one, has neither sender nor envelope of a machine."""
    if not (notice.certain or signs & {"subject", "delivery report"}):
        return 0
    weight = sum(_WEIGHTS[sign] for sign in signs)
    weight += 2 * notice.certain + bool(notice.recipients) + notice.returned
    weight += _weight_of_office(notice, signs, mail)
    if not signs & {"daemon", "postmaster", "null sender", "report", "mailer"}:
        weight -= 2 * _shows_a_person(mail) + _speaks_first(mail) + notice.personal
    elif not signs & {"daemon", "null sender", "report", "mailer"} and _reads_like_a_person(mail, notice):
        weight -= 4
    elif "subject" not in signs and "report" not in signs and (mail.in_reply_to or mail.references):
        weight -= 2
    return weight


def _weight_of_office(notice: Notice, signs: frozenset[Sign], mail: ParsedMail) -> int:
    """What a postmaster's address adds where the failure is told first of all; firms have names like people ("Acme Corp")."""
    if not signs & {"office", "named office"} or not _tells_first(mail):
        return 0
    if "office" in signs:
        return 1
    return 3 if notice.recipients and not _reads_like_a_person(mail, notice) else 0


def _shows_a_person(mail: ParsedMail) -> bool:
    """A program that people write with, or what only they do: answer, hand on, set in HTML."""
    attached = any(part.content_type == "message/rfc822" for part in mail.attachments)
    return bool(names_a_program(mail) or attached or mail.html is not None or mail.in_reply_to or mail.references)


def _speaks_first(mail: ParsedMail) -> bool:
    """Somebody with a name, or with words of his own above those of a server."""
    return (mail.sender is not None and bool(mail.sender.name)) or not _tells_first(mail)


def _tells_first(mail: ParsedMail) -> bool:
    """The first paragraph says that something was not delivered."""
    opening = mail.text[:2000].lstrip().partition("\n\n")[0]
    return FAILED.search(" ".join(opening.split())) is not None


def _reads_like_a_person(mail: ParsedMail, notice: Notice) -> bool:
    """Whoever writes from a postmaster's address, asks, and speaks of what is his; or of nothing that could be a recipient."""
    attached = any(part.content_type == "message/rfc822" for part in mail.attachments)
    names_nobody = not (notice.recipients or notice.returned or notice.diagnostic or attached)
    return bool(names_a_program(mail) or names_nobody or notice.personal or ANSWERED_OR_FORWARDED.match(mail.subject))


def _addressee(original: Original | None, kind: Kind) -> tuple[BouncedRecipient, ...]:
    """Where the notice names nobody, the one address that the returned mail was written to."""
    headers = original.headers if original else ()
    people = [address for name, value in headers if name in ("to", "cc") for _, address in getaddresses([value]) if "@" in address]
    return (BouncedRecipient(people[0], kind),) if len(people) == 1 else ()


def _only_ones(mail: ParsedMail, kind: Kind) -> tuple[BouncedRecipient, ...]:
    """Where no mail came back either, the only address that the notice could mean."""
    return tuple(BouncedRecipient(one, kind) for one in only_addresses(mail))


def _kind_of(report: Report) -> Kind:
    actions = {one.action for one in report.recipients}
    if "failed" in actions:
        return "failed"
    if "delayed" in actions:
        return "delayed"
    return "delivered" if actions & set(_REACHED) else "unknown"


def _bounce(
    kind: Kind, recipients: tuple[BouncedRecipient, ...], envelope_id: str | None, original: Original | None, mail: ParsedMail
) -> Bounce:
    """Put together what was found; where no mail came back, the report's own references name it (Gmail, Exchange)."""
    chain = (original.message_id if original else None, *mail.in_reply_to[:1], *mail.references[-1:])
    return Bounce(
        kind=kind,
        recipients=recipients,
        original_message_id=next((one for one in chain if one), None),
        original_envelope_id=envelope_id,
        original_headers=original.headers if original else (),
        policy=any(is_about_us(one.status, one.diagnostic) for one in recipients),
    )


def _words(recipients: tuple[BouncedRecipient, ...]) -> str:
    return ", ".join(f"{one.action} {one.address} {one.status or ''}".strip() for one in recipients)
