"""The writer's own name, known from his mail's From, ends his words; anybody else's is a word like others."""

from __future__ import annotations

import pytest

from core.mail.trim import Trimmed, trim
from core.mail.trim.writer import name_of

_QUOTE = "On Mon, Jun 2, 2025 at 8:00 AM Help Desk <desk@example.org> wrote:\n\n> Which colour?"


@pytest.mark.parametrize(
    "closing",
    [
        "Best, Ada",
        "Regards, Ada Moss",
        "KR Ada",
        "BR//Ada",
        "LG Ada",
        "Gruß, Moss",
        "Viele Grüße Ada M.",
        "Cordialement, Ada MOSS",
        "Un saludo. Ada Moss",
        "Mvh. Ada",
        "t. Ada",
        "Üdv: Ada",
        "S pozdravem Ada Moss",
        "*Cheers, Ada*",
    ],
)
def test_the_writers_name_behind_any_sign_off_is_his_signature(closing: str) -> None:
    assert trim(f"It is blue.\n\n{closing}", None, "", "Ada Moss") == Trimmed("It is blue.", signature=closing)
    assert trim(f"It is blue.\n{closing}\n\n{_QUOTE}", None, "", "Moss, Ada").reply == "It is blue."


@pytest.mark.parametrize(
    "signature",
    [
        "Ada Moss\nHead of Things\n+44 20 7946 0000",
        "*Ada Moss*\nMoss Ltd\nwww.example.net",
        "Dr. Ada Moss | Moss Ltd | ada@example.net",
        "i.A. Ada Moss\nTel. 0123/456789",
        "MOSS Ada, Einkauf\nTel. 0123/456789\n\nMoss GmbH\nHauptstr. 5\n12345 Berlin",
    ],
)
def test_the_writers_name_with_how_to_reach_him_is_his_signature(signature: str) -> None:
    assert trim(f"The blue one\n\n{signature}\n\n{_QUOTE}", None, "", "Ada Moss").reply == "The blue one"


@pytest.mark.parametrize(
    ("writer", "signature"),
    [
        ("Jürgen Müller", "Gruß Juergen Mueller"),
        ("Müller, Jürgen (IT)", "VG Jürgen"),
        ("Петров Иван Сергеевич", "Петров Иван\nтел. +7 912 345-67-89"),
        ("王小明", "王小明\n13812345678"),
        ("山田 太郎", "山田 太郎\nTEL 03-1234-5678"),
    ],
)
def test_the_writers_name_is_known_however_it_is_written(writer: str, signature: str) -> None:
    assert trim(f"42.\n\n{signature}", None, "", writer) == Trimmed("42.", signature=signature)


def test_the_writers_name_in_html_is_his_signature() -> None:
    html = (
        "<p>The blue one</p><p>LG Ada</p><div>On Tue, Feb 4, 2025 at 9:12 AM Desk &lt;desk@example.org&gt; wrote:</div>"
        '<blockquote type="cite">Which colour?</blockquote>'
    )
    assert trim("The blue one\n\nLG Ada\n\nOn Tue, Feb 4 Desk wrote:\n\nWhich colour?", html, "", "Ada Moss").reply == "The blue one"


@pytest.mark.parametrize(
    "text",
    [
        "Which one?\n\nBest, Tom",
        "It is a\n\nLG Monitor",
        "The blue one.\n\nAda",
        "The blue one.\n\nAda Moss",
        "My details:\n\nAda Moss\n+44 20 7946 0000",
        "Hello,\n\nAda Moss\nada@example.net",
        "Please call\nAda Moss\n+44 20 7946 0000",
        "Please call back.\n\nBob Sand\n+44 20 7946 0000",
        "Ada Moss\n+44 20 7946 0000",
        "It was me.\n\nAda Moss is on +44 20 7946 0000",
        "The lamp.\n\nAda Moss\n+44 20 7946 0000\n\nCan you call me there after five?",
        "Thanks, Ada",
        "The one on site is\n\nAda Moss\n+44 20 7946 0000",
        "Please send it to\n\nAda Moss\n12 High Street\n+44 20 7946 0000",
    ],
)
def test_another_name_or_one_that_answers_is_kept(text: str) -> None:
    assert trim(text, None, "", "Ada Moss").reply == text
    assert trim(f"{text}\n\n{_QUOTE}", None, "", "Ada Moss").reply == text


@pytest.mark.parametrize(
    "writer", ["Ada Moss", "Moss, Ada", "Dr. Ada Moss", "ADA MOSS (Moss Ltd)", "Ada Moss | Moss Ltd", "Ada Moss via Lamps", "Ada Möss"]
)
def test_a_name_is_read_without_what_stands_beside_it(writer: str) -> None:
    assert name_of(writer) == {"ada", "moss"}


@pytest.mark.parametrize("writer", ["", "   ", "ada@example.net", "@", "1042"])
def test_who_has_no_name_signs_with_none(writer: str) -> None:
    assert trim("Best, Ada", None, "", writer).reply == "Best, Ada"


@pytest.mark.parametrize(
    "text",
    [
        "These two know.\n\nAda Moss, ada@example.net, +44 20 7946 0000\nBob Sand, bob@example.net, +44 20 7946 0001",
        "These two know.\n\nAda Moss - +44 20 7946 0000\nBob Sand - +44 20 7946 0001",
        "Ask one of us.\n\nBob Sand\n+44 20 7946 0001\n\nAda Moss\n+44 20 7946 0000",
        "My new address is as follows.\n\nAda Moss\n12 High Street\n+44 20 7946 0000",
        "Hier ist meine neue Anschrift.\n\nAda Moss\nHochstr. 12\n0123/456789",
    ],
)
def test_lists_and_addresses_that_the_writer_stands_in_himself_are_kept(text: str) -> None:
    assert trim(text, None, "", "Ada Moss").reply == text
    assert trim(f"{text}\n\n{_QUOTE}", None, "", "Ada Moss").reply == text


@pytest.mark.parametrize("signature", ["Kind regards\nAda Moss", "-- \nAda Moss\nMoss Ltd", "LG Ada", "Many thanks\nAda Moss"])
def test_who_signs_below_his_address_was_asked_for_it(signature: str) -> None:
    text = "Send it there.\n\nAda Moss\n12 High Street\n+44 20 7946 0000"
    assert trim(f"{text}\n\n{signature}", None, "", "Ada Moss").reply.startswith(text)
