"""`/ticket` in its words: what it answers, and who may do what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.demo.slack_values import User
from core import tickets
from core.models.people import Role
from core.models.tickets import Comment, Status, Ticket, Via
from core.runtime import SYSTEM, Actor
from core.users import Change, change
from tests.slack.office import Office

Who = Callable[[Office], Awaitable[User]]
STAFF_WORDS = ("take {n}", "note {n} hello", "reply {n} hello", "close {n}", "show {n}")


async def typed(office: Office, user: User, line: str) -> str:
    """What the person reads after typing `/ticket …` in the triage channel."""
    answer = await office.slack.slash(user, f"/ticket {line}".strip(), office.triage)
    assert answer.status == 200
    assert all(message.ephemeral_for == user.id for message in answer.shown), "nobody else sees it"
    return answer.text


async def guest(office: Office) -> User:
    """Somebody whose address is Boris's own, but whose account is a guest's."""
    return office.slack.ws.put_user(replace(office.boris, is_restricted=True))


async def stranger(office: Office) -> User:
    """Somebody from another workspace, of whom Slack tells no address."""
    user = office.slack.ws.add_user("sven", "Sven Elsewhere", "anna@example.org")
    office.triage.members.add(user.id)
    return office.slack.ws.put_user(replace(user, is_stranger=True, team_id="T0OTHER"))


@pytest.mark.parametrize("line", ["", "help", "HELP"])
async def test_help_lists_every_word(office: Office, line: str) -> None:
    text = await typed(office, office.eva, line)
    for word in ("new", "list", "show", "take", "reply", "note", "close", "help"):
        assert f"`/ticket {word}" in text


async def test_a_wrong_word_gets_the_nearest_right_one(office: Office) -> None:
    assert "There is no `/ticket shwo`. Did you mean `/ticket show 1042`?" in await typed(office, office.anna, "shwo 12")
    text = await typed(office, office.anna, "<!channel>`")
    assert text.startswith("There is no `/ticket @channel'`.\n")


INCOMPLETE = ("new", "show", "show twelve", "take", "reply 1", "reply", "note 1", "close x", "list nonsense", "show " + "9" * 30)


@pytest.mark.parametrize("line", INCOMPLETE)
async def test_a_command_with_something_missing_says_how_it_is_written(office: Office, line: str) -> None:
    assert f"Write it like this: `/ticket {line.split()[0]}" in await typed(office, office.anna, line)


async def test_new_opens_a_ticket_of_ones_own_with_a_thread_in_the_direct_conversation(office: Office) -> None:
    text = await typed(office, office.eva, "new The lamp\nblinks &lt;all night&gt;")
    ticket = await Ticket.get()
    assert f"Ticket #{ticket.id} is open." in text
    assert (ticket.subject, ticket.requester_id, ticket.via) == ("The lamp", office.desk.eva.id, Via.SLACK)
    assert (await Comment.get()).body == "The lamp\nblinks <all night>"
    assert await office.jobs() == []
    (receipt,) = office.direct(office.eva)
    assert f"Ticket #{ticket.id} *The lamp* is new." in receipt.text
    await office.slack.says(office.eva, office.slack.ws.direct(office.eva), "Now it is dark", thread=receipt)
    assert [said.body for said in await Comment.all().order_by("id")] == ["The lamp\nblinks <all night>", "Now it is dark"]


async def test_a_repeated_command_is_done_once(office: Office) -> None:
    answer = await office.slack.slash(office.eva, "/ticket new Lamp")
    again = await office.slack.sends_again(answer)
    assert again.status == 200
    assert "done already" in again.text
    assert await Ticket.all().count() == 1


async def test_staff_works_on_a_ticket_from_the_command_line(office: Office) -> None:
    number = await office.desk.ticket()
    assert await typed(office, office.anna, f"take {number}") == f"You have ticket #{number} now."
    assert "already taken by Anna Berg" in await typed(office, office.boris, f"take #{number}")
    await typed(office, office.anna, f"note {number} She is angry")
    await typed(office, office.anna, f"reply #{number}: We send\nsomebody")
    assert [(said.public, said.body) for said in await Comment.filter(ticket_id=number).order_by("id")] == [
        (True, "It burns."), (False, "She is angry"), (True, "We send\nsomebody"),
    ]  # fmt: skip
    assert await typed(office, office.anna, f"close {number}") == f"Ticket #{number} is closed."
    assert (await Ticket.get(id=number)).status == Status.CLOSED


async def test_show_tells_staff_everything_and_the_requester_no_notes(office: Office) -> None:
    number = await office.desk.ticket()
    await office.desk.says(office.desk.anna, number, "She is angry", public=False)
    for_staff = await typed(office, office.anna, f"show {number}")
    assert "Printer on fire" in for_staff and "*Anna Berg* (internal note): She is angry" in for_staff
    for_requester = await typed(office, office.eva, str(number))
    assert "*Eva Meyer*: It burns." in for_requester and "angry" not in for_requester


async def test_show_of_a_merged_ticket_shows_what_it_became(office: Office) -> None:
    first, second = await office.desk.ticket(subject="Old"), await office.desk.ticket(subject="Young")
    await Ticket.filter(id=first).update(merged_into_id=second)
    assert f"*#{second} Young*" in await typed(office, office.anna, f"show {first}")


async def test_lists_hold_what_the_viewer_may_see(office: Office) -> None:
    max_, kim = await office.desk.person("max@customer.test"), await office.desk.person("kim@customer.test")
    wages = await office.desk.private_queue("Wages", [office.desk.boris])
    hers, his = await office.desk.ticket(subject="Hers"), await office.desk.ticket(max_, "His")
    secret = await office.desk.ticket(kim, "Secret", queue=wages)
    async with office.desk.rt.transaction(Actor(office.desk.anna.id, Via.API)) as tx:
        await tickets.take(tx, hers)

    def numbers(text: str) -> set[int]:
        return {number for number in (hers, his, secret) if f"*#{number}*" in text}

    assert numbers(await typed(office, office.anna, "list")) == {hers, his}
    assert numbers(await typed(office, office.anna, "list mine")) == {hers}
    assert numbers(await typed(office, office.anna, "list unassigned")) == {his}
    assert numbers(await typed(office, office.boris, "list open")) == {hers, his, secret}
    for line in ("list", "list open", "list mine"):
        assert numbers(await typed(office, office.eva, line)) == {hers}
    assert await typed(office, office.eva, "list unassigned") == "Every ticket is taken."


async def test_a_long_list_says_how_many_are_left_out(office: Office) -> None:
    for number in range(22):
        await office.desk.ticket(subject=f"Ticket {number} " + "<&>" * 120)
    assert (await typed(office, office.anna, "list")).startswith("20 of 22 tickets\n*#22* Ticket 21 &lt;&amp;&gt;")


async def test_the_requester_may_reply_and_close_and_nothing_else(office: Office) -> None:
    number = await office.desk.ticket()
    assert await typed(office, office.eva, f"take {number}") == f"You may not assign on ticket #{number}."
    assert await typed(office, office.eva, f"note {number} x") == f"You may not note on ticket #{number}."
    assert "on its way" in await typed(office, office.eva, f"reply {number} Faster!")
    assert await typed(office, office.eva, f"close {number}") == f"Ticket #{number} is closed."


async def test_staff_does_not_work_on_a_ticket_of_their_own(office: Office) -> None:
    number = await office.desk.ticket(office.desk.anna)
    assert await typed(office, office.anna, f"take {number}") == f"You may not assign on ticket #{number}."


@pytest.mark.parametrize("who", [guest, stranger])
@pytest.mark.parametrize("word", STAFF_WORDS)
async def test_guests_and_strangers_find_nobody_elses_ticket_even_with_an_address_of_staff(office: Office, who: Who, word: str) -> None:
    number = await office.desk.ticket()
    assert await typed(office, await who(office), word.format(n=number)) == f"There is no ticket #{number}."
    assert (await Ticket.get(id=number)).status == Status.NEW
    assert await Comment.filter(ticket_id=number).count() == 1


@pytest.mark.parametrize("who", [guest, stranger])
async def test_guests_and_strangers_can_still_ask(office: Office, who: Who) -> None:
    user = await who(office)
    assert "is open" in await typed(office, user, "new May I come in?")
    ticket = await Ticket.get().prefetch_related("requester")
    assert ticket.requester.email.endswith("@invalid"), "nobody else's identity, and no mail goes out"
    assert f"*#{ticket.id}*" in await typed(office, user, "list")


async def test_an_address_outside_the_trusted_domains_carries_no_staff_rights(office: Office) -> None:
    await office.desk.person("carl@elsewhere.test", Role.STAFF, "Carl")
    carl = office.slack.ws.add_user("carl", "Carl", "carl@elsewhere.test")
    number = await office.desk.ticket()
    assert await typed(office, carl, f"take {number}") == f"There is no ticket #{number}."


async def test_who_becomes_staff_later_is_not_staff_through_a_guest_account(office: Office) -> None:
    number = await office.desk.ticket()
    eva = office.slack.ws.put_user(replace(office.eva, is_restricted=True))
    assert "Hers" not in await typed(office, eva, "list")
    async with office.desk.rt.transaction(SYSTEM) as tx:
        await change(tx, office.desk.eva.id, Change(role=Role.STAFF))
    other = await office.desk.ticket(await office.desk.person("max@customer.test"))
    for ticket in (number, other):
        assert await typed(office, eva, f"note {ticket} x") == f"There is no ticket #{ticket}."


async def test_a_deactivated_colleague_sees_and_does_nothing(office: Office) -> None:
    number = await office.desk.ticket()
    assert "You have" in await typed(office, office.boris, f"take {number}")
    async with office.desk.rt.transaction(SYSTEM) as tx:
        await change(tx, office.desk.boris.id, Change(active=False))
    assert await typed(office, office.boris, f"show {number}") == f"There is no ticket #{number}."
    assert await typed(office, office.boris, "list") == "There are no unfinished tickets."
    assert await typed(office, office.boris, "new Help") == "You may not open ticket."


async def test_a_name_nobody_should_believe_is_shown_as_text(office: Office) -> None:
    await office.desk.ticket(await office.desk.person("x@customer.test", name="<!here> Boss"), "<https://evil.example|click>")
    answer = await office.slack.slash(office.anna, "/ticket list")
    shown = answer.text + str(answer.shown[0].blocks)
    assert "<!here>" not in shown and "<https://evil" not in shown
