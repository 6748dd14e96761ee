"""Settings as an operator writes them: mistakes are told at once, in words, misspelt names as well as wrong values."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.errors import ConfigurationError
from core.misspelt import misspelt
from core.settings import ENV_FILE, Settings, load_settings


@pytest.fixture
def env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The `.env` of a folder in which somebody starts the desk; nothing is set in his environment."""
    for name in [name for name in os.environ if name.lower() in Settings.model_fields or name == ENV_FILE]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path / ".env"


def test_a_name_in_the_file_that_is_no_setting_is_refused_with_the_one_that_was_meant(env_file: Path) -> None:
    env_file.write_text("SMTP_LISTN=:25\nsmtp_ur=\nFAVOURITE_COLOUR=blue\nLMTP_LISTEN=nowhere\nAPI_LISTEN=:8080\n")
    with pytest.raises(ConfigurationError) as told:
        load_settings()
    said = str(told.value).splitlines()
    assert len(said) == 5 and sum("LMTP_LISTEN: must be HOST:PORT" in line for line in said) == 1
    assert "  SMTP_LISTN: is no setting (it stands in .env); SMTP_LISTEN is" in said
    assert "  SMTP_UR: is no setting (it stands in .env); SMTP_URL is" in said
    assert "  FAVOURITE_COLOUR: is no setting (it stands in .env); .env.example names them all" in said


def test_what_docker_compose_reads_of_the_file_is_none_of_ours(env_file: Path) -> None:
    env_file.write_text("COMPOSE_PROJECT_NAME=desk\nDOCKER_HOST=unix:///run/docker.sock\nSMTP_LISTEN=:2526\n")
    assert load_settings().smtp_listen == ":2526"


def test_the_environment_may_hold_anything_and_what_is_nearly_a_setting_is_told() -> None:
    held = {
        "SMTP_LISTN": "",
        "secret_key": "x",
        "SMTP_LISTEN": ":25",
        "api_listen": ":1",
        "XDG_DATA_DIRS": "/usr",
        "SMTP_HOST": "x",
        "PATH": "/bin",
    }
    assert misspelt(held, Settings.model_fields) == {"SMTP_LISTN": "SMTP_LISTEN", "secret_key": "SECRET_KEYS"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAIL_HOSTNAME", "evil host"), ("MAIL_HOSTNAME", "desk.example.org\r\nRSET"), ("MAIL_HOSTNAME", "-x"), ("MAIL_HOSTNAME", "böse.example"),
        ("AUTHSERV_ID", "a b"), ("AUTHSERV_ID", "mx;spf=pass"), ("CORS_ORIGINS", "foo"), ("CORS_ORIGINS", "https://a.example, *"),
        ("CORS_ORIGINS", "https://desk.example.org/app"), ("CORS_ORIGINS", "ftp://desk.example.org"),
    ],
)  # fmt: skip
def test_a_value_that_can_mean_nothing_is_refused(env_file: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=f"{name}: must be "):
        load_settings()


def test_what_they_mean_is_taken(env_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "MAIL_HOSTNAME": "desk_1.example.org",
        "AUTHSERV_ID": "mx.example.org",
        "CORS_ORIGINS": "https://Desk.Example.org/,http://127.0.0.1:3000",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert (settings.mail_hostname, settings.authserv_id) == (values["MAIL_HOSTNAME"], "mx.example.org")
    assert settings.cors_origins == ["https://desk.example.org", "http://127.0.0.1:3000"]
    monkeypatch.setenv("MAIL_HOSTNAME", "[192.0.2.1]")
    assert load_settings().mail_hostname == "[192.0.2.1]"
