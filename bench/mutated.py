"""`python -m bench.mutated 20000 [FOLDER]`: mutated mails, of the suite's samples and of every `.eml` below FOLDER, read one after the other.

Prints what was an error or slow, and the memory at the end; exit status 1 when there was any.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import traceback
from pathlib import Path

from tests.mail.test_mutated import SLOW, mutated, seeds, tried


def main() -> None:
    count = int(sys.argv[1]) if sys.argv[1:] else 20_000
    begins = seeds() + [path.read_bytes() for path in sorted(Path(sys.argv[2]).rglob("*.eml"))] if sys.argv[2:] else seeds()
    bad, slowest = 0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            chance = random.Random(number)
            raw = mutated(chance.choice(begins), chance)
            try:
                seconds = tried(raw, Path(folder))
            except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
                bad += 1
                print(f"mail {number}: {traceback.format_exc(limit=-3)}")
                continue
            slowest = max(slowest, seconds)
            if seconds > SLOW:
                bad += 1
                print(f"mail {number} of {len(raw)} bytes took {seconds:.1f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{count} mutated mails read, {bad} bad; the slowest took {slowest:.2f} s; at most {peak} MB of memory.")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
