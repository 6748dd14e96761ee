"""May this mail be answered by a machine, is it from a machine, is it a bounce? The rules are `rules.RULES`, in order.

Two verdicts, not one. A mail that gets *no answer* opens, answers and reopens tickets like any other; it is only never answered
automatically. An *automatic* mail (an out-of-office note, a receipt, a report) is moreover no act of a person: it is filed as
an internal note and changes nothing. Every rule that hits is kept, so that an operator can read why. The standards: RFC 3834
(automatic answers), 3464 (delivery reports), 8098 (read receipts), 5965 (abuse reports).
"""

from __future__ import annotations

from core.mail.parsed import ParsedMail
from core.mail.screen.bounces import Bounce, find_bounce
from core.mail.screen.facts import Facts, Hit, Own, Screening
from core.mail.screen.rules import RULES, null_sender

__all__ = ["RULES", "Bounce", "Hit", "Own", "Screening", "screen"]


def screen(mail: ParsedMail, envelope_from: str | None, own: Own) -> Screening:
    """Judge a mail by every rule. `envelope_from` is the address of MAIL FROM, "" for the null sender, None when it is not known:
    then Return-Path counts. Never raises; spam filters, blocked senders, DMARC and budgets are judged elsewhere."""
    facts = Facts.of(mail, envelope_from, own)
    hits = [
        Hit(rule.__name__, verdict, evidence[:_MOST_EVIDENCE])
        for verdict, rules in RULES
        for rule in rules
        if (evidence := rule(facts)) is not None
    ]
    found = find_bounce(mail, null_sender(facts) is not None)
    if found is not None:
        hits.append(Hit("delivery_report", "bounce", found[1][:_MOST_EVIDENCE]))
    automatic = any(hit.verdict != "no-answer" for hit in hits)
    return Screening(answerable=not hits, automatic=automatic, bounce=found[0] if found else None, hits=tuple(hits))


_MOST_EVIDENCE = 200
