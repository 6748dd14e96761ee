"""What becomes of a mail: ordered rules, each a named function, of which the first that says something decides. Nothing is written here.

FIRST need not know who writes: what they decide about leaves no trace of a person. RULES know the sender and the ticket that the mail
names (`matching.py`). To add one, write it and name it in its tuple; its name and its reason stand on the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from core import tokens
from core.mail.case import Case
from core.mail.matching import Match, proves_a_ticket
from core.models.mail import Disposition
from core.text import storable

UNPROVEN_STAFF = "Mail from a staff address: who wrote it is not proven."
NOT_AS_HIMSELF = "A colleague wrote this, but not to the address in a notice made for him: it was not sent."
STRANGER = "The sender is not a participant of this ticket, but knew its address."


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a mail, and why. With a `ticket_id` it is added there, with `opens` it opens one, with neither it stays in the ledger.

    `follows` is a closed ticket that the new one follows up, `joins` one that its sender wants to be let into. `anonymous`: nobody said it;
    `by_colleague`: the sender acts himself, by his words (`staff_lines.py`); `tells_colleague`: he hears that he did not; `for_forwarded`: it is
    for the first sender of a forwarded mail.
    """

    disposition: Disposition
    reason: str
    ticket_id: int | None = None
    opens: bool = False
    public: bool = True
    anonymous: bool = False
    flagged: str | None = None
    duplicate_of: int | None = None
    follows: int | None = None
    joins: int | None = None
    by_colleague: bool = False
    tells_colleague: bool = False
    for_forwarded: bool = False
    brings_in: bool = False
    rule: str = ""


Rule = Callable[[Case], Decision | None]


# --- that need nobody to be known


def same_mail_came_before(case: Case) -> Decision | None:
    """One mail that came twice, by another way or once more, is filed once."""
    original = case.row["original"]
    return Decision(Disposition.DUPLICATE, "the same mail came before", duplicate_of=original) if original is not None else None


def report_on_our_mail(case: Case) -> Decision | None:
    """A bounce of our own mail belongs to its ticket, and never opens one."""
    bounce, delivery = case.reading.screening.bounce, case.bounced
    if bounce is None or delivery is None:
        return None
    reason = f"{bounce.kind}: our mail to {delivery['recipient']}"
    return Decision(Disposition.BOUNCE, reason, delivery["ticket_id"], public=False, anonymous=True)


def own_mail_came_back(case: Case) -> Decision | None:
    """What we wrote and somebody's mail server brought back, as from a list or a forwarding that ends here, says nothing new."""
    message_id, sender = case.reading.mail.message_id, case.reading.mail.sender
    named = message_id is not None and tokens.ticket_of_message_id(case.keys, message_id) is not None
    ours = named or (sender is not None and case.own.owns(sender))  # some give it an id of their own
    looped = any(hit.rule == "own_loop_mark" for hit in case.reading.screening.hits)
    if not (ours and looped and case.reading.screening.bounce is None):
        return None
    return Decision(Disposition.REFUSED, f"a mail of ours that came back: {message_id}")


def blocked_sender(case: Case) -> Decision | None:
    """Whom an admin blocked is not heard; his mail is kept as long as all mail."""
    pattern = case.row["blocked_by"]
    return Decision(Disposition.REFUSED, f"mail of {pattern} is blocked") if pattern is not None else None


def spam_set_aside(case: Case) -> Decision | None:
    """What a filter on the way called spam opens no ticket where the operator trusts that filter; an answer to our mail is always heard."""
    mark = next((hit.evidence for hit in case.reading.screening.hits if hit.rule == "marked_spam"), None)
    if mark is None or not case.sets_spam_aside or proves_a_ticket(case.reading.mail, case.recipients, case.keys):
        return None
    return Decision(Disposition.SPAM, f"called spam on its way: {mark}")


FIRST: tuple[Rule, ...] = (same_mail_came_before, report_on_our_mail, own_mail_came_back, blocked_sender, spam_set_aside)


# --- that know the sender and the ticket


def machine_on_a_ticket(case: Case) -> Decision | None:
    """What a machine answers is noted, and changes nothing; a tag that anybody can write is not enough for that."""
    match = case.match
    if match is None or not case.automatic or not (match.belongs or match.proven):
        return None
    return Decision(Disposition.AUTOMATIC, f"automatic mail ({case.why_automatic})", match.ticket_id, public=False)


def machine(case: Case) -> Decision | None:
    """Monitoring and alarms open a ticket, unanswered."""
    if not case.automatic:
        return None
    names = "no ticket" if case.match is None else f"ticket #{case.match.ticket_id} only by what anybody can write"
    return Decision(Disposition.AUTOMATIC, f"automatic mail ({case.why_automatic}) that names {names}", opens=True)


def colleague_at_his_address(case: Case) -> Decision | None:
    """A colleague who answers a notice acts as himself: the address was made for him, and his domain vouches for the mail."""
    match, person = case.match, case.person
    if match is None or person is None or not person.staff or match.belongs or match.rule != "staff_address":
        return None
    told = next((found for address in case.addressed if (found := tokens.staff_of_address(case.keys, address))), None)
    if told is None or told[1] != person.id:
        return None
    if not case.proven:
        reason = "answer to a notice, but nobody proves who wrote it: an internal note, and nothing was done"
        return Decision(Disposition.NOTE, reason, match.ticket_id, public=False, flagged=UNPROVEN_STAFF)
    return Decision(Disposition.REPLY, "a colleague answered a notice", match.ticket_id, by_colleague=True)


def staff_on_anothers_ticket(case: Case) -> Decision | None:
    """A From proves nobody: what comes from a staff address on somebody else's ticket is a note. Who is proven to be the colleague is told."""
    if case.match is None or case.person is None or not case.person.staff or case.match.belongs:
        return None
    return Decision(Disposition.NOTE, "mail of staff on somebody else's ticket is an internal note", case.match.ticket_id, public=False,
                    flagged=NOT_AS_HIMSELF if case.proven else UNPROVEN_STAFF, tells_colleague=case.proven and case.answerable)  # fmt: skip


def answer_too_late(case: Case) -> Decision | None:
    """What was closed long ago is over: an answer opens a new ticket that follows it up."""
    if case.match is None or not _may_answer(case.match) or not case.match.closed_too_long:
        return None
    reason = f"ticket #{case.match.ticket_id} was closed too long ago"
    return Decision(Disposition.NEW_TICKET, reason, opens=True, follows=case.match.ticket_id)


def answer(case: Case) -> Decision | None:
    """Requester and participants answer; so does whoever was given the ticket's own address, visibly."""
    if case.match is None or not _may_answer(case.match):
        return None
    flagged = None if case.match.belongs else STRANGER
    # Who can only have guessed the ticket, or may not be who he says, brings nobody else in.
    brings_in = case.match.belongs and (case.proven or (case.match.proven and case.authentication.verdict != "fail"))
    return Decision(Disposition.REPLY, f"found by {case.match.rule}", case.match.ticket_id, flagged=flagged, brings_in=brings_in)


def stranger(case: Case) -> Decision | None:
    """Whoever names a ticket he is no part of waits to be let in, with a ticket of his own meanwhile."""
    if case.match is None:
        return None
    if case.match.waits_in is not None:
        reason = f"more of who waits to be let in on #{case.match.ticket_id}"
        return Decision(Disposition.WANTS_TO_JOIN, reason, case.match.waits_in)
    reason = f"names ticket #{case.match.ticket_id}, and the sender is no part of it"
    return Decision(Disposition.WANTS_TO_JOIN, reason, opens=True, joins=case.match.ticket_id)


def forwarded_by_colleague(case: Case) -> Decision | None:
    """What a colleague forwards is its first sender's matter, if his domain vouches that it was he who forwarded it."""
    if case.person is None or not case.person.staff or not case.proven or case.forwarded_from is None:
        return None
    return Decision(Disposition.NEW_TICKET, "a colleague forwarded it: it is its first sender's", opens=True, for_forwarded=True)


def filed_apart(refused: Decision, why: str) -> Decision:
    """What cannot go where it belongs is not left lying: it opens a ticket."""
    reason = f"it could not be added to ticket #{refused.ticket_id}: {why}"
    return Decision(Disposition.NEW_TICKET, reason[:300], opens=True, flagged=refused.flagged, rule=filed_apart.__name__)


def new_matter(_case: Case) -> Decision:
    """Everything else is a new ticket."""
    return Decision(Disposition.NEW_TICKET, "it names no ticket of this desk", opens=True)


RULES: tuple[Rule, ...] = (
    machine_on_a_ticket,
    machine,
    colleague_at_his_address,
    staff_on_anothers_ticket,
    answer_too_late,
    answer,
    stranger,
    forwarded_by_colleague,
    new_matter,
)


def decided(case: Case, rules: Iterable[Rule]) -> Decision | None:
    """What the first rule says that says something, with the rule's name and whatever is odd about the mail."""
    for rule in rules:
        if (decision := rule(case)) is not None:
            flagged = " ".join([*([decision.flagged] if decision.flagged else []), *case.oddities]) or None
            return _named(decision, rule.__name__, flagged)
    return None


def _named(decision: Decision, rule: str, flagged: str | None) -> Decision:
    return replace(decision, reason=decision.reason[:300], rule=rule, flagged=storable(flagged)[:200] if flagged else None)


def _may_answer(match: Match) -> bool:
    return match.belongs or match.signed_address
