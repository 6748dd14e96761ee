"""Logs: one line an event, and nobody's whole address in it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from core.text import masked

SAYS = """
import logging, sys
import structlog
from core.logs import configure_logs

configure_logs(sys.argv[1], "info", "test")
log = structlog.get_logger()
said = "451 4.2.0 <someone@example.org>: Greylisted"
log.info("job.later", reason=said, to=["someone@example.org", {"of": ("someone@example.org",)}], other=ValueError(said), count=3)
logging.getLogger("aiohttp").warning("Odd: %s", said)
try:
    raise ValueError(said)
except ValueError:
    log.exception("job.failed")
    logging.getLogger("asyncio").exception("Unhandled")
"""


QUOTES = """
import sys
import structlog
from core.logs import configure_logs

configure_logs(sys.argv[1], "info", "test")
try:
    raise ValueError("new row violates a check\\nDETAIL:  Failing row contains (7, My salary is\\n\\n4000).\\nHINT:  Look again.")
except ValueError as error:
    structlog.get_logger().exception("job.failed", reason=str(error), error=error)
"""


@pytest.mark.parametrize("style", ["json", "console"])
def test_no_row_that_the_database_quotes_is_in_the_log(style: str) -> None:
    done = subprocess.run([sys.executable, "-c", QUOTES, style], capture_output=True, text=True, timeout=60, check=True)
    assert "salary" not in done.stderr and "4000" not in done.stderr and done.stderr.count("Look again") == 3


@pytest.mark.parametrize("style", ["json", "console"])
def test_no_whole_address_is_in_the_log_whatever_is_logged(style: str) -> None:
    done = subprocess.run([sys.executable, "-c", SAYS, style], capture_output=True, text=True, timeout=60, check=True)
    assert "someone" not in done.stderr and done.stderr.count("…@example.org") == 7
    assert done.stderr.count("Traceback") == 2 and "Greylisted" in done.stderr


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("<eva@example.org>: later", "<…@example.org>: later"),
        ("to=eva.meyer+x@example.org,anna@example.org", "…@example.org,…@example.org"),
        ('"Eva Meyer"@example.org and josé@例え.jp', "…@example.org and …@例え.jp"),
        ("support+b12-eva=customer.test@example.org", "…@example.org"),
        ("eva@[192.0.2.1] postgres://me:secret@host/x", "…@[192.0.2.1] postgres://me:…@host/x"),
        ("at 12:00 @ noon, @property, no address", "at 12:00 @ noon, @property, no address"),
    ],
)
def test_of_an_address_its_domain_is_left(said: str, left: str) -> None:
    assert masked(said) == left


def test_endless_words_are_masked_in_no_time() -> None:
    assert masked("x" * 1_000_000 + " @" + "y@" * 100_000).endswith("@")
