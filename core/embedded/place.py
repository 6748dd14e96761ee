"""Where the embedded PostgreSQL keeps its things, and as whom it runs.

Everything lies in `<data_dir>/postgres`, a folder that belongs to whoever runs Helpdesk: `data` (the cluster), `socket`,
`postgres.log`, and three small files that say who is there (see `presence`). PostgreSQL refuses to run as root: root
runs it as the owner of the data or, the first time, as the existing user `postgres`, else `nobody`; only `data` and `socket`
belong to that user. A socket's path has a limit of 107 bytes: when the folder's own path is too long for it (or has characters that
connection URLs trip over), the socket folder is a private one elsewhere, named by a digest of the path: below `/run` for root, else below
`XDG_RUNTIME_DIR`, else in `/tmp`. Other processes read from `postmaster.pid` where it is.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.errors import ConfigurationError

_SOCKET_NAME = "/.s.PGSQL.5432"
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_./+=-]+")


@dataclass(frozen=True, slots=True)
class Account:
    """The user and group a child process runs as when Helpdesk itself is root."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Place:
    """The folders and files of one embedded server; `home` is `<data_dir>/postgres`, absolute."""

    home: Path

    @classmethod
    def in_folder(cls, data_dir: Path) -> Place:
        """The place below a data folder, which need not exist."""
        return cls(Path(os.path.abspath(data_dir)) / "postgres")

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder; it appears whole, by a rename."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server and its watcher say."""
        return self.home / "postgres.log"

    @property
    def pid_file(self) -> Path:
        """PostgreSQL's own record of its postmaster: pid, socket folder and status, a line each."""
        return self.data / "postmaster.pid"


def prepare(data_dir: Path) -> Place:
    """Make the folders that are missing. Raises `ConfigurationError` when `data_dir` cannot be used by this user."""
    place = Place.in_folder(data_dir)
    with explained(place):
        for folder in (place.home.parent, place.home):
            if not folder.is_dir():
                folder.mkdir(parents=True, exist_ok=True)  # another starter may be as far as we are
                folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
        owner = place.home.stat().st_uid
    if owner != os.geteuid():
        raise ConfigurationError(
            f"The folder {place.home} belongs to the user {_name(owner)}: run Helpdesk as that user, or set another DATA_DIR."
        )
    return place


@contextmanager
def explained(place: Place) -> Iterator[None]:
    """Turns what the file system refuses into one sentence about the data folder."""
    try:
        yield
    except OSError as error:
        raise ConfigurationError(
            f"The data folder {place.home.parent} cannot be used ({error.strerror or error}): make it writable for the user"
            f" {_name(os.geteuid())}, or set DATA_DIR to a folder that is."
        ) from error


def account_for(place: Place) -> Account | None:
    """As whom the server of this place runs: None is the present user, who is not root."""
    if os.geteuid() != 0:
        return None
    if place.data.exists():
        info = place.data.stat()
        if info.st_uid == 0:
            raise ConfigurationError(
                f"PostgreSQL does not run as root, but {place.data} belongs to root: run `chown -R postgres {place.data}`."
            )
        return Account(info.st_uid, info.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise ConfigurationError("PostgreSQL does not run as root, and there is no user postgres or nobody: run Helpdesk as an ordinary user.")


def private_folder(folder: Path, account: Account | None) -> Path:
    """Make `folder` (0700, owned by the account), or check that the one which lies there is nobody else's."""
    folder.mkdir(mode=0o700, exist_ok=True)
    info = folder.lstat()
    ours = {os.geteuid(), account.uid if account else os.geteuid()}
    if not stat.S_ISDIR(info.st_mode) or info.st_uid not in ours:
        raise ConfigurationError(f"The folder {folder} belongs to the user {_name(info.st_uid)}: remove it, or set a shorter DATA_DIR.")
    if account:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    folder.chmod(0o700)
    return folder


def socket_folder(place: Place, account: Account | None) -> Path:
    """The folder the server shall listen in, made if needed; trust authentication makes it 0700."""
    name = f"helpdesk-{hashlib.sha256(os.fsencode(place.home)).hexdigest()[:16]}"
    runtime = Path("/run") if Path("/run").is_dir() else Path("/var/run")
    if os.geteuid() != 0:
        runtime = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    candidates = [place.home / "socket", runtime / name]
    suitable = [folder for folder in candidates if folder.parent.is_dir() and folder.is_absolute() and _holds_a_socket(folder)]
    return private_folder(suitable[0] if suitable else Path("/tmp") / f"{name}-{os.geteuid()}", account)


def _holds_a_socket(folder: Path) -> bool:
    path = str(folder)
    return _PLAIN_PATH.fullmatch(path) is not None and len(path + _SOCKET_NAME) <= 107


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
