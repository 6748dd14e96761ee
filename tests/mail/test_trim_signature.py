"""What people write is not taken for what mail systems and programs put above and below it; and what these put there is taken off."""

from __future__ import annotations

import pytest

from core.mail.trim import Trimmed, trim

_QUOTE = "On Mon, Jun 2, 2025 at 8:00 AM Help Desk <desk@example.org> wrote:\n\n> Which colour?"
_LIST = "____________________\nusers mailing list\nTo unsubscribe, write to users-leave@lists.example.org"


@pytest.mark.parametrize(
    "first",
    [
        "Warning: the external drive is not found.",
        "Attention: please do not click the old link in our mail, it is broken.",
        "Achtung: externe Festplatte wird nicht erkannt.",
        "Externe Mitarbeiter haben keinen Zugang.",
        "External emails with attachments do not arrive.",
        "External users cannot open links or open the portal.",
        "External email",
        "Caution: the lamp gets hot, do not click the switch twice. External power is needed.",
        "Diese E-Mail kommt von meinem neuen Konto.",
        "External monitors are not detected from outside the docking station. Be careful with the old driver.",
        "Внимание: внешний диск не читается, письма не открываются.",
        "Uwaga: proszę nie klikać w stary link.",
        "What is https://aka.ms/LearnAboutSenderIdentification in your mail to ada@example.net?",
    ],
)
def test_a_first_paragraph_of_things_outside_is_no_warning_of_a_mail_system(first: str) -> None:
    text = f"{first}\n\nPlease help."
    assert trim(text, None) == Trimmed(text)
    assert trim(f"{text}\n\n{_QUOTE}", None).reply == text


@pytest.mark.parametrize(
    "banner",
    [
        "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you trust it.",
        "[EXTERNAL EMAIL]",
        "*** EXTERNAL ***",
        "EXTERNAL EMAIL: Do not click links unless you know the sender.",
        "ACHTUNG: Diese E-Mail stammt von einem externen Absender. Klicken Sie keine Links an.",
        "Attention : cet e-mail provient de l'extérieur.",
        "Vous n'obtenez pas souvent d'e-mail de ada@example.net. Découvrez pourquoi",
        "[Du får inte ofta e-post från ada@example.net. Läs om varför på https://aka.ms/LearnAboutSenderIdentification ]",
        "[您通常不会收到来自 ada@example.net 的电子邮件。请访问 https://aka.ms/LearnAboutSenderIdentification]",
        "⚠ EXTERNAL EMAIL ⚠ Do not click links or open attachments unless expected.",
        "This sender is from outside your organization.",
        "CORREO EXTERNO: no abra adjuntos ni enlaces si no conoce al remitente.",
        "UWAGA: Ta wiadomość pochodzi spoza organizacji. Nie klikaj w linki.",
        "ВНИМАНИЕ: Это письмо от внешнего отправителя. Не переходите по ссылкам.",
        "【社外メール】このメールは社外から送信されています。リンクにご注意ください。",
    ],
)
def test_a_warning_of_a_mail_system_is_taken_off(banner: str) -> None:
    assert trim(f"{banner}\n\nBlue.", None) == Trimmed("Blue.", signature=banner)


@pytest.mark.parametrize(
    "text",
    [
        "Hello,\n\nThis message is shown on the screen and it says the confidential document is locked:\nERROR 5\n\nPlease help me today.",
        "Hello,\n\nBefore the environment was changed, printing an e-mail worked.",
        "This e-mail was addressed to Bob by mistake, please delete it.\n\nBob has left us.",
        "This message is shown on the screen: confidential data could not be read, please ask for support.\n\nWhat should I do?",
        "This email address is no longer valid, please use my new one, as the old one is confidential for my boss only.",
        "Hi,\n\nThis email with confidential data was sent to me in error, please delete it from your system.",
        "It prints:\n\nThis message is confidential and intended for the addressee.\n\nCan you take that off below all my mails?",
        'Is this needed?\n\n"This e-mail is confidential and intended for the addressee. Delete it otherwise."\n\nOur lawyer asks.',
    ],
)
def test_words_about_confidential_things_are_no_notice(text: str) -> None:
    assert trim(text, None) == Trimmed(text)
    assert trim(f"{text}\n\n{_QUOTE}", None).reply == text


@pytest.mark.parametrize(
    "notice",
    [
        "AVISO LEGAL: Este mensaje y sus archivos van dirigidos exclusivamente a su destinatario, con información confidencial.",
        "Treść tej wiadomości zawiera informacje przeznaczone tylko dla adresata. Jest to informacja poufna.",
        "Информация, содержащаяся в этом письме, является конфиденциальной и предназначена исключительно для адресата.",
        "このメールには機密情報が含まれている場合があります。誤って受信された場合は、送信者に通知し、削除してください。",
        "Moss Ltd is registered in England. This email is confidential and intended solely for the one to whom it is addressed.",
        "This e-mail is confidential.\nIt is intended for the addressee.\n\nPlease delete it if it reached you in error, and tell us.",
        "Please consider the environment before printing this email.",
        "Dit bericht is uitsluitend bestemd voor de geadresseerde. Indien u dit ten onrechte ontvangt, verzoeken wij u dit te melden.",
        "Bitte denken Sie an die Umwelt, bevor Sie diese E-Mail ausdrucken.",
        "Adoptez l'éco-attitude. N'imprimez ce mail que si c'est vraiment nécessaire.",
        "Por favor, piense en el medio ambiente antes de imprimir este correo.",
        "This communication is intended for the addressee only. If you receive it in error please delete it and notify us.",
        "Це повідомлення є конфіденційним і призначене виключно для адресата.",
        "Το παρόν μήνυμα είναι εμπιστευτικό και απευθύνεται αποκλειστικά στον παραλήπτη.",
        "Ova poruka je povjerljiva i namijenjena isključivo primatelju.",
        "הודעה זו מיועדת לנמען בלבד ועשויה להכיל מידע סודי. אם קיבלת הודעה זו בטעות, אנא מחק אותה.",
        "هذه الرسالة سرية وموجهة إلى المرسل إليه فقط. إذا استلمتها عن طريق الخطأ يرجى حذفها.",
        "This message has been scanned for viruses and dangerous content by MailScanner, and is believed to be clean.",
        "Save a tree. Don't print this e-mail unless it's necessary.",
        "Tänk på miljön innan du skriver ut detta mail. Skriv ut bara om du måste.",
    ],
)
def test_a_notice_of_confidentiality_is_taken_off(notice: str) -> None:
    assert trim(f"Blue.\n\n{notice}", None) == Trimmed("Blue.", signature=notice)
    assert trim(f"Blue.\n\n{notice}\n\n{_QUOTE}", None).reply == "Blue."


@pytest.mark.parametrize(
    "text",
    [
        "Hello,\n\nthanks.\n\nCheers\n\nI need one more lamp, by the way. Can you add it to the order?",
        "Hello,\n\nthanks.\n\nCheers\nAda\n\nOne more thing, which I forgot: the lamp that came yesterday is\nbroken.",
        "It says\nSent from my iPhone\nunder my mails, how do I remove that?",
        "My order:\n\n* 2 lamps\n* 1 cable\n\n--\n\nplus a question: how long is the delivery for all of these?",
        "It prints:\n\n--\nPage 1\n--\nPage 2\n--\nPage 3",
        "Works.\n--\nAda\nP.S. The other lamp does not.",
    ],
)
def test_what_somebody_tells_below_a_sign_off_or_a_device_is_kept(text: str) -> None:
    assert trim(text, None) == Trimmed(text)
    assert trim(f"{text}\n\n{_QUOTE}", None).reply == text


def test_below_a_mark_with_its_blank_everything_is_signature() -> None:
    below = "We make lamps for all who want to see at night.\nAda Moss"
    assert trim(f"Blue.\n\n-- \n{below}", None) == Trimmed("Blue.", signature=f"--\n{below}")


def test_a_motto_below_a_name_leaves_the_mark_a_mark() -> None:
    below = "Ada Moss\nWe make lamps for all who want to see at night."
    assert trim(f"Blue.\n\n--\n{below}", None) == Trimmed("Blue.", signature=f"--\n{below}")


@pytest.mark.parametrize(
    "closing",
    [
        "Mit freundlichen Grüßen / Best regards",
        "Med venlig hilsen/Kind regards",
        "Vielen Dank und Grüße",
        "Thank you and kind regards,",
        "Merci. Cordialement,",
        "Muchas gracias y un saludo",
        "Mit freundlichen Gruessen",
        "Viele Grüße aus Köln",
        "أطيب التحيات،",
        "顺祝商祺！",
        "Veuillez agréer, Madame, Monsieur, l'expression de mes salutations distinguées.",
        "Have a great day!",
        "Yours,",
        "Yst. terv.",
        "Viele liebe Grüße",
        "Many thanks in advance and kind regards",
        "Herzlichen Dank und viele Grüße",
        "Заранее спасибо, с уважением",
        "Ganz herzliche Grüße aus Köln",
        "Thanks n Regards",
        "With warmest regards,",
        "Bien respectueusement",
        "Avec mes respectueuses salutations",
        "Un fuerte abrazo",
        "Muchas gracias y un muy cordial saludo",
        "Porgo distinti saluti",
        "Com os meus melhores cumprimentos",
        "Lieve groetjes",
        "Varma hälsningar",
        "De bedste hilsener",
        "Aurinkoisin terveisin",
        "Serdecznie pozdrawiam i dziękuję",
        "S přáním krásného dne",
        "С наилучшими пожеланиями и уважением",
        "Saygı ve sevgilerimle",
        "Hvala i lijepi pozdravi",
        "С уважением, Ада Мосс",
    ],
)
def test_a_sign_off_is_known_in_whatever_words_it_is_put(closing: str) -> None:
    assert trim(f"Blue.\n\n{closing}\nAda Moss", None) == Trimmed("Blue.", signature=f"{closing}\nAda Moss")


@pytest.mark.parametrize("closing", ["Kind regards, Ada", "Viele Grüße, Ada Moss", "Bien cordialement, Ada M."])
def test_a_sign_off_may_have_the_name_on_its_line(closing: str) -> None:
    assert trim(f"Blue.\n\n{closing}", None) == Trimmed("Blue.", signature=closing)


@pytest.mark.parametrize(
    "text",
    [
        "Zdravím,\n\nano.",
        "Salut, Marie\n\nOui.",
        "Best Buy",
        "LG TV",
        "Danke, Gruß\nAda",
        "Saludos cordiales:\n\nfunciona",
        "Hello,\n\nVeuillez recevoir ci-joint la facture",
        "Bonjour,\n\nAntes de imprimir sale un error.",
        "Buongiorno,\n\nai sensi del D.Lgs. 206/2005 chiedo il rimborso della lampada che ho comprato.",
        "Please change it:\n\n---\nOld: ada@example.net\nNew: ada@example.com",
        "It is a\n\nLG Monitor",
        "My best, and only, lamp.",
        "Thanks, and best",
        "Best and worst",
        "It is the\n\nBest, Worst",
        "Regards, 12",
    ],
)
def test_what_only_resembles_a_sign_off_is_kept(text: str) -> None:
    assert trim(text, None) == Trimmed(text)
    assert trim(f"{text}\n\n{_QUOTE}", None).reply == text


@pytest.mark.parametrize(
    "line",
    [
        "مُرسل من الـ iPhone",
        "Nire iPhone-tik bidalia",
        "发自我的小米",
        "네이버 메일 앱에서 보냄",
        "Wysłane z WP Poczta",
        "Get BlueMail for Mobile",
        "Sent from HEY",
        "Sent with eM Client",
        "Sent via Superhuman ( https://sprh.mn/?vip=ada@example.net )",
        "Envoyé depuis ma messagerie laposte.net",
        "Outlook für Mac abrufen",
        "Virus-free. www.avg.com <https://www.avg.com/email-signature>",
        "Virenfrei.www.avast.com <https://www.avast.com/sig-email>",
        "━━━━━━━━━━\nAda Moss\nTEL: 03-1234-5678\n━━━━━━━━━━",
    ],
)
def test_the_lines_of_phones_apps_and_scanners_are_taken_off(line: str) -> None:
    assert trim(f"Blue.\n\n{line}", None) == Trimmed("Blue.", signature=line)


def test_the_name_of_a_program_is_an_answer() -> None:
    assert trim(f"Outlook for Mac\n\n{_QUOTE}", None).reply == "Outlook for Mac"
    assert trim(f"Hello,\n\nOutlook on Android\n\n{_QUOTE}", None).reply == "Hello,\n\nOutlook on Android"


@pytest.mark.parametrize("line", ["Sent from Berlin", "Sent from nineteen addresses", "My problem is Outlook for Android.", "Nine"])
def test_a_last_line_that_only_resembles_an_apps_is_kept(line: str) -> None:
    assert trim(f"The parcel is lost.\n\n{line}", None).reply == f"The parcel is lost.\n\n{line}"


@pytest.mark.parametrize(
    "below",
    ["-- \nAda Moss\n+44 20 7946 0000", "--\nKind regards\nAda Moss\nada@example.net", "Kind regards\n\nAda Moss\n+44 20 7946 0000", _LIST],
)
@pytest.mark.parametrize(
    "text", ["It prints:\n__________\nand then stops.", "I did:\n\n-----\n1. unplug\n-----\n\nIt blinks.", "Two:\n=====\nRed."]
)
def test_a_rule_that_the_writer_drew_is_not_where_his_signature_begins(text: str, below: str) -> None:
    assert trim(f"{text}\n\n{below}\n\n{_QUOTE}", None).reply == text


def test_a_postscript_below_a_marked_signature_is_kept() -> None:
    text = "It works.\n\n-- \nAda Moss\n\nPS: the other lamp does not."
    assert trim(f"{text}\n\n{_QUOTE}", None).reply.endswith("PS: the other lamp does not.")


def test_a_signature_with_the_initials_of_a_postscript_is_a_signature() -> None:
    assert trim(f"Blue.\n\n-- \nP.S. Moss\nAda Ltd\n\n{_QUOTE}", None).reply == "Blue."


def test_what_only_begins_like_a_notice_is_kept_when_nothing_else_is_written() -> None:
    text = "Confidential: the code is 4711. Please delete it after reading.\n\nIs it right?"
    assert trim(f"{text}\n\n{_QUOTE}", None).reply == text


@pytest.mark.parametrize(
    "notice",
    [
        "Niniejsza wiadomość jest poufna i przeznaczona wyłącznie dla adresata.",
        "Tato zpráva je důvěrná a je určena výhradně adresátovi.",
    ],
)
def test_a_small_word_of_one_language_does_not_hide_a_notice_in_another(notice: str) -> None:
    assert trim(f"Blue.\n\n{notice}", None) == Trimmed("Blue.", signature=notice)


def test_the_footer_of_a_list_is_known_below_a_mark_without_its_blank() -> None:
    footer = "--\nYou received this message because you are subscribed to the Google Groups group.\nTo unsubscribe from it, send an email."
    assert trim(f"Blue.\n\n{footer}", None) == Trimmed("Blue.", signature=footer)


@pytest.mark.parametrize("closing", ["Viele Grüße", "LG", "Lijep pozdrav,", "Cheers"])
def test_a_sign_off_below_the_last_quoted_line_is_no_answer_to_it(closing: str) -> None:
    text = f"> First?\nYes.\n> Second?\nNo.\n\n> Bye\n> Help Desk\n\n{closing}\n\nAda Moss\nMoss Ltd.\nwww.example.net"
    assert trim(text, None).reply == "> First?\nYes.\n> Second?\nNo."


def test_a_greeting_below_a_quoted_line_begins_an_answer() -> None:
    assert trim("> First?\nYes.\n> Second?\nCheers, Tom\n\nno.", None).reply.endswith("Cheers, Tom\n\nno.")


def test_a_signature_above_a_quote_that_ends_the_mail_is_taken_off_below_a_quoted_line() -> None:
    assert trim(f"It says\n\n> error 12\n\nWhat now?\n\n-- \nAda\n\n{_QUOTE}\n", None).reply == "It says\n\n> error 12\n\nWhat now?"


@pytest.mark.parametrize(
    "below",
    [
        "Can you call me?",
        "Quando aprite?",
        "Πότε ανοίγετε;",
        "متى تفتحون؟",
        "いつ開きますか？",
        "你们几点开门？",
        "Merci de me rappeler.",
        "Bitte noch den Schlüssel mitbringen!",
    ],
)
def test_a_question_or_a_few_words_below_a_name_are_kept(below: str) -> None:
    for closing in ("Kind regards\nAda", "Cordialement,\nAda Moss"):
        text = f"It works.\n\n{closing}\n\n{below}"
        assert trim(text, None) == Trimmed(text)
        assert trim(f"{text}\n\n{_QUOTE}", None).reply == text


def test_a_device_that_somebody_shows_is_kept() -> None:
    text = "The footer reads:\n\nGet Outlook for Android\n\nand I hate it."
    assert trim(text, None) == Trimmed(text)


@pytest.mark.parametrize("answer", ["LG", "Best", "Salut", "BR"])
def test_a_last_answer_that_could_be_a_sign_off_is_kept_without_a_name(answer: str) -> None:
    text = f"> Which size?\n\nLarge.\n\n> Which one do you\n> want?\n\n{answer}"
    assert trim(text, None).reply == text


@pytest.mark.parametrize(
    "text",
    [
        "It printed:\n\n==========\nVersion 7.2.1\nSupport: http://lamp.example",
        "Last lines of the log:\n\n-----------\n2025-06-02 08:00:01,001 INFO gave up\nIt repeats every hour.",
        "Missing parts\n\n=======\nLMP-100-2000-33\nLMP-100-2000-34",
        "It broke on\n\n-------\n02/06/2025\n03/06/2025 10:00",
        "It shows\n\n------------\n1234.01         -3              1000\n1234            -2              1200",
        "Contact\n-------\nMailing list\n\nCan I write there?",
        "The comment is\n\n// What it does\n// Debug Info.",
        "First: login.\n\n=====\n\nSecond issue is the logout, see ada@example.net",
        "The scanner says:\n\n-----\nAvast: virus found in lamp.exe",
        "See this.\n\n/*\n * lamp.h\n *\n *------------------\n */\n#define LAMP",
        "License: free\n\nFrom: Eva <eva@example.org>\nTo: Tom <tom@example.org>\nSubject: Lamps\nDate: 2 June 2025 08:00\nMessage-Id: <1@example.org>",
        "Steps\n-----\n1. Open it\n\nExpected\n--------\nIt is on\n\nActual\n------\nIt is off, see https://example.com/5",
    ],
)
def test_what_somebody_shows_below_a_rule_is_no_signature(text: str) -> None:
    assert trim(text, None) == Trimmed(text)
    assert trim(f"{text}\n\n{_QUOTE}", None).reply == text
    assert trim(f"{text}\n\nSent via Superhuman ( https://sprh.mn/?vip=a )\n\n{_QUOTE}", None).reply == text


@pytest.mark.parametrize(
    "below",
    [
        "Ada Moss\n020 7946 0000",
        "Ada Moss\nTel.: (020) 7946-000",
        "Ada Moss\n01.23.45.67.89",
        "Ada Moss\n+1.555.010.4242",
        "Ada\n555.010.4242",
        "Ada\n+44\u00a020\u00a07946\u20110018",
        "Ada Moss\n0049 / 30 / 123456",
        "Ada Moss\n+44/20/7946000",
        "Ada\nwww.example.net",
    ],
)
def test_a_name_and_how_to_reach_it_below_a_rule_are_a_signature(below: str) -> None:
    assert trim(f"Blue, please.\n\n__________\n{below}", None).reply == "Blue, please."


@pytest.mark.parametrize(
    "text",
    ["Best wishes are all I need.", "Viele liebe Leute", "With many", "Un muy gran", "Mit viel Dank und Liebe", "Saludo cordial a Eva"],
)
def test_words_of_a_sign_off_without_its_core_or_with_others_are_kept(text: str) -> None:
    assert trim(f"Blue.\n\n{text}", None) == Trimmed(f"Blue.\n\n{text}")


@pytest.mark.parametrize("line", ["홍길동 드림", "김영희 올림"])
def test_a_sign_off_may_stand_behind_the_name(line: str) -> None:
    assert trim(f"확인했습니다.\n\n{line}\n\n{_QUOTE}", None).reply == "확인했습니다."


@pytest.mark.parametrize(
    "rule", ["+++++++++++++++", "～～～～～～～～～～", "◆◇◆◇◆◇◆◇", "・・・・・・・・・", "＊＊＊＊＊＊＊＊", "☆ ☆ ☆ ☆ ☆"]
)
def test_a_row_of_ornaments_is_a_rule_above_a_signature(rule: str) -> None:
    assert trim(f"承知しました。\n\n{rule}\nモス エイダ\nada@example.net\n{rule}", None).reply == "承知しました。"
    assert trim(f"Done {rule}\n\n{rule}\n\nNothing else to say.", None).signature == ""


@pytest.mark.parametrize(
    "below",
    [
        "<https://www.avast.com/sig-email?utm_medium=email>\nVirus-free.\nwww.avast.com\n<https://www.avast.com/sig-email>\n<#DAB4FAD8>",
        "[image: Mailtrack]\n<https://mailtrack.io?utm_source=gmail>\nSender\nnotified by\nMailtrack\n06/02/25,\n08:00:00 AM",
        "______________________________\nThis email has been scanned by the Symantec Email Security.cloud service.\n______________________________",
        "__________ Information from ESET NOD32 Antivirus (20250602) __________\n\nThe message was checked by ESET NOD32 Antivirus.\n\nhttp://www.eset.com",
        "####################\n\nTo unsubscribe from the LAMPS-L list, click the following link:\nhttps://listserv.example.edu/?SUBED1=LAMPS-L",
        "—\nReply to this email directly, view it on GitHub, or unsubscribe.",
        "--  Sent from my Android phone with mail.com Mail. Please excuse my brevity.",
        "Sent on the go. Please excuse any errors.",
        "Secured with Tuta Mail:\nhttps://tuta.com/free-email",
        "Envoyé avec Zimbra Free",
    ],
)
def test_the_footers_of_scanners_trackers_lists_and_apps_are_taken_off(below: str) -> None:
    assert trim(f"Blue.\n\n{below}", None) == Trimmed("Blue.", signature=below)


@pytest.mark.parametrize("line", ["Sent by mistake, please ignore it.", "- sent from Berlin", "Typed with great care"])
def test_a_line_that_begs_no_pardon_and_names_no_device_is_kept(line: str) -> None:
    assert trim(f"The parcel is lost.\n\n{line}", None).reply == f"The parcel is lost.\n\n{line}"


@pytest.mark.parametrize("end", ["----------", "-----\n\n=====", "\n***********\n"])
def test_a_rule_with_nothing_below_it_ends_no_answer(end: str) -> None:
    assert trim(f"Blue.\n\n{end}", None).reply.startswith("Blue.")


@pytest.mark.parametrize(
    "text",
    [
        "Hello,\n\nplease order:\n\nBest regards\nAda\n\n2 lamps\n5 cables",
        "Please order this.\n\nBest regards\nAda\n\n- 2 lamps\n- 5 cables",
        "Please create this user:\n\nKind regards\nAda\n\nName: Bob Sand\nMail: bob@example.net",
        "Die Meldung steht unten.\n\nViele Grüße\nAda\n\n[ERROR] 2025-06-02 08:00:00 lamp.c:42 segfault",
        "Voir le journal ci-dessous.\n\nCordialement\nAda\n\n[ERROR] lamp.c:42",
    ],
)
def test_what_is_announced_above_a_sign_off_or_listed_below_it_is_kept(text: str) -> None:
    assert trim(text, None) == Trimmed(text)
    assert trim(f"{text}\n\n{_QUOTE}", None).reply == text


def test_who_points_at_the_quote_below_has_a_signature() -> None:
    below = "Kind regards\n\nAda Moss\n\nMoss Ltd\nwww.example.net"
    assert trim(f"Please see my mail below.\n\n{below}\n\n{_QUOTE}", None).reply == "Please see my mail below."


def test_a_firm_below_the_name_is_no_list() -> None:
    below = "Mit freundlichen Grüßen\n\nAda Moss\n- Buchhaltung -\n\nMoss GmbH\nTel. 030 1234567\n- www.example.net\n- ada@example.net"
    assert trim(f"Blau, bitte.\n\n{below}", None).reply == "Blau, bitte."


@pytest.mark.parametrize(
    "line",
    [
        "Go green is the name of the lamp that I mean.",
        "Save paper and send your invoices by mail only, please.",
        "Think green: we want the green lamp.",
        "Save a tree: is there a lamp without a box?",
        "This email has been scanned by your system and its file is gone. Why?",
        "This message has been scanned for viruses and then it came back.",
        "Než vytisknete štítek, napište prosím.",
        "Zanim wydrukujesz etykietę, napisz do mnie.",
        "Please think of the environment when you pack the lamp.",
        "Sent by mistake, please excuse the noise.",
        "Sent from the shop, excuse any delay.",
    ],
)
def test_a_sentence_that_begins_like_a_footer_is_kept(line: str) -> None:
    assert trim(f"It is blue.\n\n{line}", None).reply == f"It is blue.\n\n{line}"
    assert trim(f"{line}\n\n{_QUOTE}", None).reply == line


@pytest.mark.parametrize(
    "line",
    [
        "Go green! Think before you print.",
        "Save paper - please don't print this e-mail.",
        "Think green before printing.",
        "Denk aan het milieu voordat u deze mail print",
        "Zanim wydrukujesz tę wiadomość, pomyśl o środowisku.",
        "Než vytisknete tento e-mail, myslete na přírodu.",
        "This email has been scanned by the Symantec Email Security.cloud service.",
        "This email has been checked for viruses by Avast antivirus software.",
        "Sent from the road, please excuse any typos.",
    ],
)
def test_pleas_not_to_print_and_words_of_scanners_are_taken_off(line: str) -> None:
    assert trim(f"It is blue.\n\n{line}", None).reply == "It is blue."


@pytest.mark.parametrize(
    "last", ["Gracias por su trabajo.", "Het kost 5 munten.", "La sottoscritta chiede una lampada.", "Нужно снижение цены."]
)
def test_a_word_that_only_contains_below_announces_nothing(last: str) -> None:
    assert trim(f"{last}\n\nKind regards\nAda\n\nHead of Lamps\nMoss Ltd", None).reply == last


@pytest.mark.parametrize("number", ["(089) / 12345", "+49 (30) / 12 34 - 56", "+49 - (0) 89 - 1234"])
def test_telephone_numbers_with_two_separators_are_known(number: str) -> None:
    assert trim(f"Blue.\n\n----------\nAda Moss\nMoss Ltd\nTel. {number}", None).reply == "Blue."


def test_a_time_with_a_blank_in_it_dates_a_header_block() -> None:
    block = "De : Desk\nEnvoyé : lundi 4 mai 2021 à 9 h 15\nÀ : Ada Moss\nObjet : Lampe"
    assert trim(f"Bleue.\n\n{block}\n\nQuelle couleur ?", None).reply == "Bleue."
