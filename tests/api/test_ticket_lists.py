"""Lists of tickets: filters, orders, and pages that neither repeat nor skip while tickets come in."""

from __future__ import annotations

from datetime import timedelta

from core import tags, tickets
from core.models.tickets import Priority, Status, Via
from core.runtime import SYSTEM, Actor
from core.ticketlists import SORTS
from tests.api.desk_client import Client, Served
from tests.support.desk import Desk


async def numbers(client: Client, query: str = "") -> list[int]:
    answer = await client.get(f"/tickets?{query}")
    assert answer.status == 200, answer.content
    return [item["id"] for item in answer.json["items"]]


async def paged(client: Client, query: str) -> list[int]:
    """The ids of all pages, two at a time."""
    found, cursor = [], None
    while True:
        answer = await client.get(f"/tickets?limit=2&{query}{f'&cursor={cursor}' if cursor else ''}")
        assert answer.status == 200, answer.content
        page = answer.json
        found += [item["id"] for item in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            return found


async def test_filters_find_what_they_say_and_join(desk: Desk, api: Served) -> None:
    first, second, third = [await desk.ticket(subject=name) for name in ("first", "second", "third")]
    foreign = await desk.ticket(desk.boris)
    async with desk.rt.transaction(SYSTEM, quiet=True) as tx:
        await tags.add(tx, tags.TagFields("vpn"))
        await tags.add(tx, tags.TagFields("mac"))
    async with desk.rt.transaction(Actor(desk.anna.id, Via.API)) as tx:
        await tickets.take(tx, first)
        await tickets.set_tags(tx, first, ["vpn", "mac"])
        await tickets.set_tags(tx, second, ["vpn"])
        await tickets.set_priority(tx, second, Priority.URGENT)
        await tickets.set_status(tx, third, Status.CLOSED)
    anna = api.client(desk.anna)
    expected = {
        "status=new": {second, foreign},
        "status=open&status=closed": {first, third},
        "assignee=me": {first},
        f"assignee={desk.anna.id}": {first},
        "assignee=none&status=new": {second, foreign},
        f"requester={desk.boris.id}": {foreign},
        "requester=me": set(),
        "queue=support": {first, second, third, foreign},
        f"queue={desk.queue.id}&priority=urgent": {second},
        "queue=nowhere": set(),
        "tag=vpn": {first, second},
        "tag=VPN&tag=mac": {first},
        "tag=unknown": set(),
        "updated_since=2100-01-01T00:00:00Z": set(),
        "updated_since=2020-01-01T00:00:00%2B02:00": {first, second, third, foreign},
    }
    for query, ids in expected.items():
        assert set(await numbers(anna, query)) == ids, query
        assert (await anna.get(f"/tickets?{query}&total=true&limit=1")).json["total"] == len(ids), query
    assert await numbers(api.client(desk.eva), "sort=created_at") == [first, second, third]


async def test_every_order_is_what_it_says_and_pages_through_everything_once(desk: Desk, api: Served) -> None:
    ids = []
    for priority in (Priority.NORMAL, Priority.URGENT, Priority.LOW, Priority.HIGH, Priority.URGENT, Priority.NORMAL, Priority.LOW):
        ids.append(await desk.ticket(subject=priority.value))
        desk.rt.clock.advance(timedelta(seconds=1))
        async with desk.rt.transaction(Actor(desk.anna.id, Via.API)) as tx:
            await tickets.set_priority(tx, ids[-1], priority)
    async with desk.rt.transaction(Actor(desk.anna.id, Via.API)) as tx:
        await tickets.set_subject(tx, ids[0], "touched last")
    rank = {priority.value: position for position, priority in enumerate(Priority)}
    anna = api.client(desk.anna)
    items = {item["id"]: item for item in (await anna.get("/tickets")).json["items"]}
    for sort in SORTS:
        name = sort.lstrip("-")
        keys = {number: (rank[item[name]] if name == "priority" else item[name], number) for number, item in items.items()}
        expected = sorted(ids, key=keys.__getitem__, reverse=sort.startswith("-"))
        assert await numbers(anna, f"sort={sort}") == expected, sort
        assert await paged(anna, f"sort={sort}") == expected, sort


async def test_pages_stay_stable_while_tickets_come_in(desk: Desk, api: Served) -> None:
    before = [await desk.ticket() for _ in range(6)]
    anna = api.client(desk.anna)
    first = (await anna.get("/tickets?limit=3")).json
    await desk.ticket()
    second = (await anna.get(f"/tickets?limit=3&cursor={first['next_cursor']}")).json
    assert [item["id"] for item in first["items"] + second["items"]] == before[::-1]
    assert second["next_cursor"] is None


async def test_one_list_holds_what_one_asked_is_in_copy_of_and_works_on(desk: Desk, api: Served) -> None:
    mine, others = await desk.ticket(desk.anna), await desk.ticket()
    private = await desk.private_queue("People", [desk.anna])
    member, hidden = await desk.ticket(queue=private), await desk.ticket(desk.anna, queue=await desk.private_queue("Board", [desk.boris]))
    anna = api.client(desk.anna)
    assert await paged(anna, "sort=created_at") == [mine, others, member, hidden]
    assert (await anna.get("/tickets?total=true")).json["total"] == 4
    assert await paged(api.client(desk.boris), "sort=created_at") == [mine, others, hidden]
    assert await numbers(api.client(desk.admin), "sort=created_at") == [mine, others]


SENSELESS = (
    "cursor=x", "cursor=%00", "cursor=W10", "cursor=bnVsbA", "cursor=WyItdXBkYXRlZF9hdCIsIm5vIGRhdGUiLDFd", "limit=0", "limit=101",
    "sort=subject", "assignee=you", "assignee=99999999999999999999", "queue=%27", "updated_since=2026-01-01T00:00:00",
    "updated_since=0001-01-01T00:00:00%2B14:00", "status=gone", "total=maybe", "unknown=1",
)  # fmt: skip


async def test_a_query_that_makes_no_sense_names_the_field(desk: Desk, api: Served) -> None:
    for query in SENSELESS:
        answer = await api.client(desk.anna).get(f"/tickets?{query}")
        assert answer.status == 422, query
        assert answer.json["errors"][0]["field"].startswith(f"query.{query.partition('=')[0]}"), query


async def test_a_cursor_belongs_to_the_order_it_was_made_for(desk: Desk, api: Served) -> None:
    for _ in range(3):
        await desk.ticket()
    anna = api.client(desk.anna)
    cursor = (await anna.get("/tickets?limit=1")).json["next_cursor"]
    assert (await anna.get(f"/tickets?limit=1&sort=priority&cursor={cursor}")).status == 422
    assert (await anna.get(f"/users?cursor={cursor}")).status == 422
    assert (await anna.get(f"/tickets?limit=1&status=new&cursor={cursor}")).status == 200
