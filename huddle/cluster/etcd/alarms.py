"""Alarms: what is done unless something else comes first, which it nearly always does.

Each request has a deadline, and is answered a thousandth of that later. A timer of the reactor for
each is made and taken back for nothing, and wakes the reactor up all the same when its time has
come: twice for each line that anybody says. So there is one timer for all of them, which stays as
it is when they are taken back: what it finds to be done then, it does.
"""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall, IReactorTime

Call = Callable[[], object]


class Alarms:
    """Those of one gateway; each is known by what it calls."""

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._due: dict[Call, float] = {}
        self._timer: IDelayedCall | None = None
        self._rings_at = 0.0

    def set(self, seconds: float, call: Call) -> None:
        """Call this in so many seconds, unless it is taken back until then."""
        due = self._due[call] = self._clock.seconds() + seconds
        if self._timer is None or due < self._rings_at:
            self._ring_at(due)

    def take_back(self, call: Call) -> bool:
        """Do not call this; says whether it was still to be called."""
        return self._due.pop(call, None) is not None

    def end(self) -> None:
        """Call nothing any more of what was set until now."""
        self._due.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring_at(self, due: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._rings_at = due
        self._timer = self._clock.callLater(max(due - self._clock.seconds(), 0), self._ring)

    def _ring(self) -> None:
        self._timer, now = None, self._clock.seconds()
        for call in sorted(self._due, key=self._due.__getitem__):
            if self._due.get(call, now + 1) <= now and self.take_back(call):
                call()
        first = min(self._due.values(), default=None)
        if first is not None and (self._timer is None or first < self._rings_at):
            self._ring_at(first)
