"""Reads: the list of 25 open tickets and a ticket with 20 comments, logged in, 16 connections, against the bare libraries."""

from __future__ import annotations

from contextlib import suppress

from bench.http_client import Load, load
from bench.stage import MAILBOX, Stage, helper
from bench.table import Figure
from core import comments, queues, sessions, ticketlists, tickets, users
from core.errors import NotFound
from core.mail.addresses import Address
from core.models.people import Role
from core.models.tickets import Status
from core.runtime import SYSTEM, Actor, Runtime, open_runtime
from core.sql import SQL

_TICKETS = 600
_SECONDS = 5.0
TICKET = 1
_LIST = "/api/v1/tickets?status=open&limit=25"
_PASSWORD = "a bench needs a password"


async def statements() -> tuple[tuple[str, tuple[object, ...]], str]:
    """What the API runs: the list's statement with its arguments, and the ticket's (viewer, ticket)."""
    noted = _Noted()
    with_open = ticketlists.TicketFilter(status=frozenset({Status.OPEN}))
    with suppress(NotFound):
        await ticketlists.tickets(noted, 1, with_open)  # type: ignore[arg-type]  # it notes instead of running
    return (noted.statement, noted.args), SQL["reads.ticket"]


class _Noted:
    statement = ""
    args: tuple[object, ...] = ()

    async def composed(self, statement: str, *args: object) -> None:
        self.statement, self.args = statement, args
        raise NotFound("Noted.")


async def reads(stage: Stage) -> list[Figure]:
    """Rates as ratios to the bare ones; the 99th percentiles as how much of twice the bare one they use."""
    token = await _filled(stage)
    await stage.start("api")
    async with helper("bench.bare_api", DATABASE_URL=stage.url) as (bare, _):
        figures: list[Figure] = []
        for name, path, bare_path in (
            ("list of 25", _LIST, "/tickets"),
            ("ticket with 20 comments", f"/api/v1/tickets/{TICKET}", "/ticket"),
        ):
            limit, ours = await _compared(bare, bare_path, stage.ports["api"], path, token)
            figures.append(Figure(f"{name} (per s)", ours.rate, limit.rate, ours.rate / limit.rate, 0.5))
            figures.append(Figure(f"{name}, p99 (ms)", ours.p99, limit.p99, 2 * limit.p99 / ours.p99, 1.0))
        return figures


async def _compared(bare: int, bare_path: str, port: int, path: str, token: str) -> tuple[Load, Load]:
    await load(bare, bare_path, 1)
    await load(port, path, 1, token=token)
    return await load(bare, bare_path, _SECONDS), await load(port, path, _SECONDS, token=token)


async def _filled(stage: Stage) -> str:
    """A desk with tickets, one of which has 20 comments; returns an access token of staff."""
    async with open_runtime(stage.settings, stage.url) as rt:
        password_hash = await users.hash_password(_PASSWORD)
        async with rt.transaction(SYSTEM, quiet=True) as tx:
            await queues.seed(tx, MAILBOX)
            staff = await users.add(tx, "staff@bench.example", "Staff", Role.STAFF, password_hash)
        for number in range(_TICKETS):
            await _ticket(rt, staff.id, number)
        async with rt.transaction(Actor(staff.id), quiet=True) as tx:
            for number in range(19):
                await comments.note(tx, TICKET, f"Comment {number}: " + "the printer blinks and nothing comes out of it. " * 6)
        login = await sessions.log_in(rt, "staff@bench.example", _PASSWORD, client="bench", user_agent="bench")
    return login.access_token


async def _ticket(rt: Runtime, staff_id: int, number: int) -> None:
    async with rt.transaction(SYSTEM, quiet=True) as tx:
        [person] = await users.ids_for(tx, [Address(f"person{number % 90}@customer.example", f"Person {number % 90}")])
        opened = await tickets.open(tx, tickets.NewTicket(f"Matter {number}", "Please help me with it. " * 10, person))
    if number % 2 == 0:
        async with rt.transaction(Actor(staff_id), quiet=True) as tx:
            await tickets.assign(tx, opened.ticket_id, staff_id)
