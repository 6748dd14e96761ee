"""The language of a mail: that of its words where they are clear, else what its headers say."""

from __future__ import annotations

import pytest

from core.mail.language import spoken_in
from core.models.tickets import Ticket
from tests.support.mail import MailDesk, letter


@pytest.mark.parametrize(("language", "text"), [
    ("de", "Guten Tag, seit gestern kann ich mich nicht mehr anmelden. Bitte helfen Sie mir, es ist dringend."),
    ("en", "Hello, since yesterday I can not log in any more. Please help me, it is urgent for the whole team."),
    ("fr", "Bonjour, depuis hier je ne peux pas me connecter. Pouvez-vous m'aider pour que la facture soit dans les délais ?"),
    ("nl", "Goedendag, sinds gisteren kan ik niet meer inloggen. Het is dringend, kunt u mij helpen met mijn account?"),
    ("sv", "Hej, sedan igår kan jag inte logga in. Det är bråttom och jag har inte fått svar på min fråga."),
    ("it", "Buongiorno, da ieri non riesco ad accedere. È urgente, come posso fare per la fattura che ho ricevuto?"),
    ("ru", "Здравствуйте, со вчерашнего дня я не могу войти. Это срочно, что мне делать и как это исправить?"),
    (None, "VPN error 809"),
    (None, ""),
    (None, "192.168.1.1 GET /index.html 500 Internal Server Error"),
])  # fmt: skip
def test_a_text_is_known_by_its_small_words(language: str | None, text: str) -> None:
    assert spoken_in(text) == language


GERMAN = "Seit gestern kann ich mich nicht mehr anmelden. Bitte helfen Sie mir, es ist dringend."


@pytest.mark.parametrize(("headers", "body", "language"), [
    ({}, GERMAN, "de"),
    ({"Content_Language": "en-US"}, GERMAN, "de"),
    ({"Content_Language": "de-AT"}, GERMAN, "de-AT"),
    ({"Accept_Language": "fr-CH, en"}, "VPN 809", "fr-CH"),
    ({}, "VPN 809", "en"),
])  # fmt: skip
async def test_the_receipt_speaks_as_its_reader_wrote(post: MailDesk, headers: dict[str, str], body: str, language: str) -> None:
    await post.receive(letter(body, **headers))
    assert (await Ticket.get()).language == language
