"""The history of a ticket in sentences: who did what, through which door, from what to what.

Each kind of event has its phrase in PHRASES, said of whoever did it. Names come with the row (`history.page`); what has no name any more
still reads well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.events import KINDS
from core.text import one_line

Told = Mapping[str, Any]
"""An event as it is read: kind, data, actor, via, and the names of people and queues its data refers to."""

_DOORS = {"email": "by mail", "slack": "in Slack", "api": "through the API", "web": "on the web", "system": ""}
_DESK = "The desk"
_RELATIONS = {
    "parent": "the parent of", "child": "a child of", "duplicate": "a duplicate of", "original": "the original of", "related": "related to",
    "follow_up": "a follow-up of", "followed_up": "followed up by",
}  # fmt: skip

# What who is not staff may read of an event's data; nothing else leaves.
PUBLIC_DATA: dict[str, tuple[str, ...]] = {
    "ticket.opened": ("comment_id", "on_behalf"),
    "comment.added": ("comment_id", "public", "by"),
    "comment.edited": ("comment_id", "public"),
    "comment.retracted": ("comment_id", "public"),
    "ticket.assigned": ("before", "after"),
    "ticket.status": ("before", "after", "comment_id", "by_clock"),
    "ticket.priority": ("before", "after"),
    "ticket.subject": ("before", "after"),
    "ticket.participant_added": ("user_id",),
    "ticket.participant_removed": ("user_id",),
    "ticket.merged": ("into",),
    "ticket.close_warned": ("closes_at",),
}


def sentence(told: Told) -> str:
    """One event as a sentence."""
    actor = told["actor"]["name"] if told["actor"] else _DESK
    door = _DOORS.get(told["via"], "") if told["actor"] else ""
    return f"{actor} {PHRASES[told['kind']](told)}{f' {door}' if door else ''}."


def public(told: Mapping[str, Any]) -> dict[str, Any]:
    """An event as somebody reads it who is not staff."""
    allowed = PUBLIC_DATA[told["kind"]]
    return {**told, "data": {name: value for name, value in told["data"].items() if name in allowed}}


def _person(told: Told, field: str) -> str:
    return _name(told, told["data"].get(field))


def _name(told: Told, user_id: object) -> str:
    name: str = told["people"].get(str(user_id), "somebody who left")
    return name


def _queue(told: Told, field: str) -> str:
    name: str = told["queues"].get(str(told["data"].get(field)), "another queue")
    return name


def _opened(told: Told) -> str:
    split = told["data"].get("split_from")
    if split is not None:
        return f"split this ticket off #{split}"
    return "opened the ticket for the requester" if told["data"].get("on_behalf") else "opened the ticket"


def _commented(told: Told) -> str:
    if told["data"]["public"]:
        return "answered"
    called = [_name(told, user_id) for user_id in told["data"].get("mentioned") or []]
    what = "recorded automatic mail" if told["data"].get("automatic") else "wrote an internal note"
    return f"{what} and mentioned {_listed(called)}" if called else what


def _what(told: Told) -> str:
    return "an answer" if told["data"].get("public") else "an internal note"


def _assigned(told: Told) -> str:
    data = told["data"]
    by_rule = ", whose turn it was," if data.get("by_rule") else ""
    if data["after"] is None:
        return f"took the ticket from {_person(told, 'before')} and gave it back to its queue"
    if data["before"] is not None:
        return f"handed the ticket from {_person(told, 'before')} to {_person(told, 'after')}"
    if told["actor"] and told["actor"]["id"] == data["after"]:
        return "took the ticket"
    return f"assigned the ticket to {_person(told, 'after')}{by_rule}".rstrip(",")


def _status(told: Told) -> str:
    data = told["data"]
    if data.get("by_clock"):
        return f"closed the ticket, for its requester was silent: it was {data['before']}"
    return f"changed the status from {data['before']} to {data['after']}"


def _tags(told: Told) -> str:
    added, removed = told["data"]["added"], told["data"]["removed"]
    parts = [f"added the tag{'s' * (len(added) > 1)} {_listed(added)}"] if added else []
    parts += [f"removed the tag{'s' * (len(removed) > 1)} {_listed(removed)}"] if removed else []
    return " and ".join(parts) or "changed no tags"


def _joined(told: Told) -> str:
    if told["data"]["accepted"]:
        return f"let {_person(told, 'user_id')} join, who had written ticket #{told['data']['own_ticket_id']}"
    return f"did not let {_person(told, 'user_id')} join"


def _woke(told: Told) -> str:
    return {"time": "woke the ticket, as its time had come", "answer": "woke the ticket by answering"}.get(
        told["data"]["why"], "woke the ticket"
    )


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1] if words else ""]))


def _instant(text: str) -> str:
    return f"{text[:10]} {text[11:16]} UTC"


PHRASES: dict[str, Callable[[Told], str]] = {
    "ticket.opened": _opened,
    "comment.added": _commented,
    "comment.edited": lambda told: f"edited {_what(told)}",
    "comment.retracted": lambda told: f"took back {_what(told)}",
    "ticket.assigned": _assigned,
    "ticket.status": _status,
    "ticket.priority": lambda told: f"changed the priority from {told['data']['before']} to {told['data']['after']}",
    "ticket.subject": lambda told: f"changed the subject from “{one_line(told['data']['before'])}” to “{one_line(told['data']['after'])}”",
    "ticket.queue": lambda told: f"moved the ticket from {_queue(told, 'before')} to {_queue(told, 'after')}",
    "ticket.tags": _tags,
    "ticket.participant_added": lambda told: f"put {_person(told, 'user_id')} in copy",
    "ticket.participant_removed": lambda told: f"took {_person(told, 'user_id')} out of copy",
    "ticket.join_requested": lambda told: (
        f"let {_person(told, 'user_id')} wait to join, with what is in ticket #{told['data']['own_ticket_id']}"
    ),
    "ticket.join_decided": _joined,
    "ticket.merged": lambda told: f"merged this ticket into #{told['data']['into']}",
    "ticket.merge_received": lambda told: f"merged #{told['data']['source']} into this ticket",
    "ticket.unmerged": lambda told: f"took the merge into #{told['data']['was_in']} back",
    "ticket.merge_undone": lambda told: f"took the merge of #{told['data']['source']} back",
    "ticket.split": lambda told: f"split ticket #{told['data']['new_ticket_id']} off",
    "ticket.linked": lambda told: f"said that this ticket is {_RELATIONS[told['data']['relation']]} #{told['data']['other_id']}",
    "ticket.unlinked": lambda told: f"took back that this ticket is {_RELATIONS[told['data']['relation']]} #{told['data']['other_id']}",
    "ticket.snoozed": lambda told: f"put the ticket to sleep until {_instant(told['data']['until'])}",
    "ticket.woke": _woke,
    "ticket.close_warned": lambda told: f"reminded the requester that the ticket closes at {_instant(told['data']['closes_at'])}",
    "delivery.failed": lambda told: f"could not deliver a mail{told['people'].get('recipient', '')}: {one_line(told['data']['reason'])}",
}

assert PHRASES.keys() == KINDS.keys()
