"""Text between Slack and the rest of the world: nothing may be lost, and nobody may write what Slack would act upon."""

from __future__ import annotations

import re
from time import perf_counter

import pytest

from bot.slack.mrkdwn import cut, cut_plain, escape, from_plain, link, to_plain, unescape

NAMES = {"U1": "Anna Berg", "C1": "support", "S1": "it-team"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Tom &amp; Jerry &lt;3", "Tom & Jerry <3"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("<@U1> knows", "@Anna Berg knows"),
        ("<@U404> and <@W404|old name>", "@U404 and @old name"),
        ("see <#C1> and <#C2|general> and <#C3|>", "see #support and #general and #C3"),
        ("<!channel> <!here> <!everyone>", "@channel @here @everyone"),
        ("<!subteam^S1> <!subteam^S2|@sales>", "@it-team @sales"),
        ("<!date^1392734382^{date}|18 February>", "18 February"),
        ("<https://desk.example/a?b=1&amp;c=2>", "https://desk.example/a?b=1&c=2"),
        ("<https://desk.example/|our desk>", "our desk (https://desk.example/)"),
        ("<https://desk.example|desk.example>", "https://desk.example"),
        ("<mailto:anna@example.org|anna@example.org>", "anna@example.org"),
        ("<mailto:anna@example.org|Anna &amp; Co>", "Anna & Co (anna@example.org)"),
        ("&gt; quoted\nanswer", "> quoted\nanswer"),
        ("*bold* _soft_ ~gone~", "*bold* _soft_ ~gone~"),
        ("2 &lt; 3 and a < b", "2 < 3 and a < b"),
    ],
)
def test_what_a_person_wrote_in_slack_reads_as_plain_text(written: str, read: str) -> None:
    assert to_plain(written, NAMES) == read


def test_code_keeps_what_was_typed() -> None:
    written = "run ```curl <https://x.example|x.example> &amp;&amp; echo &lt;b&gt;``` or `<https://y.example|y.example>`"
    assert to_plain(written, NAMES) == "run ```curl x.example && echo <b>``` or `y.example`"


@pytest.mark.parametrize("evil", ["<!channel>", "<!here|here>", "<@U1>", "<#C1|x>", "<https://evil.example|https://bank.example>"])
def test_no_stranger_can_write_what_slack_acts_upon(evil: str) -> None:
    for text in (escape(evil), from_plain(evil), from_plain(f"> {evil}"), from_plain(f"```\n{evil}\n```"), from_plain(f"`{evil}`")):
        tokens = re.findall("<[^>]*>", text)
        assert all(re.fullmatch(r"<https://[^|<>]+>", token) for token in tokens)
        assert text.count("<") == len(tokens)


def test_a_stranger_as_the_label_of_a_link_cannot_lead_elsewhere() -> None:
    assert link("https://desk.example/?a=1&b=2", "x> <https://evil.example|y") == (
        "<https://desk.example/?a=1&amp;b=2|x&gt; &lt;https://evil.example/y>"
    )


def test_escaping_and_its_reverse_meet() -> None:
    text = "a < b && b > c &amp; &lt;"
    assert unescape(escape(text)) == text


def test_characters_that_deceive_the_eye_are_dropped() -> None:
    assert escape("invoice\u202efdp.exe\x00\ud800\r\nnext") == "invoicefdp.exe\nnext"


@pytest.mark.parametrize(
    "text",
    [
        "Hello,\n\nmy printer & I < you > me.\n",
        "> you wrote\n> two lines\n\nI answer",
        "look: https://desk.example/a?b=1&c=2, (https://desk.example/b) and https://en.example/A_(b).",
        "```\nif a < b: <!channel> https://desk.example\n```\nafter",
        "tags <b> and ids <@U1>",
    ],
)
def test_plain_text_comes_back_from_slack_as_it_was(text: str) -> None:
    assert to_plain(from_plain(text), {}) == text


def test_a_url_is_shown_as_it_is() -> None:
    assert from_plain("see https://desk.example/a?b&c.") == "see <https://desk.example/a?b&amp;c>."


def test_a_quote_stays_a_quote_and_never_swallows_what_follows() -> None:
    assert from_plain("> one\n>> two\n>>>three\nend") == "> one\n> &gt; two\n> &gt; &gt; three\nend"


def test_a_code_block_that_was_never_closed_is_closed() -> None:
    assert from_plain("```\nx > 1") == "```\nx &gt; 1\n```"


def test_a_long_text_ends_with_a_link_to_the_whole() -> None:
    whole = link("https://desk.example/t/1042", "Read all")
    text = from_plain("word " * 1000, 3000, whole)
    assert len(text) <= 3000
    assert text.endswith("word… <https://desk.example/t/1042|Read all>")


@pytest.mark.parametrize("limit", range(20, 60))
def test_a_cut_never_splits_a_token_or_an_entity(limit: int) -> None:
    text = cut("a &amp; b <https://desk.example/x|label> &lt;c&gt; d &amp; &amp; e <@U1> and so on", limit)
    assert len(text) <= limit
    assert text.endswith("…")
    assert not re.search(r"&(?!amp;|lt;|gt;)", text)
    assert text.count("<") == text.count(">")


@pytest.mark.parametrize("limit", range(12, 40))
def test_a_cut_within_code_closes_the_code(limit: int) -> None:
    text = cut("intro ```first line\nsecond line\nthird line``` outro and more", limit)
    assert len(text) <= limit
    assert text.count("```") % 2 == 0


@pytest.mark.parametrize("cluster", ["e\u0301", "👍🏽", "👩\u200d💻", "🇩🇪", "☎\ufe0f"])
def test_a_cut_never_splits_a_character(cluster: str) -> None:
    text = cluster * 20
    for limit in range(10, 30):
        kept = cut_plain(text, limit).removesuffix("…")
        assert len(kept) < limit
        assert kept == cluster * (len(kept) // len(cluster))


def test_a_heap_of_accents_is_cut_all_the_same() -> None:
    assert len(cut_plain("a" + "\u0301" * 5000, 75)) == 75


def test_text_within_the_limit_is_left_alone() -> None:
    assert cut("a &amp; b", 9) == "a &amp; b"
    assert cut_plain("abc", 3) == "abc"


@pytest.mark.parametrize("hostile", ["<" * 40_000, "`" * 40_000, "&" * 40_000, "```a" * 10_000, "> " * 20_000, "https://" * 5_000])
def test_hostile_text_costs_no_time(hostile: str) -> None:
    started = perf_counter()
    to_plain(hostile, NAMES)
    assert len(from_plain(hostile)) <= 3000
    assert perf_counter() - started < 2
