"""The blob store: raw mails and attachments, kept outside the database in a folder or an S3 bucket.

`open_blobs` chooses by the settings. The S3 client costs some 50 MB of memory, so it is imported only where it is used.
"""

from __future__ import annotations

from pathlib import Path

from core.blobs.disposition import content_disposition
from core.blobs.folder import open_folder
from core.blobs.store import BlobStore, S3Config, Stored
from core.errors import ConfigurationError

__all__ = ["BlobStore", "S3Config", "Stored", "content_disposition", "open_blobs"]


async def open_blobs(folder: Path | None, s3: S3Config | None) -> BlobStore:
    """Open the S3 bucket where one is given, else the folder, made when absent.

    Neither of them, or a folder that cannot be made, is a `ConfigurationError`.
    An unreachable bucket does not stop the start: `check` tells.
    """
    if s3 is not None:
        from core.blobs.s3 import open_s3  # here because of its size in memory

        return await open_s3(s3)
    if folder is None:
        raise ConfigurationError("There is no place for mail and attachments: set a data folder or an S3 bucket.")
    return await open_folder(folder)
