"""What Prometheus may ask a process, on a port of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, Histogram, start_http_server

from core.settings import cannot_listen, host_and_port

MAIL_ACCEPTED = Counter("helpdesk_mail_accepted", "Mails taken responsibility for", ["door"])
MAIL_FILED = Counter("helpdesk_mail_filed", "Mails that got their disposition", ["disposition"])
MAIL_OUT = Counter("helpdesk_mail_out", "Tries to hand a mail over, by how they ended", ["state"])
JOBS_DONE = Counter("helpdesk_jobs_done", "Jobs that did not end well at once, by how", ["job", "outcome"])
JOBS_WAITING = Gauge("helpdesk_jobs_waiting", "Jobs that wait to be done, as of the last look at /health/ready", ["job"])
MAIL_WAITING = Gauge("helpdesk_mail_waiting", "Mails to people that have not left, as of the last look at /health/ready")
HTTP_SECONDS = Histogram("helpdesk_http_seconds", "Time to answer a request", ["method", "route", "status"],
                         buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10))  # fmt: skip


@contextmanager
def served(listen: str | None, setting: str) -> Iterator[None]:
    """Serve metrics at `listen` while the block runs, or not at all; ConfigurationError names the `setting` when that fails."""
    if listen is None:
        yield
        return
    host, port = host_and_port(listen)
    try:
        server, thread = start_http_server(port, host)
    except OSError as error:
        raise cannot_listen(setting, listen, error) from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(1)
