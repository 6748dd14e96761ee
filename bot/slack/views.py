"""What is seen in Slack: the card, posts in threads, lists and tickets. Pure functions; everything anybody wrote is escaped.

A message says the same in its `text` as in its blocks, for notifications and screen readers. Status and priority are words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.slack import blocks
from bot.slack.blocks import Block, Json
from bot.slack.mrkdwn import clean, cut, cut_plain, escape, from_plain

Row = Mapping[str, Any]

TAKE = "take"
RESOLVE = "resolve"
DONE = ("resolved", "closed")
_NO_TICKETS = {
    "mine": "You have no unfinished tickets.",
    "open": "There are no unfinished tickets.",
    "unassigned": "Every ticket is taken.",
}
_LINES = 5  # of a list in one block
_EXCERPT = 280
_POST = 3500
_VIA = {"email": "by mail", "slack": "in Slack", "api": "by API", "web": "on the web", "system": ""}


def card(ticket: Row) -> Json:
    """The card of a ticket in a triage channel (a row of `slack.facts`)."""
    if ticket["merged_into_id"] is not None:
        return _plain_message(f"Ticket #{ticket['id']} was merged into #{ticket['merged_into_id']}.")
    title = f"*#{ticket['id']} {_line(ticket['subject'])}*"
    fields = [f"*{name}*\n{value}" for name, value in _facts_of(ticket)]
    shown = [blocks.section(title, fields=fields), *_opening(ticket), *_buttons(ticket)]
    spoken = f"Ticket #{ticket['id']}: {_line(ticket['subject'])}. " + ", ".join(f"{name}: {value}" for name, value in _facts_of(ticket))
    return blocks.message(spoken, shown)


def receipt(ticket: Row) -> Json:
    """What whoever asked in Slack sees of the ticket's state, in his own conversation."""
    if ticket["merged_into_id"] is not None:
        return _plain_message(f"Your question goes on as ticket #{ticket['merged_into_id']}.")
    cares = f"{_line(ticket['assignee'])} takes care of it." if ticket["assignee"] else "We will answer here."
    if ticket["status"] in DONE:
        cares = "Write in this thread if it is not over."
    text = f"Ticket #{ticket['id']} *{_line(ticket['subject'])}* is {ticket['status']}. {cares}"
    return blocks.message(text, [blocks.section(text), blocks.context("Whatever you write in this thread is added to the ticket.")])


def post(said: Row, *, to_requester: bool) -> Json:
    """Something said, as a post in a thread (a row of `slack.unshown`); in a requester's thread without the words of the trade."""
    kind = "wrote" if said["public"] else "noted internally"
    via = _VIA.get(said["via"], "")
    head = f"*{_line(said['author']) or 'The desk'}*" + ("" if to_requester else f" {' '.join(filter(None, (kind, via)))}") + ":"
    body = from_plain(said["body"].strip(), _POST - 800)
    files = [f"Attached: {', '.join(_line(name, 80) for name in said['files'][:10])}"] if said["files"] else []
    warning = [f"Careful: {_line(said['flagged'])}"] if said["flagged"] and not to_requester else []
    return blocks.message("\n".join(filter(None, [*warning, head, body, *files])))


def ticket_list(rows: Sequence[Row], which: str) -> Json:
    """The answer to `/ticket list` (rows of `slack.list`)."""
    if not rows:
        return say(_NO_TICKETS[which])
    total = rows[0]["total"]
    title = f"{len(rows)} of {total} tickets" if total > len(rows) else f"{total} ticket{'s' if total > 1 else ''}"
    lines = [_list_line(row) for row in rows]
    shown = [blocks.section("\n".join(lines[start : start + _LINES])) for start in range(0, len(lines), _LINES)]
    return blocks.message("\n".join([title, *lines]), [blocks.context(title), *shown])


def ticket_detail(ticket: Mapping[str, Any]) -> Json:
    """The answer to `/ticket show` (the document of `slack.ticket`)."""
    title = f"*#{ticket['id']} {_line(ticket['subject'])}*"
    facts = " · ".join(f"{name}: {value}" for name, value in _facts_of(ticket))
    said = [_said_line(comment) for comment in ticket["said"]]
    shown: list[Block] = [blocks.section(title), blocks.context(facts), *(blocks.section(text) for text in said)]
    return blocks.message("\n".join([title, facts, *said]), shown)


def say(text: str) -> Json:
    """A plain sentence, which may hold what anybody wrote."""
    return {"text": cut(escape(text), 3000)}


def _plain_message(text: str) -> Json:
    return blocks.message(text, [blocks.section(text)])


def _facts_of(ticket: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        ("Requester", _line(ticket["requester"], 100)),
        ("Status", str(ticket["status"])),
        ("Assignee", _line(ticket["assignee"] or "nobody", 100)),
        ("Priority", str(ticket["priority"])),
        ("Queue", _line(ticket["queue"], 100)),
    ]


def _opening(ticket: Row) -> list[Block]:
    text = " ".join((ticket["opening"] or "").split())
    return [blocks.context(escape(cut_plain(clean(text), _EXCERPT)))] if text else []


def _buttons(ticket: Row) -> list[Block]:
    if ticket["status"] in DONE:
        return []
    number = str(ticket["id"])
    resolve = blocks.button("Resolve", RESOLVE, value=number, spoken=f"Resolve ticket {number}")
    take = [] if ticket["assignee"] else [blocks.button("Take", TAKE, value=number, style="primary", spoken=f"Take ticket {number}")]
    return [blocks.actions(*take, resolve, block_id="ticket")]


def _list_line(row: Row) -> str:
    holder = _line(row["assignee"], 60) if row["assignee"] else "nobody"
    urgent = f" · {row['priority']}" if row["priority"] in ("high", "urgent") else ""
    return f"*#{row['id']}* {_line(row['subject'], 80)} — {row['status']}{urgent} · from {_line(row['requester'], 60)} · {holder}"


def _said_line(comment: Mapping[str, Any]) -> str:
    kind = "" if comment["public"] else " (internal note)"
    return f"*{_line(comment['author'], 100) or 'The desk'}*{kind}: {from_plain(comment['body'].strip(), 1500)}"


def _line(text: str, limit: int = 300) -> str:
    return escape(cut_plain(" ".join(clean(text).split()), limit))
