"""A worker tells of a test what is read of it: how it went, and what was wrong before or behind it.

pytest-xdist sends six messages for each test, for which worker and controller together took two
milliseconds of the processor, more than a short test takes: that it begins, how its fixtures were
made, how it went, how they were taken down, that it has ended, and that another may be given. Half
of them nobody reads.
"""

from __future__ import annotations

import pytest
from _pytest.runner import runtestprotocol  # as pytest's own hook does, but for the reports


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a test in a worker; elsewhere, and where durations are asked for, pytest does it."""
    if not hasattr(item.config, "workerinput") or item.config.getoption("durations") is not None:
        return None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True
