"""A real IMAP server of others: Debian's dovecot-imapd with a configuration of its own, on loopback."""

from __future__ import annotations

import imaplib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

PASSWORD = "s3cret"
PROGRAM = shutil.which("dovecot") or ("/usr/sbin/dovecot" if Path("/usr/sbin/dovecot").exists() else None)
needs_dovecot = pytest.mark.skipif(PROGRAM is None, reason="needs Debian package dovecot-imapd")

_CONFIG = """
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0 secs
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


@dataclass
class Dovecot:
    """Everybody's password is PASSWORD. It can be stopped and started again with the mail it has."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        (self.folder / "mail").mkdir(exist_ok=True)
        config = self.folder / "dovecot.conf"
        config.write_text(_CONFIG.format(folder=self.folder, port=self.port, password=PASSWORD, **self._users()))
        self.process = subprocess.Popen([str(PROGRAM), "-F", "-c", str(config)], stderr=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 15
        while True:
            try:
                self.login("probe@test").logout()
                return
            except OSError:
                assert time.monotonic() < deadline and self.process.poll() is None, (self.folder / "log").read_text()
                time.sleep(0.02)

    def stop(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)  # its children, who hold the connections, would live on for seconds
            self.process.wait(10)
            self.process = None

    def login(self, user: str) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        client.login(user, PASSWORD)
        return client

    def deliver(self, user: str, raw: bytes, folder: str = "INBOX", came: datetime | None = None) -> None:
        """What another server has put there, now or when it `came` (its INTERNALDATE)."""
        client = self.login(user)
        assert client.append(folder, "", imaplib.Time2Internaldate(came or time.time()), raw)[0] == "OK"
        client.logout()

    def mails(self, user: str, folder: str = "INBOX") -> list[tuple[bytes, bytes]]:
        """The flags and the bytes of what lies there."""
        client = self.login(user)
        if client.select(folder, readonly=True)[0] != "OK":
            return []
        numbers = client.search(None, "ALL")[1][0].split()
        found = [client.fetch(number.decode(), "(FLAGS BODY.PEEK[])")[1] for number in numbers]
        client.logout()
        return [(bytes(answer[0][0]) + bytes(answer[1] or b""), bytes(answer[0][1])) for answer in found]  # type: ignore[index,arg-type]

    def spoil(self, user: str, words: bytes) -> None:
        """The file of a mail becomes one that the server cannot read, as a broken disk makes them."""
        (broken,) = [
            path
            for path in (self.folder / "mail" / user).rglob("*")
            if path.is_file() and path.parent.name in ("cur", "new") and words in path.read_bytes()
        ]
        broken.chmod(0)
        if os.geteuid() == 0:
            os.chown(broken, 0, 0)

    def recreate(self, user: str, folder: str) -> None:
        """The folder anew, with the same mail in it, each as old as it was: its UIDs mean something else."""
        mails, came = [raw for _, raw in self.mails(user, folder)], self.came(user, folder)
        client = self.login(user)
        client.delete(folder)
        time.sleep(1.1)  # UIDVALIDITY is made of the time in seconds
        client.create(folder)
        client.logout()
        for raw, when in zip(mails, came, strict=True):
            self.deliver(user, raw, folder, when)

    def came(self, user: str, folder: str = "INBOX") -> list[datetime]:
        """When each mail that lies there came."""
        client = self.login(user)
        client.select(folder, readonly=True)
        answer = client.fetch("1:*", "(INTERNALDATE)")[1] if client.search(None, "ALL")[1][0] else []
        client.logout()
        found = (imaplib.Internaldate2tuple(bytes(line)) for line in answer)  # type: ignore[arg-type]  # whole lines, as they were asked for
        return [datetime.fromtimestamp(time.mktime(one), UTC) for one in found if one is not None]

    def _users(self) -> dict[str, object]:
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder / "mail", nobody.pw_uid, nobody.pw_gid)
            return {"internal": "dovecot", "group": "dovecot", "login": "dovenull", "uid": nobody.pw_uid, "gid": nobody.pw_gid}
        me = pwd.getpwuid(os.getuid())
        return {"internal": me.pw_name, "group": me.pw_gid, "login": me.pw_name, "uid": me.pw_uid, "gid": me.pw_gid}


@contextmanager
def dovecot_running(port: int) -> Iterator[Dovecot]:
    """A server with a folder of its own, which its users can get through."""
    with tempfile.TemporaryDirectory(prefix="hd-imap-") as place:
        Path(place).chmod(0o755)
        server = Dovecot(Path(place), port)
        server.start()
        try:
            yield server
        finally:
            server.stop()
