"""Who learns of an event by mail, and as what: one ordered table of rules, each a named function.

The actor is never told of his own act. Every channel asks here; a rule reads the event and the facts of its ticket, never who
called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from core import events

Facts = dict[str, Any]
"""What `outbound.facts` returns: the ticket, its people, the comment of the event, what else was said and sent."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to be written: its template, whom it goes to (user ids, the first in To), and whether a person wrote it.

    `confirms` is what its reader did himself: the one thing that somebody is told of his own act.
    """

    template: str
    to: tuple[int, ...]
    reason: str
    by_person: bool = False
    confirms: bool = False

    @property
    def automatic(self) -> bool:
        return not self.by_person


Rule = Callable[[events.Event, Facts], Iterator[Letter]]


def receipt_to_requester(event: events.Event, facts: Facts) -> Iterator[Letter]:
    """Whoever asked learns that it arrived, unless nothing automatic may go back to him."""
    if isinstance(event, events.TicketOpened) and event.answerable and facts["within_budget"]:
        yield Letter("opened_for_you" if event.on_behalf else "receipt", (facts["requester"]["id"],), "requester", confirms=True)


def answer_to_requester(event: events.Event, facts: Facts) -> Iterator[Letter]:
    """What staff says publicly goes to the requester and the participants, unless it is the solution: then `resolved` carries it."""
    if isinstance(event, events.CommentAdded) and event.public and event.by == "staff" and not facts["comment_is_solution"]:
        people = (facts["requester"]["id"], *(p["id"] for p in facts["participants"]))
        yield Letter("reply", people, "requester", by_person=True)


def answer_to_assignee(event: events.Event, facts: Facts) -> Iterator[Letter]:
    """Who works on a ticket learns that its requester or a participant wrote, unless that reopened it: then `reopened` says so."""
    heard = isinstance(event, events.CommentAdded) and event.public and event.by in ("requester", "participant")
    if heard and facts["assignee"] and not facts["comment_reopened"]:
        yield Letter("requester_replied", (facts["assignee"]["id"],), "assignee")


def note_to_assignee(event: events.Event, facts: Facts) -> Iterator[Letter]:
    """Who works on a ticket learns of internal notes; not of the bounce of a notice, which may have been one to him."""
    noted = isinstance(event, events.CommentAdded) and not event.public and (event.by != "system" or event.answerable)
    if noted and facts["assignee"]:
        yield Letter("note", (facts["assignee"]["id"],), "assignee")


def assigned_to_new_assignee(event: events.Event, facts: Facts) -> Iterator[Letter]:
    """Whoever was given a ticket learns of it."""
    if isinstance(event, events.TicketAssigned) and event.after is not None:
        yield Letter("assigned", (event.after,), "assignee")


def unassigned_to_old_assignee(event: events.Event, facts: Facts) -> Iterator[Letter]:
    """Whoever a ticket was taken from learns of it."""
    if isinstance(event, events.TicketAssigned) and event.before is not None:
        yield Letter("unassigned", (event.before,), "former assignee")


def resolved_to_requester(event: events.Event, facts: Facts) -> Iterator[Letter]:
    """The requester gets the solution, and hears that an answer reopens the ticket."""
    if isinstance(event, events.StatusChanged) and event.after == "resolved":
        people = (facts["requester"]["id"], *((p["id"] for p in facts["participants"]) if event.comment_id else ()))
        yield Letter("resolved", people, "requester", by_person=event.comment_id is not None)


def closed_to_requester(event: events.Event, facts: Facts) -> Iterator[Letter]:
    """The requester hears that a ticket was closed, unless he heard minutes ago that it was resolved."""
    if isinstance(event, events.StatusChanged) and event.after == "closed" and not facts["resolved_just_now"]:
        yield Letter("closed", (facts["requester"]["id"],), "requester")


def reopened_to_assignee(event: events.Event, facts: Facts) -> Iterator[Letter]:
    """Who worked on a ticket learns that it is open again, with the words that did it."""
    reopened = isinstance(event, events.StatusChanged) and event.before in ("resolved", "closed") and event.after == "open"
    if reopened and facts["assignee"]:
        yield Letter("reopened", (facts["assignee"]["id"],), "assignee")


MAIL_RULES: tuple[Rule, ...] = (
    receipt_to_requester,
    answer_to_requester,
    answer_to_assignee,
    note_to_assignee,
    assigned_to_new_assignee,
    unassigned_to_old_assignee,
    resolved_to_requester,
    closed_to_requester,
    reopened_to_assignee,
)


def letters_for(event: events.Event, facts: Facts) -> list[Letter]:
    """The mails that an event causes, without those to its actor, to people who muted the ticket, and to people who cannot get any."""
    reachable = {person["id"] for person in facts["people"] if person["reachable"]} - set(facts["muted"])
    acting = {facts["actor_id"], facts["author_id"]}
    letters = (letter for rule in MAIL_RULES for letter in rule(event, facts))
    kept = (replace(letter, to=_without_doubles(letter.to, reachable if letter.confirms else reachable - acting)) for letter in letters)
    return [letter for letter in kept if letter.to]


def _without_doubles(people: tuple[int, ...], allowed: set[int]) -> tuple[int, ...]:
    return tuple(person for person in dict.fromkeys(people) if person in allowed)
