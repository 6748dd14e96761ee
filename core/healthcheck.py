"""Is the process of this container alive? `python -m core.healthcheck` asks `/health/live`, for Docker's HEALTHCHECK.

A container runs the API or the bot. Which one is not asked: an answer at either address is one. Only the standard library is
used, because this starts anew every few seconds.
"""

from __future__ import annotations

import http.client
import os
import sys

_DOORS = (("API_LISTEN", "127.0.0.1:8080"), ("BOT_LISTEN", "127.0.0.1:8081"))
_PATIENCE = 2.0  # seconds one address may take


def is_alive(listen: str) -> bool:
    """Whether the process that listens at `HOST:PORT` (an empty host is every address) says that it lives."""
    host, _, port = listen.rpartition(":")
    connection = http.client.HTTPConnection(host.strip("[]") or "localhost", int(port), timeout=_PATIENCE)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if any(is_alive(os.environ.get(name) or default) for name, default in _DOORS) else 1)
