"""From a letter that is due to the bytes that leave: which words, which thread, which files.

Pure: everything comes from the facts of the event (`outbound.facts`). Which headers a kind of mail carries stands in `compose.py`;
here stands who signs, where answers go and how mail programs thread it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import tokens
from core.clock import Clock
from core.keys import Keys
from core.mail.addresses import Address
from core.mail.compose import Kind, OutgoingFile, OutgoingMail
from core.mail.templates import EVENTS, CommentView, PersonView, Templates, TicketView
from core.mail.text import one_line
from core.notice_rules import Facts, Notice


@dataclass(frozen=True, slots=True)
class Writer:
    """What letters are written with."""

    keys: Keys
    clock: Clock
    templates: Templates
    public_url: str

    def write(self, letter: Notice, facts: Facts, files: tuple[OutgoingFile, ...], links: tuple[tuple[str, str], ...]) -> OutgoingMail:
        """One message for all people of a letter. `files` travel with it; `links` (name, URL) stand for those too big to."""
        ticket, box = facts["ticket"], facts["mailbox"]
        people = {person["id"]: person for person in facts["people"]}
        first = people[letter.to[0]]
        comment_id = facts["comment"]["id"] if facts["comment"] else 0
        domain = box["address"].rpartition("@")[2]
        staff = EVENTS[letter.kind] == "staff"
        rendered = self.templates.render(letter.kind, first["language"] or ticket["language"], self._context(letter, facts, links))
        return OutgoingMail(
            kind=_kind(letter),
            message_id=tokens.message_id(self.keys, ticket["id"], comment_id, self.clock.secret(5), domain),
            sender=Address(box["address"], _signature(letter, facts)),
            reply_to=Address(self._answers_to(letter, facts, staff), box["name"]) if box["plus_addressing"] else None,
            to=(Address(first["email"], first["name"]),),
            cc=tuple(Address(people[i]["email"], people[i]["name"]) for i in letter.to[1:]),
            subject=rendered.subject,
            in_reply_to=_answered(letter, facts, staff),
            references=(tokens.thread_root(self.keys, ticket["id"], domain), *_chain(letter, facts, staff)),
            language=rendered.language,
            instance=self.keys.instance,
            ticket_id=ticket["id"],
            ticket_status=ticket["status"],
            queue=ticket["queue"] if staff else None,
            reason=letter.scope if staff else None,
            text=rendered.text,
            html=rendered.html,
            attachments=files,
            date=self.clock.now(),
            list_unsubscribe=None,
        )

    def _answers_to(self, letter: Notice, facts: Facts, staff: bool) -> str:
        """Whoever asked answers to the ticket's address, a colleague to one of his own: it lets him act (`staff_words.py`)."""
        address, ticket_id = facts["mailbox"]["address"], facts["ticket"]["id"]
        if staff:
            return tokens.staff_address(self.keys, address, ticket_id, letter.to[0])
        return tokens.reply_address(self.keys, address, ticket_id)

    def _context(self, letter: Notice, facts: Facts, links: tuple[tuple[str, str], ...]) -> dict[str, object]:
        ticket = facts["ticket"]
        first = next(person for person in facts["people"] if person["id"] == letter.to[0])
        return {
            "ticket": TicketView(ticket["id"], ticket["subject"], ticket["status"], ticket["priority"], ticket["queue"],
                                 f"{self.public_url}/tickets/{ticket['id']}" if EVENTS[letter.kind] == "staff" else None,
                                 facts["requester"]["name"] or facts["requester"]["email"],
                                 facts["assignee"]["name"] if facts["assignee"] else None),
            "recipient": PersonView(first["name"]),
            "organisation": facts["mailbox"]["name"],
            "actor": PersonView(facts["actor_name"]) if facts["actor_name"] else None,
            "comment": _comment(letter, facts, links),
            "history": _history(facts),
            "answerable": facts["mailbox"]["plus_addressing"] or EVENTS[letter.kind] != "staff",
            **_particulars(facts),
        }  # fmt: skip


def _kind(letter: Notice) -> Kind:
    if letter.by_person:
        return "reply"
    return "receipt" if letter.kind == "receipt" else "notice"


def _signature(letter: Notice, facts: Facts) -> str:
    """Who the mail is from: a person's answer bears his name beside the desk's, never his own address."""
    desk: str = facts["mailbox"]["name"]
    return f"{facts['actor_name']} ({desk})" if letter.by_person and facts["actor_name"] else desk


def _sent_to(letter: Notice, facts: Facts) -> list[Any]:
    return [sent for sent in facts["sent"] if set(sent["to"]) & set(letter.to)]


def _answered(letter: Notice, facts: Facts, staff: bool) -> str | None:
    """The mail this one answers: the last one its reader has seen; for staff, the last of his own chain with us."""
    chain = _dated_chain(letter, facts, staff)
    return chain[-1][1] if chain else None


def _chain(letter: Notice, facts: Facts, staff: bool) -> tuple[str, ...]:
    return tuple(message_id for _, message_id in _dated_chain(letter, facts, staff))


def _dated_chain(letter: Notice, facts: Facts, staff: bool) -> list[tuple[str, str]]:
    sent = [(item["at"], item["message_id"]) for item in _sent_to(letter, facts)]
    said = [] if staff else [(item["at"], item["message_id"]) for item in facts["said"] if item["message_id"]]
    return sorted({*sent, *said})


def _comment(letter: Notice, facts: Facts, links: tuple[tuple[str, str], ...]) -> CommentView | None:
    said = facts["comment"] or (facts["said"][-1] if facts["said"] and letter.kind == "assigned" else None)
    if said is None:
        return None
    body = "\n".join([said["body"], *([""] if links else []), *(f"{name}: {url}" for name, url in links)])
    return CommentView(said["author"], body, None, datetime.fromisoformat(said["at"]), said["via"], said.get("public", True))


def _particulars(facts: Facts) -> dict[str, object]:
    """What single kinds of notices tell besides."""
    closes_at = facts["data"].get("closes_at")
    return {
        "live_number": facts["live_ticket_id"],
        "own_number": facts["data"].get("own_ticket_id"),
        "closes_at": datetime.fromisoformat(closes_at) if closes_at else None,
        "reason": one_line(str(facts["data"].get("reason") or ""), 300),
        "joiner": one_line(facts["joiner"] or "", 200),
    }


def _history(facts: Facts) -> tuple[CommentView, ...]:
    """What was publicly said before, newest first, without the comment itself."""
    current = facts["comment"]["id"] if facts["comment"] else None
    earlier = [said for said in reversed(facts["said"]) if said["id"] != current]
    return tuple(
        CommentView(said["author"], said["body"], None, datetime.fromisoformat(said["at"]), said["via"], public=True) for said in earlier
    )
