"""Who is told of an event, and by which channel: the one place that decides, for mail, in-app and Slack alike.

Whom it concerns is the rules' to say (`notice_rules.py`). Nobody is told of his own act, of a ticket he muted or may not see, or twice of one
event by one channel: the first rule wins. The rest is everybody's own choice, by kind, scope and channel; and in quiet hours only the
channel that makes no noise is used.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core import events
from core.notice_rules import RULES, Facts, Notice, Scope

Channel = Literal["mail", "in_app", "slack"]
CHANNELS: tuple[Channel, ...] = ("mail", "in_app", "slack")
_NOISY: frozenset[Channel] = frozenset({"mail", "slack"})

_SILENT: frozenset[tuple[str, Scope, Channel]] = frozenset({
    ("new_ticket", "queue", "mail"), ("new_ticket", "queue", "slack"),
    ("staff_replied", "mine", "mail"), ("staff_replied", "mine", "slack"), ("staff_replied", "watching", "slack"),
    ("finished", "mine", "mail"), ("finished", "watching", "mail"), ("finished", "mine", "slack"), ("finished", "watching", "slack"),
    ("join_requested", "queue", "mail"), ("join_requested", "watching", "mail"), ("woke", "queue", "mail"), ("woke", "watching", "mail"),
    ("bounced", "watching", "mail"), ("receipt", "requester", "in_app"),
})  # fmt: skip
"""What nobody is told unless he asks for it; everything else is on by default."""

CHOICES: dict[str, tuple[Scope, ...]] = {
    "new_ticket": ("queue",),
    "assigned": ("mine",),
    "unassigned": ("mine",),
    "requester_replied": ("mine", "queue", "watching"),
    "staff_replied": ("mine", "watching"),
    "note": ("mine", "watching"),
    "mentioned": ("mentioned",),
    "reopened": ("mine", "queue", "watching"),
    "finished": ("mine", "watching"),
    "join_requested": ("mine", "queue", "watching"),
    "bounced": ("mine", "queue", "watching"),
    "woke": ("mine", "queue", "watching"),
}
"""What staff can choose about, by kind and scope. Requesters stop the mails about a ticket by muting it."""


def by_default(kind: str, scope: Scope, channel: Channel) -> bool:
    """Whether somebody who chose nothing is told."""
    return (kind, scope, channel) not in _SILENT


def notices_for(event: events.Event, facts: Facts, channel: Channel, now: datetime) -> list[Notice]:
    """What a channel tells of an event, and whom. A notice to colleagues is one for each of them."""
    told: set[int] = set()
    found: list[Notice] = []
    people = {person["id"]: person for person in facts["people"]}
    for notice in (notice for rule in RULES for notice in rule(event, facts)):
        to = tuple(
            i for i in dict.fromkeys(notice.to) if i not in told and i in people and _is_told(people[i], notice, facts, channel, now)
        )
        told.update(to)
        if notice.scope == "requester":
            found += [replace(notice, to=to)] if to else []
        else:
            found += [replace(notice, to=(person,)) for person in to]
    return found


def _is_told(person: Facts, notice: Notice, facts: Facts, channel: Channel, now: datetime) -> bool:
    acting = person["id"] in (facts["actor_id"], facts["author_id"]) and not notice.confirms
    if acting or not person["active"] or person["id"] in facts["muted"]:
        return False
    if channel == "mail" and not person["reachable"] and not notice.by_person:
        return False  # of what a person wrote colleagues hear that it did not arrive
    if notice.scope == "requester":
        # What a machine writes has a budget, so that it never floods anybody; what a person writes has none.
        return by_default(notice.kind, "requester", channel) and (channel != "mail" or notice.by_person or bool(facts["within_budget"]))
    chosen = {(kind, scope, way): wanted for kind, scope, way, wanted in person["preferences"]}
    wanted = chosen.get((notice.kind, notice.scope, channel), by_default(notice.kind, notice.scope, channel))
    rests = channel in _NOISY and is_quiet(person, now)
    return bool(person["works_here"] and wanted) and not rests and not (channel == "mail" and person["told_enough"])


def is_quiet(person: Facts, now: datetime) -> bool:
    """Whether it is between `quiet_from` and `quiet_until` (HH:MM, also over midnight) in the person's time zone."""
    begins, ends = person["quiet_from"], person["quiet_until"]
    if not begins or not ends:
        return False
    try:
        clock = now.astimezone(ZoneInfo(person["time_zone"])).strftime("%H:%M")
    except (ZoneInfoNotFoundError, ValueError):
        clock = now.strftime("%H:%M")
    return bool(begins <= clock < ends if begins <= ends else clock >= begins or clock < ends)
