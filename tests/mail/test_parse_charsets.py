"""Text arrives as it was written, whatever charset its label names."""

from __future__ import annotations

import pytest

from core.mail.parse import parse
from core.mail.parse.charsets import decode
from core.mail.parse.encoded_words import decode_value

CHINESE = "您好，请问我的订单什么时候发货？谢谢您的服务"
RUSSIAN = "Здравствуйте, у меня вопрос по поводу заказа"


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        (CHINESE, "gb18030", "iso-gb2312"),
        (CHINESE, "gbk", "X-GBK"),
        (CHINESE, "gb18030", "X-UNKNOWN"),
        (CHINESE, "gb18030", None),
        ("請問我的訂單何時發貨？謝謝您的服務", "big5", None),
        (RUSSIAN, "mac_cyrillic", "x-mac-cyrillic"),
        (RUSSIAN, "koi8_r", None),
        (RUSSIAN, "cp1251", "unknown-8bit"),
        (RUSSIAN, "utf-8", "iso-8859-1"),
        ("„Grüße“ – 5 €", "cp1252", "iso-8859-1"),
        ("„Grüße“ – 5 €", "utf-8", "us-ascii"),
        ("Größe für alle, привет", "utf-8", "gb2312"),
        (RUSSIAN, "utf-8", "shift_jis"),
        ("수고하세요", "cp949", "euc-kr"),
        ("Promoção de Verão", "latin-1", None),
        ("안녕하세요 주문에 대해 질문이 있습니다", "cp949", "ks_c_5601-1987"),
        ("テスト①㈱", "cp932", "x-sjis"),
        ("zero €", "utf-7", "unicode-1-1-utf-7"),
        ("größer", "utf-16", "utf-16"),
        ("größer", "utf-8", "'UTF8'; format=flowed"),
        ("plain", "ascii", "rot13"),
    ],
)
def test_text_is_read_under_a_strange_or_wrong_label(text: str, codec: str, label: str | None) -> None:
    assert decode(text.encode(codec), label) == text


def test_japanese_of_microsoft_is_read_with_its_extra_characters() -> None:
    assert decode(b"\x1b$B-!-j\x1b(B and \x1b(I1\x1b(B", "ISO-2022-JP-MS") == "①㈱ and ｱ"


def test_a_character_cut_at_the_end_does_not_spoil_the_text_before_it() -> None:
    assert decode("Grüße aus Zürich, ä".encode()[:-1], "utf-8") == "Grüße aus Zürich, \ufffd"


def test_no_text_holds_nul_or_half_of_a_pair() -> None:
    assert decode(b"a\x00b", "utf-8") == "ab"
    assert decode(b"+2AA-", "utf-7") == "\ufffd"


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"=?utf-8?B?w6TD?= =?utf-8?B?tg==?=", "äö"),
        (b"=?UTF-8?B?w6TDt?==?UTF-8?B?g==?=", "äö"),
        (b"=?utf-8?Q?a b_c?= d", "a b c d"),
        (b"=?utf-8?Q?one?= and =?utf-8?Q?two?=", "one and two"),
        (b"=?utf-8?Q?cut_in_h=C3", "cut in h\ufffd"),
        (b"=?nonsense?Q?=C3=A4?=", "ä"),
        (b"=?iso-8859-1*de?Q?=E4?=", "ä"),
        (b"=?utf-8?B?!!!?=", ""),
        ("raw ä".encode(), "raw ä"),
        (b"zero\x00 and\r\n more\r\n\tlines", "zero and more lines"),
        (b"2 =? 3 ?= 4", "2 =? 3 ?= 4"),
        (b"=?utf-8?Q?soft=C3=\n =A4 bre=\n ak?=", "softä break"),
        ("請求書 1".encode("iso-2022-jp"), "請求書 1"),
    ],
)
def test_a_subject_is_decoded_to_one_line(raw: bytes, subject: str) -> None:
    assert decode_value(raw) == subject


def test_a_subject_without_charset_is_read_like_the_text_of_its_mail() -> None:
    raw = b"From: a@b.example\nSubject: " + "发票".encode("gbk") + b"\n\n" + CHINESE.encode("gbk")
    assert parse(raw).subject == "发票"


def test_a_subject_without_charset_above_a_text_in_english_is_read_by_itself() -> None:
    raw = b"From: Joe Doe <joe.doe@shop.example>\nSubject: " + "Лампа не горит совсем".encode("cp1251") + b"\n\nPlease see the file."
    assert parse(raw).subject == "Лампа не горит совсем"


@pytest.mark.parametrize(
    ("codec", "said"),
    [
        ("cp1253", "Καλημέρα σας, η λάμπα μου δεν ανάβει, βοηθήστε με παρακαλώ."),
        ("iso8859_7", "Δεν λειτουργεί η σύνδεση από χθες το πρωί."),
        ("cp1255", "אני לא מצליח להתחבר לחשבון שלי, אנא שלחו סיסמה חדשה"),
        ("iso8859_8", "שלום רב, המנורה שלי לא עובדת, בבקשה עזרו לי"),
        ("cp1251", "Добрий день, лампа не світить"),
        ("cp1256", "السلام عليكم ورحمة الله، أرجو إرسال الفاتورة في أقرب وقت ممكن"),
    ],
)
def test_greek_hebrew_russian_and_arabic_that_do_not_say_so_are_told_apart(codec: str, said: str) -> None:
    assert decode(said.encode(codec)) == said


@pytest.mark.parametrize(("codec", "said"), [("cp1254", "Lampası titriyor, lütfen gönderin ğış"), ("cp1252", "50 € – “lamp”")])
def test_a_plain_subject_helps_to_tell_the_letters_of_a_text_that_does_not_say_them(codec: str, said: str) -> None:
    raw = said.encode(codec)
    head = b"From: " + raw[:8] + b" <ada@example.net>\r\nSubject: Lamp\r\nContent-Type: text/plain\r\n\r\n"
    assert parse(head + raw + b"\r\n" + raw).text == f"{said}\n{said}"
