"""Connected mailboxes in the words tests speak: the desk's own mailbox at a real server, fetched from once or by an open door."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.imap.door import ImapDoor
from bot.imap.fetcher import Fetcher
from bot.intake import Intake
from core import mailboxes
from core.imap.box import Box, begin
from core.imap.client import connected
from core.mail.connection import Connection
from core.models.mail import InboundMail
from core.runtime import Actor
from tests.fakes.dovecot import PASSWORD, Dovecot
from tests.support.desk import Desk
from tests.support.mail import SUPPORT


def connection(dovecot: Dovecot, **values: object) -> Connection:
    return Connection(**{"host": "127.0.0.1", "user": SUPPORT, "port": dovecot.port, "security": "none", "password": PASSWORD, **values})  # type: ignore[arg-type]


async def box_of(desk: Desk, dovecot: Dovecot, **values: object) -> Box:
    """The desk's mailbox, fetched from there from now on."""
    box = Box(desk.mailbox.id, SUPPORT, connection(dovecot, **values).since(desk.rt.clock.now()))
    async with desk.rt.transaction(Actor(desk.admin.id)) as tx:
        await mailboxes.connect(tx, desk.mailbox.id, box.connection)
    await begin(desk.rt, box)
    return box


async def fetched(desk: Desk, box: Box) -> int:
    async with connected(box.connection) as client:
        return await Fetcher(desk.rt, Intake(desk.rt), box).fetch_new(client)


@asynccontextmanager
async def door_open(desk: Desk) -> AsyncIterator[ImapDoor]:
    door = ImapDoor(desk.rt, Intake(desk.rt), look_again=0.05, poll=30, pause=0.05)
    door.open()
    try:
        yield door
    finally:
        await door.close()


def count(wanted: int) -> Callable[[], Awaitable[bool]]:
    async def holds() -> bool:
        return await InboundMail.all().count() == wanted

    return holds
