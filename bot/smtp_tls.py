"""The certificate of the SMTP door, for STARTTLS (RFC 3207)."""

from __future__ import annotations

import ssl

from core.errors import ConfigurationError
from core.settings import Settings


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """What SMTP_TLS_CERT and SMTP_TLS_KEY make; None without them. ConfigurationError in one sentence when they do not fit."""
    if settings.smtp_tls_cert is None or settings.smtp_tls_key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(settings.smtp_tls_cert, settings.smtp_tls_key)
    except (OSError, ssl.SSLError) as error:
        why = error.strerror or error.__class__.__name__
        raise ConfigurationError(
            f"SMTP_TLS_CERT and SMTP_TLS_KEY cannot be used ({why}): both must be PEM files that belong together."
        ) from error
    return context
