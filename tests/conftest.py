"""What holds for every test: nothing fails unseen, and nothing is left in the reactor.

pytest-twisted runs the reactor beside the tests but does not look into it; these two do. The
reactor is imported inside a fixture only: pytest-twisted installs it, after this file is read.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from hypothesis import settings
from twisted.internet.abstract import FileDescriptor
from twisted.logger import ILogObserver, LogEvent, globalLogPublisher
from twisted.python.failure import Failure
from zope.interface import implementer

# A slow machine is no failure of the code: no example has a deadline.
settings.register_profile("huddle", parent=settings(), deadline=None)
settings.load_profile("huddle")


def pytest_collection_finish() -> None:
    """Take what the imports made out of the collector's sight: it runs after every test."""
    gc.collect()
    gc.freeze()


@implementer(ILogObserver)
class SeenFailures(list[Failure]):
    """The failures that were logged, in order."""

    def __call__(self, event: LogEvent) -> None:
        if "log_failure" in event:
            self.append(event["log_failure"])


@pytest.fixture(autouse=True)
def logged_failures() -> Iterator[list[Failure]]:
    """The failures logged so far, dropped Deferreds' included; none may be left at the end.

    A test that provokes one asserts what it is and takes it out (`logged_failures.clear()`).
    """
    failures = SeenFailures()
    globalLogPublisher.addObserver(failures)
    yield failures
    gc.collect()  # a dropped Deferred tells of its failure when it is collected
    globalLogPublisher.removeObserver(failures)
    assert not failures, "\n".join(failure.getTraceback() for failure in failures)


@pytest.fixture(autouse=True)
def reactor_left_clean() -> Iterator[None]:
    """A test leaves no delayed call behind, and no socket or process that it opened."""
    from twisted.internet import reactor

    before = {*reactor.getReaders(), *reactor.getWriters()}
    yield
    left = {*reactor.getReaders(), *reactor.getWriters()} - before
    # The pipes by which the reactor wakes itself, made when first needed, are no FileDescriptor.
    opened = [reader for reader in left if isinstance(reader, FileDescriptor)]
    calls = reactor.getDelayedCalls()
    for call in calls:
        call.cancel()  # so that the next test does not answer for it
    assert not opened, f"still open: {opened}"
    assert not calls, f"still to be called: {calls}"
