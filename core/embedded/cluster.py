"""The data of the embedded PostgreSQL: made on first use, refused when another major version made it, cleared of what a crash left."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from pathlib import Path

from core.embedded.binaries import MAJOR, Binaries
from core.embedded.place import Account, Place, private_folder
from core.embedded.programs import inhabitants, run
from core.errors import ConfigurationError

# Upper and lower case and order by Unicode, the same on every machine. The type of a character (what the text search takes
# for punctuation) still comes from the C library.
_LOCALE = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
_CHARACTERS = "UTF-8" if sys.platform == "darwin" else "C.UTF-8"


async def make_ready(place: Place, account: Account | None, binaries: Binaries, durable: bool) -> None:
    """Data a postmaster can start on. Only for who holds the lock and has seen that no server is alive."""
    if not place.data.exists():
        await _create(place, account, binaries, durable)
    _check_version(place)
    _clear_after_crash(place)


async def _create(place: Place, account: Account | None, binaries: Binaries, durable: bool) -> None:
    for abandoned in place.home.glob("data-*.part"):
        shutil.rmtree(abandoned, ignore_errors=True)  # an initdb whose parent was killed may still be writing there
    draft = private_folder(place.home / f"data-{secrets.token_hex(4)}.part", account)
    options = ["--username=postgres", "--auth-local=trust", "--auth-host=reject", "--no-instructions", *([] if durable else ["--no-sync"])]
    await run(account, binaries.program("initdb"), f"--pgdata={draft}", *options, *_LOCALE, f"--lc-ctype={_CHARACTERS}")
    draft.rename(place.data)
    if durable:
        _sync_folder(place.home)


def _check_version(place: Place) -> None:
    version_file = place.data / "PG_VERSION"
    if not version_file.is_file():
        raise ConfigurationError(f"The folder {place.data} holds no PostgreSQL data: restore it from a backup, or move it away.")
    version = version_file.read_text(encoding="ascii").strip()
    if version != MAJOR:
        raise ConfigurationError(
            f"The data in {place.data} was made by PostgreSQL {version}, and this Helpdesk brings PostgreSQL {MAJOR}:"
            f" convert it with pg_upgrade, or start it with PostgreSQL {version}, save it with `pg_dump helpdesk > helpdesk.sql`,"
            f" move that folder away, and load the file into an empty database with `psql helpdesk < helpdesk.sql`."
        )


def _clear_after_crash(place: Place) -> None:
    # No server of ours lives (the kernel says so), but in a container the old pid may belong to a new process,
    # and PostgreSQL would take that for a running postmaster.
    strangers = inhabitants(place)
    if strangers:
        raise ConfigurationError(f"Another PostgreSQL (process {min(strangers)}) runs on {place.data}: stop it first.")
    place.pid_file.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
