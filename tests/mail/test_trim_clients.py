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
