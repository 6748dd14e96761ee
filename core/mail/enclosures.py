"""The files of an answer on their way out: inside the mail while there is room, as links that end beyond that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from core import tokens
from core.mail.compose import OutgoingFile
from core.runtime import Runtime

_LINK_LASTS = timedelta(days=7)  # the longest S3 allows


async def enclosed(rt: Runtime, files: Sequence[dict[str, Any]]) -> tuple[tuple[OutgoingFile, ...], tuple[tuple[str, str], ...]]:
    """Files travel with an answer up to MAIL_ATTACH_LIMIT in all; what is beyond goes as links (name, URL) that end after a week."""
    inside: list[OutgoingFile] = []
    links: list[tuple[str, str]] = []
    left = rt.settings.mail_attach_limit
    for file in files:
        if file["size"] <= left:
            left -= file["size"]
            inside.append(OutgoingFile(file["filename"], file["content_type"], await rt.blobs.read(file["blob"])))
        else:
            links.append((file["filename"], _link(rt, file["id"])))
    return tuple(inside), tuple(links)


def _link(rt: Runtime, attachment_id: int) -> str:
    token = tokens.file_token(rt.keys, attachment_id, rt.clock.now() + _LINK_LASTS)
    return f"{rt.settings.public_url}/api/v1/files/{token}"
