"""What somebody hands on to be read is shown, whatever gateways and clients make of its subject and of the line above it."""

from __future__ import annotations

import pytest

from core.mail.trim import Trimmed, trim
from core.mail.trim.headers import is_forward_marker, is_forward_subject

_HEADERS = "From: Ada <ada@example.net>\nSent: Monday, June 2, 2025 8:00 AM\nTo: Bob\nSubject: Lamp"


@pytest.mark.parametrize(
    "subject",
    [
        "[EXTERNAL] FW: Lamp",
        "[Ext] [Spam] Fwd: Lamp",
        "***SPAM*** FW: Lamp",
        "{Spam?} Fwd: Lamp",
        "EXTERNAL: FW: Lamp",
        "Extern: WG: Lampe",
        "[#1042] FW: Lamp",
        "Fwd[2]: Lamp",
        "Fwd(2): Lamp",
        "Weiterleitung: Lampe",
        "Redir.: Lampă",
        "Redirecționat: Lampă",
        "TOV: Lámpa",
        "Posredovano: Lučka",
        "Пересл.: Лампа",
        "FS: Lampi",
        "Videresend: Lampe",
        "Edasi: Lamp",
    ],
)
def test_a_forward_is_known_behind_the_tags_of_gateways(subject: str) -> None:
    text = f"FYI\n\n{_HEADERS}\n\nMy lamp is broken."
    assert trim(text, None, subject) == Trimmed(text)
    assert trim(text, None, f"Re: {subject}").reply == "FYI"


@pytest.mark.parametrize("subject", ["", "[EXTERNAL] Lamp", "[FW: odd] Lamp", "Lamp, FW: odd", "EXTERNAL: Re: Lamp", "VS: Lamp", "[" * 200])
def test_another_subject_is_no_forwards(subject: str) -> None:
    assert not is_forward_subject(subject)


def test_where_a_prefix_means_two_things_the_labels_below_decide() -> None:
    danish = "FYI\n\nFra: Ada <ada@example.net>\nSendt: 2. juni 2025 08:00\nTil: Bob\nEmne: Lampe\n\nMin lampe er i stykker."
    finnish = "Kiitos\n\nLähettäjä: Ada <ada@example.net>\nLähetetty: 2. kesäkuuta 2025 8:00\nVastaanottaja: Bob\nAihe: Lamppu\n\nLamppuni on rikki."
    assert trim(danish, None, "VS: Lampe") == Trimmed(danish)
    assert trim(finnish, None, "VS: Lamppu").reply == "Kiitos"


@pytest.mark.parametrize(
    "line", ["----- Forwarded message from Ada <ada@example.net> -----", "--- Forwarded by Ada/Moss on 2025-06-02 ---"]
)
def test_a_title_with_a_name_in_it_announces_a_forward(line: str) -> None:
    assert is_forward_marker(line)
    text = f"FYI\n\n{line}\n\n{_HEADERS}\n\nMy lamp is broken."
    assert trim(text, None) == Trimmed(text)


@pytest.mark.parametrize("subject", ["Fwd: Lamp", "Lamp"])
@pytest.mark.parametrize("above", ["Továbbított levél kezdete:", "Inicia el missatge reenviat:", "In no language we know:"])
def test_a_mail_quoted_with_its_header_below_a_title_was_handed_on(above: str, subject: str) -> None:
    text = f"Can you help her?\n\n{above}\n\n> From: Ada <ada@example.net>\n> Subject: Lamp\n>\n> My lamp is broken."
    assert trim(text, None, subject) == Trimmed(text)


def test_a_mail_quoted_with_its_header_below_an_answer_was_not() -> None:
    text = "Blue.\n\n> From: Desk <desk@example.org>\n> Date: 2 June 2025 08:00\n> Subject: Lamp\n>\n> Which colour?"
    assert trim(text, None, "Re: Lamp").reply == "Blue."
