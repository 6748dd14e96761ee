"""The story of Slack, with a Slack of our own on loopback: a card, a note, an answer, and somebody who asks in Slack itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from email.message import EmailMessage
from typing import TypeVar

from bot.cli.up import ADMIN
from bot.demo.slack_people import FakeSlack, Upload
from bot.demo.slack_server import running_slack
from bot.demo.slack_values import Channel, Message, User
from bot.demo.stage import Differs, Stage, check, log_in, stage
from bot.slack.app import PATH

_DESK = "support@helpdesk.localhost"
_PATIENCE = 8.0  # seconds a step may take
T = TypeVar("T")


async def told() -> int:
    """Tell it; returns the exit status: 0 when every step went as told."""
    began = time.monotonic()
    try:
        async with running_slack() as slack:
            ada = slack.ws.add_user("ada", "Ada Admin", ADMIN)
            omar = slack.ws.add_user("omar", "Omar Diaz", "omar@studio.example")
            triage = slack.ws.add_channel("triage", ada, private=True)
            triage.members.add(slack.ws.bot.id)
            async with stage(**_settings(slack, triage)) as play:
                slack.connect(f"http://127.0.0.1:{play.ports['bot']}{PATH}")
                await _tell(play, slack, triage, ada, omar)
    except Differs as error:
        print(f"          The story differs: {error}")
        return 1
    print(f"{time.monotonic() - began:6.2f} s  The desk is gone again. All went as told.")
    return 0


async def _tell(play: Stage, slack: FakeSlack, triage: Channel, ada: User, omar: User) -> None:
    play.say("A desk stands, connected to a Slack.")
    await log_in(play)
    await _by_mail(play, slack, triage, ada)
    await _by_direct_message(play, slack, ada, omar)


async def _by_mail(play: Stage, slack: FakeSlack, triage: Channel, ada: User) -> None:
    await play.send(_from_eva())
    number = int((await play.mail_to("eva@customer.example", "has arrived safely"))["X-Ticket-ID"])
    card = await _seen(lambda: _card(slack, triage, number), "a card in the triage channel")
    play.say(f"Eva's mail is ticket #{number}; its card stands in the triage channel.")
    await slack.click(ada, card, "take")
    await play.ticket_when(number, status="open")
    await _seen(lambda: "Assignee: Admin" in card_text(slack, triage, number) or None, "the card names its assignee")
    play.say("Ada presses Take: the ticket is hers, and the same card says so.")
    await slack.says(ada, triage, "I think it is the toner.", thread=card)
    said = (await play.ticket_when(number, comment_count=2))["comments"][-1]
    check(said["public"] is False and said["via"] == "slack", "what staff says in the thread is an internal note")
    answer = await slack.slash(ada, f"/ticket reply {number} Please shake the toner.", triage)
    check(answer.status == 200, "the command was answered")
    mail = await play.mail_to("eva@customer.example", "shake the toner")
    check("I think it is the toner" not in mail.as_string(), "no note ever reaches the requester")
    play.say("Her words in the thread stay internal; `/ticket reply` reaches Eva by mail.")
    await slack.click(ada, _card(slack, triage, number) or card, "resolve")
    await play.ticket_when(number, status="resolved")
    await play.mail_to("eva@customer.example", "is solved")
    play.say("She presses Resolve: Eva gets the mail that says so.")


async def _by_direct_message(play: Stage, slack: FakeSlack, ada: User, omar: User) -> None:
    asked = await slack.says(
        omar, slack.ws.direct(omar), "My screen is black", files=[Upload("screen.png", b"\x89PNG\r\n\x1a\n", "image/png")]
    )
    question = asked.message
    if question is None:
        raise Differs("Slack did not take the message")

    def answered(words: str) -> Message | None:
        return next((message for message in slack.ws.thread(question.channel, question.ts)[1:] if words in message.text), None)

    confirmed = await _seen(lambda: answered("Ticket"), "a confirmation in the thread")
    listed = await play.api("GET", "/tickets?status=new")
    number = listed["items"][0]["id"]
    check(f"#{number}" in confirmed.text, "the confirmation names the ticket")
    files = (await play.api("GET", f"/tickets/{number}"))["comments"][0]["attachments"]
    check([file["filename"] for file in files] == ["screen.png"], "the file came along")
    play.say(f"Omar writes to the app: ticket #{number}, with his file, confirmed where he asked.")
    await slack.slash(ada, f"/ticket reply {number} Please press any key.")
    await _seen(lambda: answered("press any key"), "the answer in his thread")
    play.say("Ada's answer appears in his thread.")


def _card(slack: FakeSlack, triage: Channel, number: int) -> Message | None:
    messages = slack.ws.messages[triage.id].values()
    return next((message for message in messages if not message.thread_ts and f"#{number}" in message.text), None)


def card_text(slack: FakeSlack, triage: Channel, number: int) -> str:
    """What the card of a ticket says, or nothing."""
    card = _card(slack, triage, number)
    return card.text if card is not None else ""


async def _seen(look: Callable[[], T | None], wanted: str) -> T:
    try:
        async with asyncio.timeout(_PATIENCE):
            while (found := look()) is None:
                await asyncio.sleep(0.02)
            return found
    except TimeoutError:
        raise Differs(f"{wanted} did not come within {_PATIENCE:.0f} s") from None


def _settings(slack: FakeSlack, triage: Channel) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": slack.ws.bot_token, "SLACK_SIGNING_SECRET": slack.ws.signing_secret, "SLACK_API_URL": slack.api_url,
        "SLACK_TRIAGE_CHANNEL": triage.id, "SLACK_TRUSTED_DOMAINS": ADMIN.partition("@")[2],
    }  # fmt: skip


def _from_eva() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Eva Meyer <eva@customer.example>", _DESK, "Pale prints"
    message["Message-ID"] = "<pale@customer.example>"
    message.set_content("Everything comes out pale.\n")
    return message
