"""Tests that were left out are told of: one line for each cause, at the end of a run.

Where ``CI`` is set in the environment they are failures: nothing may be missing there.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where everything has to be there, a test that is left out has failed."""
    report = yield
    if report.skipped and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"left out: {cause(report)}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests were left out, and why."""
    causes = Counter(cause(report) for report in terminalreporter.stats.get("skipped", ()))
    for why, count in sorted(causes.items()):
        tests = "1 test" if count == 1 else f"{count} tests"
        terminalreporter.write_line(f"{tests} left out: {why}", yellow=True)


def cause(report: pytest.TestReport) -> str:
    """Why a test was left out."""
    assert isinstance(report.longrepr, tuple)
    _, _, why = report.longrepr
    return why.removeprefix("Skipped: ")
