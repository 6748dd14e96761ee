"""What single clients and helpdesks write around a quote, where the rules for all of them do not reach."""

from __future__ import annotations

import pytest

from core.mail.trim import Trimmed, trim

_QUOTED = "EB> Which colour?\nEB>\nEB> Eva Berg"


@pytest.mark.parametrize(
    "above", ["Tuesday, May 4, 2021, 10:12:33 AM, you wrote:", "On Tue, 4 May 2021, Eva Berg wrote:", "Eva Berg <eva@example.org> writes:"]
)
def test_quote_marks_with_initials_are_quote_marks(above: str) -> None:
    assert trim(f"Blue.\n\n{above}\n\n{_QUOTED}", None).reply == "Blue."
    assert trim(f"{above}\n\n{_QUOTED}\n\nBlue.", None).reply == "Blue."


@pytest.mark.parametrize(
    "text",
    [
        "It says:\n\nSQL> select\nSQL> quit",
        "The manual wrote:\n\nSQL> select\nSQL> quit",
        "X> y and\nY> z",
    ],
)
def test_a_prompt_or_a_single_line_with_initials_is_no_quote(text: str) -> None:
    assert text.split("\n")[-1] in trim(f"Please help.\n\n{text}", None).reply


@pytest.mark.parametrize(
    "above",
    [
        "Eva Berg ---04/05/2021 10:12:33---Hello Joe, which lamp",
        "## In replies all text above this line is added to the ticket ##",
        "-----Ursprüngliche E-Mail-----",
        "-----原始信息-----",
        "-----Oriģinālā ziņa-----",
        "来自钉钉专属商务邮箱----------\n发件人：Desk<desk@example.org>\n日　期：2021年05月04日 09:12:33\n收件人：ada<ada@example.net>\n主　题：Re: 1042",
        "==========\n\nMessage du : 04/05/2021 09:12\nDe : Desk <desk@example.org>\nA : ada@example.net\nSujet : Lamp",
        "------------------ Original ------------------",
    ],
)
def test_a_quote_begins_at_what_a_client_puts_above_it(above: str) -> None:
    assert trim(f"Blue.\n\n{above}\n\nWhich colour?\n", None).reply == "Blue."


def test_who_tells_what_somebody_wrote_goes_on_himself() -> None:
    text = 'Hi.\n\nOn 4 May 2021 at 10:12 your agent Tom (tom@example.org) wrote:\n"The lamp will come."\n\nIt did not.'
    assert trim(text, None) == Trimmed(text)


@pytest.mark.parametrize(
    "above",
    [
        ">>> On 5/4/2021 at 10:12 AM, Eva Berg <eva@example.org> wrote:",
        "Eva Berg/ACME\n05/04/2021 10:12 AM\n\nTo\nTom Sand/ACME@ACME\ncc\n\nSubject\nRe: Lamp",
        "Eva Berg <eva@example.org>\n04.05.2021 10:12\n\nAn\ntom@example.org\nKopie\n\nThema\nRe: Lampe",
        "|------------>\n| From:      |\n|------------>\n  >--------|\n  |Eva Berg <eva@example.org>  |\n  >--------|\n|------------>\n| To:        |",
        "From / Von: Eva Berg <eva@example.org>\nSent / Gesendet: 04.05.2021 10:12\nTo / An: Tom Sand\nSubject / Betreff: Lamp",
        "______________________________\n> Od: Eva Berg <eva@example.org>\n> Komu: tom@example.org\n> Datum: 04.05.2021 10:12\n> Předmět: Lampa\n>",
        "—-—-—-—\nReply above this line.\n\nEva Berg commented:",
    ],
)
def test_the_older_ways_to_announce_a_quote_are_known(above: str) -> None:
    trimmed = trim(f"Blue.\n\n{above}\n\nWhich colour?\nWe have many.", None)
    assert trimmed.reply == "Blue."
    assert trimmed.quote.endswith("We have many.")


@pytest.mark.parametrize(
    "text",
    [
        "What is this?\n>>> On 5/4/2021 at 10:12 AM, print it\n\nThat was not me.",
        "04.05.2021 10:12\nTo\nBerlin, please.",
        "I shall reply above this line of the form.",
    ],
)
def test_what_only_resembles_an_older_announcement_is_kept(text: str) -> None:
    assert trim(text, None).reply == text


@pytest.mark.parametrize("name", ["Ella Berg", "Lei Zhang", "Han Li", "The Lamp Shop", "Our Support"])
def test_a_name_that_begins_like_he_or_the_is_above_a_quote(name: str) -> None:
    assert trim(f"Blue, please.\n\n{name} wrote:\n> Which colour?\n> Bye\n", None).reply == "Blue, please."


def test_a_desk_that_is_called_your_support_is_above_a_quote_without_marks() -> None:
    above = "Am Di., 4. Mai 2021 um 10:11 Uhr schrieb Ihr Support-Team <support@desk.example>:"
    assert trim(f"Blau, bitte.\n\n{above}\n\nHallo,\n\nwelche Farbe?\n", None).reply == "Blau, bitte."


@pytest.mark.parametrize(
    "said", ["My remarks in red.", "Siehe in rot", "Voir en rouge", "Véase en rojo", "zie in rood", "uwagi na czerwono", "см. красным"]
)
def test_remarks_in_a_colour_inside_the_quote_are_shown(said: str) -> None:
    quoted = "On Tue, May 4, 2021 at 10:11 AM Eva <eva@desk.example> wrote:\n\nWhich colour? BLUE"
    assert "BLUE" in trim(f"{said}\n\n{quoted}\n", None).reply
    assert trim(f"The lamp, please in red.\n\n{quoted}\n", None).reply == "The lamp, please in red."


def test_answers_between_quoted_lines_of_a_form_are_kept() -> None:
    assert trim("Hello,\n\n> From: London\n> To: Paris\n\nYes, both ways.", None).reply.endswith("Yes, both ways.")


@pytest.mark.parametrize("above", ["I got a mail of yours with this header.", "Who is this?"])
def test_a_question_below_a_header_that_somebody_quotes_is_kept(above: str) -> None:
    header = "> From: Desk <desk@example.org>\n> Date: Tue, 4 May 2021 10:12\n> Subject: Lamp"
    assert trim(f"{above}\n\n{header}\n\nWhy do I get it?", None).reply.endswith("Why do I get it?")
