"""Runs the reactor until what was begun has ended, and leaves the terminal as it was found."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

from twisted.internet.defer import Deferred

FAILED = 1


def run_until(
    ended: Deferred[int], reactor: Any, start: Callable[[], object], leave: Callable[[], object]
) -> int:
    """The status that ``ended`` fires with; an interrupt or a SIGTERM calls ``leave`` first."""
    statuses: list[int] = []
    stopping: list[Deferred[None]] = []

    def end(status: int) -> None:
        statuses.append(status)
        if not stopping:
            reactor.stop()

    def leave_first() -> Deferred[None] | None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # who insists is not kept waiting
        if statuses:
            return None
        stopping.append(Deferred())
        ended.addCallback(lambda _: stopping[0].callback(None))
        leave()
        return stopping[0]

    ended.addCallback(end)
    reactor.addSystemEventTrigger("before", "shutdown", leave_first)
    reactor.callWhenRunning(start)
    with _blocking_as_found():
        reactor.run()
    return statuses[0] if statuses else FAILED


@contextlib.contextmanager
def _blocking_as_found() -> Iterator[None]:
    """Standard input and output are shared with the shell; Twisted makes them non-blocking."""
    before = {fd: os.get_blocking(fd) for fd in (0, 1, 2)}
    try:
        yield
    finally:
        for fd, blocking in before.items():
            os.set_blocking(fd, blocking)
