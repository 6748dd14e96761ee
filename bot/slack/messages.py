"""What people write in Slack, turned into comments: notes below a card, questions and answers in a conversation with the app.

Staff's words in a card's thread are internal notes. A message to the app opens a ticket, what follows in its thread is public. The
receipt of a message is kept in the transaction of its work, so one that Slack sends again is done once; who may say something is
core's decision, and a no is told to its writer alone.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import structlog

from bot.slack.files import Files
from bot.slack.mrkdwn import escape, to_plain
from bot.slack.people import People, Person
from bot.slack.refusals import sentence_for
from bot.slack.web import Reply, SlackWeb
from core import attachments, comments, slack, tickets
from core.db import Row
from core.errors import HelpdeskError, NotFound, TemporaryFailure
from core.runtime import Runtime, Tx
from core.text import storable

log = structlog.get_logger()

_SPOKEN = (None, "file_share", "thread_broadcast", "me_message")


@dataclass(frozen=True, slots=True)
class Heard:
    """A message somebody wrote. `root` is the message its thread hangs from, itself when it begins one."""

    message: slack.Message
    slack_user_id: str
    text: str
    files: tuple[Reply, ...]
    direct: bool

    @property
    def root(self) -> str:
        return self.message.thread_ts or self.message.ts

    @property
    def key(self) -> str:
        return f"message:{self.message.team_id}:{self.message.channel_id}:{self.message.ts}"


def heard_in(event: Reply, team_id: str) -> Heard | None:
    """The message of an event, or None for all that nobody wrote just now: posts of apps, edits, deletions, people joining."""
    if event.get("bot_id") or event.get("subtype") not in _SPOKEN or not event.get("user"):
        return None
    thread_ts = event.get("thread_ts")
    ts = str(event["ts"])
    message = slack.Message(team_id, str(event["channel"]), ts, str(thread_ts) if thread_ts and thread_ts != ts else None)
    direct = event.get("channel_type") == "im"
    if not direct and message.thread_ts is None:
        return None
    return Heard(message, str(event["user"]), str(event.get("text") or ""), tuple(event.get("files") or ()), direct)


class Messages:
    """Files what is heard."""

    def __init__(self, rt: Runtime, web: SlackWeb, people: People, files: Files) -> None:
        self._rt = rt
        self._web = web
        self._people = people
        self._files = files

    async def file(self, heard: Heard) -> None:
        """Make of a message what it is for us, once. Raises TemporaryFailure when it has to come again."""
        place = heard.message
        card = await self._rt.database.row("slack.card_at", place.team_id, place.channel_id, heard.root)
        if not heard.direct and (card is None or card["kind"] != "card"):
            return  # talk that is none of ours
        if await self._rt.database.value("slack.received", heard.key):
            return
        person = await self._people.find(heard.slack_user_id)
        try:
            await self._file(heard, person)
        except TemporaryFailure:
            raise
        except HelpdeskError as refusal:
            await self._tell(heard, sentence_for(refusal))

    async def _file(self, heard: Heard, person: Person) -> None:
        copied = await self._files.copy(heard.files)
        names = await self._people.names_in(heard.text)
        body = storable("\n\n".join(filter(None, [to_plain(heard.text, names).strip(), *copied.missing])))
        async with self._rt.transaction(person.actor) as tx:
            if not await slack.first_time(tx, heard.key):
                return
            files = await attachments.record(tx, copied.files)
            ticket_id = await self._record(tx, heard, body, files)
        log.info("slack.message_filed", ticket=ticket_id, direct=heard.direct, files=len(files))

    async def _record(self, tx: Tx, heard: Heard, body: str, files: list[int]) -> int:
        place = heard.message
        # Answers may come before what they answer: of two messages with one root only the first opens a ticket.
        await tx.rows("slack.alone", f"{place.team_id}:{place.channel_id}:{heard.root}")
        card: Row | None = await tx.row("slack.card_at", place.team_id, place.channel_id, heard.root)
        if card is None and heard.direct:
            return await self._open(tx, heard, body, files)
        if card is None:
            raise NotFound("This ticket is no longer shown here.")
        said = comments.Said(body, public=heard.direct, attachments=files)
        comment_id = await comments.add(tx, card["ticket_id"], said)
        await slack.remember(tx, place, card["id"], comment_id, outgoing=False)
        ticket_id: int = card["ticket_id"]
        return ticket_id

    async def _open(self, tx: Tx, heard: Heard, body: str, files: list[int]) -> int:
        assert tx.actor.user_id is not None
        place = heard.message
        subject = body.strip().split("\n", 1)[0][:150] or ("A file" if files else "")
        opened = await tickets.open(tx, tickets.NewTicket(subject, body, tx.actor.user_id, attachments=files))
        card_id = await slack.begin_thread(tx, opened.ticket_id, place.team_id, place.channel_id, heard.root)
        assert card_id is not None
        await slack.remember(tx, place, card_id, opened.comment_id, outgoing=False)
        if place.thread_ts is not None:
            root = slack.Message(place.team_id, place.channel_id, heard.root)
            await slack.remember(tx, root, card_id, None, outgoing=False)
        return opened.ticket_id

    async def _tell(self, heard: Heard, sentence: str) -> None:
        """For the writer's eyes; that Slack cannot show it is no reason to do the work again."""
        place = heard.message
        text = escape(f"{sentence} Your message was not added to a ticket.")
        post = self._web.client.chat_postEphemeral
        with suppress(HelpdeskError):
            await self._web.ask(post(channel=place.channel_id, user=heard.slack_user_id, text=text, thread_ts=place.thread_ts))
