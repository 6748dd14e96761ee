"""Whose words a forwarded mail holds, however the client that forwarded it puts them."""

from __future__ import annotations

import pytest

from core.mail.forwarded import Forwarded, forwarded_in
from core.mail.parse import parse
from core.mail.parsed import ParsedMail
from core.mail.trim import Trimmed, trim
from core.mail.trim.headers import without_forward_prefix


def forwarded(subject: str, text: str) -> Forwarded | None:
    mail = parse(f"From: eva@desk.example\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n".encode())
    return forwarded_in(mail, trim(mail.text, None, mail.subject))


@pytest.mark.parametrize(
    "title",
    [
        '----- Forwarded Message ----- From: Joe Doe <joe@shop.example>To: "eva@desk.example" <eva@desk.example>Sent: Monday, 10:10Subject: Lamp',
        "   ----- Message transmis ----- De : Joe Doe <joe@shop.example>À : Eva <eva@desk.example>Envoyé : lundi 2 mars 2026 à 10:10Objet : Lampe",
        "----- Přeposlaná zpráva ----- Od: Joe Doe <joe@shop.example>Komu: Eva <eva@desk.example>Datum: 2. března 2026 10:10Předmět: Lampa",
    ],
)
def test_a_header_in_the_line_of_its_title_names_the_writer(title: str) -> None:
    found = forwarded("Fwd: Lamp", f"Please help him.\n {title}\n\nMy lamp is broken.")
    assert found is not None and (found.sender.email, found.sender.name) == ("joe@shop.example", "Joe Doe")
    assert (found.text, found.comment) == ("My lamp is broken.", "Please help him.")


@pytest.mark.parametrize(
    "line",
    [
        'On 28/10/2026 12:46, "Joe Doe" <joe@shop.example> wrote:',
        'Am 28/10/2026, 12:46 schrieb "Joe Doe" <joe@shop.example>:',
        'D. 28/10/2026 12.46 skrev "Joe Doe" <joe@shop.example>:',
        'Den 28/10/2026 12:46 skrev "Joe Doe" <joe@shop.example> följande:',
        '"Joe Doe" <joe@shop.example> kirjoitti 28/10/2026 12.46:',
        "Le 28/10/2026 12:46, « Joe Doe » <joe@shop.example> a écrit :",
        "Dnia 28/10/2026, 12:46 użytkownik „Joe Doe” <joe@shop.example> napisał:",
        '28/10/2026, 12:46 пользователь "Joe Doe" <joe@shop.example> написал:',
    ],
)
def test_whom_a_forward_quotes_is_its_writer(line: str) -> None:
    found = forwarded("FW: Lamp", f"Please help him.\n\n{line}\n\n    My lamp is broken.\n    It smokes.")
    assert found is not None and (found.sender.email, found.sender.name) == ("joe@shop.example", "Joe Doe")
    assert (found.text, found.comment) == ("My lamp is broken.\nIt smokes.", "Please help him.")
    assert forwarded("FW: Lamp", f"True.\n\n{line}\n> My lamp is broken.") is None
    assert forwarded("Re: Lamp", f"Thanks.\n\n{line}\n\n    My lamp is broken.") is None


@pytest.mark.parametrize("title", ["------- Original Message -------\n", "-------- Ursprüngliche Nachricht --------\n\n"])
def test_a_title_above_a_quote_is_nobodys_comment(title: str) -> None:
    found = forwarded("Fwd: Lamp", f"{title}On Monday, March 2nd, 2026 at 10:10 AM, Joe Doe <joe@shop.example> wrote:\n\n> It smokes.")
    assert found is not None and (found.sender.email, found.text, found.comment) == ("joe@shop.example", "It smokes.", "")


def test_the_first_that_opens_a_forward_counts() -> None:
    header = "From: Joe Doe <joe@shop.example>\nSent: Monday, March 2, 2026 10:10 AM\nTo: Eva\nSubject: Lamp"
    found = forwarded("FW: Lamp", f"{header}\n\nSee below.\n\nOn 1 March 2026 at 9:00, Ann <ann@shop.example> wrote:\n> It smokes.")
    assert found is not None and found.sender.email == "joe@shop.example"


@pytest.mark.parametrize("between", ["\n", "\n ", " of the Lamp Shop and\nmany others "])
def test_a_writer_whose_name_fills_the_line_is_found_on_the_next(between: str) -> None:
    header = f"From: Joe Doe{between}<joe@shop.example>\nDate: Mon, Mar 2, 2026 at 10:10 AM\nSubject: Lamp\nTo: <eva@desk.example>"
    found = forwarded("Fwd: Lamp", f"---------- Forwarded message ---------\n{header}\n\n\nIt smokes.")
    assert found is not None and (found.sender.email, found.text) == ("joe@shop.example", "It smokes.")


KAI = ("Kai Kunde", "kai@kunde.test")
BURNS = "It burns!\n\nIt really does."
INDENTED = "    It burns!\n\n    It really does."
MARKED = "> It burns!\n>\n> It really does."


@pytest.mark.parametrize(
    ("subject", "head", "below"),
    [
        ("FW: Printer", 'On 02/11/2026 10:15, "Kai Kunde" <kai@kunde.test> wrote:', INDENTED),
        ("WG: Drucker", "Am 02.11.2026, 10:15 schrieb „Kai Kunde“ <kai@kunde.test>:", INDENTED),
        ("TR: Imprimante", "Le 02/11/2026 10:15, « Kai Kunde » <kai@kunde.test> a écrit :", INDENTED),
        ("FW: Printer", "Kai Kunde <kai@kunde.test> kirjoitti 2.11.2026 10.15:", INDENTED),
        ("FW: Printer", "02/11/2026, 10:15 пользователь Kai Kunde (kai@kunde.test) написал:", INDENTED),
        ("FW: Printer", "On Mon, Nov 2, 2026 at 10:15 AM Kai Kunde <kai@kunde.test>\nwrote:", INDENTED),
        ("Fwd: Printer", "---------- Forwarded message ---------\nFrom: Kai Kunde\n <kai@kunde.test>\nDate: Mon, Nov 2, 2026\n", BURNS),
        (
            "Fwd: Printer",
            '  ----- Forwarded Message ----- From: Kai Kunde <kai@kunde.test>To: "Anna" <anna@example.org>Sent: Monday',
            BURNS,
        ),
        ("Tr: Imprimante", " ----- Message transmis ----- De : Kai Kunde <kai@kunde.test>À : Anna <anna@example.org>Envoyé : lundi", BURNS),
        ("", "Începe mesajul redirecționat:\n\nExpeditorul: Kai Kunde <kai@kunde.test>\nDestinatarul: Anna <anna@example.org>\n", BURNS),
    ],
)
def test_whoever_wrote_what_is_forwarded_is_found_above_it(subject: str, head: str, below: str) -> None:
    text = f"Please help him.\n\n{head}\n\n{below}"
    found = forwarded_in(ParsedMail(subject=subject, text=text), trim(text, None, subject))
    assert found is not None
    assert (found.sender.name, found.sender.email) == KAI
    assert (found.comment, found.text) == ("Please help him.", BURNS)


@pytest.mark.parametrize(
    "below",
    [
        "============ Forwarded message ============\nFrom: Kai <kai@kunde.test>\nSubject: Printer\n============ Forwarded message ============\nIt burns!",
        '-------- Пересылаемое сообщение --------\n02.11.2026, 10:15, "Kai" <kai@kunde.test>:\nIt burns!\n-------- Конец пересылаемого сообщения --------\n',
    ],
)
def test_the_titles_around_a_forwarded_mail_are_none_of_its_words(below: str) -> None:
    found = forwarded_in(ParsedMail(subject="Fwd: Printer", text=f"FYI\n{below}"), Trimmed("FYI"))
    assert found is not None
    assert (found.sender.email, found.text, found.comment) == ("kai@kunde.test", "It burns!", "FYI")


def test_of_several_heads_the_uppermost_names_the_sender() -> None:
    older = "-----Original Message-----\nFrom: Olga <olga@old.test>\nSent: Sunday, November 1, 2026 9:00 AM\nTo: Kai\nSubject: Printer\n\nIs it on?"
    text = f"On 02/11/2026 10:15, Kai Kunde <kai@kunde.test> wrote:\n\nIt burns!\n\n{older}"
    found = forwarded_in(ParsedMail(subject="FW: Printer", text=text), trim(text, None, "FW: Printer"))
    assert found is not None and found.sender.email == "kai@kunde.test"


@pytest.mark.parametrize(
    "head",
    [
        "On Monday, November 2, 2026, 10:15:00 PM GMT+1, Kai Kunde <kai@kunde.test>\nwrote:",
        "Am 02.11.2026, 10:15 schrieb Kai Kunde <kai@kunde.test>:",
    ],
)
@pytest.mark.parametrize("below", [BURNS, MARKED])
def test_a_mail_that_is_forwarded_without_a_word_may_begin_with_an_attribution(head: str, below: str) -> None:
    found = forwarded_in(ParsedMail(subject="Fwd: Printer", text=f"{head}\n\n{below}"), Trimmed(""))
    assert found is not None
    assert ((found.sender.name, found.sender.email), found.text, found.comment) == (KAI, BURNS, "")


@pytest.mark.parametrize("subject", ["Re: Printer", "Re: FW: Printer", "Printer", "Fwd: Printer"])
def test_an_answer_forwards_nothing(subject: str) -> None:
    text = "Thank you!\n\nOn 02/11/2026 10:15, Kai Kunde <kai@kunde.test> wrote:\n\n> It burns!"
    assert forwarded_in(ParsedMail(subject=subject, text=text), trim(text, None, subject)) is None


@pytest.mark.parametrize(
    ("subject", "meant"),
    [
        ("FW: Lamp: broken", "Lamp: broken"),
        ("[EXT] WG: Lampe", "Lampe"),
        ("EXTERN: Fwd: Lamp", "Lamp"),
        ("Re: Lamp", "Re: Lamp"),
        ("Fwd:", "Fwd:"),
    ],
)
def test_the_subject_of_a_forwarded_mail_is_its_first_senders(subject: str, meant: str) -> None:
    assert without_forward_prefix(subject) == meant
