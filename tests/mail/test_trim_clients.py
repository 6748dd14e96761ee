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
