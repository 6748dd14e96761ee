"""How a mail is put together: read back by the standard library's parser, it must hold exactly what was meant, and no more."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import PermanentFailure
from core.mail.addresses import Address
from core.mail.compose import Kind, OutgoingFile, OutgoingMail, addr_spec, compose, needs_smtputf8
from core.mail.text import one_line, whole

HOSTILE = st.text(st.characters(), max_size=150)
PATIENT = settings(max_examples=40, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])

REPLY = OutgoingMail(
    kind="reply",
    message_id="1042.7.k3v9.mac@desk.example.org",
    sender=Address("support@example.org", "Eva (Support)"),
    reply_to=Address("support+t1042-abc@example.org"),
    to=(Address("anna@example.com", "Anna Schmidt"),),
    cc=(Address("bob@example.com"),),
    subject="[#1042] Printer on fire",
    in_reply_to="question@mail.example.com",
    references=("1042.root@desk.example.org", "question@mail.example.com"),
    language="en",
    instance="desk-1",
    ticket_id=1042,
    ticket_status="pending",
    queue="Hardware",
    reason="assignee",
    text="Pull the plug.\n",
    html="<p>Pull the plug.</p>\n",
    attachments=(),
    date=datetime(2026, 11, 3, 14, 5, tzinfo=UTC),
    list_unsubscribe="https://desk.example.org/preferences/abc",
)
PICTURE = OutgoingFile("plug.png", "image/png", b"\x89PNG\r\n\x1a\n", "plug@desk")


def read(content: bytes) -> EmailMessage:
    """The mail as a strict reader sees it; fails on anything that had to be guessed."""
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    for part in message.walk():
        assert not part.defects
        for _, value in part.items():
            assert not value.defects, (value, value.defects)
    return message


def text_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def header_lines(content: bytes) -> list[bytes]:
    return content.partition(b"\r\n\r\n")[0].split(b"\r\n")


def header_names(content: bytes) -> list[str]:
    return [line.partition(b":")[0].decode() for line in header_lines(content) if line[:1] not in (b" ", b"\t")]


REPLY_HEADERS = header_names(compose(REPLY))


def test_an_answer_reads_back_as_written() -> None:
    message = read(compose(REPLY))
    assert message["From"] == '"Eva (Support)" <support@example.org>'
    assert (message["To"], message["Cc"]) == ("Anna Schmidt <anna@example.com>", "bob@example.com")
    assert (message["Reply-To"], message["Subject"]) == ("support+t1042-abc@example.org", "[#1042] Printer on fire")
    assert message["Message-ID"] == "<1042.7.k3v9.mac@desk.example.org>"
    assert message["In-Reply-To"] == "<question@mail.example.com>"
    assert message["References"] == "<1042.root@desk.example.org> <question@mail.example.com>"
    assert message["Date"].datetime == REPLY.date
    assert message.get_content_type() == "multipart/alternative"
    assert (text_of(message, "plain"), text_of(message, "html")) == ("Pull the plug.\n", "<p>Pull the plug.</p>\n")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("receipt", {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All", "Precedence": "bulk"}),
        ("reply", {"X-Auto-Response-Suppress": "DR, RN, NRN"}),
        (
            "notice",
            {
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
                "Precedence": "bulk",
                "X-Helpdesk-Queue": "Hardware",
                "X-Helpdesk-Reason": "assignee",
                "List-Unsubscribe": "<https://desk.example.org/preferences/abc>",
            },
        ),
        (
            "account",
            {
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
                "Precedence": "bulk",
                "List-Unsubscribe": "<https://desk.example.org/preferences/abc>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        ),
    ],
)
def test_every_kind_of_mail_says_to_programs_what_it_is_and_no_more(kind: Kind, expected: dict[str, str]) -> None:
    if kind != "account":
        expected = {**expected, "X-Helpdesk-Loop": "desk-1", "X-Ticket-ID": "1042", "X-Ticket-Status": "pending"}
    message = read(compose(replace(REPLY, kind=kind)))
    named = {name: str(value) for name, value in message.items() if name.startswith(("X-", "Auto-", "Precedence", "List-"))}
    assert named == expected
    assert (message["MIME-Version"], message["Content-Language"]) == ("1.0", "en")


def test_the_same_mail_always_has_the_same_bytes() -> None:
    assert compose(REPLY) == compose(replace(REPLY))


def test_a_long_chain_of_references_keeps_its_first_four_and_last_six() -> None:
    chain = tuple(f"{number}@{'x' * 60}.example.com" for number in range(40))
    message = read(compose(replace(REPLY, references=chain)))
    assert str(message["References"]).split() == [f"<{each}>" for each in chain[:4] + chain[-6:]]


def test_ids_that_no_header_can_hold_are_left_out() -> None:
    broken = ("a b@c", "a@b>\r\nX-Evil: 1", "ü@b", "x" * 2000, "", "good@id")
    content = compose(replace(REPLY, in_reply_to="a@b\r\nBcc: eve@example.com", references=broken))
    assert read(content)["References"] == "<good@id>"
    assert header_names(content) == [name for name in REPLY_HEADERS if name != "In-Reply-To"]


def test_a_message_id_that_cannot_be_written_is_refused() -> None:
    with pytest.raises(PermanentFailure, match="Message-ID"):
        compose(replace(REPLY, message_id="a@b>\r\nX-Evil: 1"))


def test_a_mail_to_nobody_is_refused() -> None:
    with pytest.raises(PermanentFailure, match="recipient"):
        compose(replace(REPLY, to=(), cc=()))


@pytest.mark.parametrize(
    "subject",
    [
        "[#1042] Grüße aus Köln 🔥🔥🔥",
        "[#1042] " + "sehr lang und überlang " * 40,
        "x" * 900,
        "日本語の件名" * 30,
        "=?utf-8?q?trick?= [#1]",
        "half \udce4 and \x00 nul",
        "👨‍👩‍👧‍👦" * 40,
    ],
)
def test_any_subject_arrives_and_no_header_line_is_too_long(subject: str) -> None:
    content = compose(replace(REPLY, subject=subject))
    assert read(content)["Subject"] == one_line(subject)
    assert max(len(line) for line in header_lines(content) if line.startswith((b"Subject", b" "))) <= 78


def test_the_ticket_tag_stays_readable_beside_encoded_words() -> None:
    assert b"\r\nSubject: [#1042] =?utf-8?" in compose(replace(REPLY, subject="[#1042] Über allem"))


@pytest.mark.parametrize(
    "name",
    [
        'Müller, Eva "die Chefin"',
        'O\'Neil, "Bob" \\ <boss@example.com>',
        "Доктор Живаго из отдела поддержки клиентов и партнёров",
        "Eva 🦊",
        "=?utf-8?q?Admin?=",
        "山田 太郎",
        "Eva\r\nBcc: eve@example.com",
        "a" * 300,
        "J. R. R. T.",
        "x@y.example",
    ],
)
def test_any_name_arrives_as_one_name_of_one_person(name: str) -> None:
    content = compose(replace(REPLY, sender=Address("support@example.org", name), to=(Address("anna@example.com", name),)))
    message = read(content)
    assert [[person.addr_spec for person in message[header].addresses] for header in ("From", "To")] == [
        ["support@example.org"],
        ["anna@example.com"],
    ]
    for header in message_from_bytes(content).get_all("From", []) + message_from_bytes(content).get_all("To", []):
        assert str(make_header(decode_header(parseaddr(header)[0]))) == one_line(name, 128)
    assert header_names(content) == REPLY_HEADERS


def test_a_hundred_people_in_copy_fold_into_short_lines() -> None:
    people = tuple(Address(f"person{number}@example.com", f"Person Nr. {number}, Köln") for number in range(100))
    content = compose(replace(REPLY, cc=people))
    assert [person.addr_spec for person in read(content)["Cc"].addresses] == [person.email for person in people]
    assert max(map(len, header_lines(content))) <= 78


def test_a_foreign_domain_is_written_by_idna_2008() -> None:
    assert addr_spec(Address("info@bücher.example")) == "info@xn--bcher-kva.example"
    assert addr_spec(Address("info@Straße.example")) == "info@xn--strae-oqa.example"
    assert not needs_smtputf8(replace(REPLY, to=(Address("info@bücher.example"),)))


def test_only_a_foreign_local_part_needs_smtputf8() -> None:
    mail = replace(REPLY, cc=(Address("jürgen@example.com", "Jürgen"),))
    content = compose(mail)
    assert needs_smtputf8(mail) and not needs_smtputf8(REPLY)
    assert message_from_string(content.decode("utf-8"), policy=default)["Cc"].addresses[0].addr_spec == "jürgen@example.com"


def test_a_local_part_is_quoted_only_where_it_has_to_be() -> None:
    assert addr_spec(Address("o'neil+tag@example.com")) == "o'neil+tag@example.com"
    assert addr_spec(Address("two words@example.com")) == '"two words"@example.com'
    assert addr_spec(Address('"a\\"b"@example.com')) == '"a\\"b"@example.com'
    assert addr_spec(Address("double..dot@example.com")) == '"double..dot"@example.com'


@pytest.mark.parametrize(
    "email",
    [
        "",
        "anna",
        "@example.com",
        "anna@",
        "a@b\r\nBcc: eve@x.org",
        "a\r\nb@example.com",
        "a@-x.example",
        "a@b c",
        "x" * 400 + "@b",
        "a\ud800@b.c",
    ],
)
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(PermanentFailure, match="not a valid address"):
        compose(replace(REPLY, to=(Address(email),)))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Plain and short.\n", "7bit"),
        ("From here on an mbox would change it.\n", "quoted-printable"),
        ("Grüße aus Köln, alles andere ist ganz gewöhnlicher Text.\n", "quoted-printable"),
        ("x" * 5000 + "\n", "quoted-printable"),
        ("trailing blank \n-- \nEva\n", "quoted-printable"),
        ("--=_a boundary?\n", "quoted-printable"),
        ("Сегодня принтер снова горит, помогите пожалуйста.\n", "base64"),
        ("", "7bit"),
    ],
)
def test_text_travels_in_the_simplest_encoding_that_no_relay_harms(text: str, encoding: str) -> None:
    content = compose(replace(REPLY, text=text, html=""))
    message = read(content)
    assert message["Content-Transfer-Encoding"] == encoding
    assert text_of(message, "plain") == (text or "\n")
    assert max(map(len, content.split(b"\r\n"))) <= 78


def test_control_characters_and_foreign_line_ends_are_taken_out_of_texts() -> None:
    message = read(compose(replace(REPLY, text="a\r\nb\rc\x00d\x1b[1m\ue000\udc80\n", html="")))
    assert text_of(message, "plain") == "a\nb\ncd[1m\ue000\ufffd\n"


def test_a_picture_of_the_text_travels_beside_the_html_and_a_file_beside_both() -> None:
    paper = OutgoingFile("plan.pdf", "application/pdf", b"%PDF-1.7\n" * 100)
    message = read(compose(replace(REPLY, html='<img src="cid:plug@desk">', attachments=(PICTURE, paper))))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/pdf",
    ]
    picture, file = list(message.walk())[5:]
    assert (picture["Content-ID"], picture.get_content_disposition(), picture.get_content()) == ("<plug@desk>", "inline", PICTURE.content)
    assert (file.get_filename(), file.get_content_disposition(), file.get_content()) == ("plan.pdf", "attachment", paper.content)


def test_a_picture_that_the_html_does_not_show_is_an_attachment() -> None:
    message = read(compose(replace(REPLY, attachments=(PICTURE, replace(PICTURE, content_id="evil>\r\nX-Evil: 1")))))
    assert [part.get_content_disposition() for part in message.iter_attachments()] == ["attachment", "attachment"]


@pytest.mark.parametrize("content_type", ["message/rfc822", "multipart/mixed", "text", "a/b\r\nX-Evil: 1", "", "ü/ü"])
def test_a_type_that_base64_may_not_carry_becomes_plain_bytes(content_type: str) -> None:
    message = read(compose(replace(REPLY, attachments=(OutgoingFile("mail.eml", content_type, b"From: x\r\n\r\nhi"),))))
    (part,) = message.iter_attachments()
    assert (part.get_content_type(), part.get_content()) == ("application/octet-stream", b"From: x\r\n\r\nhi")


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("Rechnung.pdf", "Rechnung.pdf"),
        ('quote".pdf', 'quote".pdf'),
        ("Übersicht für Köln.pdf", "Übersicht für Köln.pdf"),
        ("請求書" * 30 + ".pdf", "請求書" * 30 + ".pdf"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("a\r\nX-Evil: 1.txt", "a X-Evil: 1.txt"),
        ("\udce4.txt", "\ufffd.txt"),
        ("", "file"),
    ],
)
def test_any_file_name_arrives_and_is_never_a_path(filename: str, expected: str) -> None:
    content = compose(replace(REPLY, attachments=(OutgoingFile(filename, "application/pdf", b"x"),)))
    (part,) = read(content).iter_attachments()
    assert part.get_filename() == expected
    assert max(map(len, content.split(b"\r\n"))) <= 78


def test_a_link_that_would_break_its_header_is_left_out() -> None:
    for link in ("https://x/\r\nX-Evil: 1", "javascript:alert(1)", "https://x/<y>"):
        assert read(compose(replace(REPLY, kind="notice", list_unsubscribe=link)))["List-Unsubscribe"] is None


@PATIENT
@given(kind=st.sampled_from(get_args(Kind)), value=HOSTILE)
def test_no_value_whatever_adds_a_header(kind: Kind, value: str) -> None:
    mail = replace(
        REPLY,
        kind=kind,
        sender=Address("support@example.org", value),
        subject=value,
        in_reply_to=value,
        references=(value, value),
        ticket_status=value,
        queue=value,
        reason=value,
        instance=value,
        language=value,
        list_unsubscribe=value,
    )
    content = compose(mail)
    assert set(header_names(content)) <= set(header_names(compose(replace(REPLY, kind=kind))))
    assert content.isascii() and b"\x00" not in content
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", content)
    assert max(map(len, content.split(b"\r\n"))) <= 998
    message = message_from_bytes(content, policy=default)
    assert [person.addr_spec for person in message["From"].addresses] == ["support@example.org"]


@PATIENT
@given(text=HOSTILE, html=HOSTILE, filename=HOSTILE, data=st.binary(max_size=300))
def test_any_text_and_any_file_arrive_whole(text: str, html: str, filename: str, data: bytes) -> None:
    message = read(compose(replace(REPLY, text=text, html=html, attachments=(OutgoingFile(filename, "image/png", data),))))
    (file,) = message.iter_attachments()
    assert file.get_content() == data
    assert file.get_filename() == (one_line(filename, 200).replace("/", "_").replace("\\", "_") or "file")
    assert text_of(message, "plain") == ended(whole(text))
    if html:
        assert text_of(message, "html") == ended(whole(html))


@PATIENT
@given(local=HOSTILE | st.text('ab .\\"@ü', max_size=8), domain=st.sampled_from(["example.com", "bücher.example"]) | HOSTILE)
def test_any_address_is_either_refused_or_one_address_that_reads_back(local: str, domain: str) -> None:
    mail = replace(REPLY, to=(Address(f"{local}@{domain}"),), cc=())
    try:
        content = compose(mail)
    except PermanentFailure:
        return
    message = message_from_string(content.decode("utf-8"), policy=default)
    written, _, host = addr_spec(mail.to[0]).rpartition("@")
    meant = re.sub(r"\\(.)", r"\1", written[1:-1]) if written.startswith('"') else written
    assert [(person.username, person.domain) for person in message["To"].addresses] == [(meant, host)]
    assert content.isascii() is not needs_smtputf8(mail)


def ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"
