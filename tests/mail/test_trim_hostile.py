"""Mail made to be slow: the trimmer takes a time that grows no faster than the mail."""

from __future__ import annotations

import time

import pytest

from core.mail.trim import trim

_LINE = "On Mon, Jun 2, 2025 at 8:00 AM Ada <ada@example.net> wrote:"
_TEXTS = {
    "marks": ">\n",
    "one line of marks": ">",
    "marks in marks": ">>>>\n",
    "quoted lines": "> hello\n",
    "one line of letters": "x",
    "one line of blanks": " ",
    "blank lines": "\n",
    "carriage returns": "\r",
    "colons": "a:\n",
    "openings": "On 2 June 2025 ",
    "attributions": _LINE + "\n",
    "attributions above quotes": _LINE + "\n> x\n",
    "almost attributions": _LINE[:-8] + "\n",
    "labels": "From: a\nSent: b\n",
    "one label": "From: a\n",
    "rules": "----------\n",
    "one long rule": "-",
    "signature marks": "-- \n",
    "addresses": "a@",
    "open brackets": "<",
    "digits": "1",
    "dates": "1.1.",
    "answers": "> x\ny\n",
    "spaced answers": "> x\n\ny\n\n",
    "markers": "##- x -##\n",
    "sign-offs": "Kind regards,\n",
    "devices": "Sent from my iPhone\n",
    "notices": "this e-mail is confidential ",
    "invisible": "\u200b",
    "initials": "EB> x\n",
    "initials below attributions": "On 2 May 2021 Eva wrote:\nEB> x\n",
    "names behind sign-offs": "Kind regards, Ada Moss, ",
    "places behind sign-offs": "Viele Grüße aus ",
    "joined sign-offs": "Best regards / ",
    "sentences": "I need one more lamp. ",
    "lines of Notes": "Eva ---04/05/2021 10:12",
    "rules and notices": "-----\nthis e-mail is confidential and intended for you.\n\n",
    "prompts": ">>> 1 >>>\n",
    "stars": "* ",
    "verbs": "wrote wrote: ",
    "telephones": "12 34/",
    "dates of logs": "2021-05-04 ",
    "ornaments": "◆◇",
    "words of sign-offs": "viele liebe grüße ",
    "the writer's name": "Ada Moss, ",
    "sign-offs with the writer's name": "LG Ada\n",
    "boxes": "|------>\n| From: |\n",
    "marked headers": "> From: a@b.example\n> To: c\n> Date: 1.1.2021 10:00\n\n",
}
_HTMLS = {
    "quotes in quotes": "<blockquote>",
    "quotes": "<blockquote>x</blockquote>",
    "containers": "<div class=gmail_quote>",
    "drawn lines": '<blockquote>a</blockquote><div style="border-top:solid #E1E1E1 1.0pt">',
    "breaks": "<br>",
    "signatures": "<div class=signature>x</div>",
    "signatures in signatures": "x<div class=signature>",
    "data": "<div data-signature data-sig=x>",
    "open brackets": "<",
    "bold": "<b>x",
}


def _seconds(text: str, html: str | None) -> float:
    started = time.perf_counter()
    trim(text, html, "", "Ada Moss")
    return time.perf_counter() - started


@pytest.mark.parametrize("name", _TEXTS)
def test_twice_the_text_takes_about_twice_the_time(name: str) -> None:
    piece = _TEXTS[name]
    text = piece * (60_000 // len(piece))
    small, large = min(_seconds(text, None) for _ in range(2)), _seconds(text * 4, None)
    assert large < 0.3 or large < small * 12


@pytest.mark.parametrize("subject", ["[x]", "{x", "***x", " ", "extern:", "["])
def test_a_long_subject_takes_no_time(subject: str) -> None:
    started = time.perf_counter()
    assert trim("x", None, subject * 200_000).reply == "x"
    assert time.perf_counter() - started < 0.1


@pytest.mark.parametrize("name", _HTMLS)
def test_twice_the_html_takes_about_twice_the_time(name: str) -> None:
    piece = _HTMLS[name]
    html = "<blockquote>x</blockquote>" + piece * (60_000 // len(piece))
    small, large = min(_seconds("x", html) for _ in range(2)), _seconds("x", html * 4)
    assert large < 0.3 or large < small * 12
