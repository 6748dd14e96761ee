"""`helpdesk simulate loop`: machines that answer every mail, and a second desk, meet a throw-away desk; it falls silent, and a person in between is heard.

Each machine answers whatever it is sent, for ever, as badly as such machines do. The desk may send it three automatic mails at most.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid

from bot.demo.stage import DESK, Differs, Stage, check, log_in, stage

TWIN = "support@twin.localhost"
_MOST = 3
_QUIET = 1.0  # seconds without a mail after which a machine has nothing more to answer
_PATIENCE = 20.0
_numbers = itertools.count(1)

Answer = Callable[[EmailMessage, str], EmailMessage]


@dataclass(frozen=True, slots=True)
class Machine:
    """Who answers by himself: what he is called, his address, and how he answers."""

    name: str
    address: str
    answer: Answer


def _reply(to: EmailMessage, address: str, subject: str, words: str, *, threaded: bool = True, **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = address, str(to["Reply-To"] or to["From"]), subject
    message["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    if threaded:
        message["In-Reply-To"] = message["References"] = str(to["Message-ID"])
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(words)
    return message


def vacation(to: EmailMessage, address: str) -> EmailMessage:
    """A responder that keeps to RFC 3834."""
    return _reply(to, address, f"Out of office: {to['Subject']}", "I am away until Monday.", Auto_Submitted="auto-replied")


def rude_vacation(to: EmailMessage, address: str) -> EmailMessage:
    """One that says nothing of being a machine."""
    return _reply(to, address, f"Re: {to['Subject']}", "Thank you for your mail, which I will read one day.")


def forgetful(to: EmailMessage, address: str) -> EmailMessage:
    """One that begins a new conversation with every answer."""
    return _reply(to, address, f"We have received your mail (number {next(_numbers)})", "Somebody will see to it.", threaded=False)


def helpdesk(to: EmailMessage, address: str) -> EmailMessage:
    """Another helpdesk, which opens a case for every mail and confirms it."""
    return _reply(to, address, f"[Case {next(_numbers)}] {to['Subject']}", "Your case was opened.", threaded=False)


def daemon(to: EmailMessage, address: str) -> EmailMessage:
    """A mail server that can deliver nothing, and tells it in its own words."""
    words = f"This message was created automatically by mail delivery software.\n\nA message could not be delivered:\n\n  {address}\n    no such user\n"
    message = _reply(
        to, f"MAILER-DAEMON@{address.rpartition('@')[2]}", "Mail delivery failed: returning message to sender", words, threaded=False
    )
    message["X-Failed-Recipients"] = address
    return message


def mirror(to: EmailMessage, address: str) -> EmailMessage:
    """A forwarding that ends where it began: the desk's own mail comes back as it left."""
    return to


MACHINES = (
    Machine("a vacation responder", "away@polite.example", vacation),
    Machine("a responder that hides what it is", "away@rude.example", rude_vacation),
    Machine("a machine that begins anew each time", "auto@forgetful.example", forgetful),
    Machine("another helpdesk", "help@desk.example", helpdesk),
    Machine("a mailer-daemon", "gone@bounce.example", daemon),
    Machine("a forwarding to the desk itself", "list@mirror.example", mirror),
)


_ITS_TWIN = "a second desk of this kind"


async def told(names: Sequence[str] = ()) -> int:
    """Let them meet, all or those whose name holds one of these; returns the exit status: 0 when nobody was flooded and everybody was heard."""
    wanted = [machine for machine in MACHINES if _is_wanted(machine.name, names)]
    try:
        async with stage() as play:
            await log_in(play)
            for machine in wanted:
                await _meets(play, machine)
            if _is_wanted(_ITS_TWIN, names):
                await _meets_its_twin(play)
    except Differs as error:
        print(f"          It differs: {error}")
        return 1
    print("The desk fell silent each time, and every person was heard.")
    return 0


def _is_wanted(name: str, names: Sequence[str]) -> bool:
    return not names or any(part in name for part in names)


async def _meets(play: Stage, machine: Machine) -> None:
    await play.send(_first(machine.address, "Our order"))
    sent, automatic = 0, 0
    person = f"eva{next(_numbers)}@person.example"
    async for _, mail in _answers((play, machine.address)):
        automatic += mail["Auto-Submitted"] not in (None, "no")
        sent += 1
        if sent == 1:
            await play.send(_first(person, "A question of a person"))
        check(automatic <= _MOST, f"the desk sends {machine.name} at most {_MOST} automatic mails")
        await _back(play, machine, mail)
    receipt = await play.mail_to(person, "A question of a person")
    check(receipt["X-Ticket-ID"] is not None, "a person who writes in between gets his ticket")
    play.say(f"{machine.name}: {automatic} automatic mail(s), then silence; a person in between was heard.")


async def _meets_its_twin(play: Stage) -> None:
    """A second desk with another address: each gets what the other sends it. A colleague over there speaks in between."""
    async with stage(TWIN) as twin:
        await log_in(twin)
        await play.send(_first(TWIN, "An order between desks"))
        automatic = await _exchanged(play, twin)
        check(0 < automatic <= _MOST, f"two desks send each other at most {_MOST} automatic mails")
        (ticket,) = (await twin.api("GET", "/tickets"))["items"]
        await twin.api("POST", f"/tickets/{ticket['id']}/comments", body="A colleague of the other desk says so.")
        automatic += await _exchanged(play, twin)
        check(automatic <= _MOST, f"two desks send each other at most {_MOST} automatic mails, though people speak in between")
        (asked,) = [one for one in (await play.api("GET", "/tickets"))["items"] if one["subject"] == "An order between desks"]
        said = (await play.api("GET", f"/tickets/{asked['id']}/comments"))["items"]
        check(any("other desk says so" in one["body"] for one in said), "what a colleague of the other desk says stands on the ticket")
    play.say(f"{_ITS_TWIN}: {automatic} automatic mail(s), then silence; a colleague over there was heard.")


async def _exchanged(play: Stage, twin: Stage) -> int:
    """Carry mail between two desks until neither has any more; returns how many were automatic."""
    automatic = 0
    async for sender, mail in _answers((play, TWIN), (twin, DESK)):
        automatic += mail["Auto-Submitted"] not in (None, "no")
        receiver, address = (twin, TWIN) if sender is play else (play, DESK)
        await asyncio.to_thread(receiver.hand_over, mail, DESK if sender is play else TWIN, address)
    return automatic


async def _back(play: Stage, machine: Machine, mail: EmailMessage) -> None:
    """The machine's answer to a mail, by an envelope as such machines write it: without a sender, or with its own."""
    answer = machine.answer(mail, machine.address)
    await asyncio.to_thread(play.hand_over, answer, "" if machine.answer in (daemon, vacation) else machine.address, _target(mail, answer))


def _target(mail: EmailMessage, answer: EmailMessage) -> str:
    return DESK if answer is mail else str(answer["To"].addresses[0].addr_spec) if hasattr(answer["To"], "addresses") else DESK


async def _answers(*postboxes: tuple[Stage, str]) -> AsyncIterator[tuple[Stage, EmailMessage]]:
    """What desks send to these addresses, with the desk, until there is no more."""
    loop = asyncio.get_running_loop()
    quiet_since = began = loop.time()
    while loop.time() - quiet_since < _QUIET or (quiet_since == began and loop.time() - began < _PATIENCE):
        found = next(((play, entry) for play, address in postboxes for entry in play.arrived if entry[0] == address), None)
        if found is None:
            await asyncio.sleep(0.02)
            continue
        play, entry = found
        play.arrived.remove(entry)
        quiet_since = loop.time()
        yield play, entry[1]


def _first(address: str, subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = address, DESK, subject
    message["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    message.set_content("Where is it?")
    return message
