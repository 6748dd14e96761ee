"""Commands on files: record what lies in the blob store, and put it to a comment."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from core import policy
from core.db import Row
from core.errors import Invalid, NotFound
from core.runtime import Tx


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file whose bytes are in the blob store under `blob`. `inline` is a picture that the comment's HTML shows by `content_id`."""

    blob: str
    filename: str
    content_type: str
    size: int
    content_id: str | None = None
    inline: bool = False


async def record(tx: Tx, files: Sequence[StoredFile]) -> list[int]:
    """Remember uploaded files, in order; they belong to nothing until a ticket or comment names them. Returns their ids."""
    if not files:
        return []
    rows = await tx.rows(
        "attachments.record",
        [file.blob for file in files],
        [clean_filename(file.filename) for file in files],
        [file.content_type[:200] for file in files],
        [file.size for file in files],
        [file.content_id[:500] if file.content_id else None for file in files],
        [file.inline for file in files],
        tx.actor.user_id,
        tx.now,
    )
    return [row["id"] for row in rows]


async def attach(tx: Tx, ids: Sequence[int], ticket_id: int, comment_id: int) -> None:
    """Put recorded files to a comment. Invalid when one is not the actor's own, or belongs somewhere already."""
    if ids:
        done = await tx.rows("attachments.attach", list(ids), ticket_id, comment_id, tx.actor.user_id)
        if len(done) != len(set(ids)):
            raise Invalid(
                "Some attachments cannot be used: upload them again.", {"attachments": "must be own uploads that are not used yet"}
            )


async def get(tx: Tx, attachment_id: int) -> Row:
    """A file the actor may read: `blob`, `filename`, `content_type`, `size`, `inline`. NotFound otherwise.

    Files of internal notes are for those who may read notes; files of nothing yet, for their uploader.
    """
    row = await tx.row("attachments.get", attachment_id)
    if row is None:
        raise NotFound("There is no such attachment.")
    if row["ticket_id"] is None:
        if row["uploader_id"] != tx.actor.user_id:
            raise NotFound("There is no such attachment.")
    else:
        try:
            access = await policy.ticket_for(tx, row["ticket_id"], "see")
        except NotFound:  # not even which ticket it is on
            raise NotFound("There is no such attachment.") from None
        if row["internal"] and access.standing not in policy.TICKET_RULES["read_notes"]:
            raise NotFound("There is no such attachment.")
    return row


def clean_filename(name: str) -> str:
    """A file name that is only a name: no path, no control or direction-changing characters, at most 200 characters, never empty."""
    kept = "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if unicodedata.category(c)[0] != "C")
    name = " ".join(kept.split()).lstrip(".")
    ending = PurePath(name).suffix[:20]
    return (name.removesuffix(PurePath(name).suffix)[: 200 - len(ending)] + ending) or "attachment"
