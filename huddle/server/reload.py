"""SIGHUP: read again what was read at the start, without a restart or the loss of a connection.

It is what a terminal sends that closes, and what administrators send by custom to a server whose
files have changed. While this listens the signal ends nothing.

What is read again says so itself, by `Reload.add`: certificates and their keys
(`huddle.server.certificates`), the message of the day, the file of passwords, and the log.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IReactorFromThreads
from twisted.logger import Logger


class Reload:
    """Calls what was added, in the reactor's thread and in the order of adding."""

    _log = Logger()

    def __init__(self, reactor: IReactorFromThreads) -> None:
        self._reactor = reactor
        self._calls: list[Callable[[], object]] = []
        self._before: Any = None

    def add(self, call: Callable[[], object]) -> None:
        """Call this at each SIGHUP; what it raises is logged, and keeps no other from its turn."""
        self._calls.append(call)

    def listen(self) -> None:
        """Begin. To be called from the main thread, where alone Python lets signals be set."""
        self._before = signal.signal(signal.SIGHUP, self._heard)

    def stop(self) -> None:
        """Listen no more, and leave the signal as it was found."""
        if self._before is not None:
            signal.signal(signal.SIGHUP, self._before)
            self._before = None

    def _heard(self, *_: object) -> None:
        # Between any two instructions of whatever runs just now: only ask for a turn.
        self._reactor.callFromThread(self._call)

    def _call(self) -> None:
        for call in self._calls:
            try:
                call()
            except Exception:
                self._log.failure("A file could not be read again")
