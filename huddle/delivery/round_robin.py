"""Round robin: those who are catching up are served a little each, in turn, live talk first.

Addresses take turns, and within an address its connections: a reader waits for one of each other
address, however many of them an attacker has stop and read again.

One turn gives a few outlets a few slabs and then lets the reactor look at everybody else before
the next. Five hundred readers who wake at once therefore delay a live message by one turn, not by
the five hundred.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable

from huddle.protocol.timing import Scheduler

SLABS_A_TURN = 4
"""Slabs that one outlet may be given before others have their turn."""

OUTLETS_A_TURN = 4
"""With four slabs of 64 KiB each, a turn copies at most 1 MiB into the kernel: about half a
millisecond."""

RETRY = 0.5
"""Seconds until a stretch of the record that could not be read is asked for again."""


class RoundRobin:
    """The list of those who are catching up and can be given more, by the step that does it."""

    def __init__(self, later: Scheduler) -> None:
        self._later = later
        self._asking: OrderedDict[str, dict[Callable[[], None], None]] = OrderedDict()
        self._chosen: deque[Callable[[], None]] = deque()
        """Those whose turn it is."""
        self._scheduled = False

    def ask(self, step: Callable[[], None], address: str = "") -> None:
        """Call ``step`` once, when its address has its turn, after those of the address who asked
        before; asking twice is one turn."""
        self._asking.setdefault(address, {})[step] = None
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
        while self._asking and len(self._chosen) < OUTLETS_A_TURN:
            address, steps = self._asking.popitem(last=False)
            step = next(iter(steps))
            del steps[step]
            self._chosen.append(step)
            if steps:
                self._asking[address] = steps
        try:
            while self._chosen:
                self._chosen.popleft()()
        finally:
            if self._chosen or self._asking:
                self._schedule()
