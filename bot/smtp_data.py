"""A message as it comes in over SMTP's DATA, chunk by chunk (RFC 5321 §4.1.1.4 and §4.5.2).

Work is done as the chunks come, so that a large mail never holds up the others: the end mark, the size, dot-stuffing, and bare CR or LF,
by which mail is smuggled past filters.
"""

from __future__ import annotations

_END = b"\r\n.\r\n"
_STUFFED = b"\r\n.."
_CR = 13


class IncomingMessage:
    """Collects chunks until the end mark; `limit` is in bytes, and what is beyond is read and dropped."""

    def __init__(self, limit: int) -> None:
        self.too_large = False
        self.has_bare_line_ends = False
        self._limit = limit
        self._received = bytearray(b"\r\n")  # the line end before the first line, so that a mark at the very start is found as well
        self._counted = 0
        self._stuffed = False

    def take(self, chunk: bytes) -> bytes | None:
        """Add a chunk. None while the end mark has not come; then what the client sent after it, mostly nothing."""
        seen = max(len(self._received) - 4, 0)
        self._received += chunk
        end = self._received.find(_END, seen)
        self._stuffed = self._stuffed or self._received.find(_STUFFED, seen) >= 0
        if end < 0:
            self._look_at(len(self._received) - (self._received[-1] == _CR))
            self._drop_if_too_large()
            return None
        rest = bytes(self._received[end + len(_END) :])
        del self._received[end + 2 :]
        self._look_at(len(self._received))
        self._drop_if_too_large()
        return rest

    def content(self) -> bytes:
        """The whole message without end mark and dot-stuffing. Only after `take` found the end."""
        if self._stuffed:
            self._received = self._received.replace(_STUFFED, b"\r\n.")
        del self._received[:2]
        return bytes(self._received)

    def _look_at(self, until: int) -> None:
        """Compare the pairs with the single characters of what was not looked at yet; it never ends between CR and LF."""
        pairs = self._received.count(b"\r\n", self._counted, until)
        returns = self._received.count(b"\r", self._counted, until)
        feeds = self._received.count(b"\n", self._counted, until)
        self.has_bare_line_ends = self.has_bare_line_ends or not pairs == returns == feeds
        self._counted = until

    def _drop_if_too_large(self) -> None:
        if len(self._received) > self._limit + 2:
            self.too_large = True
            del self._received[:-4]
            self._counted = len(self._received)
