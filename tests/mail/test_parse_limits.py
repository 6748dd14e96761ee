"""Nothing that can be sent makes the reader fail, or work without bound."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.mail.parse import parse
from core.mail.parse.addresslist import read_addresses
from core.mail.parse.html import clean_html, html_to_text
from core.mail.parse.rtf import decompress_rtf, rtf_to_text
from core.mail.parse.tnef import read_tnef
from core.mail.parsed import ParsedMail

SECONDS = 4.0
PIECES = [
    b"From: ", b"Content-Type: ", b"multipart/mixed; boundary=b", b"\n", b"\r\n", b"\n\n", b"--b", b"--b--", b"=?utf-8?q?", b"?=", b"<",
    b">", b'"', b"(", b")", b"Subject: ", b"Content-Transfer-Encoding: base64", b"text/html", b"<div>", b"begin 644 x", b"\x00",
    b"\xff\xfe", b"\x1b$B", b"; name*0*=utf-8''%C3", b"@", b",",
]  # fmt: skip


def multipart(*parts: bytes) -> bytes:
    head = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n"
    return head + b"".join(b"--b\n" + part + b"\n" for part in parts) + b"--b--\n"


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=8), max_size=40).map(b"".join))
def test_any_bytes_give_a_mail_that_a_database_takes(raw: bytes) -> None:
    mail = parse(raw)
    names = [part.filename for part in mail.attachments]
    for text in (mail.subject, mail.text, mail.html or "", *(value for _, value in mail.headers), *names):
        assert "\x00" not in text
        text.encode()
    assert "\n" not in mail.subject and "\r" not in mail.subject


@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_are_read(seed: int) -> None:
    assert isinstance(parse(random.Random(seed).randbytes(100_000)), ParsedMail)


def test_a_hundred_levels_are_read_down_to_the_text() -> None:
    levels = b"".join(b"Content-Type: multipart/mixed; boundary=l%d\n\n--l%d\n" % (level, level) for level in range(99))
    assert parse(b"From: a@b.example\n" + levels + b"Content-Type: text/plain\n\nat the bottom\n").text == "at the bottom"


def test_what_lies_deeper_is_kept_as_one_file() -> None:
    levels = b"".join(b"Content-Type: multipart/mixed; boundary=l%d\n\n--l%d\n" % (level, level) for level in range(3000))
    mail = parse(levels + b"\nat the bottom\n")
    assert b"at the bottom" in mail.attachments[-1].content
    assert mail.defects


def test_of_three_thousand_parts_none_is_lost() -> None:
    parts = [b"Content-Disposition: attachment; filename=f%d.txt\n\nfile %d" % (number, number) for number in range(3000)]
    mail = parse(multipart(*parts))
    content = b"".join(part.content for part in mail.attachments)
    assert len(mail.attachments) < 1500
    assert all(b"file %d" % number in content for number in (0, 500, 1500, 2999))
    assert mail.defects


LONG = {
    "a header of ten megabytes": b"Subject: " + b"x" * 10_000_000 + b"\n\nbody",
    "three hundred thousand fields": b"X-A: b\n" * 300_000 + b"\nbody",
    "encoded words without end": b"Subject: " + b"=?utf-8?q?" * 100_000 + b"\n\nbody",
    "brackets without end": b"Content-Type: " + b"(" * 100_000 + b"\n\nbody",
    "comments in an address": b"From: " + b"(" * 100_000 + b"\n\nbody",
    "parameters": b"Content-Type: text/plain; name=" + b"a (b " * 20_000 + b"\n\nbody",
    "flowed lines": b"Content-Type: text/plain; format=flowed\n\n" + b"abc \n" * 200_000,
    "divs": b"Content-Type: text/html\n\n" + b"<div>" * 100_000,
    "entities": b"Content-Type: text/html\n\n" + b"&amp" * 300_000,
    "comments in HTML": b"Content-Type: text/html\n\n--><!--" * 50_000,
    "files in the text": b"\n" + b"begin 644 x\n#AAAA\n" * 50_000,
    "openings without files": b"\n" + b"begin 644 x\n" * 100_000,
}


@pytest.mark.parametrize("name", LONG)
def test_work_is_bounded(name: str) -> None:
    started = time.process_time()
    parse(LONG[name])
    assert time.process_time() - started < SECONDS


def test_a_long_list_of_addresses_is_cut_and_not_refused() -> None:
    assert len(read_addresses(b"a@b.example, " * 5000)) == 2000


def test_html_that_cannot_be_laid_out_still_gives_its_words() -> None:
    assert "deep" in html_to_text("<table><tr><td>" * 3000 + "deep")


@pytest.mark.parametrize(
    "hostile",
    [
        '<img src="https://spy.example/p.gif">',
        '<div style="background-image:url(https://spy.example/p)">x</div>',
        '<p style="color:red;background:url(//spy.example)">x</p>',
        '<link rel="stylesheet" href="https://spy.example/x.css">',
        '<table background="https://spy.example/p"><tr><td>x</td></tr></table>',
        "<style>@import url(https://spy.example)</style>",
        '<video src="https://spy.example/v" poster="https://spy.example/p"></video>',
        '<img srcset="https://spy.example/p 2x" src="cid:a">',
        '<svg><image href="https://spy.example/p"/></svg>',
        '<form action="https://spy.example"><button>x</button></form>',
        '<iframe src="https://spy.example"></iframe>',
        "<a href=\"javascript:fetch('https://spy.example')\">x</a>",
        '<a href="data:text/html,https://spy.example">x</a>',
    ],
)
def test_shown_html_calls_nobody(hostile: str) -> None:
    assert "spy.example" not in clean_html(hostile)


def test_a_link_is_kept_and_gives_nothing_away() -> None:
    cleaned = clean_html('<a href="https://shop.example/x" target="_top">x</a>')
    assert cleaned == '<a href="https://shop.example/x" rel="noopener noreferrer nofollow">x</a>'


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_damaged_tnef_and_rtf_are_read_as_far_as_they_go(tail: bytes) -> None:
    read_tnef(b"\x78\x9f\x3e\x22\x01\x00" + tail)
    rtf_to_text(decompress_rtf(tail))
    rtf_to_text(b"{\\rtf1 " + tail)


def test_a_page_of_letters_in_a_from_is_read_at_once() -> None:
    began = time.perf_counter()
    parse(b"From: " + b"x" * 200_000 + b"\r\nTo: " + b"y" * 200_000 + b" <z\r\n\r\nHello.\r\n")
    assert time.perf_counter() - began < 5
