"""Replies as people send them: every language, with every way in which clients quote, against the trimmer."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from core.mail.trim import Trimmed, trim

_LANGUAGES = tomllib.loads((Path(__file__).parent / "samples/trim/languages.toml").read_text(encoding="utf-8"))


def _every(key: str) -> list[tuple[str, str]]:
    return [(language, each) for language, sample in _LANGUAGES.items() for each in ([sample[key]] if isinstance(sample[key], str) else sample[key])]


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


def _only_reply(language: str, trimmed: Trimmed) -> None:
    sample = _LANGUAGES[language]
    assert trimmed.reply == sample["reply"]
    assert sample["quote"].split("\n")[-1] in trimmed.quote


@pytest.mark.parametrize(("language", "line"), _every("attributions"))
def test_a_reply_above_a_marked_quote_stands_alone(language: str, line: str) -> None:
    sample = _LANGUAGES[language]
    _only_reply(language, trim(f"{sample['reply']}\n\n{line}\n\n{_quoted(sample['quote'])}\n", None))


@pytest.mark.parametrize(("language", "line"), _every("attributions"))
def test_a_reply_that_touches_the_line_above_the_quote_stands_alone(language: str, line: str) -> None:
    sample = _LANGUAGES[language]
    _only_reply(language, trim(f"{sample['reply']}\n{line}\n{_quoted(sample['quote'])}\n", None))


@pytest.mark.parametrize("width", [72, 40])
@pytest.mark.parametrize(("language", "line"), _every("attributions"))
def test_the_line_above_the_quote_may_be_wrapped(language: str, line: str, width: int) -> None:
    sample = _LANGUAGES[language]
    _only_reply(language, trim(f"{sample['reply']}\n\n{_wrapped(line, width)}\n\n{_quoted(sample['quote'])}\n", None))


@pytest.mark.parametrize(("language", "line"), [each for each in _every("attributions") if "@" in each[1] and not each[1].startswith((">", "Quoting", "Zitat"))])
def test_a_quote_without_marks_goes_on_to_the_end(language: str, line: str) -> None:
    sample = _LANGUAGES[language]
    _only_reply(language, trim(f"{sample['reply']}\n\n{line}\n\n{sample['quote']}\n", None))


@pytest.mark.parametrize(("language", "line"), _every("attributions"))
def test_a_reply_below_the_quote_stands_alone(language: str, line: str) -> None:
    sample = _LANGUAGES[language]
    _only_reply(language, trim(f"{line}\n{_quoted(sample['quote'])}\n\n{sample['reply']}\n", None))


@pytest.mark.parametrize("above", ["", "________________________________\n", " \n \n", "Original\n"])
@pytest.mark.parametrize(("language", "block"), _every("headers"))
def test_a_header_block_begins_the_quote(language: str, block: str, above: str) -> None:
    sample = _LANGUAGES[language]
    above = f"{sample['original']}\n" if above == "Original\n" else above
    _only_reply(language, trim(f"{sample['reply']}\n\n{above}{block}\n\n{sample['quote']}\n", None))


@pytest.mark.parametrize(("language", "block"), _every("headers"))
def test_a_header_block_may_be_bold_or_spaced_out(language: str, block: str) -> None:
    sample = _LANGUAGES[language]
    for shown in (block.replace("\n", "\n\n"), "\n".join(f"*{line.replace(':', ':*', 1)}" for line in block.replace("*", "").split("\n"))):
        _only_reply(language, trim(f"{sample['reply']}\n\n{shown}\n\n{sample['quote']}\n", None))


@pytest.mark.parametrize(("language", "title"), _every("original"))
def test_a_title_between_dashes_begins_the_quote(language: str, title: str) -> None:
    sample = _LANGUAGES[language]
    _only_reply(language, trim(f"{sample['reply']}\n\n{title}\n{sample['quote']}\n", None))


@pytest.mark.parametrize(("language", "title"), _every("forwarded"))
def test_what_was_forwarded_is_shown(language: str, title: str) -> None:
    sample = _LANGUAGES[language]
    for above in ("", sample["reply"] + "\n\n"):
        text = f"{above}{title}\n{sample['headers'][0]}\n\n{sample['quote']}"
        assert trim(text, None) == Trimmed(text)


@pytest.mark.parametrize(("language", "line"), _every("device"))
def test_the_line_of_a_phone_or_an_app_is_taken_off(language: str, line: str) -> None:
    sample = _LANGUAGES[language]
    assert trim(f"{sample['reply']}\n\n{line}\n", None) == Trimmed(sample["reply"], signature=line)
    trimmed = trim(f"{sample['reply']}\n\n{line}\n\n{sample['attributions'][0]}\n\n{_quoted(sample['quote'])}", None)
    assert (trimmed.reply, trimmed.signature) == (sample["reply"], line)


@pytest.mark.parametrize("language", [each for each in _LANGUAGES if each != "ko"])
def test_a_sign_off_with_a_name_is_taken_off(language: str) -> None:
    sample = _LANGUAGES[language]
    trimmed = trim(f"{sample['reply']}\n\n{sample['closing']}\n\n{sample['attributions'][0]}\n{_quoted(sample['quote'])}", None)
    assert (trimmed.reply, trimmed.signature) == (sample["reply"], sample["closing"])


@pytest.mark.parametrize(("language", "line"), _every("attributions"))
def test_answers_between_quoted_lines_keep_what_they_answer(language: str, line: str) -> None:
    sample = _LANGUAGES[language]
    first, second = sample["reply"].split("\n")
    trimmed = trim(f"{line}\n> {first[::-1]}\n{first}\n> {second[::-1]}\n\n{second}\n\n> {sample['quote'].splitlines()[-1]}\n", None)
    assert trimmed.interleaved
    assert [each for each in trimmed.reply.split("\n") if each] == [f"> {first[::-1]}", first, f"> {second[::-1]}", second]
