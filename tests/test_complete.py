"""A test that a machine cannot run is named; where every test is insisted on, it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("workers", ["0", "1"])
def test_what_is_left_out_for_want_of_a_program_is_named(tmp_path: Path, workers: str) -> None:
    status, said = _run(tmp_path, workers, "")
    assert status == 0 and "1 passed, 2 skipped" in said
    assert "Left out, for want of Debian packages: no-such-package\n" in said


@pytest.mark.parametrize("workers", ["0", "1"])
def test_where_every_test_is_wanted_a_missing_program_is_a_failure(tmp_path: Path, workers: str) -> None:
    status, said = _run(tmp_path, workers, "1")
    assert status == 1 and "1 failed, 1 passed, 1 skipped" in said
    assert "test_that_needs_a_program was left out, and every test is wanted: it needs Debian package no-such-package." in said


def _run(folder: Path, workers: str, insist: str) -> tuple[int, str]:
    (folder / "test_suite.py").write_text(SUITE, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.support.complete", "-p", "no:cacheprovider", "-n", workers, str(folder)]
    environment = {**os.environ, "HELPDESK_ALL_TESTS": insist, "PYTHONPATH": str(ROOT)}
    for name in [name for name in environment if name.startswith("PYTEST_")]:
        del environment[name]  # the outer run's
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr
