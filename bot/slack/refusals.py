"""What core says no with, in the words Slack shows to whoever asked: one table, the first row that fits."""

from __future__ import annotations

from core.errors import Conflict, Forbidden, HelpdeskError, Invalid, NotFound, PermanentFailure, RateLimited, TemporaryFailure, TooLarge

_SENTENCES: tuple[tuple[type[HelpdeskError], str], ...] = (
    (NotFound, "{reason}"),
    (Forbidden, "{reason}"),
    (Conflict, "{reason}"),
    (Invalid, "{reason}"),
    (TooLarge, "{reason}"),
    (RateLimited, "{reason} Please try again later."),
    (TemporaryFailure, "{reason} Nothing was done; please try again in a minute."),
    (PermanentFailure, "{reason} Nothing was done; please tell whoever runs this desk."),
)
UNEXPECTED = "Something went wrong here and nothing was done. Whoever runs this desk finds it in the log."


def sentence_for(error: HelpdeskError) -> str:
    """One or two plain sentences, to be escaped where they are shown."""
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            return sentence.format(reason=error)
    return UNEXPECTED
