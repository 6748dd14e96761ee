"""Child processes of the embedded PostgreSQL: run to their end as the right user, and found again by the folder they live in."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import tempfile
from pathlib import Path

from core.embedded.place import Account, Place
from core.errors import ConfigurationError

# Nothing of our own environment: it may hold secrets, or PG… variables meant for another server.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


async def run(account: Account | None, *command: str) -> None:
    """Run a program to its end. Raises `ConfigurationError` with its last words when it cannot run or fails."""
    with tempfile.TemporaryFile() as words:
        try:
            child = popen(account, *command, stdin=subprocess.DEVNULL, output=words.fileno())
        except (OSError, subprocess.SubprocessError) as error:
            raise ConfigurationError(f"The program {command[0]} cannot be run: {error}.") from error
        with child:
            try:
                while child.poll() is None:
                    await asyncio.sleep(0.002)
            finally:
                child.kill()  # does nothing to one that has ended
        words.seek(0)
        if child.returncode:
            raise ConfigurationError(f"The program {command[0]} failed: {last_words(words.read())}.")


def popen(
    account: Account | None, *command: str, stdin: int, output: int, stdout: int | None = None, session: bool = False
) -> subprocess.Popen[bytes]:
    """Start a program in `/`, as the account when there is one, with standard error (and output) going to `output`."""
    # No preexec_fn: without it the child runs no Python between fork and exec, whatever threads this process has.
    return subprocess.Popen(
        command,
        stdin=stdin,
        stdout=output if stdout is None else stdout,
        stderr=output,
        cwd="/",
        env=ENVIRONMENT,
        start_new_session=session,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def inhabitants(place: Place) -> set[int]:
    """The pids of living processes whose working folder is the data folder: PostgreSQL's, ours or not. Empty without `/proc`."""
    return {int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _lives_in(entry, place.data)}


async def send(account: Account | None, number: signal.Signals, pids: set[int]) -> None:
    """Signal processes of the server, with the rights of the server's user only."""
    if pids:
        await run(account, "/bin/sh", "-c", 'for pid; do kill -s "$0" "$pid"; done; true', number.name.removeprefix("SIG"), *map(str, pids))


def last_words(output: bytes) -> str:
    """The last line of a program's output that tells an error, else the last one, without its full stop."""
    lines = [line.strip().rstrip(".") for line in output.decode(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if re.search(r"error:|FATAL:|PANIC:", line)]
    return [*lines, *errors][-1] if lines else "it said nothing"


def _lives_in(process: Path, folder: Path) -> bool:
    try:
        return (process / "cwd").samefile(folder)
    except OSError:  # ended meanwhile, or somebody else's
        return False
