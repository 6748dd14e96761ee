"""What the reader makes of whole mails: each sample lies beside the result that is expected of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.mail.addresses import Address
from core.mail.parse import parse, read

SAMPLES = Path(__file__).parent / "samples" / "parse"


@pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.eml")))
def test_a_mail_is_read_as_its_sample_says(name: str) -> None:
    mail = parse((SAMPLES / f"{name}.eml").read_bytes())
    expected = json.loads((SAMPLES / f"{name}.json").read_text())
    contents = expected.get("contents", {})
    found = {
        "text": mail.text,
        "subject": mail.subject,
        "sender": mail.sender.email if mail.sender else None,
        "sender_name": mail.sender.name if mail.sender else None,
        "to": [address.email for address in mail.to],
        "cc": [address.email for address in mail.cc],
        "reply_to": [address.email for address in mail.reply_to],
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "message_id": mail.message_id,
        "date": mail.date.isoformat() if mail.date else None,
        "files": [part.filename for part in mail.attachments],
        "inline": [part.filename for part in mail.attachments if part.inline],
        "contents": {part.filename: part.content.decode("latin-1") for part in mail.attachments if part.filename in contents},
    }
    assert {key: found[key] for key in expected if key in found} == {key: value for key, value in expected.items() if key in found}
    html = mail.html or ""
    assert [piece for piece in expected.get("html_has", []) if piece not in html] == []
    assert [piece for piece in expected.get("html_lacks", []) if piece in html] == []


def test_the_uuencoded_file_has_the_bytes_that_were_sent() -> None:
    mail = parse((SAMPLES / "uuencoded_file_without_end.eml").read_bytes())
    assert mail.attachments[0].content == b"The pump has two valves and one seal; the seal is wet"


@pytest.mark.parametrize(
    ("text", "html", "read"),
    [
        (
            "Your mail program shows no HTML.",
            "<p>The pump drips since Monday morning.</p>",
            "Your mail program shows no HTML.\n\nThe pump drips since Monday morning.",
        ),
        (".", "<p>The pump drips since Monday.</p>", ".\n\nThe pump drips since Monday."),
        ("The pump drips.", "<p>The <b>pump</b> drips.</p><p>Eva Meyer, Meyer Pumps Ltd, London</p>", "The pump drips."),
        ("👍", "<div>👍</div>", "👍"),
        ("Yes", "<p>Yes</p><blockquote>Shall somebody come tomorrow morning?</blockquote>", "Yes"),
    ],
)
def test_words_that_only_the_html_has_are_read_when_the_text_is_none_of_it(text: str, html: str, read: str) -> None:
    sides = f"--b\n\n{text}\n--b\nContent-Type: text/html\n\n{html}\n--b--\n"
    assert parse(f"Content-Type: multipart/alternative; boundary=b\n\n{sides}".encode()).text == read


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<div dir="ltr">one<div>two</div><div><br></div><div>three<div>four</div></div></div>', "one\ntwo\n\nthree\nfour"),
        ("broken<hr>Order", "broken\nOrder"),
        ("<center>A</center>B", "A\nB"),
        ("<dl><dt>T</dt><dd>D</dd></dl>", "T\nD"),
        ("<p>a<span>b</span>c</p><ul><li>x</li></ul>", "abc\n\n  * x"),
        ("<html><body><p>answer</p></body></html><HTML><head><title>T</title></head><BODY><p>more</p></BODY></HTML>", "answer\n\nmore"),
        ("answer<html><body><p>quoted</p></body></html><p>footer</p>", "answer\n\nquoted\n\nfooter"),
        ("<html><body><p>Hi</p></body></HTML>\n____\na list's footer\nin lines", "Hi\n\n____\na list's footer\nin lines"),
    ],
)
def test_html_reads_as_the_lines_that_a_browser_shows(html: str, text: str) -> None:
    assert parse(f"Content-Type: text/html\n\n{html}".encode()).text == text


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("\"'Joe Doe' via Support\" <a@b.example>", "'Joe Doe' via Support"),
        ("'Joe Doe' via Support <a@b.example>", "'Joe Doe' via Support"),
        ("'Joe Doe' <a@b.example>", "Joe Doe"),
        ("\"'Doe, Joe'\" <a@b.example>", "Doe, Joe"),
        ("'Doe, Joe' <a@b.example>", "Doe, Joe"),
        ("'a@b.example' <a@b.example>", ""),
        ("Joe O'Doe <a@b.example>", "Joe O'Doe"),
    ],
)
def test_quotes_around_a_name_are_dropped_and_those_in_it_stay(written: str, name: str) -> None:
    sender = parse(f"From: {written}\n\nHi\n".encode()).sender
    assert sender is not None and (sender.name, sender.email) == (name, "a@b.example")


def test_an_address_that_nobody_can_use_gives_way_to_the_sender_field() -> None:
    raw = b'From: "Doe, Joe" </O=ACME/OU=X/CN=JOE>\nSender: joe@shop.example\n\nHi\n'
    assert parse(raw).sender == Address("joe@shop.example")
    assert parse(raw.replace(b"Sender", b"X-Sender")).sender == Address("/O=ACME/OU=X/CN=JOE", "Doe, Joe")


def test_words_signed_in_the_body_are_read_without_the_armor() -> None:
    armor = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nIt leaks.\n- - at the top\n- -- \nJoe\n-----BEGIN PGP SIGNATURE-----\n\nabc\n"
        "-----END PGP SIGNATURE-----\n"
    )
    assert parse(f"Subject: x\n\n{armor}\n__\nlist\n".encode()).text == "It leaks.\n- at the top\n-- \nJoe\n__\nlist"
    for other in (armor.partition("-----END")[0], f"How do I check this?\n\n{armor}"):
        assert parse(f"Subject: x\n\n{other}".encode()).text == other.rstrip()


def test_the_trimmer_gets_the_html_as_it_was_sent() -> None:
    raw = b'Content-Type: text/html\n\n<div class="gmail_quote" id="q">old</div>'
    found = read(raw)
    assert found.html_raw == '<div class="gmail_quote" id="q">old</div>'
    assert found.mail.html == "<div>old</div>"


def test_a_message_that_came_with_bare_newlines_is_kept_as_lines_of_mail() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nSubject: inner\n\nwords\n\n--b--\n"
    assert parse(raw).attachments[0].content == b"Subject: inner\r\n\r\nwords"


def test_base64_is_decoded_through_what_lists_add_below_it() -> None:
    raw = b"Content-Transfer-Encoding: base64\n\nVGhlIHB1bXAgaXMgd2V0Lg==\nIE1vcmUu\n"
    assert parse(raw).text == "The pump is wet. More."


@pytest.mark.parametrize(
    "footer", ["-- \nlist footer", "\n--\nThis mail was scanned.", "________________\nUsers mailing list\nusers@lists.example"]
)
@pytest.mark.parametrize("code", ["VGhlIHB1bXAgaXMgd2V0Lg==", "VGhlIHB1bXAgaXMgd2V0IQkK", "VGhlIHB1bXAg \n aXMgd2V0Lg=="])
def test_plain_words_below_base64_are_kept_and_do_not_hide_what_is_above(code: str, footer: str) -> None:
    text = parse(f"Content-Transfer-Encoding: base64\n\n{code}\n{footer}\n".encode()).text
    assert text.startswith("The pump is wet") and text.endswith(footer.strip())


def test_blanks_around_the_lines_of_base64_are_no_part_of_it() -> None:
    raw = b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\naGVs \n bG8=\n"
    assert parse(raw).attachments[0].content == b"hello"


@pytest.mark.parametrize("text", ["Dear\nplease call me, thank you.", "Hello \nthere", "Hello,\nall is well.", "Please call me back"])
def test_words_are_not_taken_for_base64(text: str) -> None:
    assert parse(f"Content-Transfer-Encoding: base64\n\n{text}\n".encode()).text == text


def test_text_that_only_says_it_is_base64_is_kept_as_it_is() -> None:
    raw = b"Content-Transfer-Encoding: base64\n\nThe pump is wet, and nobody knows why.\n"
    assert parse(raw).text == "The pump is wet, and nobody knows why."


def test_quoted_printable_with_damage_is_read() -> None:
    raw = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nsoft =  \nbreak, 100=% sure, =C3=A4=\n"
    assert parse(raw).text == "soft break, 100=% sure, ä"


def test_a_name_that_lost_letters_gives_way_to_one_that_has_them() -> None:
    raw = (
        b'Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; name="=?utf-8?q?=C4=85=D8=A8.txt?="\r\n'
        b"Content-Disposition: attachment; filename*=iso-8859-15''%3F%3F.txt\r\n\r\nHi\r\n"
    )
    assert [part.filename for part in parse(raw).attachments] == ["ąب.txt"]


def test_words_written_as_numbers_below_pages_of_style_are_shown_once() -> None:
    said = "Пришлите, пожалуйста, ещё раз счёт к заказу."
    style = "<style>" + "p.MsoNormal{margin:0cm;font-size:11pt}\n" * 8000 + "</style>"
    html = f"<html><head>{style}</head><body><p>{''.join(f'&#{ord(one)};' for one in said)}</p></body></html>"
    parts = f"--b\nContent-Type: text/plain; charset=utf-8\n\n{said}\n--b\nContent-Type: text/html; charset=utf-8\n\n{html}\n--b--\n"
    assert parse(f"Content-Type: multipart/alternative; boundary=b\n\n{parts}".encode()).text == said


def test_rich_text_is_read_where_there_is_nothing_else_to_read() -> None:
    raw = b"Subject: x\nContent-Type: text/rtf; name=letter.rtf\n\n{\\rtf1\\ansi The pump is {\\b wet}.}\n"
    assert (parse(raw).text, [part.filename for part in parse(raw).attachments]) == ("The pump is wet.", ["letter.rtf"])
    beside = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nwords\n--b\n" + raw.partition(b"\n")[2] + b"--b--\n"
    assert parse(beside).text == "words"


def test_a_page_that_says_where_it_was_found_is_no_file() -> None:
    page = "--b\nContent-Type: text/html\nContent-Location: http://shop.example/news.html\n\n<p>wet <b>pump</b></p>\n--b--\n"
    mail = parse(f"Content-Type: multipart/alternative; boundary=b\n\n--b\n\nwet pump\n{page}".encode())
    assert (mail.text, mail.html, mail.attachments) == ("wet pump", "<p>wet <b>pump</b></p>", ())


def test_the_fields_of_a_web_form_are_no_files() -> None:
    field = 'Content-Disposition: form-data; name="message"\n\nThe pump is wet.\n'
    file = 'Content-Disposition: form-data; name="upload"; filename="a.pdf"\nContent-Type: application/pdf\n\nDATA\n'
    mail = parse(f"Content-Type: multipart/form-data; boundary=b\n\n--b\n{field}--b\n{file}--b--\n".encode())
    assert (mail.text, [part.filename for part in mail.attachments]) == ("The pump is wet.", ["a.pdf"])


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_a_mail_that_an_editor_saved_in_utf_16_is_read(codec: str) -> None:
    mail = parse("\ufeffFrom: joe@shop.example\r\nSubject: Größe\r\n\r\nDie Länge\r\n".encode(codec))
    assert (str(mail.sender), mail.subject, mail.text) == ("joe@shop.example", "Größe", "Die Länge")
