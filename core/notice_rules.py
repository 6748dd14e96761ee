"""Whom an event concerns, and why: an ordered table of rules, each a named function.

A rule reads the event and the facts of its ticket, never who called. Who of them is told, and by which channel, is decided in `notices.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeGuard

from core import events

Facts = dict[str, Any]
"""What `outbound.facts` returns: the ticket, its people, the comment of the event, what else was said and sent."""

Scope = Literal["requester", "mine", "queue", "watching", "mentioned"]
"""Why it concerns somebody: he asked (or is in copy), it is his, nobody's in a queue he works in, watched, or he was called by name."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What people are told. `kind` is its word in preferences, its template in mail. `to` are user ids.

    `by_person` when a person wrote what it carries; `confirms` is what its reader did himself: the one thing somebody is told of his own
    act.
    """

    kind: str
    to: tuple[int, ...]
    scope: Scope
    by_person: bool = False
    confirms: bool = False

    @property
    def automatic(self) -> bool:
        return not self.by_person


Rule = Callable[[events.Event, Facts], Iterator[Notice]]


# --- to who asked, and who is in copy


def receipt_to_requester(event: events.Event, facts: Facts) -> Iterator[Notice]:
    """Whoever asked learns that it arrived, unless nothing automatic may go back to him."""
    if isinstance(event, events.TicketOpened) and event.answerable:
        kind = "split" if event.split_from is not None else "opened_for_you" if event.on_behalf else "receipt"
        yield Notice(kind, (facts["requester"]["id"],), "requester", confirms=True)


def answer_to_requester(event: events.Event, facts: Facts) -> Iterator[Notice]:
    """What staff says publicly goes to the requester and the participants, unless it is the solution: then `resolved` carries it."""
    if isinstance(event, events.CommentAdded) and event.public and event.by == "staff" and not facts["comment_is_solution"]:
        yield Notice("reply", (facts["requester"]["id"], *facts["participants"]), "requester", by_person=True)


def resolved_to_requester(event: events.Event, facts: Facts) -> Iterator[Notice]:
    """The requester gets the solution, and hears that an answer reopens the ticket."""
    if isinstance(event, events.StatusChanged) and event.after == "resolved":
        people = (facts["requester"]["id"], *(facts["participants"] if event.comment_id else ()))
        yield Notice("resolved", people, "requester", by_person=event.comment_id is not None)


def closed_to_requester(event: events.Event, facts: Facts) -> Iterator[Notice]:
    """The requester hears that a ticket was closed, unless he heard minutes ago that it was resolved."""
    if isinstance(event, events.StatusChanged) and event.after == "closed" and not facts["resolved_just_now"]:
        yield Notice("auto_closed" if event.by_clock else "closed", (facts["requester"]["id"],), "requester")


def warning_to_requester(event: events.Event, facts: Facts) -> Iterator[Notice]:
    """The requester hears that a ticket is closed soon unless he answers."""
    if isinstance(event, events.CloseWarned):
        yield Notice("close_warning", (facts["requester"]["id"],), "requester")


def merged_to_requester(event: events.Event, facts: Facts) -> Iterator[Notice]:
    """The requester of a ticket hears where it goes on, if he sees that one."""
    if isinstance(event, events.TicketMerged) and facts["requester_sees_live"]:
        yield Notice("merged", (facts["requester"]["id"],), "requester")


# --- to colleagues


def mention_to_mentioned(event: events.Event, facts: Facts) -> Iterator[Notice]:
    """Who is called by name in a note learns of it."""
    if isinstance(event, events.CommentAdded) and event.mentioned:
        yield Notice("mentioned", tuple(event.mentioned), "mentioned")


def new_ticket_to_queue(event: events.Event, facts: Facts) -> Iterator[Notice]:
    """The queue learns of a new ticket that nobody has."""
    if isinstance(event, events.TicketOpened):
        yield from _to_queue("new_ticket", facts)


def requester_replied(event: events.Event, facts: Facts) -> Iterator[Notice]:
    """Who works on a ticket learns that its requester or a participant wrote, unless that reopened it: then `reopened` says so."""
    heard = isinstance(event, events.CommentAdded) and event.public and event.by in ("requester", "participant")
    if heard and not facts["comment_reopened"]:
        yield from _to_workers("requester_replied", facts)


def staff_replied(event: events.Event, facts: Facts) -> Iterator[Notice]:
    """Who works on a ticket learns that a colleague answered."""
    if isinstance(event, events.CommentAdded) and event.public and event.by == "staff":
        yield from _to_assignee_and_watchers("staff_replied", facts)


def noted(event: events.Event, facts: Facts) -> Iterator[Notice]:
    """Who works on a ticket learns of internal notes, and the assignee of what machines wrote. A bounce has a notice of its own."""
    if isinstance(event, events.CommentAdded) and not event.public and event.by != "system":
        yield from _to_assignee("note", facts)
        if not event.automatic:
            yield from _to_watchers("note", facts)


def assigned(event: events.Event, facts: Facts) -> Iterator[Notice]:
    """Whoever was given a ticket learns of it, and whoever it was taken from."""
    if isinstance(event, events.TicketAssigned):
        if event.after is not None:
            yield Notice("assigned", (event.after,), "mine", confirms=event.by_rule)  # what a rule gave is not what he did
        if event.before is not None:
            yield Notice("unassigned", (event.before,), "mine")


def reopened(event: events.Event, facts: Facts) -> Iterator[Notice]:
    """Who worked on a ticket learns that it is open again, with the words that did it."""
    if _is_own_status(event) and event.before in ("resolved", "closed") and event.after == "open":
        yield from _to_workers("reopened", facts)


def finished(event: events.Event, facts: Facts) -> Iterator[Notice]:
    """Who works on a ticket learns that somebody else, or the clock, ended it."""
    if _is_own_status(event) and event.after in ("resolved", "closed"):
        yield from _to_assignee_and_watchers("finished", facts)


def join_requested(event: events.Event, facts: Facts) -> Iterator[Notice]:
    """Who works on a ticket learns that somebody waits to be let in."""
    if isinstance(event, events.JoinRequested):
        yield from _to_workers("join_requested", facts)


def bounced(event: events.Event, facts: Facts) -> Iterator[Notice]:
    """Whoever wrote an answer, and who works on the ticket, learns that it did not arrive; that a notice did not, they can do nothing about."""
    if isinstance(event, events.DeliveryFailed) and facts["failed_for_requester"]:
        yield Notice("bounced", (facts["failed_author"],) if facts["failed_author"] else (), "mine")
        yield from _to_workers("bounced", facts)


def woke(event: events.Event, facts: Facts) -> Iterator[Notice]:
    """Who put a ticket to sleep learns that its time has come; of an answer that woke it he hears as of an answer."""
    if isinstance(event, events.TicketWoke) and event.why == "time":
        yield from _to_workers("woke", facts)


RULES: tuple[Rule, ...] = (
    receipt_to_requester, answer_to_requester, resolved_to_requester, closed_to_requester, warning_to_requester, merged_to_requester,
    mention_to_mentioned, new_ticket_to_queue, requester_replied, staff_replied, noted, assigned, reopened, finished, join_requested, bounced, woke,
)  # fmt: skip


def _is_own_status(event: events.Event) -> TypeGuard[events.StatusChanged]:
    """A change that happened here: of one that is only mirrored colleagues hear where it happened."""
    return isinstance(event, events.StatusChanged) and not event.mirrored


def _to_assignee(kind: str, facts: Facts) -> Iterator[Notice]:
    if facts["assignee"]:
        yield Notice(kind, (facts["assignee"]["id"],), "mine")


def _to_watchers(kind: str, facts: Facts) -> Iterator[Notice]:
    yield Notice(kind, tuple(facts["watchers"]), "watching")


def _to_queue(kind: str, facts: Facts) -> Iterator[Notice]:
    if not facts["assignee"]:
        yield Notice(kind, tuple(facts["members"]), "queue")


def _to_assignee_and_watchers(kind: str, facts: Facts) -> Iterator[Notice]:
    yield from _to_assignee(kind, facts)
    yield from _to_watchers(kind, facts)


def _to_workers(kind: str, facts: Facts) -> Iterator[Notice]:
    """The assignee, or the queue while there is none, and who watches."""
    yield from _to_assignee(kind, facts)
    yield from _to_watchers(kind, facts)
    yield from _to_queue(kind, facts)
