"""The certificate of the SMTP door, for STARTTLS (RFC 3207): read again when its files change, as those of a CA do every few weeks."""

from __future__ import annotations

import ssl
from pathlib import Path

import structlog

from core.errors import ConfigurationError
from core.settings import Settings

log = structlog.get_logger()


class Certificate:
    """What SMTP_TLS_CERT and SMTP_TLS_KEY say. ConfigurationError in one sentence when they do not fit at the start."""

    def __init__(self, cert: Path, key: Path) -> None:
        self._cert, self._key = cert, key
        self._seen = self._stamp()
        self._context = self._read()

    @classmethod
    def of(cls, settings: Settings) -> Certificate | None:
        """The certificate of the settings; None without one."""
        if settings.smtp_tls_cert is None or settings.smtp_tls_key is None:
            return None
        return cls(settings.smtp_tls_cert, settings.smtp_tls_key)

    def context(self) -> ssl.SSLContext:
        """For a new connection. Files that do not fit (the key is not written yet) leave the certificate as it was."""
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            try:
                self._context = self._read()
                log.info("smtp.certificate_renewed")
            except ConfigurationError as error:
                log.warning("smtp.certificate_unusable", reason=str(error))
        return self._context

    def _stamp(self) -> tuple[object, ...]:
        try:
            return tuple((found.st_mtime_ns, found.st_size, found.st_ino) for found in (self._cert.stat(), self._key.stat()))
        except OSError:
            return ()

    def _read(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        try:
            context.load_cert_chain(self._cert, self._key)
        except (OSError, ssl.SSLError) as error:
            why = error.strerror or error.__class__.__name__
            raise ConfigurationError(
                f"SMTP_TLS_CERT and SMTP_TLS_KEY cannot be used ({why}): both must be PEM files that belong together."
            ) from error
        return context
