"""What was left out, and whether that is allowed.

A test that needs a program of another Debian package is marked with `needs_program`: where the program is missing, the test is left
out and the package is named at the end. With HELPDESK_ALL_TESTS=1 (as in `.ci/run`) it fails instead.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator

import pytest

_WANT = "needs Debian package "


def needs_program(program: str, package: str) -> pytest.MarkDecorator:
    """Leave the test out where `program` is missing; `package` is the Debian package that brings it."""
    return pytest.mark.skipif(shutil.which(program) is None, reason=_WANT + package)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a test left out for want of a program into a failed one, where every test is insisted on."""
    report = yield
    if report.skipped and (package := _missing_package(report)) and os.environ.get("HELPDESK_ALL_TESTS") == "1":
        report.outcome = "failed"
        report.longrepr = f"{item.name} was left out, and every test is wanted: it {_WANT}{package}."
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the packages that would have let more tests run."""
    packages = sorted({package for report in terminalreporter.getreports("skipped") if (package := _missing_package(report))})
    if packages:
        terminalreporter.write_line(f"Left out, for want of Debian packages: {' '.join(packages)}")


def _missing_package(report: pytest.TestReport) -> str | None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
    return reason.partition(_WANT)[2] or None
