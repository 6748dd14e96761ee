"""What our mails say and how they look, in every language, whatever the names and texts in them hold."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from core.errors import ConfigurationError, PermanentFailure
from core.mail.templates import EVENTS, CommentView, FaqView, PersonView, Rendered, Templates, TicketView
from core.mail.text import html_from_text, one_line, reply_subject
from core.mail.trim import reply_marker

OURS = Path(__file__).resolve().parents[2] / "templates"
LANGUAGES = ("en", "de")
TEMPLATES = Templates(None, LANGUAGES)
NOW = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
TICKET = TicketView(1042, "Printer on fire", "open", "high", "Hardware", "https://desk.example.org/t/1042", "Anna Schmidt", "Eva Müller")
ANSWER = CommentView("Eva Müller", "Pull the plug.\n\nThen call us.", None, NOW, "web", True)
QUESTION = CommentView("Anna Schmidt", "It burns!", None, NOW, "email", True)
NOTE = CommentView("Max Weber", "She always says so.", None, NOW, "slack", False)
CONTEXT: dict[str, object] = {
    "ticket": TICKET,
    "recipient": PersonView("Anna Schmidt"),
    "organisation": "Acme Support",
    "comment": ANSWER,
    "history": (QUESTION,),
    "actor": PersonView("Eva Müller"),
    "faqs": (FaqView("How do I put out a printer?", "https://desk.example.org/faq/1"),),
    "expected_at": NOW,
    "settings_url": "https://desk.example.org/preferences",
    "live_number": 1043,
    "own_number": 1044,
    "closes_at": NOW,
    "reason": "550 No such user",
    "joiner": "Otto Gast",
}
PARTICULARS = ("live_number", "own_number", "closes_at", "reason", "joiner")


class Page(HTMLParser):
    """What a reader of the HTML sees, and the elements and attributes it is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.words: list[str] = []
        self.depth: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag not in ("meta", "br"):
            self.depth.append("hidden" if "display:none" in str(dict(attrs).get("style")) else tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.depth.pop() in (tag, "hidden")

    def handle_data(self, data: str) -> None:
        if not {"hidden", "head"} & set(self.depth):
            self.words += data.split()


def render(event: str, language: str = "en", **changes: object) -> Rendered:
    return TEMPLATES.render(event, language, {**CONTEXT, **changes})


def words_of_text(text: str) -> list[str]:
    return re.sub(r"^[> ]+|^- ", "", text, flags=re.MULTILINE).split()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", EVENTS)
def test_plain_text_and_html_say_the_same(event: str, language: str) -> None:
    mail = render(event, language)
    page = Page(mail.html)
    links = {link for link in words_of_text(mail.text) if link.startswith("https://")}
    shown = [word for word in words_of_text(mail.text) if word not in links]
    labels = {"online:", "ticket:", "receive:", "öffnen:", "einstellen:"}  # a colon introduces a link in plain text only
    assert [word.rstrip(":") if word in labels else word for word in shown] == page.words
    assert page.depth == [] and set(page.links) == links
    assert f'<html lang="{language}" dir="ltr">' in mail.html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", EVENTS)
def test_every_mail_is_written_without_what_is_optional(event: str, language: str) -> None:
    context = {key: CONTEXT[key] for key in ("ticket", "recipient", "organisation", *PARTICULARS)}
    if event in ("reply", "note", "requester_replied", "staff_replied", "mentioned"):
        context["comment"] = ANSWER
    mail = TEMPLATES.render(event, language, {**context, "ticket": replace(TICKET, url=None, assignee_name=None)})
    assert mail.text.strip() and "None" not in mail.text + mail.html
    assert "\n\n\n" not in mail.text


@pytest.mark.parametrize("event", EVENTS)
def test_the_subject_carries_the_tag_once(event: str) -> None:
    assert render(event).subject == "[#1042] Printer on fire"
    assert render(event, ticket=replace(TICKET, subject="AW: [#1042] Re: Printer on fire")).subject == "[#1042] Re: Printer on fire"


def test_an_answer_stands_on_top_and_the_history_below_the_marker() -> None:
    text = render("reply", "de").text
    assert text == (
        f"Pull the plug.\n\nThen call us.\n\n{reply_marker('de')}\n\nAnna Schmidt, 3. November 2026, 14:05 Uhr (UTC):\n> It burns!\n"
    )


def test_a_machines_mail_has_the_marker_on_top() -> None:
    for event in set(EVENTS) - {"reply"}:
        mail = render(event, "de")
        assert mail.text.startswith(reply_marker("de") + "\n")
        assert Page(mail.html).words[: len(reply_marker("de").split())] == reply_marker("de").split()


def test_the_history_is_bounded() -> None:
    long = [replace(QUESTION, author_name=f"Writer {number}", body_text="far too long " * 1000) for number in range(40)]
    text = render("reply", history=long).text
    assert re.findall(r"Writer (\d+)", text) == ["0", "1", "2", "3", "4"]
    assert len(text) < 11_000


def test_an_internal_note_never_reaches_a_requester() -> None:
    for event, audience in EVENTS.items():
        if audience == "requester":
            with pytest.raises(PermanentFailure, match="internal note"):
                render(event, comment=NOTE)
    mail = render("reply", history=[NOTE, QUESTION, NOTE])
    assert NOTE.body_text not in mail.text + mail.html and QUESTION.body_text in mail.text


def test_a_receipt_repeats_nothing_the_sender_wrote() -> None:
    spam = "Buy now https://spam.example"
    mail = render("receipt", ticket=replace(TICKET, subject=spam, requester_name=spam), recipient=PersonView(spam), comment=ANSWER)
    assert "spam.example" not in mail.text + re.sub(r"<title>.*</title>", "", mail.html)
    assert mail.subject == f"[#1042] {spam}"


def test_a_receipt_names_number_time_and_at_most_three_answers() -> None:
    faqs = [FaqView(f"Answer {number}", f"https://desk.example.org/faq/{number}") for number in range(5)]
    mail = render("receipt", "de", faqs=faqs)
    assert "#1042" in mail.text and "bis zum 3. November 2026, 14:05 Uhr (UTC)" in mail.text
    assert re.findall(r"Answer \d", mail.text) == re.findall(r"Answer \d", mail.html) == ["Answer 0", "Answer 1", "Answer 2"]


def test_times_are_shown_in_the_zone_they_carry() -> None:
    berlin = timezone(timedelta(hours=1), "CET")
    assert "3 November 2026, 15:05 CET" in render("receipt", expected_at=NOW.astimezone(berlin)).text


def test_nobody_is_greeted_by_an_advertisement() -> None:
    assert render("closed").text.split("\n")[2] == "Hello Anna Schmidt,"
    for name in ("", "WIN at www.spam.example", "https://spam.example", "x" * 90):
        assert render("closed", recipient=PersonView(name)).text.split("\n")[2] == "Hello,"


@pytest.mark.parametrize(
    ("asked", "given_"), [("de", "de"), ("de-AT", "de"), ("DE_ch", "de"), ("en-GB", "en"), ("fr", "en"), ("", "en"), ("../../etc", "en")]
)
def test_a_language_falls_back_to_its_mother_then_to_english(asked: str, given_: str) -> None:
    assert render("closed", asked).language == TEMPLATES.language_for(asked) == given_


@pytest.mark.parametrize("event", EVENTS)
def test_hostile_names_and_texts_stay_text(event: str) -> None:
    evil = "Eve <script>alert(1)</script> {{ 7*7 }} {% raw %} %(name)s %s\nTicket: #1\r\n\u202egpj.exe"
    said = CommentView(evil, evil + '\n<img src=x onerror="a()">\njavascript:alert(1) http://x/"onclick="y', None, NOW, evil, True)
    mail = render(
        event,
        ticket=replace(TICKET, subject=evil, requester_name=evil, queue=evil, status=evil, assignee_name=evil),
        recipient=PersonView(evil),
        actor=PersonView(evil),
        comment=said,
        history=[said],
        faqs=[FaqView(evil, "https://x")],
        organisation="O'Neil & Sons",
    )
    page = Page(mail.html)
    assert not page.tags & {"script", "img"}
    assert all(link.startswith(("http://x", "https://")) for link in page.links)
    assert "\n" not in mail.subject and "49" not in mail.text
    told = mail.text.replace(said.body_text, "") if event == "reply" else mail.text
    assert set(re.findall(r"^Ticket: #\d+", told, re.MULTILINE)) <= {"Ticket: #1042"}


def test_an_author_who_wrote_html_is_shown_with_it_only_where_the_pictures_travel_along() -> None:
    comment = replace(ANSWER, body_html='<p>Pull <b>the</b> plug. <img src="cid:1@x"></p>')
    assert "<b>the</b>" in render("reply", comment=comment).html
    assert "cid:" not in render("requester_replied", comment=comment).html
    assert "cid:" not in render("reply", history=[comment]).html


def test_an_operators_folder_wins_file_by_file_and_message_by_message(tmp_path: Path) -> None:
    (tmp_path / "email/closed").mkdir(parents=True)
    (tmp_path / "email/closed/subject.txt").write_text("{{ organisation }}: {{ ticket.number }}\n")
    catalog = tmp_path / "locale/de/LC_MESSAGES/helpdesk.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text(
        'msgid "Hello %(name)s,"\nmsgstr ""\n"Servus "\n"%(name)s,"\n\n#, fuzzy\nmsgid "Kind regards,"\nmsgstr "?"\n', "utf-8"
    )
    mail = Templates(tmp_path, ("de",)).render("closed", "de", CONTEXT)
    assert mail.subject == "Acme Support: 1042"
    assert "Servus Anna Schmidt," in mail.text and "Mit freundlichen Grüßen" in mail.text


@pytest.mark.parametrize("source", ["{{ nothing }}", "{% if %}", "{{ ticket.number + 'x' }}", "{{ _('%(gone)s') }}"])
def test_a_template_that_is_wrong_says_so(tmp_path: Path, source: str) -> None:
    (tmp_path / "email/closed").mkdir(parents=True)
    (tmp_path / "email/closed/body.txt").write_text(source)
    with pytest.raises(PermanentFailure, match="'closed'"):
        Templates(tmp_path, ()).render("closed", "en", CONTEXT)


def test_settings_that_cannot_work_stop_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no folder"):
        Templates(tmp_path / "gone", ())
    with pytest.raises(ConfigurationError, match="'xx'"):
        Templates(None, ("xx",))
    catalog = tmp_path / "locale/xx/LC_MESSAGES/helpdesk.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text('msgid "Hello,"\nmsgstr "half\n')
    with pytest.raises(ConfigurationError, match="cannot be read"):
        Templates(tmp_path, ("xx",))


def test_every_sentence_of_every_template_is_translated_with_its_values() -> None:
    environment = Environment(extensions=["jinja2.ext.i18n"])
    extract = environment.extract_translations  # type: ignore[attr-defined]  # added by the extension
    found = [entry[2] for path in OURS.glob("email/**/*.*") for entry in extract(path.read_text("utf-8"))]
    sentences = {message if isinstance(message, str) else message[0] for message in found}
    assert len(sentences) > 25
    for catalog in OURS.glob("locale/*/LC_MESSAGES/helpdesk.po"):
        entries = re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', catalog.read_text("utf-8"), re.MULTILINE)
        assert all(translated for _, translated in entries)
        for english, translated in entries:
            assert sorted(re.findall(r"%\(\w+\)s", english)) == sorted(re.findall(r"%\(\w+\)s", translated)), english
        if catalog.parent.parent.name != "en":
            assert sentences - {english for english, _ in entries} == set(), catalog


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Printer", "[#1042] Printer"),
        ("Re: Re: AW: Printer", "[#1042] Re: Printer"),
        ("[#1042] Printer", "[#1042] Printer"),
        ("Re: [#1042] Re[2]: Printer [#1042]", "[#1042] Re: Printer"),
        ("WG: Fwd: Printer", "[#1042] Re: Printer"),
        ("回复:Printer", "[#1042] Re: Printer"),
        ("[#7] other ticket", "[#1042] [#7] other ticket"),
        ("Regarding: invoice", "[#1042] Regarding: invoice"),
        ("", "[#1042]"),
        ("a\r\nBcc: x", "[#1042] a Bcc: x"),
        ("\x00\ud800", "[#1042] \ufffd"),
    ],
)
def test_a_reply_subject_has_one_tag_and_at_most_one_prefix(subject: str, expected: str) -> None:
    assert reply_subject(subject, 1042) == expected
    assert reply_subject(expected, 1042) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See https://a.example/b?c=1&d=2.", 'See <a href="https://a.example/b?c=1&amp;d=2">https://a.example/b?c=1&amp;d=2</a>.'),
        ("(http://a.example/x_(y))", '(<a href="http://a.example/x_(y)">http://a.example/x_(y)</a>)'),
        ("<http://a.example>", '&lt;<a href="http://a.example">http://a.example</a>&gt;'),
        ("javascript:alert(1) ftp://x data:text/html,x", "javascript:alert(1) ftp://x data:text/html,x"),
        ("- one\n-   two", "- one<br>\n-\u00a0\u00a0 two"),
        ('<b>"it\'s"</b>', "&lt;b&gt;&#34;it&#39;s&#34;&lt;/b&gt;"),
    ],
)
def test_plain_text_becomes_html_that_reads_the_same(text: str, expected: str) -> None:
    assert re.sub(r"^<p style=[^>]*>|</p>$", "", html_from_text(text)) == expected


def test_quotes_and_paragraphs_of_plain_text_become_elements() -> None:
    html = re.sub(r' style="[^"]*"', "", html_from_text("Yes.\n> Really?\n>> Sure?\n\n\nBye"))
    assert html == "<p>Yes.</p>\n<blockquote><p>Really?</p>\n<blockquote><p>Sure?</p></blockquote></blockquote>\n<p>Bye</p>"


@settings(max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters() | st.sampled_from('<>&"\n\t >('), max_size=200))
def test_no_text_whatever_becomes_markup(text: str) -> None:
    page = Page(html_from_text(text))
    assert page.tags <= {"p", "br", "a", "blockquote"} and page.depth == []
    assert one_line(text).isprintable() or not re.search(r"[\r\n\x00]", one_line(text))


def test_a_megabyte_of_nonsense_becomes_html_in_reasonable_time() -> None:
    for nonsense in (">" * 1_000_000, "http://" * 150_000, "http://a" + ")" * 1_000_000, " \n" * 500_000, "(" * 1_000_000):
        html_from_text(nonsense)
