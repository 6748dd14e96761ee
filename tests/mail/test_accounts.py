"""Accounts: invitations that come by mail, addresses that are proven, and two people who are one."""

from __future__ import annotations

import asyncio
import re

import pytest

from core import addresses, comments, invitations, one_time, people_merging, sessions, tickets, users
from core.errors import Conflict, HelpdeskError, Invalid, NotFound, TemporaryFailure, Unauthenticated
from core.mail.account import AccountPostman
from core.mail.templates import Templates
from core.models.mail import Delivery, OutboundMessage
from core.models.people import Role, User, UserAddress
from core.models.queues import QueueMember
from core.models.tickets import Status, Ticket
from core.models.ties import TicketParticipant, TicketWatcher
from core.runtime import SYSTEM, Actor
from tests.support.crossing import somebody_waits
from tests.support.desk import PASSWORD
from tests.support.mail import EVA, MailDesk, execute, letter, until

NEW = "nora@example.org"


async def invite(post: MailDesk, email: str = NEW, role: Role = Role.STAFF) -> User:
    async with post.rt.transaction(Actor(post.desk.admin.id)) as tx:
        return await invitations.invite(tx, email, "Nora", role)


async def links(post: MailDesk) -> list[str]:
    """Do the jobs that mail links; the tokens that arrived."""
    postman = AccountPostman(post.rt, post.transport, Templates(None, ("en", "de")))
    for row in await execute(
        post.rt, "SELECT convert_from(payload, 'UTF8')::json ->> 'nonce' AS nonce FROM pgqueuer WHERE entrypoint = 'mail_link' ORDER BY id"
    ):
        await postman.mail_link(int(row["nonce"]))
    await execute(post.rt, "DELETE FROM pgqueuer WHERE entrypoint = 'mail_link'")
    return [re.findall(r"/(?:invitation|confirm-address)/([a-z2-7]+)", mail.text)[0] for mail in post.relay.arrived]


async def accept(post: MailDesk, token: str, password: str = "a long enough one") -> sessions.Login:
    return await invitations.accept(post.rt, token, "Nora Neu", password, client="127.0.0.1", user_agent="")


# --- invitations


async def test_who_is_invited_chooses_a_password_and_is_in(post: MailDesk) -> None:
    user = await invite(post)
    [token] = await links(post)
    (mail,) = post.relay.arrived
    assert (mail.recipient, mail.message["Auto-Submitted"], "Ada Admin" in mail.text) == (NEW, "auto-generated", True)
    login = await accept(post, token)
    assert (login.user_id, (await User.get(id=user.id)).name, (await User.get(id=user.id)).role) == (user.id, "Nora Neu", Role.STAFF)
    assert (await UserAddress.get(email=NEW)).verified_at is not None
    assert (await sessions.log_in(post.rt, NEW, "a long enough one", client="x", user_agent="")).user_id == user.id


async def test_an_invitation_works_once_and_an_older_one_not_at_all(post: MailDesk) -> None:
    await invite(post)
    await invite(post)
    [token] = await links(post)  # the older one is not even sent
    await accept(post, token)
    for spent in (token, "nonsense", ""):
        with pytest.raises(NotFound, match="new one"):
            await accept(post, spent)
    with pytest.raises(Conflict, match="already"):
        await invite(post)


async def test_an_invitation_ends_and_can_be_withdrawn(post: MailDesk) -> None:
    user = await invite(post)
    [token] = await links(post)
    post.rt.clock.advance(one_time.LASTS)
    with pytest.raises(NotFound):
        await accept(post, token)
    await invite(post)
    async with post.rt.transaction(Actor(post.desk.admin.id)) as tx:
        await invitations.withdraw(tx, user.id)
    with pytest.raises(NotFound):
        await accept(post, (await links(post))[-1])
    with pytest.raises(NotFound, match="no invitation"):
        async with post.rt.transaction(Actor(post.desk.admin.id)) as tx:
            await invitations.withdraw(tx, user.id)


async def test_two_who_follow_one_link_at_once_are_one(post: MailDesk) -> None:
    await invite(post)
    [token] = await links(post)
    found = await asyncio.gather(accept(post, token), accept(post, token, "another long one"), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in found) == ["Login", "NotFound"]


async def test_a_requester_who_is_invited_keeps_his_tickets(post: MailDesk) -> None:
    row = await post.receive(letter(sender=NEW), sender=NEW)
    user = await invite(post)
    assert (await Ticket.get(id=row.ticket_id)).requester_id == user.id


async def test_a_link_that_could_not_be_sent_is_the_same_the_next_time(post: MailDesk) -> None:
    await invite(post)
    post.relay.after_data = "451 Later"
    with pytest.raises(TemporaryFailure):
        await links(post)
    assert (await Delivery.get()).state == "pending"
    post.relay.after_data = None
    assert len(await links(post)) == 1
    assert (await Delivery.get()).state == "sent"
    assert (await OutboundMessage.get()).content is None  # nobody reads the link out of the database


async def test_whoever_cannot_log_in_yet_cannot_log_in(post: MailDesk) -> None:
    await invite(post)
    with pytest.raises(Unauthenticated):
        await sessions.log_in(post.rt, NEW, "", client="x", user_agent="")


# --- addresses


async def test_an_address_is_somebodys_once_he_has_followed_its_link(post: MailDesk) -> None:
    eva = post.desk.eva
    async with post.rt.transaction(Actor(eva.id)) as tx:
        await addresses.propose(tx, eva.id, "Eva@Home.test")
    assert not await UserAddress.exists(email="eva@home.test")
    [token] = await links(post)
    async with post.rt.transaction(SYSTEM) as tx:
        await addresses.confirm(tx, token)
    row = await post.receive(letter(sender="eva@home.test"), sender="eva@home.test")
    assert (await Ticket.get(id=row.ticket_id)).requester_id == eva.id


async def test_nobody_takes_an_address_from_another(post: MailDesk) -> None:
    eva = post.desk.eva
    async with post.rt.transaction(Actor(eva.id)) as tx:
        await addresses.propose(tx, eva.id, "anna@example.org")
    [token] = await links(post)
    with pytest.raises(Conflict, match="somebody else"):
        async with post.rt.transaction(SYSTEM) as tx:
            await addresses.confirm(tx, token)
    with pytest.raises(Conflict, match="merge the two"):
        async with post.rt.transaction(Actor(post.desk.admin.id)) as tx:
            await addresses.add(tx, eva.id, "anna@example.org")


async def test_the_desk_writes_to_the_primary_address_which_cannot_be_given_up(post: MailDesk) -> None:
    eva = post.desk.eva
    async with post.rt.transaction(Actor(post.desk.admin.id)) as tx:
        await addresses.add(tx, eva.id, "eva@home.test")
        await addresses.make_primary(tx, eva.id, "Eva@home.test")
        await addresses.remove(tx, eva.id, EVA)
        with pytest.raises(Conflict, match="primary"):
            await addresses.remove(tx, eva.id, "eva@home.test")
        with pytest.raises(NotFound):
            await addresses.make_primary(tx, eva.id, "nobody@home.test")
    assert (await User.get(id=eva.id)).email == "eva@home.test"


# --- two people who are one


async def merge(post: MailDesk, source: User, target: User) -> None:
    async with post.rt.transaction(Actor(post.desk.admin.id)) as tx:
        await people_merging.merge(tx, source.id, target.id)


async def test_everything_of_the_one_becomes_the_others(post: MailDesk) -> None:
    eva, otto = post.desk.eva, await post.desk.person("eva@home.test", name="Eva at home")
    number, now = await post.desk.ticket(otto), post.rt.clock.now()
    said = await post.desk.says(otto, number, "Mine.")
    copied = await post.desk.ticket(post.desk.boris)
    await TicketParticipant.create(ticket_id=copied, user=otto, added_at=now)
    await TicketParticipant.create(ticket_id=copied, user=eva, added_at=now)
    await merge(post, otto, eva)
    assert (await Ticket.get(id=number)).requester_id == eva.id
    assert (await post.rt.database.row("second_thoughts.comment", said) or {})["author_id"] == eva.id
    assert await TicketParticipant.filter(ticket_id=copied).values_list("user_id", flat=True) == [eva.id]
    gone = await User.get(id=otto.id)
    assert (gone.active, gone.merged_into_id) == (False, eva.id)
    row = await post.receive(letter(sender="eva@home.test"), sender="eva@home.test")
    assert (await Ticket.get(id=row.ticket_id)).requester_id == eva.id


async def test_nobody_works_on_what_turns_out_to_be_his_own_case(post: MailDesk) -> None:
    private = await post.desk.person("anna@home.test")
    number = await post.desk.ticket(private)
    async with post.rt.transaction(Actor(post.desk.anna.id)) as tx:
        await tickets.take(tx, number)
    await TicketWatcher.create(ticket_id=number, user=post.desk.anna, added_at=post.rt.clock.now())
    await merge(post, private, post.desk.anna)
    assert (await Ticket.get(id=number)).assignee_id is None
    assert await TicketWatcher.all().count() == 0


@pytest.mark.parametrize("wrong", ["himself", "higher role", "merged already", "nobody", "switched off"])
async def test_people_who_cannot_be_one_are_refused_in_words(post: MailDesk, wrong: str) -> None:
    eva, otto = post.desk.eva, await post.desk.person("otto@home.test")
    if wrong == "merged already":
        await merge(post, otto, eva)
    await User.filter(id=eva.id).update(active=wrong != "switched off")
    pair = {
        "switched off": (otto, eva),
        "himself": (eva, eva),
        "higher role": (post.desk.anna, eva),
        "merged already": (otto, eva),
        "nobody": (User(id=4711), eva),
    }[wrong]
    with pytest.raises((Invalid, Conflict, NotFound), match=r"himself|other way|merged into|no such|switched off"):
        await merge(post, *pair)


async def test_of_two_merges_of_people_that_cross_one_wins(post: MailDesk) -> None:
    eva, otto = post.desk.eva, await post.desk.person("otto@home.test")
    found = await asyncio.gather(merge(post, eva, otto), merge(post, otto, eva), return_exceptions=True)
    assert sum(outcome is None for outcome in found) == 1 and sum(isinstance(outcome, HelpdeskError) for outcome in found) == 1


async def test_who_was_merged_leads_on_through_further_merges_and_never_comes_back(post: MailDesk) -> None:
    eva, otto, ina = post.desk.eva, await post.desk.person("otto@home.test"), await post.desk.person("ina@home.test")
    await merge(post, ina, otto)
    await merge(post, otto, eva)
    assert {(await User.get(id=user.id)).merged_into_id for user in (otto, ina)} == {eva.id}
    with pytest.raises(Conflict, match="stays switched off"):
        async with post.rt.transaction(Actor(post.desk.admin.id)) as tx:
            await users.change(tx, otto.id, users.Change(active=True))


async def test_a_merge_covers_every_column_that_refers_to_a_person(post: MailDesk) -> None:
    from core.sql import SQL

    rows = await execute(post.rt, """
        SELECT c.conrelid::regclass::text AS "table", a.attname AS "column"
          FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
         WHERE c.contype = 'f' AND c.confrelid = 'users'::regclass""")  # fmt: skip
    steps = " ".join(SQL[f"people.merge_{step}"] for step in people_merging.STEPS)
    revoked = {("sessions", "user_id")}  # by `sessions.revoke_all`
    missing = [(row["table"], row["column"]) for row in rows if not re.search(rf"\b{row['table']}\b[^;]*?\b{row['column']}\b", steps)]
    assert set(missing) <= revoked


# --- leaving


async def test_who_works_here_no_longer_holds_nothing_here(post: MailDesk) -> None:
    number, boris = await post.desk.ticket(), post.desk.boris
    async with post.rt.transaction(Actor(boris.id)) as tx:
        await tickets.take(tx, number)
    await QueueMember.create(queue=post.desk.queue, user=boris)
    await TicketWatcher.create(ticket_id=await post.desk.ticket(), user=boris, added_at=post.rt.clock.now())
    login = await sessions.log_in(post.rt, "boris@example.org", PASSWORD, client="x", user_agent="")
    async with post.rt.transaction(Actor(post.desk.admin.id)) as tx:
        await users.change(tx, boris.id, users.Change(role=Role.USER))
    assert (await Ticket.get(id=number)).assignee_id is None
    assert await QueueMember.all().count() == await TicketWatcher.all().count() == 0
    with pytest.raises(Unauthenticated):
        await sessions.refresh(post.rt, login.refresh_token, user_agent="")


async def test_mail_of_who_is_switched_off_still_opens_tickets(post: MailDesk) -> None:
    async with post.rt.transaction(Actor(post.desk.admin.id)) as tx:
        await users.change(tx, post.desk.eva.id, users.Change(active=False))
    row = await post.receive(letter("Still here."))
    assert row.ticket_id is not None
    with pytest.raises(NotFound):
        async with post.rt.transaction(Actor(post.desk.eva.id)) as tx:
            await comments.reply(tx, row.ticket_id, "Not by the API.")


async def test_an_old_invitation_to_a_wrong_address_opens_nothing_once_there_is_a_right_one(post: MailDesk) -> None:
    user = await invite(post, "typo@evil.test", Role.ADMIN)
    async with post.rt.transaction(Actor(post.desk.admin.id)) as tx:
        await addresses.add(tx, user.id, NEW)
        await addresses.make_primary(tx, user.id, NEW)
        assert (await invitations.invite(tx, NEW, "", Role.STAFF)).role == Role.ADMIN  # nobody is lowered by the way
    tokens = await links(post)
    assert [mail.recipient for mail in post.relay.arrived] == [NEW]
    await accept(post, tokens[0])
    async with post.rt.transaction(Actor(post.desk.admin.id)) as tx:
        await one_time.make(tx, one_time.INVITATION, user.id, "typo@evil.test")
    with pytest.raises(NotFound):
        await accept(post, (await links(post))[-1], "the attacker's own")
    assert (await sessions.log_in(post.rt, NEW, "a long enough one", client="x", user_agent="")).user_id == user.id


async def test_a_link_opens_nothing_for_who_is_switched_off(post: MailDesk) -> None:
    async with post.rt.transaction(Actor(post.desk.boris.id)) as tx:
        await addresses.propose(tx, post.desk.boris.id, "boris@home.test")
    [token] = await links(post)
    async with post.rt.transaction(SYSTEM) as tx:
        await users.change(tx, post.desk.boris.id, users.Change(active=False))
    with pytest.raises(NotFound):
        async with post.rt.transaction(SYSTEM) as tx:
            await addresses.confirm(tx, token)


async def test_an_address_that_came_by_a_merge_is_used_and_given_up_like_any_other(post: MailDesk) -> None:
    otto, eva = await post.desk.person("otto@home.test"), post.desk.eva
    async with post.rt.transaction(Actor(post.desk.admin.id)) as tx:
        await people_merging.merge(tx, otto.id, eva.id)
    async with post.rt.transaction(Actor(eva.id)) as tx:
        await addresses.make_primary(tx, eva.id, "otto@home.test")
        await addresses.make_primary(tx, eva.id, EVA)
        await addresses.remove(tx, eva.id, "otto@home.test")
    owners = {(await Ticket.get(id=(await post.receive(letter(sender="otto@home.test"))).ticket_id)).requester_id for _ in range(2)}
    assert len(owners) == 1 and not owners & {otto.id, eva.id}


async def test_who_logs_in_with_a_password_that_is_changed_at_this_moment_is_not_let_in(post: MailDesk) -> None:
    anna = post.desk.anna
    new = await users.hash_password("another long one")
    async with post.rt.transaction(SYSTEM) as tx:
        await users.set_password(tx, anna.id, new)
        login = asyncio.ensure_future(sessions.log_in(post.rt, anna.email, PASSWORD, client="x", user_agent=""))
        await until(lambda: somebody_waits(post.rt))
    with pytest.raises(Unauthenticated):
        await login


async def test_the_last_admin_who_can_log_in_stays(post: MailDesk) -> None:
    await invite(post, NEW, Role.ADMIN)  # who has chosen no password yet
    with pytest.raises(Conflict, match="last active admin"):
        async with post.rt.transaction(Actor(post.desk.admin.id)) as tx:
            await users.change(tx, post.desk.admin.id, users.Change(role=Role.STAFF))


async def test_the_last_who_sees_a_private_queue_with_open_tickets_stays(post: MailDesk) -> None:
    private = await post.desk.private_queue("Board", [post.desk.boris])
    await post.desk.ticket(queue=private)
    for wanted in (users.Change(active=False), users.Change(role=Role.USER)):
        with pytest.raises(Conflict, match="private queue Board"):
            async with post.rt.transaction(SYSTEM) as tx:
                await users.change(tx, post.desk.boris.id, wanted)


async def test_who_leaves_gives_back_what_is_open_and_is_remembered_on_what_is_done(post: MailDesk) -> None:
    done, still_open = await post.desk.ticket(), await post.desk.ticket()
    async with post.rt.transaction(Actor(post.desk.boris.id)) as tx:
        for number in (done, still_open):
            await tickets.take(tx, number)
        await tickets.set_status(tx, done, Status.CLOSED)
    async with post.rt.transaction(SYSTEM) as tx:
        await users.change(tx, post.desk.boris.id, users.Change(active=False))
    assert [(await Ticket.get(id=number)).assignee_id for number in (done, still_open)] == [post.desk.boris.id, None]


async def test_a_stranger_who_guesses_does_not_keep_the_owner_out(post: MailDesk) -> None:
    for _ in range(12):
        with pytest.raises(HelpdeskError):
            await sessions.log_in(post.rt, post.desk.anna.email, "a guess", client="stranger", user_agent="")
    assert (await sessions.log_in(post.rt, post.desk.anna.email, PASSWORD, client="home", user_agent="")).user_id == post.desk.anna.id
