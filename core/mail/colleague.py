"""What a colleague sends, once it is proven that it is he: an answer to a notice, with lines that act, and what he forwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core import attachments, comments, events, users
from core.errors import HelpdeskError
from core.mail import staff_words
from core.mail.decisions import Decision
from core.mail.sender import kept
from core.mail.staff_lines import Spoken, spoken
from core.models.mail import Disposition
from core.models.tickets import Via
from core.runtime import Actor, Tx
from core.text import one_line, storable

if TYPE_CHECKING:
    from core.mail.filing import Filed, Filing

_UNSENT = (
    "It is kept as an internal note, and was not sent. Only what you answer to a notice made for you, to the address it names for answers,"
    " goes out in your name; without such an address, answer where you work with the ticket."
)


async def forwarded(filing: Filing, decision: Decision, people: Sequence[int], done: Filed) -> Filed:
    """Whose matter it is first; the colleague who forwarded it is not in copy, so that he can work on it, and his comment is a note."""
    first, inner = filing.forwarded_from, filing.reading.forwarded
    assert first is not None and inner is not None
    found = await users.ids_for(filing.tx, [kept(first)])
    opened = await filing.opened(decision, [*found, *(person for person in people[1:] if person not in found)], done)
    if inner.comment and opened.ticket_id is not None:
        note = comments.Said(storable(inner.comment), public=False, said_at=filing.row["received_at"])
        try:
            async with filing.tx.attempt():
                await comments.add(filing.tx.acting_as(Actor(people[0], Via.EMAIL)), opened.ticket_id, note)
        except HelpdeskError:  # it went into a queue that he does not work in
            await comments.add(filing.tx, opened.ticket_id, replace(note, author_id=people[0]))
    return opened


async def answered(filing: Filing, decision: Decision, user_id: int, done: Filed) -> Filed:
    """His lines act, in their order, and what is below them is said as he himself; a receipt tells him what came of it."""
    assert decision.ticket_id is not None
    tx, said = filing.tx.acting_as(Actor(user_id, Via.EMAIL)), spoken(filing.reading.trimmed)
    comment_id, outcomes = await _answered_by(filing, tx, decision, said)
    solution = comment_id if not said.is_note and not outcomes else None
    outcomes += await staff_words.act(tx, decision.ticket_id, said.words, solution, unsaid=bool(outcomes))
    await filing.tx.emit(events.StaffMailHandled(filing.row["id"]))
    return replace(done, ticket_id=decision.ticket_id, comment_id=comment_id, outcomes=tuple(outcomes), colleague=user_id,
                   disposition=Disposition.NOTE if said.is_note else done.disposition)  # fmt: skip


async def unsent(filing: Filing, user_id: int, done: Filed) -> Filed:
    """He is told that his mail went to nobody: without the address made for him, anybody who knows the ticket could have written it."""
    await filing.tx.emit(events.StaffMailHandled(filing.row["id"]))
    return replace(done, outcomes=(staff_words.Outcome("Your mail", _UNSENT, done=False),), colleague=user_id)


async def _answered_by(filing: Filing, tx: Tx, decision: Decision, said: Spoken) -> tuple[int | None, list[staff_words.Outcome]]:
    """His comment, and what he has to be told of it. Only his words: around them stands the notice, which is not for the requester."""
    assert decision.ticket_id is not None
    if not said.answer and not filing.files:
        silent = all(word == staff_words.NOTE for word, _, _ in said.words)
        return None, [staff_words.Outcome("Your mail", "There was no word of yours in it.", done=False)] if silent else []
    answer = replace(filing.said(replace(decision, public=not said.is_note), None), body=said.answer, full_body=None, html=None)
    doubt = said.doubt
    try:
        async with tx.attempt():
            files = await attachments.record(tx, filing.files)
            comment_id = await comments.add(tx, decision.ticket_id, replace(_unsent(answer, doubt), attachments=files))
    except HelpdeskError as error:
        doubt, files = str(error), await filing.recorded()
        held = replace(_unsent(answer, doubt), public=False, author_id=tx.actor.user_id, attachments=files)
        comment_id = await comments.add(filing.tx, decision.ticket_id, held)
    told = f"{doubt} Your words are kept as an internal note, and were not sent."
    return comment_id, [staff_words.Outcome(one_line(said.answer)[:100] or "Your files", told, done=False)] if doubt else []


def _unsent(answer: comments.Said, doubt: str) -> comments.Said:
    return replace(answer, flagged=f"Not sent: {doubt}"[:200]) if doubt else answer
