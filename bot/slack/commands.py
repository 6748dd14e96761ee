"""`/ticket`: a command a word, each a row of one table from which its help is made.

A command runs in one transaction of whoever typed it; what he may do is core's decision. Everything answered is for his eyes only.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from difflib import get_close_matches

from bot.slack import views
from bot.slack.blocks import Json
from bot.slack.mrkdwn import escape
from bot.slack.people import Person
from core import comments, slack, tickets
from core.errors import NotFound
from core.models.tickets import Status
from core.runtime import Tx

_LISTED = 20
_SHOWN_COMMENTS = 8
_LONGEST_NUMBER = 18
_LISTS = ("mine", "open", "unassigned")


@dataclass(frozen=True, slots=True)
class Asked:
    """A command as somebody typed it, in his transaction: the ticket's number where there is one, and the words after it."""

    tx: Tx
    person: Person
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """One word after `/ticket`, and what has to follow it; what `writes` is done once, however often Slack repeats it."""

    name: str
    usage: str
    help: str
    run: Callable[[Asked], Awaitable[Json]]
    number: bool = False
    text: bool = False
    writes: bool = True


async def run(tx: Tx, person: Person, typed: str, key: str) -> Json:
    """Do what was typed after `/ticket` and say what came of it. `key` names this request; Slack may repeat it."""
    word, rest = _split(typed)
    if _number_of(word) is not None:
        word, rest = "show", word
    command = COMMANDS.get(word.lower() or "help")
    if command is None:
        return _nearest(word)
    first, text = _split(rest) if command.number else ("", rest)
    number = _number_of(first)
    if (command.number and number is None) or (command.text and not text):
        return _usage(command)
    if command.writes and not await slack.first_time(tx, key):
        return views.say("That was done already.")
    return await command.run(Asked(tx, person, number or 0, text))


async def _new(asked: Asked) -> Json:
    person = asked.person
    opened = await tickets.open(asked.tx, tickets.NewTicket(asked.text.split("\n", 1)[0], asked.text, person.user_id))
    if person.im_channel_id is None:
        return views.say(f"Ticket #{opened.ticket_id} is open.")
    await slack.begin_thread(asked.tx, opened.ticket_id, person.team_id, person.im_channel_id, None)
    return views.say(f"Ticket #{opened.ticket_id} is open. You find it in your conversation with this app; answers come there.")


async def _list(asked: Asked) -> Json:
    which = asked.text.lower() or ("open" if asked.person.staff else "mine")
    if which not in _LISTS:
        return _usage(COMMANDS["list"])
    return views.ticket_list(await asked.tx.rows("slack.list", asked.person.user_id, which, _LISTED), which)


async def _show(asked: Asked) -> Json:
    found = await asked.tx.value("slack.ticket", asked.number, asked.person.user_id, _SHOWN_COMMENTS)
    if found is None:
        raise NotFound(f"There is no ticket #{asked.number}.")
    return views.ticket_detail(json.loads(found))


async def _take(asked: Asked) -> Json:
    ticket = await tickets.take(asked.tx, asked.number)
    return views.say(f"You have ticket #{ticket.id} now.")


async def _reply(asked: Asked) -> Json:
    await comments.reply(asked.tx, asked.number, asked.text)
    return views.say(f"Your answer on ticket #{asked.number} is on its way.")


async def _note(asked: Asked) -> Json:
    await comments.note(asked.tx, asked.number, asked.text)
    return views.say(f"Your note on ticket #{asked.number} is kept; only staff can read it.")


async def _close(asked: Asked) -> Json:
    ticket = await tickets.set_status(asked.tx, asked.number, Status.CLOSED)
    return views.say(f"Ticket #{ticket.id} is closed.")


async def _help(_asked: Asked) -> Json:
    return {"text": _help_text()}


def _help_text() -> str:
    return "\n".join(f"`/ticket {escape(command.usage)}` — {escape(command.help)}" for command in COMMANDS.values())


def _usage(command: Command) -> Json:
    return {"text": f"Write it like this: `/ticket {escape(command.usage)}` — {escape(command.help)}"}


def _nearest(word: str) -> Json:
    near = get_close_matches(word.lower(), COMMANDS, n=1, cutoff=0.5)
    hint = f" Did you mean `/ticket {escape(COMMANDS[near[0]].usage)}`?" if near else ""
    known = escape(word[:40].replace("`", "'"))
    return {"text": f"There is no `/ticket {known}`.{hint}\n{_help_text()}"}


def _number_of(word: str) -> int | None:
    digits = word.removeprefix("#").rstrip(":,")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER else None


def _split(text: str) -> tuple[str, str]:
    first, *rest = text.strip().split(None, 1) or [""]
    return first, rest[0].strip() if rest else ""


COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        Command("new", "new SUBJECT", "open a ticket of your own", _new, text=True),
        Command("list", "list [mine|open|unassigned]", "unfinished tickets you may see", _list, writes=False),
        Command("show", "show 1042", "a ticket and what was said last", _show, number=True, writes=False),
        Command("take", "take 1042", "make a ticket yours", _take, number=True),
        Command("reply", "reply 1042 TEXT", "answer publicly: the requester reads it", _reply, number=True, text=True),
        Command("note", "note 1042 TEXT", "write an internal note: only staff reads it", _note, number=True, text=True),
        Command("close", "close 1042", "close a ticket", _close, number=True),
        Command("help", "help", "what can be typed here", _help, writes=False),
    )
}
