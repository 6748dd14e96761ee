"""A desk with people on it, in the words tests speak."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from argon2 import PasswordHasher

from core import comments, queues, tickets, users
from core.models.people import Role, User
from core.models.queues import Mailbox, Queue
from core.models.tickets import Via
from core.runtime import SYSTEM, Actor, Runtime

PASSWORD = "correct horse battery"


@dataclass(frozen=True, slots=True)
class Desk:
    """The usual cast. `anna` and `boris` are staff, `eva` asks."""

    rt: Runtime
    queue: Queue
    mailbox: Mailbox
    admin: User
    anna: User
    boris: User
    eva: User

    @classmethod
    async def seeded(cls, rt: Runtime) -> Desk:
        # The smallest cost: a hundred tests must not spend 140 ms each on hashing.
        password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        async with rt.transaction(SYSTEM, quiet=True) as tx:
            await queues.seed(tx, "support@example.org")
            admin = await users.add(tx, "admin@example.org", "Ada Admin", Role.ADMIN, password_hash)
            anna = await users.add(tx, "anna@example.org", "Anna Berg", Role.STAFF, password_hash)
            boris = await users.add(tx, "boris@example.org", "Boris Lund", Role.STAFF, password_hash)
            eva = await users.add(tx, "eva@customer.test", "Eva Meyer", Role.USER, password_hash)
        queue, mailbox = await Queue.get(), await Mailbox.get()
        return cls(rt, queue, mailbox, admin, anna, boris, eva)

    async def person(self, email: str, role: Role = Role.USER, name: str = "") -> User:
        """One more person."""
        async with self.rt.transaction(SYSTEM, quiet=True) as tx:
            return await users.add(tx, email, name, role)

    async def another_queue(self, name: str) -> Queue:
        async with self.rt.transaction(SYSTEM, quiet=True) as tx:
            return await queues.add(tx, name)

    async def private_queue(self, name: str, members: Sequence[User] = ()) -> Queue:
        async with self.rt.transaction(SYSTEM, quiet=True) as tx:
            return await queues.add(tx, name, private=True, members=[member.id for member in members])

    async def ticket(self, requester: User | None = None, subject: str = "Printer on fire", body: str = "It burns.", queue: Queue | None = None,
                     via: Via = Via.EMAIL, quiet: bool = True) -> int:  # fmt: skip
        """A ticket of `requester` (eva by default), opened by nobody in particular; returns its number."""
        async with self.rt.transaction(Actor(None, via), quiet=quiet) as tx:
            opened = await tickets.open(tx, tickets.NewTicket(subject, body, (requester or self.eva).id, queue.id if queue else None))
        return opened.ticket_id

    async def says(self, author: User, ticket_id: int, body: str, *, public: bool = True, via: Via = Via.API) -> int:
        """Somebody says something on a ticket; returns the comment's id."""
        async with self.rt.transaction(Actor(author.id, via)) as tx:
            return await comments.add(tx, ticket_id, comments.Said(body, public=public))
