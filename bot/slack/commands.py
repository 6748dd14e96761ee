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
from core.errors import Invalid, NotFound
from core.models.tickets import Status
from core.runtime import Tx

_LISTED = 20
_SHOWN_COMMENTS = 8
_LISTS = ("mine", "open", "unassigned")

Run = Callable[[Tx, Person, str], Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class Command:
    """One word after `/ticket`. `run` gets what follows it, as plain text; `writes` are done once, however often Slack repeats them."""

    name: str
    usage: str
    help: str
    run: Run
    writes: bool = True


async def run(tx: Tx, person: Person, text: str, key: str) -> Json:
    """Do what was typed after `/ticket` and say what came of it. `key` names this request; Slack may repeat it."""
    word, _, argument = text.strip().partition(" ")
    if word.lstrip("#").isdigit():
        word, argument = "show", word
    command = COMMANDS.get(word.lower() or "help")
    if command is None:
        return _nearest(word)
    if command.writes and not await slack.first_time(tx, key):
        return views.say("That was done already.")
    return await command.run(tx, person, argument.strip())


async def _new(tx: Tx, person: Person, argument: str) -> Json:
    if not argument:
        return _usage("new")
    opened = await tickets.open(tx, tickets.NewTicket(argument.split("\n", 1)[0], argument, person.user_id))
    if person.im_channel_id:
        await slack.begin_thread(tx, opened.ticket_id, person.team_id, person.im_channel_id, None)
    return views.say(f"Ticket #{opened.ticket_id} is open. You find it in your conversation with this app; answers come there.")


async def _list(tx: Tx, person: Person, argument: str) -> Json:
    which = argument.lower() or ("open" if person.staff else "mine")
    if which not in _LISTS:
        return _usage("list")
    return views.ticket_list(await tx.rows("slack.list", person.user_id, which, _LISTED), which)


async def _show(tx: Tx, person: Person, argument: str) -> Json:
    number, _ = _number_and_rest(argument)
    if number is None:
        return _usage("show")
    found = await tx.value("slack.ticket", number, person.user_id, _SHOWN_COMMENTS)
    if found is None:
        raise NotFound(f"There is no ticket #{number}.")
    return views.ticket_detail(json.loads(found))


async def _take(tx: Tx, person: Person, argument: str) -> Json:
    number, _ = _number_and_rest(argument)
    if number is None:
        return _usage("take")
    ticket = await tickets.take(tx, number)
    return views.say(f"You have ticket #{ticket.id} now.")


async def _reply(tx: Tx, person: Person, argument: str) -> Json:
    number, text = _number_and_rest(argument)
    if number is None or not text:
        return _usage("reply")
    await comments.reply(tx, number, text)
    return views.say(f"Your answer on ticket #{number} is on its way.")


async def _note(tx: Tx, person: Person, argument: str) -> Json:
    number, text = _number_and_rest(argument)
    if number is None or not text:
        return _usage("note")
    await comments.note(tx, number, text)
    return views.say(f"Your note on ticket #{number} is kept; only staff can read it.")


async def _close(tx: Tx, person: Person, argument: str) -> Json:
    number, _ = _number_and_rest(argument)
    if number is None:
        return _usage("close")
    ticket = await tickets.set_status(tx, number, Status.CLOSED)
    return views.say(f"Ticket #{ticket.id} is closed.")


async def _help(tx: Tx, person: Person, argument: str) -> Json:
    return {"text": _help_text()}


def _help_text() -> str:
    return "\n".join(f"`/ticket {escape(command.usage)}` — {escape(command.help)}" for command in COMMANDS.values())


def _usage(name: str) -> Json:
    command = COMMANDS[name]
    return {"text": f"Write it like this: `/ticket {escape(command.usage)}` — {escape(command.help)}"}


def _nearest(word: str) -> Json:
    near = get_close_matches(word.lower(), COMMANDS, n=1, cutoff=0.5)
    hint = f" Did you mean `/ticket {escape(COMMANDS[near[0]].usage)}`?" if near else ""
    known = escape(word[:40].replace("`", "'"))
    return {"text": f"There is no `/ticket {known}`.{hint}\n{_help_text()}"}


def _number_and_rest(argument: str) -> tuple[int | None, str]:
    first, _, rest = argument.strip().partition(" ")
    digits = first.lstrip("#").rstrip(":,")
    if not digits.isascii() or not digits.isdigit():
        return None, ""
    if len(digits) > 18:
        raise Invalid("There is no ticket with so long a number.")
    return int(digits), rest.strip()


COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        Command("new", "new SUBJECT", "open a ticket of your own", _new),
        Command("list", "list [mine|open|unassigned]", "unfinished tickets you may see", _list, writes=False),
        Command("show", "show 1042", "a ticket and what was said last", _show, writes=False),
        Command("take", "take 1042", "make a ticket yours", _take),
        Command("reply", "reply 1042 TEXT", "answer publicly: the requester reads it", _reply),
        Command("note", "note 1042 TEXT", "write an internal note: only staff reads it", _note),
        Command("close", "close 1042", "close a ticket", _close),
        Command("help", "help", "what can be typed here", _help, writes=False),
    )
}
