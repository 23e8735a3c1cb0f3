"""What holds for every test: nothing fails unseen, and nothing is left in the reactor.

What a machine lacks leaves tests out, and the summary tells of it (`tests.left_out`).

pytest-twisted runs the reactor beside the tests but does not look into it; these two do. The
reactor is imported inside a fixture only: pytest-twisted installs it, after this file is read.
"""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings
from twisted.internet.abstract import FileDescriptor
from twisted.logger import ILogObserver, LogEvent, globalLogPublisher
from twisted.python.failure import Failure
from zope.interface import implementer

from tests.compiled import pytest_collection
from tests.left_out import pytest_runtest_makereport, pytest_terminal_summary
from tests.put_away import put_away
from tests.reported import pytest_runtest_protocol

__all__ = [
    "pytest_collection",
    "pytest_runtest_makereport",
    "pytest_runtest_protocol",
    "pytest_terminal_summary",
]

# A slow machine is no failure of the code: no example has a deadline.
settings.register_profile("huddle", parent=settings(), deadline=None)
settings.load_profile("huddle")


BROWSING = "tests/doors/web/browsing/"
WAITING = (
    BROWSING,
    "tests/real/",
    "tests/lost/",
    "tests/client/windows/",
    "tests/client/programs/",
    "tests/documents/test_blocks.py",
    "tests/tools/",
)
"""Where most of the time is spent in waiting for servers, clients, browsers."""

GATHERED = 200_000
"""New objects after which the collector looks for what nobody holds any more."""


def pytest_configure() -> None:
    """Have ^C end what the tests start: a shell's job in the background has it ignored.

    From now on the collector runs seldom: nothing that the imports make is garbage.
    """
    gc.set_threshold(GATHERED)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have what waits for processes spread among what computes, so that no processor is idle.

    The files of the browser are the first, one after the other. What else waits has all begun
    before the last tenth: at the end nobody is waited for.
    """
    files = dict.fromkeys(map(file_of, items))
    browsing = [file for file in files if file.startswith(BROWSING)]
    waiting = [file for file in files if file.startswith(WAITING) and file not in browsing]
    computing = [file for file in files if not file.startswith(WAITING)]
    places = dict.fromkeys(browsing, -1.0)
    for row, share in ((waiting, 0.9), (computing, 1.0)):
        places |= {file: share * place / len(row) for place, file in enumerate(row)}
    items.sort(key=lambda item: places[file_of(item)])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give all files of the browser to one worker, where files are given out: only there one is
    started, which takes it as long as three of the tests, and what it draws first takes it longer.
    """
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    scheduler = LoadFileScheduling(config, log)
    file = scheduler._split_scope
    scheduler._split_scope = lambda test: BROWSING if test.startswith(BROWSING) else file(test)
    return scheduler


def file_of(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def pytest_collection_finish() -> None:
    """Take what the imports made out of the collector's sight."""
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
    globalLogPublisher.removeObserver(failures)
    assert not failures, "\n".join(failure.getTraceback() for failure in failures)


@pytest.fixture(autouse=True, scope="module")
def dropped_failures() -> Iterator[None]:
    """No test of a module drops a Deferred that has failed.

    One in a circle tells of its failure when it is collected: that may be in a later test of the
    module, and is at its end at the latest. What a module leaves behind, such as a syntax tree that
    is kept for others, is out of the collector's sight then: each end of a module would go through
    all of it again, and so would who counts what there is.
    """
    yield
    failures = SeenFailures()
    globalLogPublisher.addObserver(failures)
    gc.collect()
    gc.freeze()
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
    uncalled = f"still to be called: {calls}"  # of what is cancelled is not told what it was
    put_away(opened, calls)  # so that the next test does not answer for it
    assert not opened, f"still open: {opened}"
    assert not calls, uncalled
