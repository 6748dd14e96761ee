"""Structured logs: JSON for machines, colours for people, one line an event. Never bodies or secrets, and no whole addresses: whatever is
logged, words of a relay, of PostgreSQL and tracebacks included, goes through `_without_private` before it is written.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Literal

import orjson
import structlog

from core.text import masked

_DETAIL = re.compile(r"DETAIL:.*?(?=\nHINT:|\n\nThe above|\n\nDuring|\Z)", re.DOTALL)  # in which PostgreSQL quotes the row at fault


def configure_logs(style: Literal["auto", "json", "console"], level: str, process: str) -> None:
    """Send everything, libraries' logs included, to standard error in one form. `auto` is console on a terminal, else JSON."""
    pretty = style == "console" or (style == "auto" and sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    rendering: list[structlog.typing.Processor] = [
        structlog.processors.format_exc_info,
        _without_private,
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)  # rich ones print local values: mail
        if pretty
        else structlog.processors.JSONRenderer(serializer=lambda event, **_: orjson.dumps(event, default=str).decode()),
    ]
    structlog.contextvars.bind_contextvars(process=process)
    numeric = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*shared, *rendering],
        wrapper_class=structlog.make_filtering_bound_logger(numeric),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering]
        )
    )
    logging.basicConfig(level=max(numeric, logging.WARNING), handlers=[handler], force=True)
    # aiosmtpd logs every command at INFO; asyncio warns about slow callbacks only in debug mode.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    # A failed job is logged by the worker, in words; pgqueuer would add a traceback.
    logging.getLogger("pgqueuer").setLevel(logging.CRITICAL)


def _without_private(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {name: _masked(value) for name, value in event.items()}


def _masked(value: object) -> object:
    if isinstance(value, str):
        return masked(_DETAIL.sub("DETAIL: left out", value))
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(name): _masked(each) for name, each in value.items()}
    return [_masked(each) for each in value] if isinstance(value, list | tuple | set | frozenset) else _masked(str(value))
