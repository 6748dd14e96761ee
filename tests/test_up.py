"""`helpdesk up` and its neighbours, as an operator meets them: real processes, real signals."""

from __future__ import annotations

import os
import random
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.chaos import chaos
from core.ports import free_port
from core.process import START

_PATIENCE = 60.0


class Operator:
    """Somebody with a shell, a data folder and ports of his own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = {name: free_port() for name in ("API", "BOT", "SMTP")}
        listen = {f"{name}_LISTEN": f"127.0.0.1:{port}" for name, port in self.ports.items()}
        metrics = {"API_METRICS_LISTEN": "off", "BOT_METRICS_LISTEN": "off"}
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "PYTHONPATH", "VIRTUAL_ENV")}
        self.environment = {**kept, **listen, **metrics, "DATA_DIR": str(folder), "LOG_FORMAT": "json"}
        self.running: list[subprocess.Popen[str]] = []

    def starts(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", *words], env={**self.environment, **environment}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.running.append(process)
        return process

    def runs(self, *words: str, **environment: str) -> tuple[int, str]:
        """Run a command to its end; its exit status and what it printed."""
        process = self.starts(*words, **environment)
        output, _ = process.communicate(timeout=_PATIENCE)
        return process.returncode, output

    def up(self) -> tuple[subprocess.Popen[str], str]:
        """`helpdesk up` until it says that it runs; the process and what it printed so far."""
        process, said = self.starts("up"), ""
        assert process.stdout is not None
        for line in process.stdout:
            said += line
            if "Try next" in line:
                return process, said
        raise AssertionError(f"the desk did not start: {said}")

    def ends(self, process: subprocess.Popen[str]) -> float:
        """Send SIGTERM; the seconds until it was gone."""
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=_PATIENCE)
        return time.monotonic() - began

    def mails(self, subject: str) -> None:
        with smtplib.SMTP("127.0.0.1", self.ports["SMTP"]) as client:
            client.sendmail(
                "eva@customer.test", ["support@helpdesk.localhost"], f"From: eva@customer.test\r\nSubject: {subject}\r\n\r\nHelp.\r\n"
            )

    def finds_its_port_taken(self) -> None:
        """Another desk that wants this one's SMTP port says so in a sentence."""
        other = Operator(Path(tempfile.mkdtemp(prefix="helpdesk-up-")))
        other.folder.chmod(0o711)
        try:
            status, output = other.runs("up", SMTP_LISTEN=f"127.0.0.1:{self.ports['SMTP']}")
            assert status == 1 and "SMTP_LISTEN=" in output and "Address already in use" in output and "Traceback" not in output
        finally:
            shutil.rmtree(other.folder, ignore_errors=True)

    def finds_its_keys_gone(self) -> None:
        """A data folder that came back without its keys says so, and makes none of its own; then they are put back."""
        kept = (self.folder / "keys").rename(self.folder / "elsewhere")
        status, output = self.runs("up")
        assert (status, output.count("other keys"), "Traceback" in output) == (1, 1, False)
        status, output = self.runs("keys")
        assert status == 1 and "other keys" in output
        kept.rename(self.folder / "keys")

    def pids(self, module: str) -> list[int]:
        """The processes of this data folder that run `python -m module`."""
        found = []
        for path in Path("/proc").glob("[0-9]*"):
            try:
                command = (path / "cmdline").read_bytes().split(b"\0")
                mine = f"DATA_DIR={self.folder}".encode() in (path / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if mine and command[1:3] == [b"-m", module.encode()]:
                found.append(int(path.name))
        return found


@pytest.fixture
def operator() -> Iterator[Operator]:
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-up-"))
    folder.chmod(0o711)
    somebody = Operator(folder)
    yield somebody
    for process in somebody.running:
        if process.poll() is None:
            process.kill()
        process.communicate()
    _until(lambda: not somebody.pids("api") and not somebody.pids("bot"))
    shutil.rmtree(folder, ignore_errors=True)


def test_the_desk_starts_takes_mail_lets_nothing_be_done_under_it_and_stops_cleanly(operator: Operator) -> None:
    process, said = operator.up()
    assert "password (shown this once)" in said and "SMTP_URL" in said and "SLACK_BOT_TOKEN" in said
    assert _answers(operator.ports["API"]) and _answers(operator.ports["BOT"])
    operator.mails("Hello")
    _until(lambda: any((operator.folder / "outbox").glob("*.eml")))
    assert "receipt" in operator.runs("mail", "outbox")[1]
    assert "new_ticket" in operator.runs("mail", "inbox")[1]
    assert "Nothing waits and nothing is held." in operator.runs("jobs")[1]
    assert "can log in as admin" in operator.runs("user", "add", "--admin", "you@example.org")[1]
    status, output = operator.runs("up")
    assert status == 1 and "runs already" in output
    status, output = operator.runs("migrate", "--down", "--yes")
    assert status == 1 and "runs already" in output
    operator.finds_its_port_taken()
    assert operator.ends(process) < 5 + _SLOW
    assert process.returncode == 0
    assert not operator.pids("api") and not operator.pids("bot")
    operator.finds_its_keys_gone()
    process, said = operator.up()
    assert "password" not in said
    assert operator.ends(process) < 5 + _SLOW


def test_whoever_is_killed_nothing_stops_the_next_start(operator: Operator) -> None:
    process, _ = operator.up()
    [bot] = operator.pids("bot")
    os.kill(bot, signal.SIGKILL)
    _until(lambda: operator.pids("bot") not in ([], [bot]) and _answers(operator.ports["BOT"]))
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    _until(lambda: not operator.pids("api") and not operator.pids("bot"))
    again, _ = operator.up()
    operator.mails("After all that")
    _until(lambda: any((operator.folder / "outbox").glob("*.eml")))
    operator.ends(again)


def test_every_wrong_setting_is_told_at_once(operator: Operator) -> None:
    status, output = operator.runs("up", SMTP_LISTEN="nowhere", SMTP_URL="http://x", MAIL_SIZE_LIMIT="many", SECRET_KEYS="short")
    assert status == 1 and "Traceback" not in output
    assert [name for name in ("SMTP_LISTEN", "SMTP_URL", "MAIL_SIZE_LIMIT", "SECRET_KEYS") if name not in output] == []


@pytest.mark.parametrize("module", [("bot.cli", "up"), ("bot",)])
def test_a_name_in_the_environment_that_is_nearly_a_settings_is_told_once(operator: Operator, module: tuple[str, ...]) -> None:
    nowhere = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/x", "SECRET_KEYS": "k" * 32, "SMTP_LISTN": ":25"}
    command = [sys.executable, "-m", *module]
    done = subprocess.run(command, env=operator.environment | nowhere, capture_output=True, text=True, timeout=_PATIENCE)
    assert done.stderr.count("SMTP_LISTN") == 1 and "nearest" in done.stderr and done.returncode == 1


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(operator: Operator) -> None:
    (operator.folder / "file").write_text("in the way")
    status, output = operator.runs("up", DATA_DIR=str(operator.folder / "file" / "data"))
    assert status == 1 and "DATA_DIR" in output and "Traceback" not in output


def test_a_process_by_itself_asks_for_its_database(operator: Operator) -> None:
    done = subprocess.run([sys.executable, "-m", "api"], env=operator.environment, capture_output=True, text=True, timeout=_PATIENCE)
    assert done.returncode == 1 and "DATABASE_URL" in done.stderr and "Traceback" not in done.stderr


def test_a_process_whose_starter_is_gone_before_it_could_begin_ends_by_itself() -> None:
    hears, tells = os.pipe()
    process = subprocess.Popen([sys.executable, "-m", "api"], env={**os.environ, START: str(hears)}, pass_fds=(hears,))
    os.close(tells)
    os.close(hears)
    assert process.wait(30) == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("demo",), "answered, resolved and closed"),
        (("simulate", "loop", "--with", "second desk"), "The desk fell silent each time, and every person was heard."),
    ],
)
def test_a_throw_away_desk_tells_its_story_and_has_nothing_of_the_operators(
    operator: Operator, words: tuple[str, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:  # who opened it as well would fail
        door = f"127.0.0.1:{taken.getsockname()[1]}"
        theirs = {
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/x", "SECRET_KEYS": "k" * 32, "REDIS_URL": "redis://127.0.0.1:1", "LMTP_LISTEN": door,
            "S3_BUCKET": "mail", "S3_ENDPOINT_URL": "http://127.0.0.1:1", "S3_ACCESS_KEY": "a", "S3_SECRET_KEY": "b", "SMTP_PROXY_PROTOCOL": "true",
            "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "c", "SLACK_API_URL": "http://127.0.0.1:1/", "REOPEN_DAYS": "many",
        }  # fmt: skip
        (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in theirs.items()))
        monkeypatch.chdir(tmp_path)
        status, output = operator.runs(*words, **{name.lower(): value for name, value in theirs.items()}, PGSSLMODE="require")
    assert status == 0 and told in output, output


# Seconds by which a busy test machine may miss what is promised for a quiet one.
_SLOW = 10.0


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < until, "it did not come about in time"
        time.sleep(0.05)


def test_taking_a_migration_back_asks_first(operator: Operator) -> None:
    assert operator.runs("migrate")[0] == 0
    asked = subprocess.run(
        [sys.executable, "-m", "bot.cli", "migrate", "--down"],
        env=operator.environment,
        input="n\n",
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
    )
    assert asked.returncode == 1 and "LOSES" in asked.stdout
    assert "The database is up to date." in operator.runs("migrate")[1]
    assert "took back" in operator.runs("migrate", "--down", "--yes")[1]


def test_an_unreachable_database_is_told_in_a_sentence(operator: Operator) -> None:
    status, output = operator.runs("up", DATABASE_URL="postgres://nobody@127.0.0.1:1/x", SECRET_KEYS="k" * 32)
    assert status == 1 and "DATABASE_URL" in output and "Traceback" not in output


async def test_whatever_is_killed_every_mail_is_in_its_one_right_place() -> None:
    assert await chaos(8, 3, random.Random(7)) == []
