"""Structured logs: JSON for machines, colours for people, one line an event. Never bodies, secrets or whole addresses."""

from __future__ import annotations

import logging
import sys
from typing import Literal

import orjson
import structlog


def configure_logs(style: Literal["auto", "json", "console"], level: str, process: str) -> None:
    """Send everything, libraries' logs included, to standard error in one form. `auto` is console on a terminal, else JSON."""
    pretty = style == "console" or (style == "auto" and sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    rendering: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]  # rich ones print local values: mail
        if pretty
        else [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=lambda event, **_: orjson.dumps(event, default=str).decode()),
        ]
    )
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
