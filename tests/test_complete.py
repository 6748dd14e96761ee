"""A test that a machine cannot run is named; where every test is insisted on, it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SUITE = """
import pytest
from tests.support.complete import needs_program

@needs_program("no-such-program", "no-such-package")
def test_that_needs_a_program(): ...

@needs_program("sh", "dash")
def test_whose_program_is_there(): ...

@pytest.mark.skip(reason="for reasons of its own")
def test_that_is_left_out(): ...
"""


def test_what_is_left_out_for_want_of_a_program_is_named(tmp_path: Path) -> None:
    status, said = _run(tmp_path, "")
    assert status == 0 and "1 passed, 2 skipped" in said
    assert "Left out, for want of Debian packages: no-such-package\n" in said


def test_where_every_test_is_wanted_a_missing_program_is_a_failure(tmp_path: Path) -> None:
    status, said = _run(tmp_path, "1")
    assert status == 1 and "1 passed, 1 skipped, 1 error" in said
    assert "test_that_needs_a_program was left out, and every test is wanted: it needs Debian package no-such-package." in said


def _run(folder: Path, insist: str) -> tuple[int, str]:
    """Run SUITE as the real one is run, in a worker of xdist, and nothing else of it."""
    (folder / "test_suite.py").write_text(SUITE, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "xdist",
        "-p",
        "tests.support.complete",
        "-n",
        "1",
        f"--basetemp={folder / 'kept'}",
        str(folder),
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}  # those are the outer run's
    environment |= {"HELPDESK_ALL_TESTS": insist, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr
