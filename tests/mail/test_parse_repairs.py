"""What gateways, web forms and old programs break on the way is read as it was meant."""

from __future__ import annotations

import base64
import time

import pytest

from core.mail.parse import parse
from core.mail.parse.addresslist import read_addresses
from core.mail.parse.charsets import decode
from core.mail.parse.dates import read_date

TORN = b"Received: from a.example\nby b.example with SMTP; 1 Jan\nX-A: 1\nSubject: The pump\nis wet\nFrom: joe@shop.example\n\nHello\n"


def test_a_header_whose_long_lines_lost_their_indent_is_read_to_its_end() -> None:
    mail = parse(TORN)
    assert (mail.sender and mail.sender.email, mail.subject, mail.text) == ("joe@shop.example", "The pump is wet", "Hello")


def test_a_parameter_that_lost_its_indent_still_counts() -> None:
    raw = b'Subject: x\nContent-Type: multipart/mixed;\nboundary="b"\n\n--b\n\none\n--b\n\ntwo\n--b--\n'
    assert parse(raw).text == "one\ntwo"
    raw = "Subject: x\nContent-Type: text/plain;\ncharset=koi8-r\n\nда\n".encode("koi8-r")
    assert parse(raw).text == "да"


def test_a_body_without_its_empty_line_is_no_header() -> None:
    head = b"From: joe@shop.example\nSubject: x\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n"
    assert parse(head + b"It leaks.\nFrom: old@shop.example\nSubject: y\n").text.startswith("It leaks.\nFrom: old")
    assert parse(head + b"Dear all,\nsee this: it leaks\n").text == "Dear all,\nsee this: it leaks"


def test_a_from_with_blanks_before_its_colon_is_no_line_of_an_mbox() -> None:
    mail = parse(b"From   : Joe <joe@shop.example>\nSubject: x\n\nHello\n")
    assert str(mail.sender) == "Joe <joe@shop.example>"


def test_parts_right_below_a_header_are_parts() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n--b\nContent-Type: text/plain\n\none\n--b\nContent-Type: text/plain\n\ntwo\n--b--\n"
    assert parse(b"From: a@b.example\n" + raw).text == "one\ntwo"


def test_a_first_part_that_lost_its_delimiter_is_a_part() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\nContent-Type: text/plain\n\none\n--b\nContent-Type: text/plain\n\ntwo\n--b--\n"
    assert parse(raw).text == "one\ntwo"


@pytest.mark.parametrize("delimiter", ["--damaged", " --b", ""])
def test_a_first_part_below_a_damaged_delimiter_is_a_part(delimiter: str) -> None:
    parts = f"{delimiter}\nContent-Type: text/plain\n\none\n--b\nContent-Type: text/plain\n\ntwo\n--b--\n"
    assert parse(f"Content-Type: multipart/mixed; boundary=b\n\n{parts}".encode()).text == "one\ntwo"


def test_a_header_that_an_empty_line_cuts_in_two_is_one_header() -> None:
    head = "From: form@shop.example\nSubject: x\n\nMIME-Version: 1.0\nContent-Type: multipart/mixed;\n boundary=b\n\n"
    assert parse(f"{head}--b\nContent-Type: text/plain\n\none\n--b--\n".encode()).text == "one"
    pasted = "Received: from a\nContent-Type: text/plain\n\nwhat is this?"
    assert parse(f"From: joe@shop.example\n\n{pasted}".encode()).text == pasted
    form = "Name: Joe\nSubject: pump\n\nIt leaks."
    assert parse(f"From: joe@shop.example\nSubject: x\n\n{form}".encode()).text == form


@pytest.mark.parametrize("above", ["\n\n", "References: <a@b.example>\n\n"])
def test_a_header_below_empty_lines_is_a_header(above: str) -> None:
    mail = parse(f"{above}Importance: high\nReceived: x\nFrom: joe@shop.example\nSubject: x\n\nHello\n".encode())
    assert (str(mail.sender), mail.subject, mail.text) == ("joe@shop.example", "x", "Hello")


@pytest.mark.parametrize("label", ["base64 (of course)", "(x) base64", "base64,", "Base64; charset=x"])
def test_comments_beside_a_transfer_encoding_are_no_part_of_it(label: str) -> None:
    assert parse(f"Content-Transfer-Encoding: {label}\n\nVGhlIHB1bXAgaXMgd2V0Lg==\n".encode()).text == "The pump is wet."


def test_damage_to_one_line_of_base64_does_not_reach_the_next() -> None:
    words = "Größe, Länge und Breite der Pumpe stehen auf dem Schild; Gewährleistung und Preis sind zu klären. " * 4
    code = base64.encodebytes(words.encode())
    for damaged in (code[:200] + b"!" + code[201:], code[:200] + code[201:], code[:200] + b"x" + code[200:]):
        text = parse(b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" + damaged).text
        assert text.startswith(words[:120]) and text.endswith(words.strip()[-60:])


def test_lines_that_end_as_on_old_macs_are_lines_also_between_newlines() -> None:
    mail = parse(b"\r\nFrom: joe@shop.example\rSubject: x\r\rone\rtwo\r\n")
    assert (mail.subject, mail.text) == ("x", "one\ntwo")


def test_an_address_in_letters_of_all_alphabets_can_be_written() -> None:
    assert str(read_addresses("Joe, Dr. <joe@münchen.example>".encode())[0]) == '"Joe, Dr." <joe@münchen.example>'


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Joe <a@b.example> Bob <c@d.example>", [("Joe", "a@b.example"), ("Bob", "c@d.example")]),
        ("<a@b.example> <c@d.example>", [("", "a@b.example"), ("", "c@d.example")]),
        ("Joe [a@b.example]", [("Joe", "a@b.example")]),
        ("Joe: a@b.example", [("Joe", "a@b.example")]),
        ("undisclosed-recipients:", []),
        ("undisclosed-recipients", []),
        ("<Undisclosed-Recipient:;>", []),
        ("Unlisted-Recipients:; (no To-header on input)", []),
        ("Joe <@a.example,@b.example:joe@shop.example>, eva@shop.example", [("Joe", "joe@shop.example"), ("", "eva@shop.example")]),
        ("Joe Doe(joe@shop.example)", [("Joe Doe", "joe@shop.example")]),
        ("Lamps &amp; M&#xFC;ller <joe@shop.example>; a@b.example", [("Lamps &amp; M&#xFC;ller", "joe@shop.example"), ("", "a@b.example")]),
        ("=?UTF-8?Q?Doe,_J=C3=B6e?= <a@b.example>, c@d.example", [("Doe, Jöe", "a@b.example"), ("", "c@d.example")]),
        ("=?UTF-8?Q?J=C3=B6e_(shop;_Berlin:_1)?= <a@b.example>", [("Jöe (shop; Berlin: 1)", "a@b.example")]),
        ('\\"Joe Doe\\" <a@b.example>', [("Joe Doe", "a@b.example")]),
    ],
)
def test_addresses_in_a_broken_list_are_all_found(written: str, read: list[tuple[str, str]]) -> None:
    assert [(address.name, address.email) for address in read_addresses(written.encode())] == read


@pytest.mark.parametrize(
    "kind", ["plain/text", "text/plain\nthis is no header", "text / plain", "text/plain.", "test/plain; charset=utf-8"]
)
def test_a_type_that_is_written_wrongly_is_still_that_of_a_text(kind: str) -> None:
    mail = parse(f"From: joe@shop.example\nContent-Type: {kind}\nContent-Transfer-Encoding: 8bit\n\nThe pump is wet.\n".encode())
    assert (mail.text, mail.attachments) == ("The pump is wet.", ())
    assert parse(b"Content-Type: html/text\n\n<p>wet<br>pump</p>").text == "wet\npump"


@pytest.mark.parametrize("types", [("text/plain", "multipart/mixed; boundary=b"), ("multipart/mixed; boundary=b", "text/plain")])
def test_of_two_types_the_one_whose_boundary_is_there_counts(types: tuple[str, str]) -> None:
    fields = "".join(f"Content-Type: {one}\n" for one in types)
    assert parse(f"{fields}\n--b\n\none\n--b\n\ntwo\n--b--\n".encode()).text == "one\ntwo"
    assert parse(f"{fields}\nwords\n".encode()).text == "words"


def test_words_above_the_parts_that_a_second_type_announces_are_kept() -> None:
    fields = "Content-Type: text/plain\nContent-Type: multipart/mixed; boundary=b\n"
    file = "--b\nContent-Type: application/pdf; name=a.pdf\n\nDATA\n--b--\n"
    mail = parse(f"{fields}\nThe pump is wet.\n\n{file}".encode())
    assert (mail.text, [part.filename for part in mail.attachments]) == ("The pump is wet.", ["a.pdf"])


@pytest.mark.parametrize("label", ["quoted printable", "quoted_printable", "QuotedPrintable"])
def test_the_name_of_a_transfer_encoding_may_be_misspelt(label: str) -> None:
    assert parse(f"Content-Transfer-Encoding: {label}\n\nThe pump =\nis wet=2E\n".encode()).text == "The pump is wet."
    assert parse(b"Content-Transfer-Encoding: base-64\n\nVGhlIHB1bXAgaXMgd2V0Lg==\n").text == "The pump is wet."
    raw = b"Content-Transfer-Encoding: 8-bit\n\nA file:\n\nbegin 644 a.txt\n%:&5L;&\\\n`\nend\n"
    assert [part.content for part in parse(raw).attachments] == [b"hello"]


@pytest.mark.parametrize("junk", [">", "<br>", " \nand more", ";"])
def test_what_follows_the_last_delimiter_is_no_part(junk: str) -> None:
    file = "Content-Type: text/csv; name=a.csv\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\nYTti\n"
    mail = parse(f"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nwords\n--b\n{file}--b--{junk}\nA virus.\n".encode())
    assert (mail.text, [part.content for part in mail.attachments]) == ("words", [b"a;b"])


def test_a_boundary_may_begin_like_the_end_of_another() -> None:
    inner = "Content-Type: multipart/mixed; boundary=b--c\n\n--b--c\n\none\n--b--c\n\ntwo\n--b--c--\n"
    assert parse(f"Content-Type: multipart/mixed; boundary=b\n\n--b\n{inner}--b\n\nthree\n--b--\n".encode()).text == "one\ntwo\nthree"


def test_a_file_in_damaged_base64_is_decoded() -> None:
    raw = b"Content-Type: application/msword; name=a.doc\nContent-Transfer-Encoding: base64\n\nPGh0*bWw+Cg==\n"
    assert [part.content for part in parse(raw).attachments] == [b"<html>\n"]


def test_delimiters_that_were_indented_on_the_way_part_a_mail() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n  --b\nContent-Type: text/plain\n\none\n  --b\n\ntwo\n  --b--\n"
    assert parse(raw).text == "one\ntwo"


def test_ids_that_a_gateway_encoded_as_words_are_ids() -> None:
    ids = "=?utf-8?Q?=3C1042=40desk.example=3E?=\n =?utf-8?Q?=3C1043=40desk.example=3E?="
    mail = parse(f"References: {ids}\nIn-Reply-To: =?us-ascii?Q?<1043=40desk.example>?=\n\nHello\n".encode())
    assert (mail.references, mail.in_reply_to) == (("1042@desk.example", "1043@desk.example"), ("1043@desk.example",))


@pytest.mark.parametrize(
    "fields",
    ['Content-Disposition: filename="a.pdf"', 'Content-Type: application/pdf; filename="a.pdf"', 'Content-Type: name="a.pdf"'],
)
def test_a_file_has_its_name_wherever_it_stands(fields: str) -> None:
    raw = f"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nwords\n--b\n{fields}\n\nDATA\n--b--\n"
    assert [part.filename for part in parse(raw.encode()).attachments] == ["a.pdf"]


def test_an_empty_field_does_not_hide_the_one_below_it() -> None:
    mail = parse(b"From:\nSubject:\nContent-Type:\nFrom: joe@shop.example\nSubject: Lamp\nContent-Type: text/html\n\n<p>wet</p>\n")
    assert (str(mail.sender), mail.subject, mail.text) == ("joe@shop.example", "Lamp", "wet")


def test_a_field_that_was_encoded_as_a_whole_is_read() -> None:
    words = base64.b64encode('attachment; filename="发票.txt"'.encode()).decode()
    field = f"Content-Disposition: =?utf-8?b?{words[:20]}?=\n =?utf-8?b?{words[20:]}?="
    mail = parse(f"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nwords\n--b\n{field}\n\nDATA\n--b--\n".encode())
    assert (mail.text, [part.filename for part in mail.attachments]) == ("words", ["发票.txt"])


@pytest.mark.parametrize("field", ["Content-Description: image001.png", "Content-ID: <image001.png@01D9.ABC>"])
def test_a_file_without_a_name_takes_the_one_that_describes_it(field: str) -> None:
    raw = f"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nwords\n--b\nContent-Type: image/png\n{field}\n\nDATA\n--b--\n"
    assert [part.filename for part in parse(raw.encode()).attachments] == ["image001.png"]


def test_a_footer_below_a_file_in_base64_is_no_part_of_the_file() -> None:
    raw = b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nREFUQQ==\n\n-- \nlist footer\n"
    assert parse(raw).attachments[0].content == b"DATA"


@pytest.mark.parametrize(
    ("words", "codec"), [("您好，我的订单还没到，请帮我看一下", "gb18030"), ("Здравствуйте, у меня вопрос по поводу заказа", "cp1251")]
)
def test_words_without_latin_letters_are_not_read_as_latin_whatever_their_label(words: str, codec: str) -> None:
    assert decode(words.encode(codec), "iso-8859-1") == words


def test_a_multipart_that_is_encoded_as_a_whole_is_taken_apart() -> None:
    parts = b"--b\nContent-Type: text/plain\n\none\n--b\nContent-Type: application/pdf; name=a.pdf\n\nDATA\n--b--\n"
    head = b"Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\n"
    mail = parse(head + base64.encodebytes(parts))
    assert (mail.text, [part.filename for part in mail.attachments]) == ("one", ["a.pdf"])
    assert parse(head + parts).text == "one"


def test_a_multipart_without_parts_shows_no_delimiters() -> None:
    assert parse(b"Content-Type: multipart/mixed; boundary=b\n\n--b--\n").text == ""


def test_a_mail_of_an_unknown_kind_of_text_is_read() -> None:
    assert parse(b"Content-Type: text/x-web-markdown\n\nThe *pump* is wet\n").text == "The *pump* is wet"


def test_one_boundary_for_two_levels_shows_nothing_twice() -> None:
    inner = b"Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\none two three\n"
    inner += b"--b\nContent-Type: text/html\n\n<p>one two three</p>\n--b--\n"
    assert parse(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + inner + b"--b--\n").text == "one two three"


def test_a_file_in_base64_inside_a_text_is_a_file() -> None:
    mail = parse(b"Subject: x\n\nsee\nbegin-base64 644 a.bin\nREFUQQ==\n====\nbye\n")
    assert (mail.text, mail.attachments[0].filename, mail.attachments[0].content) == ("see\nbye", "a.bin", b"DATA")


def test_a_name_keeps_the_brackets_that_it_closes() -> None:
    assert read_addresses(b'"Joe <IT>" <a@b.example>')[0].name == "Joe <IT>"
    assert read_addresses(b"Joe <<a@b.example>")[0].name == "Joe"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Tue, 20 Apr 2021 12:31: 24 +0500", "2021-04-20T07:31:24+00:00"),
        ("Fri, 21 Nov 1997 09(comment):   55  :  06 -0600", "1997-11-21T15:55:06+00:00"),
        ("Mon, 12 Apr 2004", "2004-04-12T00:00:00+00:00"),
    ],
)
def test_a_date_is_read_with_blanks_or_comments_in_its_time_or_without_any(written: str, read: str) -> None:
    found = read_date(written)
    assert found is not None and found.isoformat() == read


def test_one_damaged_letter_does_not_change_the_charset_of_a_header() -> None:
    assert decode("Größe für Müller, Ärger in Köln \x00".encode().replace(b"\x00", b"\xe4"), None, "gb2312").startswith(
        "Größe für Müller, Ärger in Köln"
    )


def test_files_of_a_forwarded_mail_are_shown_however_they_are_placed() -> None:
    inner = b"Content-Type: multipart/related; boundary=i\n\n--i\n\nsee\n--i\nContent-Type: image/png; name=p.png\nContent-ID: <p>\n\nP\n--i--\n"
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nFYI\n--b\nContent-Type: message/rfc822\n\n" + inner + b"\n--b--\n"
    assert [part.filename for part in parse(raw).attachments] == ["message.eml", "p.png"]


HOSTILE = {
    "lines that are no fields": b"From: a@b.example\n" + b"x\n" * 1_500_000 + b"Subject: x\n\nb",
    "many fields, then none": b"A: b\n" * 1900 + b"x y\n" * 1_000_000 + b"From: x@y.example\n\nb",
    "a torn list": b"To: b,\n" + b"x y,\n" * 1_000_000 + b"From: x@y.example\n\nb",
    "torn parameters": b"Content-Type: b;\n" + b"x=y;\n" * 1_000_000,
    "addresses without commas": b"To: " + b"<a@b.example> " * 400_000 + b"\n\nb",
    "files in base64": b"Subject: x\n\n" + b"begin-base64 644 a\nREFU\n" * 200_000,
    "comments": b"Content-Transfer-Encoding: " + b"(" * 5_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_repairs_take_no_longer_than_reading(name: str) -> None:
    started = time.process_time()
    parse(HOSTILE[name])
    assert time.process_time() - started < 4
