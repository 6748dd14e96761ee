"""Replies in the HTML of the clients people use, without a text part."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.mail.parse.html import html_to_text
from core.mail.trim import trim

_ABOVE = "<div>On Tue, Feb 4, 2025 at 9:12 AM Facility Desk &lt;desk@example.org&gt; wrote:</div>"
_SIGNATURE = '<div class="gmail_signature"><b>Ola Lind</b><br>Laboratory, 3rd floor</div>'
_SAMPLES = Path(__file__).parent / "samples/trim/html"
_CLIENTS = sorted(path.stem for path in _SAMPLES.glob("*.html"))


def _sample(client: str) -> str:
    return (_SAMPLES / f"{client}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("client", _CLIENTS)
def test_only_what_was_written_is_left_of_a_clients_html(client: str) -> None:
    html = _sample(client)
    trimmed = trim(html_to_text(html), html)
    assert [line for line in trimmed.reply.split("\n") if line] == ["The new badge opens the door.", "Can I keep the old one?"]
    assert "ready for pickup" in trimmed.quote and "Room 204" in trimmed.quote
    assert not trimmed.interleaved


@pytest.mark.parametrize("client", _CLIENTS)
def test_html_helps_where_the_text_part_has_no_marks(client: str) -> None:
    html = _sample(client)
    text = html_to_text(html).replace("\n\n", "\n")
    assert "ready for pickup" not in trim(text, html).reply


def test_answers_between_the_quotes_of_html_keep_what_they_answer() -> None:
    html = f"""{_ABOVE}<blockquote type="cite">Which floor?</blockquote><div>The third.</div>
    <blockquote type="cite">Which room?</blockquote><div>The one with the plant.</div>
    <blockquote type="cite">Greetings from the desk</blockquote>"""
    trimmed = trim(html_to_text(html), html)
    assert [line for line in trimmed.reply.split("\n") if line] == [
        "> Which floor?",
        "The third.",
        "> Which room?",
        "The one with the plant.",
    ]
    assert trimmed.interleaved


def test_a_forward_in_html_is_shown() -> None:
    html = """<div dir="ltr">Can you help her?<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">
    ---------- Forwarded message ---------<br>From: <b>Ada Moss</b> &lt;ada@example.net&gt;<br>Date: Tue, Feb 4, 2025 at 9:12 AM<br>
    Subject: Badge<br>To: &lt;ola@example.com&gt;<br></div><br><br><div>My badge is broken.</div></div></div>"""
    reply = trim(html_to_text(html), html).reply
    assert "Can you help her?" in reply and "My badge is broken." in reply


def test_indented_text_is_no_quote() -> None:
    html = '<div>Steps:</div><blockquote style="margin:0 0 0 40px;border:none"><div>press the button</div></blockquote><div>Done.</div>'
    assert "press the button" in trim(html_to_text(html), html).reply


def test_a_mail_that_is_one_blockquote_is_shown_whole() -> None:
    html = "<blockquote><p>Everything I have to say is here.</p></blockquote>"
    assert trim(html_to_text(html), html).reply == html_to_text(html).strip()


def test_a_signature_marked_in_html_is_taken_off() -> None:
    html = f"""<div>Please call me.</div><br clear="all">{_SIGNATURE}
    <div class="gmail_quote"><div class="gmail_attr">{_ABOVE}</div><blockquote class="gmail_quote">Hi</blockquote></div>"""
    trimmed = trim(html_to_text(html), html)
    assert trimmed.reply == "Please call me."
    assert "Laboratory" in trimmed.signature


def test_a_signature_marked_in_html_is_taken_off_the_text_part() -> None:
    text = "Please call me.\n\nOla Lind\nLaboratory, 3rd floor\n\nOn Tue, Feb 4, 2025 at 9:12 AM Desk <desk@example.org> wrote:\n\n> Hi\n"
    html = f'<div>Please call me.</div>{_SIGNATURE}<blockquote class="gmail_quote">Hi</blockquote>'
    trimmed = trim(text, html)
    assert (trimmed.reply, trimmed.signature) == ("Please call me.", "Ola Lind\nLaboratory, 3rd floor")


@pytest.mark.parametrize(
    "opening",
    [
        '<div id="signature_old">',
        '<div class="front-signature">',
        '<div id="bloop_sign_1" class="bloop_sign">',
        '<div id="Zm-_Id_-Sgn">',
        '<div id="_rc_sig">',
        '<div id="CanarySig">',
        '<div data-signature-widget="container">',
        '<div class="ydp12yahoo-signature">',
        '<div data-marker="__SIG_POST__">',
        '<div class="-x-evo-signature-wrapper"><span class="-x-evo-signature">',
        "<signature>",
    ],
)
def test_a_signature_is_known_by_any_clients_name_for_it(opening: str) -> None:
    html = f"<div>Please call me.</div><br>{opening}Ola Lind<br>Laboratory, 3rd floor"
    assert trim(html_to_text(html), html).reply == "Please call me."


@pytest.mark.parametrize("name", ["design", "assignment", "sign-up", "insignia"])
def test_a_name_that_only_resembles_one_for_signatures_marks_none(name: str) -> None:
    html = f'<div>Please call me.</div><div class="{name}">Tomorrow.</div>'
    assert "Tomorrow." in trim(html_to_text(html), html).reply


def test_a_signature_marked_in_html_ends_where_its_element_ends() -> None:
    text = "Please call me.\n\nOla Lind\nwww.example.org <https://www.example.org>\n\nOn Tue, Feb 4, 2025 at 9:12 AM Desk wrote:\n\n> Hi\n"
    html = f"""<div>Please call me.</div><div class="gmail_signature">Ola Lind<br><a href="https://www.example.org">www.example.org</a></div>
    {_ABOVE}<blockquote class="gmail_quote">Hi</blockquote>"""
    trimmed = trim(text, html)
    assert (trimmed.reply, trimmed.signature) == ("Please call me.", "Ola Lind\nwww.example.org <https://www.example.org>")


def test_what_somebody_wrote_below_his_signature_is_kept() -> None:
    html = f"""<div>Please call me.</div>{_SIGNATURE}<div>And can you send me one more lamp by Monday?</div>
    {_ABOVE}<blockquote class="gmail_quote">Hi</blockquote>"""
    reply = trim(html_to_text(html), html).reply
    assert reply.startswith("Please call me.") and reply.endswith("by Monday?")


def test_html_that_says_something_else_than_the_text_is_not_believed() -> None:
    html = "<div>Look at our offers</div><blockquote>Buy now</blockquote>"
    assert trim("Please call me.", html).reply == "Please call me."


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<",
        "<blockquote",
        "<blockquote>" * 5000,
        "<?xml version='1.0' encoding='utf-16'?><blockquote>x",
        "\x00<blockquote>\x00",
        "<div class=gmail_quote>",
    ],
)
def test_broken_html_leaves_the_text_as_it_is(html: str) -> None:
    assert trim("Please call me.", html).reply == "Please call me."


def test_the_numbers_of_a_list_stay_and_a_list_inside_it_has_its_own() -> None:
    html = f"<div>Answers:</div><ol><li>red<ul><li>dark</li></ul></li><li>blue</li></ol>{_ABOVE}<blockquote>Which colours?</blockquote>"
    assert [line for line in trim(html_to_text(html), html).reply.split("\n") if line] == ["Answers:", "1. red", "- dark", "2. blue"]


def test_who_asks_for_a_quote_has_not_quoted() -> None:
    html = '<p>Hi</p><div class="quote">I would like a quote for ten lamps</div><p>thanks</p>'
    assert "ten lamps" in trim(html_to_text(html), html).reply


@pytest.mark.parametrize("said", ["He said:", "Our manual says:", "Elle a écrit :", "Er schrieb:"])
def test_what_somebody_says_that_another_said_is_shown_with_his_words(said: str) -> None:
    html = f"<p>{said}</p><blockquote>the lamp is red</blockquote><p>Is it?</p>"
    reply = trim(html_to_text(html), html).reply
    assert said in reply and "the lamp is red" in reply and "Is it?" in reply
