"""The whole bot: mail comes in at the door, people are answered through the relay, and trouble passes by itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import SecretStr

from bot.app import Bot, open_bot
from core import jobs, tickets
from core.models.mail import Delivery, Disposition, InboundMail
from core.models.tickets import Comment, Status, Ticket
from core.runtime import SYSTEM, open_runtime
from core.settings import Settings
from tests.support.desk import Desk
from tests.support.mail import EVA, DatabaseLine, Relay, database_line, execute, letter, relay_running, send, until


@dataclass(frozen=True, slots=True)
class Running:
    """A running bot with its desk, its relay and the line to its database."""

    bot: Bot
    desk: Desk
    relay: Relay
    line: DatabaseLine

    async def send(self, raw: bytes) -> None:
        await send(self.bot.smtp.port, raw)


@asynccontextmanager
async def running(settings: Settings, database_url: str, **changed: object) -> AsyncIterator[Running]:
    async with relay_running() as relay, database_line(database_url) as line:
        wanted = settings.model_copy(update={"smtp_url": SecretStr(relay.url()), **changed})
        async with open_runtime(wanted, line.url) as rt:
            desk = await Desk.seeded(rt)
            async with open_bot(rt) as bot:
                yield Running(bot, desk, relay, line)


async def nothing_left(run: Running) -> None:
    async def empty() -> bool:
        return not await execute(run.bot.rt, "SELECT 1 FROM pgqueuer")

    await until(empty)


async def test_when_a_requester_answers_an_answer_the_ticket_reopens_and_her_answer_is_told(settings: Settings, database_url: str) -> None:
    async with running(settings, database_url) as run:
        await run.send(letter(message_id="first@customer.test"))
        await until(lambda: len(run.relay.to(EVA)) == 1)
        ticket = await Ticket.get()
        async with run.bot.rt.transaction(SYSTEM) as tx:
            await tickets.assign(tx, ticket.id, run.desk.anna.id)
        await run.desk.says(run.desk.anna, ticket.id, "Use water.")
        await until(lambda: len(run.relay.to(EVA)) == 2)
        async with run.bot.rt.transaction(SYSTEM) as tx:
            await tickets.set_status(tx, ticket.id, Status.RESOLVED)
        await until(lambda: len(run.relay.to(EVA)) == 3)
        answer = run.relay.to(EVA)[1].message
        await run.send(
            letter("It is still hot.", in_reply_to=answer["Message-ID"], references=f"{answer['References']} {answer['Message-ID']}")
        )
        await until(lambda: any("It is still hot." in one.text for one in run.relay.to("anna@example.org")))
        await ticket.refresh_from_db()
        assert (ticket.status, await Comment.filter(ticket_id=ticket.id).count()) == (Status.OPEN, 3)
        await nothing_left(run)


async def test_many_mails_at_once_are_all_filed_and_each_thread_stays_together(settings: Settings, database_url: str) -> None:
    async with running(settings, database_url) as run:
        first = [letter("One.", sender=f"p{n}@customer.test", message_id=f"{n}@customer.test", subject=f"S{n}") for n in range(15)]
        second = [letter("Two.", sender=f"p{n}@customer.test", in_reply_to=f"<{n}@customer.test>", subject=f"Re: S{n}") for n in range(15)]
        await asyncio.gather(*(run.send(raw) for raw in [*first, *second, *first]))

        async def all_filed() -> bool:
            return not await InboundMail.filter(disposition=None).exists()

        await until(all_filed, 30)
        found = {disposition: await InboundMail.filter(disposition=disposition).count() for disposition in Disposition}
        assert (found[Disposition.DUPLICATE], await Comment.all().count()) == (15, 30)
        # A reply that came before its original was even accepted cannot wait for it: it opens a ticket, and the original another.
        assert await Ticket.all().count() == 30 - found[Disposition.REPLY]


async def test_a_database_that_stops_and_comes_back_costs_no_mail(settings: Settings, database_url: str) -> None:
    async with running(settings, database_url) as run:
        await run.send(letter("Before.", subject="Before"))
        await until(lambda: Delivery.filter(state="sent").exists())  # cut before that is written down, it would leave once more
        await run.line.cut()
        refused = await asyncio.gather(run.send(letter("During.")), return_exceptions=True)
        assert "451" in str(refused[0])
        await run.line.mend()

        async def accepted() -> bool:
            return not isinstance((await asyncio.gather(run.send(letter("After.", subject="After")), return_exceptions=True))[0], Exception)

        await until(accepted)
        await until(lambda: len(run.relay.to(EVA)) == 2)
        assert {ticket.subject for ticket in await Ticket.all()} == {"Before", "After"}


async def test_a_relay_that_never_answers_keeps_no_mail_from_being_filed(settings: Settings, database_url: str) -> None:
    async with running(settings, database_url) as run:
        run.relay.released.clear()
        for number in range(40):
            await run.send(letter(sender=f"p{number}@customer.test", subject=f"S{number}"))

        async def all_filed() -> bool:
            return await Ticket.all().count() == 40

        await until(all_filed, 15)
        run.relay.released.set()
        await until(lambda: len(run.relay.arrived) == 40, 15)


async def test_a_stop_takes_less_than_five_seconds_whatever_hangs_and_loses_nothing(settings: Settings, database_url: str) -> None:
    async with relay_running() as relay:
        wanted = settings.model_copy(update={"smtp_url": SecretStr(relay.url())})
        relay.released.clear()
        async with open_runtime(wanted, database_url) as rt:
            await Desk.seeded(rt)
            async with open_bot(rt) as bot:
                await send(bot.smtp.port, letter())

                async def is_being_sent() -> bool:
                    return bool(await execute(rt, "SELECT 1 FROM deliveries WHERE state = 'sending'"))

                await until(is_being_sent)
                began = time.monotonic()
            assert time.monotonic() - began < 5
            assert [row["status"] for row in await execute(rt, "SELECT status FROM pgqueuer")] == ["queued"]
            relay.released.set()
            relay.arrived.clear()
            async with open_bot(rt):
                await until(lambda: len(relay.arrived) == 1)


async def test_an_answer_held_for_a_person_is_listed_and_leaves_on_retry(settings: Settings, database_url: str) -> None:
    async with running(settings, database_url) as run:
        ticket_id = await run.desk.ticket()
        await run.relay.stop()
        await run.desk.says(run.desk.anna, ticket_id, "Use water.")

        async def is_planned() -> bool:
            return bool(await execute(run.bot.rt, "SELECT 1 FROM deliveries WHERE state = 'pending'"))

        await until(is_planned)
        await execute(run.bot.rt, "UPDATE deliveries SET created_at = created_at - interval '5 days'")

        async def is_held() -> bool:
            return bool(await jobs.held(run.bot.rt.database))

        await until(is_held)
        (held,) = await jobs.held(run.bot.rt.database)
        assert (held.name, held.payload["ticket"]) == (jobs.TELL_PEOPLE, ticket_id) and "4 days" in held.error
        await run.relay.start()
        await jobs.retry(run.bot.rt.database)
        await until(lambda: len(run.relay.to(EVA)) == 1)
        await nothing_left(run)
