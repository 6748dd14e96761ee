"""DATA, however it is cut into chunks: the message comes out whole, and what must not pass does not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.smtp_data import IncomingMessage


def fed(stream: bytes, size: int, limit: int = 1000) -> tuple[IncomingMessage, bytes]:
    """The message that comes of a stream in chunks of `size`, and what came after its end."""
    message = IncomingMessage(limit)
    for start in range(0, len(stream), size):
        rest = message.take(stream[start : start + size])
        if rest is not None:
            return message, rest + stream[start + size :]
    raise AssertionError("the end mark was not found")


lines = st.lists(st.text(alphabet="ab. \u00e9", max_size=12).map(str.encode), max_size=8)


@given(lines, st.integers(1, 40))
def test_what_a_client_stuffed_comes_out_as_it_was_written(written: list[bytes], size: int) -> None:
    stuffed = b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in written)
    message, rest = fed(stuffed + b".\r\nQUIT\r\n", size)
    assert message.content() == b"".join(line + b"\r\n" for line in written)
    assert rest == b"QUIT\r\n"
    assert not message.has_bare_line_ends and not message.too_large


@given(st.binary(max_size=60), st.integers(1, 20))
def test_bare_line_ends_are_seen_wherever_a_chunk_ends(body: bytes, size: int) -> None:
    stream = body + b"\r\n.\r\n"
    message, _ = fed(stream, size)
    kept = stream[: (b"\r\n" + stream).index(b"\r\n.\r\n")]
    bare = len({kept.count(b"\r"), kept.count(b"\n"), kept.count(b"\r\n")}) > 1
    assert message.has_bare_line_ends == bare


def test_a_message_over_the_limit_is_read_to_its_end_and_not_kept() -> None:
    message, rest = fed(b"x" * 5000 + b"\r\n.\r\nNOOP\r\n", 64)
    assert message.too_large and rest == b"NOOP\r\n"
    assert len(message.content()) <= 1000 + 2


def test_a_message_of_exactly_the_limit_passes() -> None:
    message, _ = fed(b"x" * 998 + b"\r\n.\r\n", 100)
    assert not message.too_large and len(message.content()) == 1000
