"""Telling people: the job that reads an event, notes what they see in-app, writes the mails it causes, and has them handed over (`delivering.py`).

It reconciles: which mails should this event have caused, which are planned, which have left. So a repeated job sends nothing twice
that is known to have left, order is kept per ticket, and what waited through an outage goes out when it ends. Message-IDs are made,
and the bytes frozen, before the first try. Nothing automatic is written of an event older than a day.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import orjson

from core import events, notices
from core.db import Row
from core.errors import PermanentFailure, TemporaryFailure
from core.mail.addresses import Address
from core.mail.compose import OutgoingMail, addr_spec, compose
from core.mail.delivering import AUTOMATIC_FOR, Deliverer, Try, tried
from core.mail.enclosures import enclosed
from core.mail.letters import Writer
from core.mail.templates import Templates
from core.mail.transport import Transport
from core.notice_rules import Facts, Notice
from core.runtime import Runtime
from core.together import Together

_Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """Rows of `outbound.plan`: the messages of one event, whom each goes to, and who is told in-app."""

    messages: Sequence[_Row]
    deliveries: Sequence[_Row]
    told: Sequence[_Row]

    @property
    def message_ids(self) -> set[object]:
        return {message[0] for message in self.messages}


class Postman:
    """Writes and delivers the mails of events."""

    def __init__(self, rt: Runtime, transport: Transport, templates: Templates) -> None:
        self._rt = rt
        self._deliverer = Deliverer(rt, transport)
        self._writer = Writer(rt.keys, rt.clock, templates, rt.settings.public_url)
        self._facts = Together(self._facts_of)
        self._plans = Together(self._write_plans)
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()  # by who opens tickets

    async def tell_people(self, event_id: int) -> None:
        """Do what an event asks of mail. The caller holds the ticket's lock.

        Raises TemporaryFailure when something has to be tried again (`retry_after` when it is known), PermanentFailure when the mails
        are held for a person.
        """
        facts = await self._facts.ask(event_id)
        if facts is None:
            return
        self._wait_for_second_thoughts(facts)
        tries = [tried(row) for row in await self._rt.database.rows("outbound.due", facts["undone"])] if facts["undone"] else []
        if not facts["planned"]:
            tries += await self._plan_in_turn(event_id, facts)
        await self._deliverer.deliver(event_id, tries, {person["email"] for person in facts["people"] if not person["reachable"]})

    def _wait_for_second_thoughts(self, facts: Facts) -> None:
        """Nothing about a ticket overtakes an answer that can still be taken back."""
        if facts["waits_until"]:
            left = datetime.fromisoformat(facts["waits_until"]) - self._rt.clock.now()
            raise TemporaryFailure("An answer on this ticket can still be taken back.", max(left, timedelta(seconds=0.1)))

    async def _plan_in_turn(self, event_id: int, facts: Facts) -> list[Try]:
        """Of tickets that one person opens at once, one after the other: what a receipt takes from his budget, the next one has to see."""
        if facts["kind"] != events.TicketOpened.kind:
            return await self._plan(event_id, facts)
        turn = self._turns.setdefault(facts["requester"]["id"], asyncio.Lock())
        waits = turn.locked()
        async with turn:
            return await self._plan(event_id, (await self._facts.ask(event_id) if waits else None) or facts)

    async def _plan(self, event_id: int, facts: Facts) -> list[Try]:
        """Write down what people are told in-app, write the mails, freeze their bytes and count their first try, before anything is sent."""
        event, now = events.restored(facts["kind"], facts["ticket"]["id"], facts["data"]), self._rt.clock.now()
        if facts["comment"] is not None and facts["comment"]["deleted"]:
            return []
        told = [
            (i, event_id, event.ticket_id, notice.kind) for notice in notices.notices_for(event, facts, "in_app", now) for i in notice.to
        ]
        too_old = datetime.fromisoformat(facts["event_at"]) + AUTOMATIC_FOR < now
        letters = [letter for letter in notices.notices_for(event, facts, "mail", now) if not (letter.automatic and too_old)]
        written = [(letter, mail) for letter in letters if (mail := await self._written(letter, facts)) is not None]
        return await self._planned(event_id, facts, written, told) if written or told else []

    async def _written(self, letter: Notice, facts: Facts) -> OutgoingMail | None:
        """The mail of a letter. An address that cannot be written stays out of its header, so that the others get it; its delivery fails by
        itself. None for automatic mail to nobody who can be written to."""
        people = {person["id"]: person["email"] for person in facts["people"]}
        good = tuple(i for i in letter.to if _is_writable(people[i]))
        if not good and letter.automatic:
            return None
        said = facts["comment"]
        files, links = await enclosed(self._rt, said["files"] if said and letter.by_person else [])
        return self._writer.write(replace(letter, to=good or letter.to), facts, files, links)

    async def _planned(
        self, event_id: int, facts: Facts, written: Sequence[tuple[Notice, OutgoingMail]], told: Sequence[_Row]
    ) -> list[Try]:
        """All that an event tells people in one statement: a worker that dies leaves all of it to the next, or none."""
        ticket_id, sender, said = facts["ticket"]["id"], facts["mailbox"]["address"], facts["comment"]
        people = {person["id"]: person["email"] for person in facts["people"]}
        messages = {mail.message_id: (mail.message_id, ticket_id, said["id"] if said else None, letter.kind, mail.subject[:600],
                                      letter.automatic, compose(mail), sender) for letter, mail in written}  # fmt: skip
        deliveries = [(mail.message_id, event_id, ticket_id, i, people[i]) for letter, mail in written for i in letter.to]
        rows = await self._plans.ask(_Plan(list(messages.values()), deliveries, told))
        verp: bool = facts["mailbox"]["plus_addressing"]
        return [Try(row["id"], event_id, row["recipient"], sender, messages[row["message_id"]][5], messages[row["message_id"]][6],
                     self._rt.clock.now(), 1, ticket_id, verp) for row in rows]  # fmt: skip

    async def _facts_of(self, event_ids: Sequence[int]) -> list[Facts | None]:
        rows = await self._rt.database.rows("outbound.facts", event_ids, self._rt.clock.now(), self._rt.settings.automatic_mail_per_hour)
        facts = {row["id"]: orjson.loads(row["facts"]) for row in rows}
        return [facts.get(event_id) for event_id in event_ids]

    async def _write_plans(self, plans: Sequence[_Plan]) -> list[list[Row]]:
        messages = [message for plan in plans for message in plan.messages]
        deliveries = [delivery for plan in plans for delivery in plan.deliveries]
        told = [one for plan in plans for one in plan.told]
        columns = *_columns(messages, 8), *_columns(deliveries, 5), *_columns(told, 4)
        rows = await self._rt.database.rows("outbound.plan", self._rt.clock.now(), *columns)
        return [[row for row in rows if row["message_id"] in plan.message_ids] for plan in plans]


def _columns(rows: Sequence[_Row], width: int) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


def _is_writable(email: str) -> bool:
    """Whether an address can stand in a header."""
    try:
        addr_spec(Address(email))
    except PermanentFailure:
        return False
    return True
