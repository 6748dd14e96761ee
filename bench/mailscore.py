"""Shows what the desk makes of a folder of mail: `python -m bench.mailscore FOLDER > results.jsonl` writes one JSON line a message.

FOLDER has a sub-folder for each source of messages. The record of a message says what parse, trim and screen made of it, and how
long they took; a message that cannot be read gets a record with its error.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from core.mail.reading import Reading, read_file
from core.mail.screen import Own

_OWN = Own(frozenset(), "mailscore")


def main(arguments: list[str]) -> int:
    """Write the records of every `.eml` under the folder that is the only argument; returns the exit status."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m bench.mailscore FOLDER", file=sys.stderr)
        return 2
    for record in records(Path(arguments[0])):
        print(json.dumps(record))
    return 0


def records(folder: Path) -> Iterator[dict[str, object]]:
    """One record for each message, in the order of their names; `file` is relative to the folder of its source."""
    for path in sorted(folder.glob("*/**/*.eml")):
        source, *inner = path.relative_to(folder).parts
        started = time.perf_counter()
        found = _record(path)
        yield {"source": source, "file": "/".join(inner), **found, "seconds": round(time.perf_counter() - started, 4)}


def _record(path: Path) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as scratch:
        try:
            return _of(read_file(path, Path(scratch), None, _OWN))
        except Exception as error:  # noqa: BLE001  # what is measured here is that there are none
            return {"error": f"{type(error).__name__}: {error}"}


def _of(reading: Reading) -> dict[str, object]:
    mail, screening = reading.mail, reading.screening
    bounce = screening.bounce
    return {
        "from": mail.sender.email if mail.sender else "",
        "from_name": mail.sender.name if mail.sender else "",
        "effective_from": reading.writer.email if reading.writer else "",
        "to": [address.email for address in mail.to],
        "cc": [address.email for address in mail.cc],
        "subject": mail.subject,
        "text": mail.text,
        "reply_text": reading.trimmed.reply,
        "attachments": [{"name": file.filename, "size": file.size, "sha256": file.sha256} for file in reading.files],
        "auto": screening.automatic,
        "spam": any(hit.rule == "marked_spam" for hit in screening.hits),
        "bounce": bounce is not None,
        "bounce_recipients": list(bounce.addresses) if bounce else [],
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "forwarded_from": reading.forwarded.sender.email if reading.forwarded else "",
        "error": None,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
