"""Replies as people send them: every language, with every way in which clients quote, against the trimmer."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.mail.trim import Trimmed, trim

_SAMPLES = tomllib.loads((Path(__file__).parent / "samples/trim/languages.toml").read_text(encoding="utf-8"))

every_language = pytest.mark.parametrize("language", _SAMPLES)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _wrapped(line: str, width: int) -> str:
    """A line broken at blanks, as mail systems do it."""
    lines = [""]
    for word in line.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _is_cut_to_its_reply(language: str, text: str) -> bool:
    sample = _SAMPLES[language]
    trimmed = trim(text, None)
    return bool(trimmed.reply == sample["reply"] and sample["quote"].split("\n")[-1] in trimmed.quote)


def _attributions(language: str) -> Iterator[tuple[str, str, str]]:
    """Reply, the line above the quote, and the quote with its marks."""
    sample = _SAMPLES[language]
    for line in sample["attributions"]:
        yield sample["reply"], line, _quoted(sample["quote"])


@every_language
def test_a_reply_above_a_marked_quote_stands_alone(language: str) -> None:
    for reply, line, quote in _attributions(language):
        assert _is_cut_to_its_reply(language, f"{reply}\n\n{line}\n\n{quote}\n"), line
        assert _is_cut_to_its_reply(language, f"{reply}\n{line}\n{quote}\n"), line


@every_language
def test_the_line_above_the_quote_may_be_wrapped(language: str) -> None:
    for reply, line, quote in _attributions(language):
        for width in (72, 40):
            assert _is_cut_to_its_reply(language, f"{reply}\n\n{_wrapped(line, width)}\n\n{quote}\n"), (line, width)


@every_language
def test_a_quote_without_marks_goes_on_to_the_end(language: str) -> None:
    for reply, line, _ in _attributions(language):
        if "@" in line and not line.startswith((">", "Quoting", "Zitat")):
            assert _is_cut_to_its_reply(language, f"{reply}\n\n{line}\n\n{_SAMPLES[language]['quote']}\n"), line


@every_language
def test_a_reply_below_the_quote_stands_alone(language: str) -> None:
    for reply, line, quote in _attributions(language):
        assert _is_cut_to_its_reply(language, f"{line}\n{quote}\n\n{reply}\n"), line


@every_language
def test_answers_between_quoted_lines_keep_what_they_answer(language: str) -> None:
    for reply, line, quote in _attributions(language):
        first, second = reply.split("\n")
        trimmed = trim(f"{line}\n> {first[::-1]}\n{first}\n> {second[::-1]}\n\n{second}\n\n{quote}\n", None)
        assert trimmed.interleaved
        assert [each for each in trimmed.reply.split("\n") if each] == [f"> {first[::-1]}", first, f"> {second[::-1]}", second]


@every_language
def test_a_header_block_begins_the_quote(language: str) -> None:
    sample = _SAMPLES[language]
    for block in sample["headers"]:
        for above in ("", "________________________________\n", " \n \n", sample["original"] + "\n"):
            assert _is_cut_to_its_reply(language, f"{sample['reply']}\n\n{above}{block}\n\n{sample['quote']}\n"), (block, above)


@every_language
def test_a_header_block_may_be_bold_or_spaced_out(language: str) -> None:
    sample = _SAMPLES[language]
    for block in sample["headers"]:
        bold = "\n".join(f"*{line.replace(':', ':*', 1)}" for line in block.replace("*", "").split("\n"))
        for shown in (bold, block.replace("\n", "\n\n")):
            assert _is_cut_to_its_reply(language, f"{sample['reply']}\n\n{shown}\n\n{sample['quote']}\n"), shown


@every_language
def test_a_title_between_dashes_begins_the_quote(language: str) -> None:
    sample = _SAMPLES[language]
    assert _is_cut_to_its_reply(language, f"{sample['reply']}\n\n{sample['original']}\n{sample['quote']}\n")


@every_language
def test_what_was_forwarded_is_shown(language: str) -> None:
    sample = _SAMPLES[language]
    for title in sample["forwarded"]:
        for above in ("", sample["reply"] + "\n\n"):
            text = f"{above}{title}\n{sample['headers'][0]}\n\n{sample['quote']}"
            assert trim(text, None) == Trimmed(text), title


@every_language
def test_the_line_of_a_phone_or_an_app_is_taken_off(language: str) -> None:
    sample = _SAMPLES[language]
    for line in sample["device"]:
        assert trim(f"{sample['reply']}\n\n{line}\n", None) == Trimmed(sample["reply"], signature=line)
        trimmed = trim(f"{sample['reply']}\n\n{line}\n\n{sample['attributions'][0]}\n\n{_quoted(sample['quote'])}", None)
        assert (trimmed.reply, trimmed.signature) == (sample["reply"], line)


@every_language
def test_a_sign_off_with_a_name_is_taken_off(language: str) -> None:
    sample = _SAMPLES[language]
    trimmed = trim(f"{sample['reply']}\n\n{sample['closing']}\n\n{sample['attributions'][0]}\n{_quoted(sample['quote'])}", None)
    assert (trimmed.reply, trimmed.signature) == (sample["reply"], sample["closing"])
