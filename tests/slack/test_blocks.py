"""Every builder's result is shown to the fake Slack's validator, which knows the limits from a table of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from bot.demo.slack_rules import message_faults, view_faults
from bot.slack import blocks as b
from bot.slack.mrkdwn import escape, link

LONG = "Grüße & <Küsse> 👩\u200d💻 " * 3000
HOSTILE = ["", " ", "x", LONG, "\x00", "```" + LONG, "<" * 9000, "e\u0301" * 9000]


def text_of(block: b.Json, *path: str) -> str:
    found: object = block
    for step in path:
        assert isinstance(found, dict)
        found = found[step]
    assert isinstance(found, str)
    return found


def everything(text: str) -> Sequence[b.Block]:
    """One of each block and element, all saying the same."""
    options = [b.option(text, str(number), description=text) for number in range(120)]
    ask = b.confirmation(text, text, confirm=text, deny=text, style="danger")
    return [
        b.header(text, block_id="head"),
        b.section(escape(text), fields=[escape(text)] * 12, accessory=b.overflow("more", options)),
        b.section(escape(text), accessory=b.button(text, "take", value="1042", style="primary", confirm=ask, spoken=text)),
        b.context(*[escape(text)] * 12),
        b.divider(),
        b.image("https://desk.example/x.png", text, title=text),
        b.actions(
            *[b.button(text, f"b{number}", url="https://desk.example") for number in range(20)],
            b.select("status", options, placeholder=text, initial="3"),
            b.external_select("assignee", placeholder=text, initial=options[0]),
            b.users_select("person", placeholder=text, initial="U1"),
            b.checkboxes("boxes", options, initial=["1", "2", "119"]),
            b.radio_buttons("radio", options, initial="2"),
            b.moment_picker("until", initial=datetime(2026, 1, 2, tzinfo=UTC)),
        ),
    ]


def questions(text: str) -> Sequence[b.Block]:
    return [
        b.input_block(text, b.text_input("body", initial=text, multiline=True, placeholder=text), hint=text, block_id="body"),
        b.input_block(text, b.text_input("subject"), optional=True, dispatch=True),
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_slack_takes_every_block_whatever_the_words(text: str) -> None:
    assert message_faults(b.fitting(everything(text))) == []
    for block in everything(text):
        assert message_faults([block]) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_slack_takes_every_view_whatever_the_words(text: str) -> None:
    blocks = [*everything(text), *questions(text)]
    modal = b.modal(text, blocks, callback_id="reply", submit=text or "Send", close=text, private_metadata="1042", notify_on_close=True)
    assert view_faults(modal) == []
    assert view_faults(b.home([*everything(text), *[b.divider()] * 200], callback_id="home")) == []


def test_long_words_end_in_an_ellipsis() -> None:
    title = text_of(b.header(LONG), "text", "text")
    assert len(title) <= 150 and title.endswith("…")
    body = text_of(b.section(escape(LONG), more=link("https://desk.example/t/1", "all")), "text", "text")
    assert len(body) <= 3000 and body.endswith("… <https://desk.example/t/1|all>")


def test_an_identifier_is_never_cut() -> None:
    with pytest.raises(ValueError, match="at most 255"):
        b.button("Take", "x" * 256)
    with pytest.raises(ValueError, match="at most 3000"):
        b.modal("T", [], callback_id="c", close="Close", private_metadata="x" * 3001)
    with pytest.raises(ValueError, match="at most 150"):
        b.option("One", "x" * 151)


def test_names_in_a_strangers_text_are_left_as_text() -> None:
    section = b.section(escape("@channel #general <!channel>"))
    assert section["text"] == {"type": "mrkdwn", "text": "@channel #general &lt;!channel&gt;", "verbatim": True}


def test_a_message_with_too_many_blocks_says_that_something_is_missing() -> None:
    message = b.message("Many", [b.section(f"line {number}") for number in range(80)], more="<https://desk.example|all>")
    blocks = message["blocks"]
    assert isinstance(blocks, list)
    assert len(blocks) == 50
    assert "… <https://desk.example|all>" in json.dumps(blocks[-1], ensure_ascii=False)
    assert "line 48" in json.dumps(blocks[-2])


def test_a_message_with_too_many_characters_keeps_its_first_blocks() -> None:
    blocks = b.fitting([b.section("ä" * 2900) for _ in range(10)])
    assert len(blocks) == 5
    assert len(json.dumps(blocks, ensure_ascii=False)) <= 13_200


def test_a_small_message_is_left_alone() -> None:
    blocks = [b.header("Ticket #1042"), b.divider()]
    assert b.message("Ticket #1042", blocks) == {"text": "Ticket #1042", "blocks": blocks}
    assert b.message("Only words") == {"text": "Only words"}


def test_what_says_nothing_is_left_out() -> None:
    assert b.button("Take", "take") == {
        "type": "button",
        "text": {"type": "plain_text", "text": "Take", "emoji": True},
        "action_id": "take",
    }


def test_an_initial_choice_that_is_not_among_the_options_is_none() -> None:
    assert "initial_option" not in b.select("status", [b.option("Open", "open")], initial="gone")


def test_a_row_of_actions_without_any_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="leave the block out"):
        b.actions()
