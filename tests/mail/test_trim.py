"""What the trimmer keeps and takes off, told by small mails in plain text."""

from __future__ import annotations

import pytest

from core.mail.trim import Trimmed, reply_marker, trim

_HEADERS = "From: Ada <ada@example.net>\nSent: Monday, June 2, 2025 8:00 AM\nTo: Bob\nSubject: Lamp"
_NOTICE = "This e-mail and its attachments are confidential and meant for the addressee only. Delete it otherwise, and tell us."
_ABOVE = "On Mon, Jun 2, 2025 at 8:00 AM Help Desk <desk@example.org> wrote:\n\n"


@pytest.mark.parametrize(
    "text",
    [
        "On your remote host you can start the agent again.",
        "On Monday 2 June we moved in.\nOn Tuesday the lights went out.",
        "Sent from my desk, is much easier than from my phone.",
        "My colleague wrote: please change the password.",
        "This is what the manual wrote:\nnever open the lid",
        "Yesterday at 10:15 the screen showed:\nno signal",
        "We need:\n- a cable\n- a mouse\n- Paper",
        "# Plan\n\n1. unplug\n2. wait\n\n* * *\n\nThen call me.",
        "I typed this:\n\n>>> import shop\n>>> shop.open()",
        "The log says:\n\n> error 12\n> error 13",
        "8.0.1 says:\n> error 12\n> error 13",
        "Since v8.0.10:\n> error 12\n> error 13",
        "10.0.0.12:\n> no route\n> no answer",
        "Numbers >5 are fine.\n5 > 3 and\nx > y",
        "Best regards to your team for the quick help!",
        "Please give my kind regards to Eva and tell her the lamp works.",
        "From: Berlin\nTo: Munich\nDate: 3 May\n\nTwo seats, please.",
        "Question: does it run?\nTo: be decided\nSubject: still open",
        "Ticket 12/06/2025 10:15 for Ada Moss\n12 High Street\nLondon",
        "We spoke on 02/06/2025 at 10:15, and Ada said it works.",
        "a -- b -- c\n--verbose is the option",
        "Section one\n--------------------\nSection two is about cables.",
        "----- Please read -----\nThe door is open.",
        "Virus scanner found nothing; unsubscribe me from nothing.",
        "Original message:\nsee the attachment, it is a picture",
        "He was sent from pillar to post by your hotline.",
        "Mit freundlichen Grüßen meint man es gut.",
        ":-)",
        "+1",
        "👍",
        "From my point of view: it works\nTo me: it does not",
        "The field 'Sent: never' is odd.\nSubject: empty, Date: 1 June, From: nobody",
        "http://example.com/a>b\n<b>bold</b>\n>no, this is an arrow",
        "I read on 1 June 2025:\nthe shop is closed",
        "Name: Ada Moss\nEmail: ada@example.net\nDate: 2025-06-02 10:15\nMessage: my order is lost",
        "From: Ada Moss <ada@example.net>\nSubject: Order\nMessage: my order is lost",
    ],
)
def test_words_that_only_look_like_a_quote_or_a_signature_stay(text: str) -> None:
    assert trim(text, None) == Trimmed(text)


@pytest.mark.parametrize(
    ("text", "reply", "signature"),
    [
        ("It works.\n\n-- \nAda Moss\n+44 20 7946 0000", "It works.", "--\nAda Moss\n+44 20 7946 0000"),
        ("It works.\n--\nAda", "It works.", "--\nAda"),
        ("It works.\n\n-Ada Moss", "It works.", "-Ada Moss"),
        ("It works.\n\n/Ada", "It works.", "/Ada"),
        ("It works.\n\nSent from my Fairphone using Tuta", "It works.", "Sent from my Fairphone using Tuta"),
        ("It works.\n\nSent from my Galaxy, please excuse typos", "It works.", "Sent from my Galaxy, please excuse typos"),
        (
            "It works.\n\nKind regards,\n\nAda Moss\nHead of Things\nMoss Ltd\nwww.example.net",
            "It works.",
            "Kind regards,\n\nAda Moss\nHead of Things\nMoss Ltd\nwww.example.net",
        ),
        ("It works.\n\nThanks,\nAda", "It works.\n\nThanks,\nAda", ""),
        ("It works.\n\nThanks,\nAda Moss\n+44 20 7946 0000", "It works.\n\nThanks,", "Ada Moss\n+44 20 7946 0000"),
        ("It works.\n\nRegards, Ada", "It works.\n\nRegards, Ada", ""),
        ("It works.\n\nBest Buy", "It works.\n\nBest Buy", ""),
        ("It works.\n\nBest regards\nAda\n\nPS: the lamp does not.", "It works.\n\nBest regards\nAda\n\nPS: the lamp does not.", ""),
        (
            "It works.\n\n____________________\nusers mailing list\nusers@lists.example.org\nhttps://lists.example.org/users",
            "It works.",
            "____________________\nusers mailing list\nusers@lists.example.org\nhttps://lists.example.org/users",
        ),
        (
            f"It works.\n\n{_NOTICE}",
            "It works.",
            _NOTICE,
        ),
        ("-- \nAda Moss", "--\nAda Moss", ""),
        ("Kind regards\nAda Moss", "Kind regards\nAda Moss", ""),
        (
            "CAUTION: This email originated from outside of the organization. Do not click links.\n\nIt works.",
            "It works.",
            "CAUTION: This email originated from outside of the organization. Do not click links.",
        ),
        (
            "You don't often get email from ada@example.net. Learn why this is important<https://aka.ms/why>\n\nIt works.",
            "It works.",
            "You don't often get email from ada@example.net. Learn why this is important<https://aka.ms/why>",
        ),
    ],
)
def test_what_stands_below_the_last_word_is_the_signature(text: str, reply: str, signature: str) -> None:
    assert trim(text, None) == Trimmed(reply, signature=signature)


def test_a_reply_above_and_below_a_quote_is_kept_without_it() -> None:
    trimmed = trim(f"Hello,\n\n{_ABOVE}> Which colour?\n\nBlue.\n", None)
    assert (trimmed.reply, trimmed.interleaved) == ("Hello,\n\nBlue.", False)


def test_a_quote_that_the_writer_put_in_himself_stays_above_its_answer() -> None:
    trimmed = trim("Hello,\n\n> Which colour?\nBlue.\n", None)
    assert (trimmed.reply, trimmed.interleaved) == ("Hello,\n\n> Which colour?\nBlue.", True)


def test_of_a_long_quote_only_the_end_stays_above_an_answer() -> None:
    long = "".join(f"> line {number}\n" for number in range(50))
    trimmed = trim(f"{_ABOVE}{long}>\n> Which colour?\n\nBlue.\n\n> Which size?\n\nLarge.\n", None)
    assert trimmed.reply == "> Which colour?\n\nBlue.\n\n> Which size?\n\nLarge."
    assert "> line 49" in trimmed.quote


def test_the_rest_of_a_quote_below_the_last_answer_goes() -> None:
    trimmed = trim(f"{_ABOVE}> Which colour?\n\nBlue.\n\n> Bye\n> Help Desk\n", None)
    assert (trimmed.reply, trimmed.interleaved) == ("> Which colour?\n\nBlue.", True)


def test_a_signature_below_the_quote_is_no_answer() -> None:
    trimmed = trim(f"Blue.\n\n{_ABOVE}> Which colour?\n\n-- \nAda Moss\n", None)
    assert (trimmed.reply, trimmed.signature, trimmed.interleaved) == ("Blue.", "--\nAda Moss", False)


@pytest.mark.parametrize(
    "line",
    [
        "Blue. On Mon, Jun 2, 2025 at 8:00 AM Help Desk <desk@example.org> wrote:",
        "Blue.--- On Mon, 2 Jun 2025, Help Desk <desk@example.org> wrote:",
        "Blue. Am 02.06.2025 um 08:00 schrieb Help Desk <desk@example.org>:",
    ],
)
def test_an_answer_that_shares_its_line_with_the_quotes_beginning_is_cut_out(line: str) -> None:
    assert trim(f"{line}\n> Which colour?\n", None).reply == "Blue."


@pytest.mark.parametrize(
    "above",
    [
        "---- On Mon, 02 Jun 2025 08:00:00 +0200 Help Desk <desk@example.org> wrote ----",
        "---- Help Desk wrote ----",
        ">>> Help Desk <desk@example.org> 6/2/2025 8:00 AM >>>",
        "-----Original Message-----\nFrom: desk@example.org",
        "------------------------------\n*From:* Help Desk\n*Sent:* Monday\n*Subject:* Colour",
        "----- Algemeen bericht uit Mars -----\nFrom: Help Desk\nSubject: Colour",
        "On Mon, Jun 2, 2025 at 8:00 AM Help Desk\n\n<\nmailto:desk@example.org\n> wrote:",
    ],
)
def test_a_quote_without_marks_begins_at_its_announcement(above: str) -> None:
    trimmed = trim(f"Blue.\n\n{above}\n\nWhich colour?\nWe have many.\n", None)
    assert trimmed.reply == "Blue."
    assert trimmed.quote.endswith("We have many.")


def test_a_link_broken_out_of_the_quote_is_no_answer() -> None:
    trimmed = trim(f"Blue.\n\n{_ABOVE}> See the colours (https://example.org/\ncolours?all=1)\n> and tell us\n", None)
    assert (trimmed.reply, trimmed.interleaved) == ("Blue.", False)


def test_a_header_block_above_marked_lines_lets_the_answer_below_stand() -> None:
    text = "From: Help Desk <desk@example.org>\nSent: Monday, June 2, 2025 8:00 AM\nTo: Ada\nSubject: Colour\n\n> Which colour?\n\nBlue.\n"
    assert trim(text, None).reply == "Blue."


@pytest.mark.parametrize("language", ["en", "de", "pt-BR", "zh-TW", "no", "xx", ""])
def test_our_marker_is_known_again_quoted_or_not(language: str) -> None:
    marker = reply_marker(language)
    assert marker.startswith("##- ") and marker.endswith(" -##")
    assert trim(f"Blue.\n\n{_ABOVE}> {marker}\n>\n> Which colour?\n", None).reply == "Blue."
    assert trim(f"Blue.\n\n{marker}\n\nWhich colour?\n", None) == Trimmed("Blue.", f"{marker}\n\nWhich colour?")
    assert trim(f"{marker}\n\nBlue.", None).reply == "Blue."


def test_the_marker_never_shows_in_an_answer_between_quoted_lines() -> None:
    trimmed = trim(f"{_ABOVE}> {reply_marker('fr')}\n> Which colour?\nBlue.\n> Which size?\nLarge.\n", None)
    assert trimmed.reply == "> Which colour?\nBlue.\n> Which size?\nLarge."


def test_the_marker_follows_the_language() -> None:
    assert reply_marker("de-AT") == reply_marker("de") != reply_marker("en")
    assert reply_marker("nn") == reply_marker("nb")
    assert reply_marker("zh-TW") != reply_marker("zh-CN") == reply_marker("zh")
    assert reply_marker("tlh") == reply_marker("en")


@pytest.mark.parametrize(
    "line", ["-- Please reply above this line --", "> ##- Bitte oberhalb antworten -##", "=== Write ABOVE THIS LINE to answer ==="]
)
def test_the_markers_of_other_helpdesks_are_known(line: str) -> None:
    assert trim(f"Blue.\n\n{line}\nWhich colour?\n", None).reply.startswith("Blue.")
    assert line not in trim(f"Blue.\n\n{line}\nWhich colour?\n", None).reply


def test_our_own_mail_quoted_back_without_a_word_is_empty() -> None:
    trimmed = trim(f"{_ABOVE}> {reply_marker('en')}\n> Which colour?\n\nSent from my iPhone", None)
    assert (trimmed.reply, trimmed.signature) == ("", "Sent from my iPhone")


@pytest.mark.parametrize(
    "text",
    [
        f"{_ABOVE}> Which colour?",
        "> Which colour?\n> Which size?",
        f"{_HEADERS}\n\nMy lamp is broken.",
        "-----Original Message-----\nFrom: Ada <ada@example.net>\nSubject: Lamp\n\nMy lamp is broken.",
        "Begin forwarded message:\n\n> From: Ada <ada@example.net>\n> Subject: Lamp\n>\n> My lamp is broken.",
        f"Kind regards,\nBob\n\n{_HEADERS}\n\nMy lamp is broken.",
        f"________________________________\n{_HEADERS}\n\nMy lamp is broken.",
    ],
)
def test_a_mail_handed_on_without_a_word_is_shown_whole(text: str) -> None:
    trimmed = trim(text, None)
    assert (trimmed.reply, trimmed.quote, trimmed.signature) == (text, "", "")


def test_no_text_is_no_reply() -> None:
    assert trim("", None) == Trimmed("", wordless=True)
    assert trim(" \r\n\u200b\r\n", None).reply.strip("\u200b") == ""


def test_every_kind_of_line_end_is_read() -> None:
    for end in ("\r\n", "\r", "\n", "\u2028"):
        assert trim(f"Blue.\n\n{_ABOVE}> Which colour?\n".replace("\n", end), None).reply == "Blue."


@pytest.mark.parametrize("subject", ["Fwd: Lamp", "FW: Lamp", "WG: Lampe", "TR : Lampe", "Rv: Lámpara", "转发：灯"])
def test_the_subject_tells_a_forward_from_a_reply(subject: str) -> None:
    text = f"Can you help her?\n\n{_HEADERS}\n\nMy lamp is broken."
    assert trim(text, None, subject) == Trimmed(text)
    assert trim(text, None, f"Re: {subject}").reply == "Can you help her?"


def test_a_forward_inside_quote_marks_is_shown() -> None:
    text = "Can you help her?\n\n> Begin forwarded message:\n>\n> From: Ada <ada@example.net>\n> Subject: Lamp\n>\n> My lamp is broken."
    assert trim(text, None) == Trimmed(text)


@pytest.mark.parametrize(
    "above",
    [
        "See my answers inline.",
        "Inline:",
        "Hi Tom, see inline.",
        "Please find my comments in-line",
        "Meine Antworten in rot.",
        "Mes réponses en rouge.",
    ],
)
def test_a_quote_with_answers_inside_is_part_of_the_reply(above: str) -> None:
    text = f"{above}\n\nFrom: Desk <desk@example.org>\nSent: Monday, June 2, 2025 8:00 AM\nTo: Ada\nSubject: Lamp\n\nWhich colour? Blue."
    assert trim(text, None) == Trimmed(text, interleaved=True)


@pytest.mark.parametrize("answer", ["I sent it on 2 June 2025 at 10:15", "ada@example.net since 2 June 2025", "She wrote that at 10:15"])
def test_an_answer_with_a_date_in_it_is_no_beginning_of_a_quote(answer: str) -> None:
    trimmed = trim(f"{_ABOVE}> First?\n{answer}\n> Second?\nYes.\n", None)
    assert trimmed.reply == f"> First?\n{answer}\n> Second?\nYes."


def test_a_header_block_needs_neither_subject_nor_address() -> None:
    assert trim("Blue.\n\nFrom: Desk\nSent: Monday, 2 June 2025 8:00\nTo: Ada\n\nWhich colour?", None).reply == "Blue."


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my desk, is much easier then my mobile phone.",
        "Sent from my phone, which is why I forgot the picture.",
        "Typed on my tablet; this takes for ever.",
    ],
)
def test_a_sentence_about_a_device_is_no_line_of_a_device(line: str) -> None:
    assert trim(f"Here it is.\n\n{line}", None, "").reply == f"Here it is.\n\n{line}"


@pytest.mark.parametrize("line", ["Sent from my iPhone", "Sent from my iPhone, please excuse typos", "Gesendet von meinem Handy"])
def test_a_line_of_a_device_is_taken_off(line: str) -> None:
    assert trim(f"Here it is.\n\n{line}", None, "").reply == "Here it is."


@pytest.mark.parametrize(
    "closing", ["Z powazaniem,\nJan", "Z poważaniem,\nJan", "Med venlig hilsen\nPeter", "Kh\nPeter", "Med vanliga halsningar\nEva"]
)
def test_sign_offs_are_known_with_and_without_their_accents(closing: str) -> None:
    assert trim(f"The answer.\n\n{closing}", None, "").reply == "The answer."


def test_a_header_block_full_of_direction_marks_begins_a_quote() -> None:
    block = "От: Alexander L\nОтправлено: \u200eчетверг\u200e, \u200e26\u200e \u200eиюня\u200e \u200e2014\u200e г. \u200e15\u200e:\u200e05\nКому: Alex"
    assert trim(f"I am fine.\n\n{block}\n\nHow are you?", None, "").reply == "I am fine."


def test_a_header_block_in_one_line_begins_a_quote_and_a_sentence_does_not() -> None:
    block = "From: bob@example.com Date: Thu, 24 Mar 2016 08:07:12 -0700"
    assert trim(f"Reply\n\n{block}\nQuoted message", None, "").reply == "Reply"
    said = "From: what I see, date: unknown, nothing arrived at bob@example.com."
    assert trim(f"Reply\n\n{said}", None, "").reply == f"Reply\n\n{said}"


def test_a_prompt_below_an_answer_does_not_make_the_quote_above_part_of_it() -> None:
    answer = "I typed\n\n>>> import shop\n\nand it failed."
    assert trim(f"{_ABOVE}> Which colour?\n\n{answer}", None).reply == answer


@pytest.mark.parametrize(
    "told",
    [
        "On 2 June 2025 at 10:00 I sent a mail to joe@example.com:\nno answer came.",
        "Am 02.06.2025 um 08:00 schrieb ich an service@example.org:\nkeine Antwort.",
        "Le 2 juin 2025 à 8:00 j'ai écrit à service@example.org :\npas de réponse.",
        "On 2 June 2025, at 10:00, your agent Tom <tom@example.org> wrote:\nwe will call you.",
        "Il 2 giugno 2025 alle 10:00 il vostro collega mi ha scritto: arriva domani.\nNon è arrivato.",
        "Op 2 juni 2025 om 10:00 schreef uw collega (tom@example.org) mij: het komt morgen.\nHet is er niet.",
        "Dnia 2 czerwca 2025 o 10:00 kolega napisał mnie: paczka będzie jutro.\nNie ma jej.",
        "The job prints:\n\nSent: 5\nReceived: 4\nFrom: node1\nTo: node2\nSubject: heartbeat\nTime: 09:12:33\n\nIs that right?",
        "Request:\n\nGET /lamps HTTP/1.1\nHost: shop.example\nFrom: ada@example.net\nDate: Mon, 02 Jun 2025 08:00:00 GMT\n\nResponse: 500",
        "Memo\n\nTo: All staff\nFrom: Ada Moss\nDate: 2 June 2025\nSubject: Fire drill\n\nIt is on Friday.",
        "You have a voice mail.\n\nDate: 2 June 2025 08:00\nDuration: 0:42\nFrom: +44 20 7946 0018\nTo: 204\n\nWho was it?",
        "Meeting on June 2, 2025 at 8:00 AM with Tom (tom@example.org):\n- lamp\n- badge",
        "Abfahrt:\nVon: Berlin\nAn: München\nDatum: 02.06.2025 08:00\n\nBitte buchen.",
        "The source:\n\nReceived: from mx\nFrom: <a@example.net>\nTo: b@example.net\nSubject: x\nDate: Mon, 2 Jun 2025 08:00:00 +0200\n\nFound it?",
    ],
)
def test_what_somebody_tells_of_mail_and_journeys_begins_no_quote(told: str) -> None:
    text = f"Hello,\n\n{told}"
    assert trim(text, None) == Trimmed(text)
    assert trim(f"{text}\n\n{_ABOVE}> Which colour?", None).reply == text


@pytest.mark.parametrize(
    "line",
    [
        "man. 2. juni 2025 kl. 08:00 skrev Help Desk <desk@example.org>:",
        "po 2. 6. 2025 v 8:00 odesílatel Help Desk <desk@example.org> napsal:",
        "Help Desk <desk@example.org> ezt írta (időpont: 2025. jún. 2., H, 8:00):",
        "Help Desk schreef op 2025-06-02 08:00:",
    ],
)
def test_an_answer_stays_that_shares_its_line_with_a_quotes_beginning_in_any_language(line: str) -> None:
    assert trim(f"It is blue. {line}\n\n> Which colour?\n", None).reply == "It is blue."
    assert trim(f"Blue.\n\n{line}\n\n> Which colour?\n", None).reply == "Blue."


def test_a_line_of_the_answer_that_begins_with_to_is_no_part_of_the_header_block_below() -> None:
    text = "From: what I see, it is on the left.\nTo: turn it on I need a key."
    assert trim(f"{text}\n\n{_HEADERS}\n\nWhich colour?", None).reply == text


@pytest.mark.parametrize(
    "above",
    [
        "Antworten bitte unten in Rot.",
        "Mes réponses sont en bleu.",
        "Le respondo abajo en azul.",
        "Мои ответы синим.",
        "回答は赤字です。青字に直しました。",
    ],
)
def test_answers_in_a_colour_are_kept_with_the_quote_they_are_in(above: str) -> None:
    text = f"{above}\n\nFrom: Desk <desk@example.org>\nSent: Monday, June 2, 2025 8:00 AM\nTo: Ada\nSubject: Lamp\n\nWhich colour? Blue."
    assert trim(text, None) == Trimmed(text, interleaved=True)


@pytest.mark.parametrize(
    "answer",
    [
        "Do you have the lamp in red?",
        "The inline images of your mail are not shown here.",
        "The one in blue, please.",
        "Je la voudrais en bleu.",
    ],
)
def test_who_asks_for_a_colour_has_not_answered_inside_the_quote(answer: str) -> None:
    assert trim(f"{answer}\n\n{_ABOVE}> Which colour?", None).reply == answer


def test_thanks_below_the_last_quoted_line_are_kept_without_it() -> None:
    text = f"{_ABOVE}> First?\n\nYes.\n\n> Second?\n\nNo.\n\n> Bye\n> Help Desk\n\nMany thanks,\nAda"
    assert trim(text, None).reply == "> First?\n\nYes.\n\n> Second?\n\nNo.\n\nMany thanks,\nAda"


def test_a_date_and_a_place_at_the_end_of_an_answer_are_no_part_of_the_header_block_below() -> None:
    text = "Name: Ada\nDate: 2.6.2025\nTime: 10:00\nTo: Berlin"
    assert trim(f"{text}\n\n{_HEADERS}\n\nWhich colour?", None).reply == text


def test_all_sentences_stay_that_share_a_line_with_a_quotes_beginning_or_stand_above_it() -> None:
    said = "Will the second lamp be repaired? It still blinks, as I told you."
    line = "Help Desk <desk@example.org> schrieb am Montag, 2. Juni 2025 um 08:00:"
    assert trim(f"{said} {line}\n\n> Which colour?", None).reply == said
    assert trim(f"{said}\n{line}\nWhich colour?", None).reply == said


def test_a_day_at_the_end_of_a_line_does_not_break_the_line_above_a_quote() -> None:
    above = "Help Desk (<desk@example.org>) kirjutas kuupäeval E, 2.\njuuni 2025 kell 08:00:"
    assert trim(f"Steps:\n=====\n* open it\n\n{above}\n\n> Which colour?", None).reply == "Steps:\n=====\n* open it"


@pytest.mark.parametrize("said", ["You wrote:", "Du schriebst:", "Vous avez écrit :", "Вы писали:"])
def test_who_says_that_you_wrote_something_quotes_it_himself(said: str) -> None:
    text = f"{said}\n\n> The lamp is red.\n\nIt is not."
    assert trim(text, None).reply == text
    assert trim("Tuesday, June 3, 2025, 10:12:33 AM, you wrote:\n\n> Red?\n\nBlue.", None).reply == "Blue."


@pytest.mark.parametrize("above", ["Hello,\nyou sent me this:", "Hello,\nthis is what he wrote:", "Hi\nthe manual says:"])
def test_who_greets_and_says_what_he_quotes_keeps_both(above: str) -> None:
    assert trim(f"{above}\n\n> The lamp is sold out.\n\nWhy?", None).reply.startswith(above)
