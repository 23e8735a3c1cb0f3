"""A timer queue: one timer for many deadlines, nearly all of which are taken back in time.

A request has a deadline, and is answered a thousandth of that later; a connection has a minute to
give a nick, and has given it by then. A timer of the reactor for each would be made and taken back
for nothing. So there is one for all of them. It stays as it is when they are taken back, and goes
off at most once for nothing: what it finds to be overdue then is told, and it is set anew for the
first of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from itertools import takewhile
from typing import Generic, TypeVar

from huddle.protocol.timing import Clock, Timer

Waiting = TypeVar("Waiting", bound=Hashable)


class TimerQueue(Generic[Waiting]):
    """Those that have a deadline. ``overdue`` is called with each that has not been taken back by
    then, in the order of their deadlines; of the same one, in that in which they were set."""

    def __init__(self, clock: Clock, overdue: Callable[[Waiting], object]) -> None:
        self.due: dict[Waiting, float] = {}
        """When each is overdue, in the order in which they were given that. To take one out, which
        need cost no call, is to take its deadline back."""
        self._clock = clock
        self._overdue = overdue
        self._timer: Timer | None = None
        self._goes_off_at = 0.0
        self._latest = 0.0
        self._in_order = True
        """Whether none has been given an earlier deadline than those before it. Then only as many
        are looked at as are overdue: thousands that were set one by one end one by one, too."""

    def set(self, waiting: Waiting, seconds: float) -> None:
        """Give this one so many seconds from now on, in place of what it had."""
        self.due.pop(waiting, None)
        due = self._clock.seconds() + seconds
        if not self.due:
            self._in_order = True
        elif due < self._latest:
            self._in_order = False
        self._latest = self.due[waiting] = due
        if self._timer is None or due < self._goes_off_at:
            self._go_off_at(due)

    def clear(self) -> None:
        """Nothing that was set until now is overdue any more, and no timer is left."""
        self.due.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _go_off_at(self, due: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._goes_off_at = due
        wait = max(due - self._clock.seconds(), 0.0)
        self._timer = self._clock.callLater(wait, self._goes_off)

    def _goes_off(self) -> None:
        self._timer, now = None, self._clock.seconds()
        late = self._overdue_at(now)
        try:
            for each in sorted(late, key=self.due.__getitem__):
                if self.due.get(each, now + 1.0) <= now:
                    del self.due[each]
                    self._overdue(each)
        finally:  # where one failed, the others are told in a moment
            first = (
                next(iter(self.due.values()), None)
                if self._in_order
                else min(self.due.values(), default=None)
            )
            if first is not None and (self._timer is None or first < self._goes_off_at):
                self._go_off_at(first)

    def _overdue_at(self, now: float) -> list[Waiting]:
        if self._in_order:
            return [each for each, _ in takewhile(lambda item: item[1] <= now, self.due.items())]
        return [each for each, due in self.due.items() if due <= now]
