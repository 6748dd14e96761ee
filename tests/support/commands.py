"""The `helpdesk` command on the database of a test, as an operator types it."""

from __future__ import annotations

import os
import subprocess
import sys

from core.runtime import Runtime


def says(rt: Runtime, url: str, *words: str) -> tuple[int, str]:
    """A command on this desk: its exit status, and what it printed."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "PYTHONPATH")}
    environment = {**kept, "DATABASE_URL": url, "SECRET_KEYS": rt.keys.exported(), "DATA_DIR": str(rt.settings.data_dir)}
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", *words], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout + done.stderr
