"""The image and the compose file hold what the code needs, as far as can be told without an engine to run them."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # its stubs are a package of their own

from bot.cli import NOUNS
from core.settings import Settings, host_and_port

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "")
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "api", "bot")
INTERPOLATED = re.compile(r"(?<!\$)\$\{(\w+)(?::?([-?])([^}]*))?\}")
VARIABLES = {name.upper() for name in Settings.model_fields}


# --- Dockerfile ---


def test_the_image_is_built_from_the_lock_with_its_hashes() -> None:
    assert re.search(r"^COPY requirements\.lock", DOCKERFILE, re.MULTILINE)
    assert re.search(r"pip install [^\n]*--require-hashes[^\n]* -r requirements\.lock", DOCKERFILE)


def test_the_image_holds_every_package_and_folder_that_the_code_reads() -> None:
    copied = set(re.findall(r"^COPY (\w+) \./\1$", DOCKERFILE, re.MULTILINE))
    packages = set(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"])
    own = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"tests", "bench"}
    imported = {name for package in packages for path in (ROOT / package).rglob("*.py") for name in _imported(path)} & own
    assert copied == packages | imported | {"migrations", "templates"}
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")}
    assert copied | {"requirements.lock", "pyproject.toml", "README.md", "LICENSE"} == kept


def test_everything_the_image_imports_is_in_the_lock_that_it_installs() -> None:
    """Tools of the suite are no part of the image: nothing may need them at run time."""
    development = {
        "pytest",
        "moto",
        "hypothesis",
        "mypy",
        "yaml",
        "importlinter",
        "openapi_spec_validator",
        "pytest_asyncio",
        "tests",
        "bench",
    }
    users = {
        str(path.relative_to(ROOT))
        for package in ("core", "bot", "api")
        for path in (ROOT / package).rglob("*.py")
        if _imported(path) & development
    }
    assert not users


def test_the_image_runs_as_nobody_in_particular() -> None:
    final = DOCKERFILE.split("\nFROM ")[-1]
    user = re.findall(r"^USER (\S+)$", final, re.MULTILINE)
    assert user == ["10001:10001"]
    assert "VOLUME /data" in final and "--owner helpdesk" in final
    assert not re.search(r"^(ADD|RUN|COPY)\b", final[final.index("USER ") :], re.MULTILINE)


def test_the_image_gets_signals_and_says_how_it_is() -> None:
    assert re.search(r'^CMD \["helpdesk", "up"\]$', DOCKERFILE, re.MULTILINE), "the exec form: a shell would keep SIGTERM to itself"
    assert re.search(r'^HEALTHCHECK .*CMD \["python", "-m", "core\.healthcheck"\]$', DOCKERFILE, re.MULTILINE)
    assert importlib.util.find_spec("core.healthcheck")


def test_the_image_listens_where_it_says() -> None:
    environment = dict(re.findall(r"(\w+)=(\S+)", DOCKERFILE[DOCKERFILE.rindex("\nENV ") :].split("\nUSER")[0]))
    assert {name for name in environment if name in VARIABLES} >= {"DATA_DIR", "API_LISTEN", "BOT_LISTEN", "SMTP_LISTEN"}
    listening = {host_and_port(value) for name, value in environment.items() if name.endswith("_LISTEN")}
    assert {host for host, _ in listening} == {"0.0.0.0"}
    exposed = re.search(r"^EXPOSE (.+)$", DOCKERFILE, re.MULTILINE)
    assert exposed and {int(port) for port in exposed[1].split()} == {port for _, port in listening}


# --- docker-compose.yml ---


def test_the_services_are_those_the_papers_speak_of() -> None:
    assert set(SERVICES) == {*OURS, "postgres", "valkey", "minio", "bucket", "mailpit"}


def test_every_variable_of_the_compose_file_is_a_setting() -> None:
    assert {name for name, *_ in INTERPOLATED.findall(COMPOSE_TEXT)} <= VARIABLES
    for service in OURS:
        assert set(SERVICES[service]["environment"]) <= VARIABLES


@pytest.mark.parametrize("service", OURS)
def test_our_services_start_on_what_the_compose_file_gives_them(service: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With the two secrets that it asks for, the settings are right, complete, and different from a desk that keeps all to itself."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in SERVICES[service]["environment"].items():
        monkeypatch.setenv(name, _interpolated(str(value), {"SECRET_KEYS": "k" * 64, "S3_SECRET_KEY": "s" * 64}))
    monkeypatch.chdir(tmp_path)  # where no .env lies
    settings = Settings()
    assert settings.database_url and settings.redis_url and settings.smtp_url and settings.s3_bucket and settings.secret_keys
    names = [url.split("//")[1].split("@")[-1].split(":")[0] for url in _urls(settings)]
    assert set(names) == {"postgres", "valkey", "mailpit", "minio"} <= set(SERVICES)


def test_no_secret_has_a_default_that_guards_something() -> None:
    asked = {name for name, kind, _ in INTERPOLATED.findall(COMPOSE_TEXT) if kind == "?"}
    assert asked == {"SECRET_KEYS", "S3_SECRET_KEY"}
    assert all("openssl rand" in said for _, kind, said in INTERPOLATED.findall(COMPOSE_TEXT) if kind == "?")
    # The database's password is no secret, because nobody else is in its network.
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == ["inside"] and "ports" not in SERVICES["postgres"]


@pytest.mark.parametrize(
    ("service", "command"), [("migrate", ["helpdesk", "migrate"]), ("api", ["python", "-m", "api"]), ("bot", ["python", "-m", "bot"])]
)
def test_the_processes_are_started_by_commands_that_exist(service: str, command: list[str]) -> None:
    assert SERVICES[service]["command"] == command
    if command[0] == "helpdesk":
        assert command[1] in NOUNS
    else:
        assert importlib.util.find_spec(f"{command[2]}.__main__")


def test_nothing_of_ours_starts_before_the_database_is_migrated() -> None:
    assert SERVICES["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert SERVICES["migrate"]["depends_on"]["bucket"]["condition"] == "service_completed_successfully"
    assert SERVICES["migrate"]["restart"] == "no"
    for service in ("api", "bot"):
        assert SERVICES[service]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_whatever_is_waited_for_says_when_it_is_ready() -> None:
    for service in SERVICES.values():
        for name, wanted in service.get("depends_on", {}).items():
            healthy = wanted["condition"] == "service_healthy"
            assert "test" in SERVICES[name].get("healthcheck", {}) if healthy else SERVICES[name]["restart"] == "no"


def test_api_and_bot_can_be_run_many_times() -> None:
    for service in ("api", "bot"):
        assert "container_name" not in SERVICES[service] and "hostname" not in SERVICES[service]
        assert all(INTERPOLATED.match(port) for port in SERVICES[service]["ports"]), "a port can be given a range"


@pytest.mark.parametrize(("service", "name"), [("api", "API_LISTEN"), ("bot", "SMTP_LISTEN"), ("bot", "BOT_LISTEN")])
def test_the_published_ports_lead_to_where_the_process_listens(service: str, name: str) -> None:
    _, inside = host_and_port(SERVICES[service]["environment"][name])
    default = Settings.model_fields[name.lower()].default
    assert f"${{{name}:-{default}}}:{inside}" in SERVICES[service]["ports"]


def test_our_services_are_stopped_gently_and_can_do_little() -> None:
    for service in (SERVICES[name] for name in OURS):
        assert service["init"] is True and service["stop_grace_period"] == "10s"
        assert service["cap_drop"] == ["ALL"] and "no-new-privileges:true" in service["security_opt"]
        assert "user" not in service and "privileged" not in service


def test_every_volume_and_network_is_declared() -> None:
    volumes = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert volumes == set(COMPOSE["volumes"])
    assert {network for service in SERVICES.values() for network in service["networks"]} == set(COMPOSE["networks"])


def test_every_image_is_pinned() -> None:
    images = {name: service["image"] for name, service in SERVICES.items() if name not in OURS}
    assert all(re.search(r":[\w.-]+$", image) and not image.endswith(":latest") for image in images.values())


# --- The healthcheck ---


def test_the_healthcheck_asks_the_process_that_runs() -> None:
    with _living("/health/live") as port:
        assert _healthcheck(API_LISTEN=f"127.0.0.1:{port}", BOT_LISTEN="127.0.0.1:1") == 0
        assert _healthcheck(API_LISTEN="127.0.0.1:1", BOT_LISTEN=f"0.0.0.0:{port}") == 0
        assert _healthcheck(API_LISTEN="127.0.0.1:1", BOT_LISTEN=f":{port}") == 0
        assert _healthcheck(API_LISTEN="127.0.0.1:1", BOT_LISTEN="127.0.0.1:1") == 1
    with _living("/somewhere/else") as port:
        assert _healthcheck(API_LISTEN=f"127.0.0.1:{port}", BOT_LISTEN="127.0.0.1:1") == 1


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names.add(node.module.partition(".")[0])
    return names


def _interpolated(value: str, given: dict[str, str]) -> str:
    return INTERPOLATED.sub(lambda found: given.get(found[1]) or (found[3] if found[2] == "-" else ""), value)


def _urls(settings: Settings) -> list[str]:
    secrets = (settings.database_url, settings.redis_url, settings.smtp_url)
    return [secret.get_secret_value() for secret in secrets if secret] + [str(settings.s3_endpoint_url)]


def _healthcheck(**listen: str) -> int:
    return subprocess.run([sys.executable, "-m", "core.healthcheck"], env={**os.environ, **listen}, cwd=ROOT, timeout=20).returncode


@contextmanager
def _living(path: str) -> Iterator[int]:
    """A process that lives, and says so at `path` only."""

    class Process(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == path else 404)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Process)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
