"""The stage of a bench: the embedded PostgreSQL as an installation has it (fsync on), a seeded desk, real processes, all thrown away."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from core.embedded_postgres import running
from core.keys import load_keys
from core.migrate import migrate
from core.ports import free_port
from core.process import READY
from core.settings import GivenSettings, Settings

MAILBOX = "support@bench.example"


@dataclass(slots=True)
class Stage:
    """A folder, a database, ports, and the processes started on them."""

    folder: Path
    url: str
    ports: dict[str, int]
    keys: str
    processes: list[asyncio.subprocess.Process] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"], "DATABASE_URL": self.url, "SECRET_KEYS": self.keys, "DATA_DIR": str(self.folder),
            "API_LISTEN": f"127.0.0.1:{self.ports['api']}", "BOT_LISTEN": f"127.0.0.1:{self.ports['bot']}", "SMTP_LISTEN": f"127.0.0.1:{self.ports['smtp']}",
            "API_METRICS_LISTEN": "off", "BOT_METRICS_LISTEN": "off", "MAILBOX_ADDRESS": MAILBOX, "LOG_LEVEL": "warning", "LOG_FORMAT": "json",
            "UNDO_SECONDS": "0",
        }  # fmt: skip

    @property
    def settings(self) -> Settings:
        return GivenSettings(data_dir=self.folder, mailbox_address=MAILBOX)

    async def start(self, *arguments: str, **environment: str) -> asyncio.subprocess.Process:
        """Start `python -m …` and wait until it says that it is ready."""
        readable, writable = os.pipe()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *arguments, env={**self.environment, **environment, READY: str(writable)}, pass_fds=(writable,)
        )
        os.close(writable)
        said = await asyncio.to_thread(os.read, readable, 100)
        os.close(readable)
        assert said, f"{arguments} did not start"
        self.processes.append(process)
        return process

    async def stop(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is None:
            process.terminate()
            await process.wait()


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """A stage of its own; every process on it ends with the block."""
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-bench-", dir="/var/tmp"))
    folder.chmod(0o711)
    try:
        async with running(folder) as server:
            await migrate(server.url)
            keys = load_keys([], folder)
            built = Stage(folder, server.url, {name: free_port() for name in ("api", "bot", "smtp")}, keys.exported())
            try:
                yield built
            finally:
                for process in built.processes:
                    await built.stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def helper(*arguments: str, **environment: str) -> AsyncIterator[tuple[int, asyncio.subprocess.Process]]:
    """A server of the bench's own (`python -m …`), with the port it prints first; it ends with the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *arguments,
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 22,
    )
    assert process.stdout is not None and process.stdin is not None
    try:
        yield int(await process.stdout.readline()), process
    finally:
        process.stdin.close()
        process.kill()
        await process.wait()
