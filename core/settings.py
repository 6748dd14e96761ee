"""One validated `Settings` from the environment and `.env`; every mistake is reported at once, in words.

Nothing needs to be set to try the desk: without `DATABASE_URL` it brings its own PostgreSQL, without `REDIS_URL` it caches in
memory, without `S3_…` files lie in a folder, without `SMTP_URL` outgoing mail lands in a folder. `.env.example` documents
every variable (a test keeps the two equal).
"""

from __future__ import annotations

import os
import re
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from core.embedded_postgres import data_dir_default
from core.errors import ConfigurationError
from core.misspelt import not_settings

ENV_FILE = "HELPDESK_ENV_FILE"
"""Names the file that is read in place of `.env`; empty for none. What plays on a throw-away desk sets it."""

_HOSTNAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Za-z.:]+\]")
_AUTHSERV_ID = re.compile(r"[!#$%&'*+./0-9A-Za-z^_`{|}~-]+")  # a token of RFC 2045
_ORIGIN = re.compile(r"https?://(?:[a-z0-9_.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?")


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Words = Annotated[list[str], NoDecode, BeforeValidator(_split)]
Networks = Annotated[list[IPv4Network | IPv6Network], NoDecode, BeforeValidator(_split)]


class Settings(BaseSettings):
    """What the operator decides. Field names are the variables' names in lower case."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    data_dir: Path = Field(default_factory=data_dir_default)
    database_url: SecretStr | None = None
    database_pool: int = Field(default=10, ge=2, le=200)
    redis_url: SecretStr | None = None
    secret_keys: Annotated[list[SecretStr], NoDecode, BeforeValidator(_split)] = []
    public_url: str = "http://127.0.0.1:8080"

    api_listen: str = "127.0.0.1:8080"
    bot_listen: str = "127.0.0.1:8081"
    smtp_listen: str = "127.0.0.1:2525"
    smtp_tls_cert: Path | None = None
    smtp_tls_key: Path | None = None
    smtp_proxy_protocol: bool = False
    lmtp_listen: str | None = None
    api_metrics_listen: str | None = "127.0.0.1:9101"
    bot_metrics_listen: str | None = "127.0.0.1:9102"
    listen_shared: bool = False
    trusted_proxies: Networks = []
    cors_origins: Words = []

    smtp_url: SecretStr | None = None
    mail_size_limit: int = Field(default=30 * 1024 * 1024, ge=64 * 1024, le=512 * 1024 * 1024)
    mail_attach_limit: int = Field(default=10 * 1024 * 1024, ge=0)
    mail_hostname: str = "localhost"
    mailbox_address: str = "support@helpdesk.localhost"
    undo_seconds: int = Field(default=10, ge=0, le=3600)
    mail_keep_days: int = Field(default=365, ge=0)
    check_senders: Literal["auto", "on", "off"] = "auto"
    authserv_id: str | None = None
    spam_mail: Literal["file", "set_aside"] = "file"
    automatic_mail_per_hour: int = Field(default=500, ge=1)
    reopen_days: int = Field(default=14, ge=0)
    parser_processes: int = Field(default=2, ge=1, le=64)
    parser_seconds: float = Field(default=30, gt=0)
    parser_memory: int = Field(default=1024 * 1024 * 1024, ge=128 * 1024 * 1024)
    templates_dir: Path | None = None

    s3_bucket: str | None = None
    s3_endpoint_url: str | None = None
    s3_region: str = "us-east-1"
    s3_access_key: str | None = None
    s3_secret_key: SecretStr | None = None
    s3_public_url: str | None = None

    access_token_minutes: int = Field(default=15, ge=1, le=24 * 60)
    refresh_token_days: int = Field(default=30, ge=1, le=365)
    upload_limit: int = Field(default=50 * 1024 * 1024, ge=1024)

    slack_bot_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_triage_channel: str | None = None
    slack_trusted_domains: Words = []
    slack_api_url: str = "https://slack.com/api/"
    microsoft_login_url: str = "https://login.microsoftonline.com"

    jobs_at_once: int = Field(default=96, ge=2, le=500)
    log_format: Literal["auto", "json", "console"] = "auto"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("api_listen", "bot_listen", "smtp_listen", "lmtp_listen", "api_metrics_listen", "bot_metrics_listen")
    @classmethod
    def _is_host_and_port(cls, value: str | None) -> str | None:
        if value is not None:
            host_and_port(value)
        return value

    @field_validator("api_metrics_listen", "bot_metrics_listen", mode="before")
    @classmethod
    def _may_be_off(cls, value: object) -> object:
        return None if value == "off" else value

    @field_validator("public_url", "s3_endpoint_url", "s3_public_url", "slack_api_url", "microsoft_login_url")
    @classmethod
    def _is_web_address(cls, value: str | None) -> str | None:
        if value is not None and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
            raise ValueError("must be a web address such as https://desk.example.org")
        return value

    @field_validator("public_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("slack_api_url")
    @classmethod
    def _with_slash(cls, value: str) -> str:
        return value.rstrip("/") + "/"

    @field_validator("mailbox_address")
    @classmethod
    def _is_mail_address(cls, value: str) -> str:
        local, at, domain = value.rpartition("@")
        if not (local and at and domain) or any(c.isspace() for c in value):
            raise ValueError("must be a mail address such as support@example.org")
        return value.lower()

    @field_validator("mail_hostname")
    @classmethod
    def _is_hostname(cls, value: str) -> str:
        if not _HOSTNAME.fullmatch(value):
            raise ValueError("must be the name of a machine, such as desk.example.org, or an address in brackets")
        return value

    @field_validator("authserv_id")
    @classmethod
    def _is_authserv_id(cls, value: str | None) -> str | None:
        if value is not None and not _AUTHSERV_ID.fullmatch(value):
            raise ValueError("must be the first word of that header, such as mx.example.org")
        return value

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, value: list[str]) -> list[str]:
        origins = [origin.lower().removesuffix("/") for origin in value]
        if not all(_ORIGIN.fullmatch(origin) for origin in origins):
            raise ValueError("must be web addresses without a path, such as https://desk.example.org, with commas between")
        return origins

    @field_validator("secret_keys")
    @classmethod
    def _keys_are_long(cls, value: list[SecretStr]) -> list[SecretStr]:
        if any(len(key.get_secret_value()) < 32 for key in value):
            raise ValueError("each key needs at least 32 characters; make one with: openssl rand -hex 32")
        return value

    @field_validator("database_url", "redis_url", "smtp_url")
    @classmethod
    def _has_known_scheme(cls, value: SecretStr | None, info: object) -> SecretStr | None:
        known = {"database_url": ("postgres", "postgresql"), "redis_url": ("redis", "rediss"), "smtp_url": ("smtp", "smtps")}
        schemes = known[str(getattr(info, "field_name", ""))]
        if value is not None and urlsplit(value.get_secret_value()).scheme not in schemes:
            raise ValueError(f"must begin with {schemes[0]}://")
        return value

    @model_validator(mode="after")
    def _belongs_together(self) -> Settings:
        if self.s3_bucket and not (self.s3_access_key and self.s3_secret_key):
            raise ValueError("S3_BUCKET needs S3_ACCESS_KEY and S3_SECRET_KEY as well")
        if self.slack_bot_token and not (self.slack_signing_secret or self.slack_app_token):
            raise ValueError("SLACK_BOT_TOKEN needs SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN (Socket Mode) as well")
        if bool(self.smtp_tls_cert) != bool(self.smtp_tls_key):
            raise ValueError("SMTP_TLS_CERT and SMTP_TLS_KEY are set together, or neither")
        if self.database_url and not self.secret_keys:
            raise ValueError(
                "DATABASE_URL needs SECRET_KEYS as well: tokens and mail threads are signed with them and they must outlive this machine"
            )
        return self

    @property
    def slack_enabled(self) -> bool:
        """Whether there is a Slack app to speak with."""
        return self.slack_bot_token is not None


class GivenSettings(Settings):
    """Settings by what is given alone, in the shape that the environment has: neither environment nor file is read."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_others: PydanticBaseSettingsSource,
        **_named: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def host_and_port(listen: str) -> tuple[str, int]:
    """`127.0.0.1:8080` or `[::1]:8080` or `:8080` (every address) as (host, port); ValueError in words otherwise."""
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535:
        raise ValueError("must be HOST:PORT, such as 127.0.0.1:8080")
    return host.strip("[]") or "0.0.0.0", int(port)  # noqa: S104 - ":8080" asks for every address


def cannot_listen(setting: str, listen: str | None, error: OSError) -> ConfigurationError:
    """The sentence for a port that is taken, or an address that is not this machine's."""
    why = os.strerror(error.errno) if error.errno else str(error)
    return ConfigurationError(f"{setting}={listen} cannot be used: {why}. Stop what listens there, or choose another.")


def load_settings() -> Settings:
    """Read the environment and `.env`; ConfigurationError names every mistake, one line each, never a secret's value."""
    file = os.environ.get(ENV_FILE, ".env")
    wrong = not_settings(file, Settings) if file else []
    try:
        settings = Settings(_env_file=file or None)
    except ValidationError as error:
        wrong += _sentences(error)
    if wrong:
        raise ConfigurationError("\n  ".join(["Some settings are wrong:", *wrong]))
    return settings


def _sentences(error: ValidationError) -> list[str]:
    return [f"{_variable(problem['loc'])}{problem['msg'].removeprefix('Value error, ')}" for problem in error.errors(include_input=False)]


def _variable(location: tuple[int | str, ...]) -> str:
    return f"{str(location[0]).upper()}: " if location else ""
