"""Turns: those who are catching up are served round and round, a little each, live talk first.

One turn gives a few outlets a few slabs and then lets the reactor look at everybody else before
the next. Five hundred readers who wake at once therefore delay a live message by one turn, not by
the five hundred.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from huddle.delivery.outlet import Outlet

OUTLETS_A_TURN = 4
"""With four slabs of 64 KiB each, a turn copies at most 1 MiB into the kernel: about half a
millisecond."""

RETRY = 0.5
"""Seconds until a stretch of the record that could not be read is asked for again."""


class Scheduler(Protocol):
    """The part of `IReactorTime` that the core needs: durations only, never the time of day."""

    def __call__(self, delay: float, call: Callable[[], object], /) -> object:
        """Call it ``delay`` seconds from now."""


class Turns:
    """The list of outlets that can be given more."""

    def __init__(self, later: Scheduler) -> None:
        self._later = later
        self._asking: deque[Outlet] = deque()
        self._listed: set[Outlet] = set()
        self._scheduled = False

    def ask(self, outlet: Outlet) -> None:
        """Give the outlet a turn, after those who asked before."""
        if outlet not in self._listed:
            self._listed.add(outlet)
            self._asking.append(outlet)
            self._schedule()

    def in_a_while(self, call: Callable[[], object]) -> None:
        """Call it after a pause, since what is needed could not be had."""
        self._later(RETRY, call)

    def soon(self, call: Callable[[], object]) -> None:
        """Call it on its own, after what is being done now."""
        self._later(0, call)

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._later(0, self._turn)

    def _turn(self) -> None:
        self._scheduled = False
        try:
            for _ in range(min(OUTLETS_A_TURN, len(self._asking))):
                outlet = self._asking.popleft()
                self._listed.discard(outlet)
                outlet.step()
        finally:
            if self._asking:
                self._schedule()
