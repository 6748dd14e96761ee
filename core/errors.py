"""What can go wrong, in words for the person who can mend it.

Errors are born in `core` without HTTP, SMTP or Slack in them; every door has one small table that translates them. The
message of an error is a whole sentence that a user may read: no secrets, no internals, and what to do next where that helps.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta


class HelpdeskError(Exception):
    """Base of everything the desk says no with. `str(error)` is safe to show to whoever caused it."""


class Invalid(HelpdeskError):
    """What was asked for makes no sense. `fields` maps a field's name to a sentence about it."""

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


class Unauthenticated(HelpdeskError):
    """Nobody knows who is asking: log in first."""


class Forbidden(HelpdeskError):
    """The actor may see this, but may not do that to it."""


class NotFound(HelpdeskError):
    """It does not exist, or the actor may not know that it does: the two are never told apart."""


class Conflict(HelpdeskError):
    """It changed meanwhile, or it exists already."""


class AlreadyThere(Conflict):
    """Somebody made the same at the same moment. `key` is the name of the unique key in the database that decided."""

    def __init__(self, message: str, key: str) -> None:
        super().__init__(message)
        self.key = key


class NeedsConfirmation(Conflict):
    """It has a consequence that somebody should have thought of; asked for again with a confirmation it is done."""


class RateLimited(HelpdeskError):
    """Too much at once; `retry_after` says when to come back."""

    def __init__(self, message: str, retry_after: timedelta) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TooLarge(HelpdeskError):
    """More bytes than a setting allows; the message names the limit."""


class TemporaryFailure(HelpdeskError):
    """Something outside is down, slow or full: trying again later can help. `retry_after` when it said how long."""

    def __init__(self, message: str, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class PermanentFailure(HelpdeskError):
    """Trying again cannot help; a person has to look."""


class ConfigurationError(HelpdeskError):
    """The settings or the machine do not allow the desk to start; the message is one sentence saying what to change."""
