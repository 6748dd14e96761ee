"""The main story: three mails come in, become tickets, are answered, reopened, resolved and closed."""

from __future__ import annotations

import time
from email.message import EmailMessage
from email.utils import make_msgid

from bot.demo.stage import Differs, Stage, check, log_in, plain, stage

_DESK = "support@helpdesk.localhost"
_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


async def told() -> int:
    """Tell it; returns the exit status: 0 when every step went as told."""
    began = time.monotonic()
    try:
        async with stage() as play:
            await _tell(play)
    except Differs as error:
        print(f"          The story differs: {error}")
        return 1
    print(f"{time.monotonic() - began:6.2f} s  The desk is gone again. All went as told.")
    return 0


async def _tell(play: Stage) -> None:
    play.say("A desk stands: database, migrations, API, bot.")
    for mail in (_from_eva(), _from_omar(), _from_jonas()):
        await play.send(mail)
    play.say("Three mails are accepted by SMTP: plain; HTML with a picture and a file; German with quoted text.")
    eva, omar, jonas = await _receipts(play)
    await log_in(play)
    await _tickets_are_right(play, eva, omar, jonas)
    await _conversation(play, eva)


async def _receipts(play: Stage) -> tuple[int, int, int]:
    """Everybody gets a receipt, in his language and in his thread."""
    numbers = []
    for address, words in (
        ("eva@customer.example", "has arrived safely"),
        ("omar@studio.example", "has arrived safely"),
        ("jonas@werk.example", "Ticket"),
    ):
        receipt = await play.mail_to(address, words)
        check(receipt["Auto-Submitted"] == "auto-replied", "a receipt says that a program wrote it")
        check(str(receipt["In-Reply-To"]).endswith(f"@{address.partition('@')[2]}>"), "a receipt answers the mail it confirms")
        numbers.append(int(receipt["X-Ticket-ID"]))
        if address.startswith("jonas"):
            check(receipt["Content-Language"] == "de", "who writes German is answered in German")
    play.say(f"The receipts arrive: tickets #{numbers[0]}, #{numbers[1]} and #{numbers[2]}.")
    return numbers[0], numbers[1], numbers[2]


async def _tickets_are_right(play: Stage, eva: int, omar: int, jonas: int) -> None:
    waiting = await play.api("GET", "/tickets?status=new")
    check({ticket["id"] for ticket in waiting["items"]} == {eva, omar, jonas}, "three new tickets wait")
    files = (await play.api("GET", f"/tickets/{omar}"))["comments"][0]["attachments"]
    check({file["filename"] for file in files} == {"crack.png", "offer.pdf"}, "the picture and the file are kept")
    said = (await play.api("GET", f"/tickets/{jonas}"))["comments"][0]["body"]
    check("Rechnung stimmt" in said and "Am Montag" not in said and "Bitte prüfen" not in said, "only what Jonas wrote himself is shown")
    play.say("Staff logs in by the API and sees them: the files are there, the quoted text is off.")


async def _conversation(play: Stage, number: int) -> None:
    await play.api("POST", f"/tickets/{number}/take")
    await play.api("POST", f"/tickets/{number}/comments", body="Please hold the button for ten seconds.", public=True)
    answer = await play.mail_to("eva@customer.example", "ten seconds")
    check(answer["Auto-Submitted"] is None and f"[#{number}]" in answer["Subject"], "an answer is a person's, and bears the number")
    play.say(f"Staff takes #{number} and answers; Eva's mail client has it in the same thread.")
    await play.api("PATCH", f"/tickets/{number}", status="resolved")
    await play.mail_to("eva@customer.example", "is solved")
    play.say("It is resolved, and Eva is told how to reopen it.")
    await play.send(_reply(answer, "It blinks red now. What next?"))
    await play.ticket_when(number, status="open")
    await play.mail_to("admin@helpdesk.localhost", "blinks red")
    play.say("Eva replies: the ticket reopens, its assignee is told.")
    said = (await play.api("GET", f"/tickets/{number}"))["comments"][-1]["body"]
    check(said.strip() == "It blinks red now. What next?", "her answer stands without what it quoted")
    await play.api("POST", f"/tickets/{number}/comments", body="Red means paper: please refill tray 2.", public=True)
    await play.mail_to("eva@customer.example", "refill tray 2")
    await play.api("PATCH", f"/tickets/{number}", status="resolved")
    await play.mail_to("eva@customer.example", "is solved")
    await play.api("PATCH", f"/tickets/{number}", status="closed")
    await play.ticket_when(number, status="closed")
    play.say("It is answered, resolved and closed.")


def _mail(sender: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, _DESK, subject
    message["Message-ID"] = make_msgid(domain=sender.rstrip(">").rpartition("@")[2])
    message.set_content(text)
    return message


def _from_eva() -> EmailMessage:
    return _mail(
        "Eva Meyer <eva@customer.example>", "The printer blinks", "Hello,\n\nthe printer on floor 2 blinks and prints nothing.\n\nEva\n"
    )


def _from_omar() -> EmailMessage:
    message = _mail("Omar Diaz <omar@studio.example>", "Crack in the case", "See the picture.\n")
    message.add_alternative('<p>See the <b>picture</b>: <img src="cid:crack@studio.example" alt="crack"></p>', subtype="html")
    message.get_payload()[1].add_related(_PICTURE, "image", "png", cid="<crack@studio.example>", filename="crack.png")  # type: ignore[union-attr,index]
    message.add_attachment(b"%PDF-1.4 offer", maintype="application", subtype="pdf", filename="offer.pdf")
    return message


def _from_jonas() -> EmailMessage:
    text = (
        "Guten Tag,\n\ndie Rechnung stimmt leider nicht.\n\nMit freundlichen Grüßen\nJonas\n\n"
        "Am Montag, 16. November 2026 um 09:12 schrieb Buchhaltung <buch@werk.example>:\n> Bitte prüfen Sie die Rechnung.\n> Danke.\n"
    )
    message = _mail("Jonas Weiß <jonas@werk.example>", "AW: Rechnung 4711", text)
    message["Content-Language"] = "de-DE"
    return message


def _reply(answer: EmailMessage, text: str) -> EmailMessage:
    """What a mail client sends: the answer on top, what it answers quoted below, threaded by the Message-ID."""
    quoted = "\n".join(f"> {line}" for line in plain(answer).splitlines())
    message = _mail(
        "Eva Meyer <eva@customer.example>",
        f"Re: {answer['Subject']}",
        f"{text}\n\nOn Mon, Nov 23, 2026 at 10:00 Support wrote:\n{quoted}\n",
    )
    message.replace_header("To", str(answer["Reply-To"]))
    message["In-Reply-To"], message["References"] = answer["Message-ID"], f"{answer['References']} {answer['Message-ID']}"
    return message
