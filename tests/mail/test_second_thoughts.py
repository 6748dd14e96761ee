"""Words that are changed or taken back: what leaves is what they say then, what has left stays, and what was said before is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta

import pytest

from core import attachments, comments, second_thoughts
from core.attachments import StoredFile
from core.errors import Conflict, Forbidden, HelpdeskError, Invalid, NotFound
from core.models.people import User
from core.models.queues import Queue
from core.models.tickets import Comment, CommentRevision, Status, Ticket
from core.runtime import Actor
from core.settings import Settings
from tests.support.mail import EVA, MailDesk, letter


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """There is time to think."""
    return settings.model_copy(update={"undo_seconds": 10})


async def edit(post: MailDesk, comment: int, body: str, by: User | None = None) -> None:
    async with post.rt.transaction(Actor((by or post.desk.anna).id)) as tx:
        await second_thoughts.edit(tx, comment, body)


async def retract(post: MailDesk, comment: int, by: User | None = None) -> None:
    async with post.rt.transaction(Actor((by or post.desk.anna).id)) as tx:
        await second_thoughts.retract(tx, comment)


async def answered(post: MailDesk, body: str = "Use petrol.") -> int:
    ticket_id = await post.ticket()
    await post.post()
    post.relay.arrived.clear()
    return await post.desk.says(post.desk.anna, ticket_id, body)


async def time_passes(post: MailDesk) -> None:
    post.rt.clock.advance(post.rt.channels.undo + timedelta(seconds=1))
    await post.post()


async def test_an_answer_that_is_edited_in_time_leaves_as_it_is_then(post: MailDesk) -> None:
    comment = await answered(post)
    await edit(post, comment, "Use water.")
    await time_passes(post)
    (mail,) = post.relay.to(EVA)
    assert mail.text.startswith("Use water.") and "petrol" not in mail.everything
    assert [revision.body for revision in await CommentRevision.all()] == ["Use petrol."]


async def test_an_answer_that_is_taken_back_in_time_never_leaves(post: MailDesk) -> None:
    await retract(post, await answered(post))
    await time_passes(post)
    assert post.relay.to(EVA) == []
    assert [revision.body for revision in await CommentRevision.all()] == ["Use petrol."]


async def test_what_has_left_is_neither_changed_nor_taken_back(post: MailDesk) -> None:
    comment = await answered(post)
    await time_passes(post)
    for act in (edit(post, comment, "Use water."), retract(post, comment)):
        with pytest.raises(Conflict, match="correction"):
            await act
    assert (await Comment.get(id=comment)).body == "Use petrol."


async def test_nobody_changes_an_answer_while_a_worker_is_at_it(post: MailDesk) -> None:
    comment = await answered(post)
    ticket_id = (await Comment.get(id=comment)).ticket_id
    connection = await post.rt.database.connect()
    try:
        assert await connection.fetchval("SELECT pg_try_advisory_lock(1042, $1)", ticket_id)
        with pytest.raises(Conflict, match="at this moment"):
            await edit(post, comment, "Use water.")
    finally:
        await connection.close()
    await edit(post, comment, "Use water.")


async def test_a_worker_that_is_at_other_mail_of_the_ticket_for_a_moment_keeps_nobody_from_changing_an_answer(post: MailDesk) -> None:
    comment = await answered(post)
    ticket_id, other = (await Comment.get(id=comment)).ticket_id, (await answered(post))
    async with post.locks.held((await Comment.get(id=other)).ticket_id):
        async with post.locks.held(ticket_id):
            pass  # given back with the next statement, since another ticket is held
        await edit(post, comment, "Use water.")
    assert (await Comment.get(id=comment)).body == "Use water."


async def test_a_note_is_changed_at_any_time_and_by_its_writer_alone(post: MailDesk) -> None:
    note = await post.desk.says(post.desk.anna, await post.ticket(), "He is a nuisance.", public=False)
    post.rt.clock.advance(timedelta(days=30))
    for user, refusal in ((post.desk.boris, Forbidden), (post.desk.admin, Forbidden), (post.desk.eva, NotFound)):
        with pytest.raises(refusal):
            await edit(post, note, "Mine.", by=user)
        with pytest.raises(refusal):
            await retract(post, note, by=user)
    await edit(post, note, "He is a customer.")
    assert (await Comment.get(id=note)).body == "He is a customer."


async def test_a_requester_has_a_quarter_of_an_hour(post: MailDesk) -> None:
    said = await post.desk.says(post.desk.eva, await post.ticket(), "It burms.")
    await edit(post, said, "It burns.", by=post.desk.eva)
    post.rt.clock.advance(timedelta(minutes=16))
    with pytest.raises(Conflict, match="too long ago"):
        await edit(post, said, "It did not burn.", by=post.desk.eva)


async def test_what_came_by_mail_and_what_opened_a_ticket_stays(post: MailDesk) -> None:
    ticket_id = await post.ticket(message_id="first@customer.test")
    row = await post.receive(letter("By mail.", in_reply_to="<first@customer.test>"))
    assert row.comment_id is not None
    with pytest.raises(Conflict, match="by mail"):
        await edit(post, row.comment_id, "Not by mail.", by=post.desk.eva)
    opening = (await Comment.filter(ticket_id=ticket_id).order_by("id").first()).id  # type: ignore[union-attr]  # it has one
    await Comment.filter(id=opening).update(via="api")
    with pytest.raises(Conflict, match="opened the ticket"):
        await retract(post, opening, by=post.desk.eva)


async def test_nothing_is_said_by_an_empty_edit(post: MailDesk) -> None:
    comment = await answered(post)
    with pytest.raises(Invalid, match="empty"):
        await edit(post, comment, " \n")
    await edit(post, comment, "Use petrol.")  # the same words are no edit
    assert await CommentRevision.all().count() == 0


async def test_files_of_what_was_taken_back_are_gone(post: MailDesk) -> None:
    comment = await answered(post)
    ticket_id = (await Comment.get(id=comment)).ticket_id
    async with post.rt.transaction(Actor(post.desk.anna.id)) as tx:
        [file] = await attachments.record(tx, [StoredFile("0" * 64, "plan.pdf", "application/pdf", 1)])
        await attachments.attach(tx, [file], ticket_id, comment)
    await retract(post, comment)
    async with post.rt.transaction(Actor(post.desk.anna.id)) as tx:
        with pytest.raises(NotFound):
            await attachments.get(tx, file)


async def test_an_edit_that_meets_the_mail_is_in_it_or_is_refused(post: MailDesk) -> None:
    comment = await answered(post)
    post.rt.clock.advance(post.rt.channels.undo - timedelta(milliseconds=200))

    async def edited() -> bool:
        try:
            await edit(post, comment, "Use water.")
        except HelpdeskError:
            return False
        return True

    took, _ = await asyncio.gather(edited(), post.post())
    await time_passes(post)
    (mail,) = post.relay.to(EVA)
    assert mail.text.startswith("Use water." if took else "Use petrol.")


async def test_another_ones_words_are_his_however_old_they_are(post: MailDesk) -> None:
    said = await post.desk.says(post.desk.eva, await post.ticket(), "It burms.")
    for _ in range(2):
        for user in (post.desk.anna, post.desk.admin):
            with pytest.raises(Forbidden, match="Only who wrote this"):
                await edit(post, said, "It is out.", by=user)
        with pytest.raises(NotFound):
            await edit(post, said, "It is out.", by=await post.desk.person(f"{said}{post.rt.clock.now().minute}@other.test"))
        post.rt.clock.advance(timedelta(minutes=16))


async def test_who_may_not_see_the_ticket_any_longer_changes_nothing_on_it(post: MailDesk) -> None:
    note = await post.desk.says(post.desk.anna, await post.ticket(), "A note.", public=False)
    await Queue.filter(id=post.desk.queue.id).update(private=True)
    for act in (edit(post, note, "Changed."), retract(post, note)):
        with pytest.raises(NotFound):
            await act


async def test_who_has_read_the_ticket_reads_it_again_after_an_edit(post: MailDesk) -> None:
    ticket_id = await post.ticket()
    note = await post.desk.says(post.desk.anna, ticket_id, "A note.", public=False)
    seen = [(await Ticket.get(id=ticket_id)).version]
    for act in (edit(post, note, "Changed."), retract(post, note)):
        await act
        seen.append((await Ticket.get(id=ticket_id)).version)
    assert seen == sorted(set(seen))


async def test_two_edits_at_once_keep_every_word(post: MailDesk) -> None:
    note = await post.desk.says(post.desk.anna, await post.ticket(), "One.", public=False)
    await asyncio.gather(edit(post, note, "Two."), edit(post, note, "Three."))
    words = [revision.body for revision in await CommentRevision.all().order_by("id")] + [(await Comment.get(id=note)).body]
    assert words in (["One.", "Two.", "Three."], ["One.", "Three.", "Two."])


async def test_what_is_taken_back_cannot_be_edited_any_more(post: MailDesk) -> None:
    note = await post.desk.says(post.desk.anna, await post.ticket(), "One.", public=False)

    async def outcome(act: Awaitable[None]) -> bool:
        try:
            await act
        except NotFound:
            return False
        return True

    edited, retracted = await asyncio.gather(outcome(edit(post, note, "Two.")), outcome(retract(post, note)))
    assert retracted and [revision.body for revision in await CommentRevision.all().order_by("id")] == (
        ["One.", "Two."] if edited else ["One."]
    )
    assert not await outcome(edit(post, note, "Three.")) and not await outcome(retract(post, note))


async def test_a_solution_that_was_taken_back_leaves_the_status_and_tells_nobody(post: MailDesk) -> None:
    ticket_id = await post.ticket()
    await post.post()
    post.relay.arrived.clear()
    async with post.rt.transaction(Actor(post.desk.anna.id)) as tx:
        await comments.resolve(tx, ticket_id, "Use petrol.")
    said = await Comment.filter(ticket_id=ticket_id, author_id=post.desk.anna.id).get()
    await retract(post, said.id)
    await time_passes(post)
    assert (post.relay.to(EVA), (await Ticket.get(id=ticket_id)).status) == ([], Status.RESOLVED)


async def test_an_edit_keeps_what_the_database_can_keep(post: MailDesk) -> None:
    note = await post.desk.says(post.desk.anna, await post.ticket(), "One.", public=False)
    await edit(post, note, "T\x00wo\ud800.")
    assert (await Comment.get(id=note)).body == "Two?."
