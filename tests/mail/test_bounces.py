"""Delivery reports: what they say of which address, and that people who write about them are not taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.mail.parse import parse
from core.mail.screen import Own, screen
from core.mail.screen.bounces import Bounce

SAMPLES = Path(__file__).parent / "samples" / "screen"
OWN = Own(frozenset({"support@desk.example"}), "desk-one")
SENT = "1042.3.k7q2.mac@desk.example"
RETURNED = f"Return-Path: <support@desk.example>\nMessage-ID: <{SENT}>\nTo: anna@shop.example\nSubject: Your invoice\n\nHello.\n"


def bounce_in(name: str) -> Bounce | None:
    return screen(parse((SAMPLES / f"{name}.eml").read_bytes()), None, OWN).bounce


def bounce_of(sender: str, subject: str, text: str, more: str = "") -> Bounce | None:
    head = f"From: {sender}\nTo: support@desk.example\nSubject: {subject}\n{more}Content-Type: text/plain; charset=utf-8\n\n"
    return screen(parse((head + text).encode()), None, OWN).bounce


def test_a_report_of_rfc_3464_says_who_why_and_which_mail() -> None:
    bounce = bounce_in("postfix_failed")
    assert bounce is not None and bounce.kind == "failed" and not bounce.policy
    assert bounce.original_message_id == SENT and bounce.original_envelope_id == "1042.3.k7q2"
    assert ("x-helpdesk-loop", "desk-one") in bounce.original_headers
    (anna,) = bounce.recipients
    assert (anna.address, anna.action, anna.status) == ("anna@shop.example", "failed", "5.1.1")
    assert anna.diagnostic == "550 5.1.1 no such mailbox here"


def test_a_delay_is_no_failure() -> None:
    bounce = bounce_in("postfix_delayed")
    assert bounce is not None and bounce.kind == "delayed" and bounce.recipients[0].status == "4.4.1"


def test_a_confirmed_delivery_bounces_nobody() -> None:
    bounce = bounce_in("delivered")
    assert bounce is not None and bounce.kind == "delivered" and bounce.addresses == ()


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Successful Mail Delivery Report", "Your message was successfully delivered to the destination(s)\nlisted below.\n\n"
         "You may still receive notifications of mail delivery errors.\n\n<anna@shop.example>: delivery via mx: 250 2.0.0 Ok"),
        ("Return receipt", "   -- The following addresses had successful delivery notifications --\n<anna@shop.example>  (relayed)\n\n"
         "   -- Transcript of session follows --\n<anna@shop.example>... relayed; expect no further notifications\n"),
        ("Delivery Status Notification (Success)", "Your message has been successfully relayed to\n\n  anna@shop.example\n"),
    ],
)  # fmt: skip
def test_a_delivery_confirmed_in_words_bounces_nobody_either(subject: str, text: str) -> None:
    bounce = bounce_of("Mail Delivery System <MAILER-DAEMON@mx.example>", subject, text, "Return-Path: <>\n")
    assert bounce is not None and bounce.kind == "delivered" and bounce.addresses == ()
    mixed = f"{text}\n\nThe following address had permanent fatal errors:\n<ben@shop.example>: 550 5.1.1 no such user"
    bounce = bounce_of("Mail Delivery System <MAILER-DAEMON@mx.example>", "Returned mail", mixed)
    assert bounce is not None and bounce.kind == "failed" and "ben@shop.example" in bounce.addresses
    bounce = bounce_of("MAILER-DAEMON@mx.example", "Undelivered", f"{text}\nbut could not be delivered to:\n<ben@shop.example>: unknown")
    assert bounce is not None and bounce.kind == "failed" and "ben@shop.example" in bounce.addresses


def test_an_address_that_a_server_left_encoded_is_the_one_we_wrote_to() -> None:
    status = "Original-Recipient: rfc822; anna+2Blamp+3D1@shop.example\nFinal-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1"
    raw = f"--b\n\nfailed\n--b\nContent-Type: message/delivery-status\n\n{status}\n--b--\n"
    kind = "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
    bounce = screen(parse(f"From: MAILER-DAEMON@mx.example\n{kind}{raw}".encode()), "", OWN).bounce
    assert bounce is not None and bounce.addresses == ("anna+lamp=1@shop.example",)


def test_a_server_that_names_its_own_users_without_a_domain_and_says_why_is_understood() -> None:
    text = "The message that you sent was undeliverable to the following:\n\tanna (user not found)\n"
    bounce = bounce_of("Mailer-Daemon@shop.example", "Message status - undeliverable", text)
    assert bounce is not None and bounce.addresses == ("anna@shop.example",)


NAMES = ("anna", "ben", "cleo")


@pytest.mark.parametrize(
    "text",
    [
        "Delivery has failed to these recipients or groups:\n\nAnna Berg (anna@shop.example)<mailto:anna@shop.example>\nNot found.\n\n"
        "Ben (ben@shop.example)<mailto:ben@shop.example>\nMailbox full.\n\nCleo<mailto:cleo@shop.example>\nNot found.\n",
        "Delivery has failed to these recipients:\n\n" + "".join(f"{one}@shop.example<mailto:{one}@shop.example>\n\n" for one in NAMES),
        "Undeliverable to:\nanna@shop.example: 550 unknown\nben@shop.example: 550 unknown\ncleo@shop.example: 552 full\n",
    ],
)
def test_every_recipient_of_a_list_is_named(text: str) -> None:
    bounce = bounce_of("postmaster@shop.example", "Undeliverable: Lamp", text)
    assert bounce is not None and sorted(bounce.addresses) == ["anna@shop.example", "ben@shop.example", "cleo@shop.example"]


def test_a_filter_that_calls_our_mail_unsolicited_did_not_deliver_it() -> None:
    text = "A message from <support@desk.example> to:\n-> anna@shop.example\n\nwas considered unsolicited bulk e-mail (UBE).\n"
    bounce = bounce_of("Content-filter <postmaster@mx.example>", "Considered UNSOLICITED BULK EMAIL", text, "Return-Path: <>\n")
    assert bounce is not None and bounce.addresses == ("anna@shop.example",)


def test_a_refusal_by_policy_is_about_us_even_when_the_status_field_hides_it() -> None:
    bounce = bounce_in("refused_by_policy")
    assert bounce is not None and bounce.policy and bounce.recipients[0].status == "5.7.1"


def test_the_address_we_wrote_to_counts_and_not_the_one_it_was_forwarded_to() -> None:
    bounce = bounce_in("forwarded_elsewhere")
    assert bounce is not None and bounce.addresses == ("anna@shop.example",)
    assert [one.action for one in bounce.recipients] == ["failed", "relayed"]


def test_a_returned_whole_mail_gives_its_id_too() -> None:
    bounce = bounce_in("exchange_german")
    assert bounce is not None and bounce.original_message_id == SENT and bounce.recipients[0].status == "5.1.10"


def test_an_international_address_is_read_from_its_utf_8_report() -> None:
    bounce = bounce_in("internationalised")
    assert bounce is not None and bounce.addresses == ("ännä@shöp.example",) and bounce.original_message_id == SENT


def test_addresses_named_in_a_header_field_count_and_the_chain_names_the_mail() -> None:
    bounce = bounce_in("gmail_without_status_part")
    assert bounce is not None and bounce.addresses == ("anna@shop.example", "bert@shop.example")
    assert bounce.original_message_id == SENT and bounce.recipients[0].status == "5.1.1"


def test_a_report_that_a_gateway_wrapped_is_read_inside() -> None:
    bounce = bounce_in("report_wrapped_by_gateway")
    assert bounce is not None and bounce.addresses == ("anna@shop.example",)


NO_BOUNCES = ("read_receipt", "abuse_report", "vacation_with_null_sender", "forwarded_by_a_person", "forwarded_as_attachment")


@pytest.mark.parametrize("name", NO_BOUNCES)
def test_what_only_looks_like_a_bounce_is_none(name: str) -> None:
    assert bounce_in(name) is None


DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example>"
NOTICES = sorted((SAMPLES / "notices").glob("*.eml"))


@pytest.mark.parametrize("notice", NOTICES, ids=lambda path: path.stem)
def test_a_notice_in_words_names_the_address(notice: Path) -> None:
    bounce = screen(parse(notice.read_bytes()), None, OWN).bounce
    assert bounce is not None and bounce.kind == "failed" and bounce.addresses == ("anna@shop.example",)
    assert (bounce.original_message_id == SENT) == (SENT in notice.read_text("utf-8"))


def test_a_warning_in_words_is_a_delay() -> None:
    text = "A message that you sent has not yet been delivered to:\n\n  anna@shop.example\n\nNo action is required on your part.\n"
    bounce = bounce_of(DAEMON, "Warning: message delayed 24 hours", text)
    assert bounce is not None and bounce.kind == "delayed" and bounce.recipients[0].action == "delayed"


def test_a_block_list_named_in_words_is_about_us() -> None:
    text = "Your message could not be delivered.\n\n<anna@shop.example>: host mail.shop.example said: 554 client blocked using a dnsbl\n"
    bounce = bounce_of(DAEMON, "Undelivered Mail Returned to Sender", text)
    assert bounce is not None and bounce.policy


def test_a_notice_that_names_nobody_takes_the_address_of_the_returned_mail() -> None:
    text = f"Your message could not be delivered.\n\n--- Below this line is a copy of the message.\n\n{RETURNED}"
    bounce = bounce_of(DAEMON, "failure notice", text)
    assert bounce is not None and bounce.addresses == ("anna@shop.example",)


def test_a_bounce_without_any_sender_is_found() -> None:
    text = "Your message could not be delivered to anna@shop.example: user unknown\n"
    raw = f"Return-Path: <>\nTo: support@desk.example\nSubject: Undelivered mail\n\n{text}"
    bounce = screen(parse(raw.encode()), None, OWN).bounce
    assert bounce is not None and bounce.addresses == ("anna@shop.example",)


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        ("Anna Berg <anna@shop.example>", "My mail could not be delivered"),
        ("Anna Berg <anna@shop.example>", "Re: Undelivered Mail Returned to Sender"),
        ("Anna Berg <anna@shop.example>", "AW: Unzustellbar: Angebot"),
        ("Hans <postmaster@shop.example>", "Question about your mail server"),
    ],
)
def test_a_person_who_writes_about_a_bounce_stays_a_person(sender: str, subject: str) -> None:
    text = "Hello, my message to bert@other.example was not delivered: 550 user unknown. Can you help?\n"
    assert bounce_of(sender, subject, text, "Return-Path: <anna@shop.example>\n") is None


PASTED = (
    "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more\n"
    "of its recipients. This is a permanent error. The following address(es) failed:\n\n  bert@other.example\n    550 user unknown\n\n"
    "------ This is a copy of the message, including all the headers. ------\n\nReturn-path: <anna@shop.example>\nSubject: Hello\n"
)


@pytest.mark.parametrize("subject", ["Mail delivery failed [#1]", "Mailbox full"])
@pytest.mark.parametrize("sender", ["Anna Berg <anna@shop.example>", "anna@shop.example"])
def test_a_person_who_pastes_a_bounce_stays_a_person(sender: str, subject: str) -> None:
    text = f"Hello,\n\nwhat does this mean?\n\n{PASTED}"
    assert bounce_of(sender, subject, text, "Return-Path: <anna@shop.example>\n") is None


def test_a_server_without_any_name_is_believed_by_its_first_words() -> None:
    assert bounce_of("admin@mx.example", "Undeliverable: Lamp", PASTED.partition("\n\n")[2]) is not None


EXCHANGE = [
    ("Unzustellbar: Lampe", "Folgende(r) Empfänger kann/können nicht erreicht werden:", "anna@shop.example am 04.05.2021 10:12"),
    ("Non remis : Lampe", "Votre message n'est pas parvenu à tous les destinataires :", "anna@shop.example le 04/05/2021 10:12"),
    ("Non recapitabile: Lampada", "Recapito non riuscito per i seguenti destinatari o gruppi:", "anna@shop.example"),
    ("Не удалось доставить: Лампа", "Сбой доставки следующим получателям или группам:", "anna@shop.example"),
    ("Onbestelbaar: Lamp", "Bezorgen bij de volgende geadresseerden of groepen is mislukt:", "anna@shop.example"),
    ("Não é possível entregar: Lâmpada", "Falha na entrega a estes destinatários ou grupos:", "anna@shop.example"),
    ("Kan inte levereras: Lampa", "Leverans misslyckades för följande mottagare eller grupper:", "anna@shop.example"),
    ("Teslim edilemiyor: Lamba", "Bu alıcılara veya gruplara teslim başarısız oldu:", "anna@shop.example"),
    ("Nedoručitelné: Lampa", "Doručení následujícím příjemcům nebo skupinám se nezdařilo:", "anna@shop.example"),
    (
        "**Message you sent blocked by our bulk email filter**",
        "Your message to: anna@shop.example\nwas blocked by our Spam Firewall.",
        "Subject: Lamp",
    ),
]


@pytest.mark.parametrize(("subject", "sentence", "line"), EXCHANGE)
def test_a_servers_words_are_known_without_a_null_sender_too(subject: str, sentence: str, line: str) -> None:
    bounce = bounce_of("postmaster@shop.example", subject, f"{sentence}\n\n{line}\n")
    assert bounce is not None and bounce.addresses == ("anna@shop.example",)


EXCHANGE_ITSELF = "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@desk.example>"
EVERYWHERE = [
    ("Det gick inte att leverera meddelandet till anna@shop.example.", "Kan inte levereras: Lampa"),
    ("Toimitus seuraaville vastaanottajille tai ryhmille epäonnistui:\n\nanna@shop.example", "Ei voi toimittaa: Lamppu"),
    ("Dostarczenie wiadomości do następujących adresatów nie powiodło się:\n\nanna@shop.example", "Niedostarczalne: Lampa"),
    ("Vaši zprávu pro anna@shop.example se nepodařilo doručit.", "Nedoručitelné: Lampa"),
    ("Sikertelen volt a kézbesítés a következő címzetteknek:\n\nanna@shop.example", "Kézbesíthetetlen: Lámpa"),
    ("Неуспешна доставка до тези получатели или групи:\n\nanna@shop.example", "Недоставено: Лампа"),
    ("Isporuka ovim primateljima ili grupama nije uspjela:\n\nanna@shop.example", "Nije moguće isporučiti: Lampa"),
    ("Dostava tem prejemnikom ali skupinam ni uspela:\n\nanna@shop.example", "Ni mogoče dostaviti: Svetilka"),
    ("Kohaletoimetamine järgmistele adressaatidele nurjus:\n\nanna@shop.example", "Kohaletoimetamatu: Lamp"),
    ("Piegāde šiem adresātiem vai grupām neizdevās:\n\nanna@shop.example", "Nepiegādājams: Lampa"),
    ("Nepavyko pristatyti šiems gavėjams arba grupėms:\n\nanna@shop.example", "Nepristatyta: Lempa"),
    ("המסירה לנמענים או לקבוצות הבאים נכשלה:\n\nanna@shop.example", "לא ניתן למסירה: מנורה"),
    ("فشل التسليم إلى هؤلاء المستلمين أو المجموعات:\n\nanna@shop.example", "غير قابل للتسليم: مصباح"),
    ("การส่งถึงผู้รับหรือกลุ่มเหล่านี้ล้มเหลว:\n\nanna@shop.example", "ไม่สามารถส่งได้: โคมไฟ"),
    ("Không gửi được thư đến những người nhận này:\n\nanna@shop.example", "Không thể gửi: Đèn"),
    ("Pengiriman ke penerima atau grup ini gagal:\n\nanna@shop.example", "Tidak terkirim: Lampu"),
    ("Error en lliurar a aquests destinataris o grups:\n\nanna@shop.example", "No es pot lliurar: Llum"),
    ("你发送到anna@shop.example的邮件无法送达。", "未送达: 灯"),
    ("anna@shop.example에게 보낸 메시지를 배달할 수 없습니다.", "배달할 수 없음: 램프"),
]


@pytest.mark.parametrize(("text", "subject"), EVERYWHERE)
def test_exchange_is_understood_in_every_language(text: str, subject: str) -> None:
    bounce = bounce_of(EXCHANGE_ITSELF, subject, f"{text}\n")
    assert bounce is not None and bounce.addresses == ("anna@shop.example",)


SHORT = [
    ("Postmaster <postmaster@mx.example>", "Postfach voll", "Ihre Nachricht an <anna@shop.example> konnte nicht\nzugestellt werden."),
    ("postmaster@mx.example", "Delivery error", "User anna@shop.example not known."),
    ("postmaster@mx.example", "cc:Mail Undeliverable Message", "User anna@shop.example is not defined"),
    (
        "MMDF Mail System <mmdf@mx.example>",
        "Failed mail",
        "Your message could not be\nfully delivered.\n\n 'anna@shop.example' (queue: smtp)",
    ),
    ("<>", "Returned Mail", "This message was undeliverable.\n\nRecipient: <anna@shop.example>"),
    (DAEMON, "Undelivered", "This is a permanent error.\n\nanna@shop.example, ERROR CODE :550 - 5.1.1 no such account"),
    (DAEMON, "Undelivered", "Your message was undeliverable.\n\nUnknown or illegal alias: anna@shop.example"),
    (DAEMON, "Undelivered", "Not delivered.\n\n<bert@inner.example> (expanded from\n    <anna@shop.example>): mail loop\n"),
    (DAEMON, "Message non remis", "Votre message n'a pas pu etre delivre a anna@shop.example."),
]


@pytest.mark.parametrize(("sender", "subject", "text"), SHORT)
def test_a_short_refusal_names_the_address_we_wrote_to(sender: str, subject: str, text: str) -> None:
    bounce = bounce_of(sender, subject, f"{text}\n")
    assert bounce is not None and bounce.addresses == ("anna@shop.example",)


OTHERWISE = [
    ("mia@shop.example has moved.", ("mia@shop.example",)),
    ("The mail could not be forwarded to mia@shop.example. Questions: help@mx.example", ("mia@shop.example",)),
    ("Rejected were:\n\nmia@shop.example; my@shop.example\n\nAsk other@mx.example", ("mia@shop.example", "my@shop.example")),
    ("Ihre Nachricht an mia@shop.example wurde blockiert.", ("mia@shop.example",)),
    ("Vas e-mail pro mia@shop.example nebyl dorucen.", ("mia@shop.example",)),
    ("It failed. Ask one@mx.example or two@mx.example.", ()),
]


@pytest.mark.parametrize(("text", "addresses"), OTHERWISE)
def test_the_only_address_that_a_server_can_mean_is_the_one_it_means(text: str, addresses: tuple[str, ...]) -> None:
    bounce = bounce_of(DAEMON, "Undeliverable", f"{text}\n\n550 5.1.1 not accepted\n")
    assert bounce is not None and bounce.addresses == addresses


def test_an_address_that_reads_like_a_persons_word_makes_no_person() -> None:
    bounce = bounce_of("postmaster@shop.example", "Message notification", "Your message to mia@shop.example was not delivered.\n")
    assert bounce is not None and bounce.addresses == ("mia@shop.example",)


REFUSED = "ann@shop.example - 550 5.1.1 User unknown"


@pytest.mark.parametrize("sender", ["Kerio Connect <postmaster@shop.example>", "Acme Corp <postmaster@acme.example>"])
def test_a_firm_that_is_called_like_a_person_still_bounces_mail(sender: str) -> None:
    subject, text = "Delivery Status Notification (Failure)", f"Your message could not be delivered to the recipient:\n\n{REFUSED}\n"
    bounce = bounce_of(sender, subject, text)
    assert bounce is not None and bounce.addresses == ("ann@shop.example",)
    assert bounce_of(sender, subject, f"Hello,\n\nthis is what I got:\n\n{text}") is None


def test_a_notice_that_names_nobody_but_returns_the_mail_is_a_bounce() -> None:
    text = "This message was created automatically.\n\nA message that you sent could not be delivered.\n"
    parts = (
        f"--b\nContent-Type: text/plain\n\n{text}\n--b\nContent-Type: message/rfc822\n\nTo: ann@shop.example\nSubject: Lamp\n\nHi\n--b--\n"
    )
    head = "From: ndr@shop.example\nSubject: Mail delivery failed\nContent-Type: multipart/mixed; boundary=b\n\n"
    bounce = screen(parse((head + parts).encode()), None, OWN).bounce
    assert bounce is not None and bounce.addresses == ("ann@shop.example",)


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        (
            "postmaster@shop.example",
            "Mail problem",
            f"Guten Tag,\n\nIch bekam das zurück, was ist zu tun:\n\nNot delivered:\n\n{REFUSED}\n",
        ),
        ("office@shop.example", "Unzustellbar", f"La mia mail non è stata consegnata.\n\n--- Forwarded message ---\n\n{REFUSED}\n"),
    ],
)
def test_who_writes_from_an_office_and_shows_what_came_back_is_a_person(sender: str, subject: str, text: str) -> None:
    assert bounce_of(sender, subject, text) is None


WAITING = [
    ("Delayed mail: Lamp", "Message delivery to 'anna@shop.example' delayed\nWill try again."),
    ("Delivery report", "  <anna@shop.example>  delivery delayed; will continue trying"),
    (
        "Delivery Status Notification (Delay)",
        "There was a temporary problem delivering your message to anna@shop.example. Gmail will retry.",
    ),
    (
        "Waiting mail",
        "Delivery attempts are still pending for the following address(es):\n\n\t'anna@shop.example' (host: mx) (queue: smtp)",
    ),
]


@pytest.mark.parametrize(("subject", "text"), WAITING)
def test_a_warning_names_the_address_that_waits(subject: str, text: str) -> None:
    bounce = bounce_of(DAEMON, subject, f"{text}\n")
    assert bounce is not None and bounce.kind == "delayed" and bounce.addresses == ("anna@shop.example",)


def test_two_recipients_without_a_blank_line_between_them_are_two() -> None:
    field = "Original-Recipient: rfc822; {0}@shop.example\nFinal-Recipient: rfc822; x@inner.example\nAction: failed\nStatus: 5.1.1\n"
    report = f"--x\nContent-Type: message/delivery-status\n\n{field.format('anna')}{field.format('bert')}--x--\n"
    mail = f'From: {DAEMON}\nContent-Type: multipart/report; report-type=delivery-status; boundary="x"\n\n{report}'
    bounce = screen(parse(mail.encode()), "", OWN).bounce
    assert bounce is not None and bounce.addresses == ("anna@shop.example", "bert@shop.example")


@pytest.mark.parametrize(
    "sender", ["Hans Meier <postmaster@shop.example>", "Hans Postmaster <hans@shop.example>", "postmaster@shop.example"]
)
@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Undelivered Mail Returned to Sender", f"Hi,\n\nwhat does this mean?\n\n{PASTED}"),
        ("Undeliverable mail", "We have a lot of undeliverable mail since the migration."),
        ("Mailbox full", "My mailbox anna@shop.example is full, mail is being rejected."),
        ("Письмо не доставлено", "Здравствуйте! Моё письмо на bert@other.example не доставлено, ошибка 550."),
        ("Mail non distribué", "Bonjour, mon mail à bert@other.example n'a pas été distribué."),
    ],
)
def test_a_person_who_looks_after_the_mail_stays_a_person(sender: str, subject: str, text: str) -> None:
    assert bounce_of(sender, subject, text, "Return-Path: <hans@shop.example>\n") is None


def test_a_hostile_notice_costs_little_and_breaks_nothing() -> None:
    for piece in ("a@", "<", "\n", "delivery ", "550 5.", "recipient: "):
        bounce_of(DAEMON, "Undelivered Mail", piece * (200_000 // len(piece)))
