"""Lists of tickets: what the viewer may see, narrowed by filters, in one statement that returns the JSON.

The statement is put together from pieces in `reads.sql`, so that each combination of filters has a plan of its own. A viewer sees a
ticket as his own (he asked, or is in copy) or as staff, and each is a branch with indexes of its own: nobody's list walks through
tickets of others. What is fixed (statuses, priorities) stands in the text, what people type goes in as arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from core.db import Database
from core.errors import Unauthenticated
from core.models.tickets import Priority, Status
from core.pages import Key, Page, decoded, page_of
from core.sql import SQL

Sort = Literal["-updated_at", "updated_at", "-created_at", "created_at", "-priority", "priority"]

_RANKS = " ".join(f"WHEN '{priority.value}' THEN {rank}" for rank, priority in enumerate(Priority))
_KEYS: dict[str, tuple[str, type[Key]]] = {
    "updated_at": ("t.updated_at", datetime),
    "created_at": ("t.created_at", datetime),
    "priority": (f"CASE t.priority {_RANKS} END", int),
}


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """What a list is narrowed to; the default is everything. `queue` is an id or a slug, `tags` must all be there."""

    status: frozenset[Status] = frozenset()
    priority: frozenset[Priority] = frozenset()
    assignee: int | Literal["none"] | None = None
    requester: int | None = None
    queue: int | str | None = None
    tags: tuple[str, ...] = ()
    updated_since: datetime | None = None
    snoozed: bool | None = None


async def tickets(database: Database, viewer_id: int, wanted: TicketFilter, *, sort: Sort = "-updated_at", limit: int = 25,
                  cursor: str | None = None, total: bool = False) -> Page:  # fmt: skip
    """A page of the tickets the viewer sees. Unauthenticated when he is not active (any longer), Invalid for a foreign cursor."""
    after = decoded(cursor, sort, _KEYS[sort.lstrip("-")][1], int)
    args: list[object] = [viewer_id, limit]
    statement = _statement(wanted, sort, after, args, total=total)
    row = await database.composed(statement, *args)
    if row is None:
        raise Unauthenticated("This account is not active any longer.")
    return page_of(row, sort, "key", "last")


def _statement(wanted: TicketFilter, sort: Sort, after: list[Key] | None, args: list[object], *, total: bool) -> str:
    """The statement, its arguments added to `args`."""
    key, direction = _KEYS[sort.lstrip("-")][0], "DESC" if sort.startswith("-") else "ASC"
    filters = _filters(wanted, args)
    count = SQL["reads.seen_in_all"].replace("~branches~", _branches(key, filters, "")) if total else "NULL::bigint"
    if after is not None:
        args += after
        filters = filters.and_(f"({key}, t.id) {'<' if direction == 'DESC' else '>'} (${len(args) - 1}, ${len(args)})")
    branches = _branches(key, filters, f"ORDER BY key {direction}, id {direction} LIMIT $2 + 1")
    return SQL["reads.tickets"].replace("~direction~", direction).replace("~branches~", branches).replace("~total~", count)


@dataclass(frozen=True, slots=True)
class _Filters:
    """Conditions on a ticket `t`: for everybody, and for those who come to it as staff or otherwise."""

    common: Sequence[str]
    staff: Sequence[str]
    others: Sequence[str]

    def and_(self, condition: str) -> _Filters:
        return _Filters([*self.common, condition], self.staff, self.others)


def _filters(wanted: TicketFilter, args: list[object]) -> _Filters:
    """Tags and private queues do not exist for requesters, so a filter by them finds none of their tickets."""

    def argument(value: object) -> str:
        args.append(value)
        return f"${len(args)}"

    common = _fixed(wanted)
    staff: list[str] = []
    others: list[str] = []
    if isinstance(wanted.assignee, int):
        common.append(f"t.assignee_id = {argument(wanted.assignee)}")
    if wanted.requester is not None:
        common.append(f"t.requester_id = {argument(wanted.requester)}")
    if wanted.queue is not None:
        queue = argument(wanted.queue)
        queue = queue if isinstance(wanted.queue, int) else SQL["reads.queue_of_slug"].replace("~slug~", queue)
        common.append(f"t.queue_id = {queue}")
        others.append("EXISTS (SELECT FROM queues q WHERE q.id = t.queue_id AND NOT q.private)")
    if wanted.updated_since is not None:
        common.append(f"t.updated_at >= {argument(wanted.updated_since)}")
    tagged = "EXISTS (SELECT FROM ticket_tags x JOIN tags g ON g.id = x.tag_id WHERE x.ticket_id = t.id AND g.name = {})"
    staff += [tagged.format(argument(tag)) for tag in wanted.tags]
    return _Filters(common, staff, ["false"] if wanted.tags else others)


def _fixed(wanted: TicketFilter) -> list[str]:
    found = []
    for column, values in (("status", wanted.status), ("priority", wanted.priority)):
        if values:
            found.append(f"t.{column} IN ({', '.join(sorted(repr(value.value) for value in values))})")
    if wanted.assignee == "none":
        found.append("t.assignee_id IS NULL")
    if wanted.snoozed is not None:
        found.append(f"t.snoozed_until IS {'NOT ' if wanted.snoozed else ''}NULL")
    return found


def _branches(key: str, filters: _Filters, tail: str) -> str:
    parts = []
    for name, further in (("reads.seen_as_staff", filters.staff), ("reads.seen_as_own", filters.others)):
        where = "".join(f" AND {condition}" for condition in (*filters.common, *further))
        parts.append(SQL[name].replace("~key~", key).replace("~where~", f"{where} {tail}"))
    return " UNION ALL ".join(parts)


SORTS: tuple[Sort, ...] = get_args(Sort)
