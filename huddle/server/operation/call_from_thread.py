"""Calls from threads: by them the record's threads call into the reactor's.

``reactor.callFromThread`` does the same by fifteen calls of Python, where this takes two; whoever
talks in a quiet room waits for each of them, at each line.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable

from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import IReactorFDSet, IReadDescriptor
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

from huddle.record.errors import RecordUnusable


@implementer(IReadDescriptor)
class CallFromThread:
    """Calls what it is given in the reactor's thread, in order, whichever thread gives it.

    It is there as long as the process: a thread may call till the end.
    """

    _log = Logger()

    def __init__(self, reactor: ReactorBase) -> None:
        """Raises `OSError` when no more files may be open."""
        self._calls: deque[tuple[Callable[..., object], tuple[object, ...]]] = deque()
        self._event = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        IReactorFDSet(reactor).addReader(self)

    def __call__(self, call: Callable[..., object], /, *arguments: object) -> None:
        """Have it called. To be used from any thread."""
        self._calls.append((call, arguments))
        os.eventfd_write(self._event, 1)

    def fileno(self) -> int:
        """Return the file that the reactor waits for."""
        return self._event

    def logPrefix(self) -> str:  # noqa: N802
        """Return what stands in the log before what is logged meanwhile."""
        return type(self).__name__

    def doRead(self) -> None:  # noqa: N802
        """Called by the reactor when a thread has called: make the calls that are there by then."""
        os.eventfd_read(self._event)
        for _ in range(len(self._calls)):
            call, arguments = self._calls.popleft()
            try:
                call(*arguments)
            except Exception:
                self._log.failure("What a thread had called went wrong")

    def connectionLost(self, reason: Failure) -> None:  # noqa: N802
        """The reactor ends: nothing more is called."""


def for_record(reactor: ReactorBase, record: str) -> CallFromThread:
    """The one of this record. Raises `RecordUnusable` when no more files may be open."""
    try:
        return CallFromThread(reactor)
    except OSError as error:
        raise RecordUnusable("files", record, str(error.strerror)) from None
