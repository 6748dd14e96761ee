"""Ports for desks that are tried out."""

from __future__ import annotations

import random
import socket

_BELOW_EPHEMERAL = range(20_000, 30_000)  # what systems do not give away by themselves, while whoever wants a port is just being restarted


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens at now, and hardly anybody else will."""
    while True:
        port = random.choice(_BELOW_EPHEMERAL)
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
