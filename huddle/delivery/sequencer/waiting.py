"""How much waits to be committed or given out, and how much may.

What is said now comes behind all that waits. So no more is to wait than can be given out in a
hundredth of a second, going by what the last deliveries took; those who have put in much are held
up meanwhile, and beyond twice as much everybody is.
"""

from __future__ import annotations

from collections.abc import Callable

from huddle.protocol.limits import KIB

DELIVERY = 0.010
"""Seconds that it may take to give out what waits: a message that is said now comes behind it.
Texts of 4 KiB for a hundred members are 400 KiB each. (For messages of 64 bytes, however many
members there are, `LEAST_WAITING` is what holds.)"""

LEAST_WAITING = 32 * KIB
"""Bytes of a batch that are enough to tell how long its delivery takes; twice as many may always
wait, or a busy room of thousands would have batches of one."""

BOUNDED_FOR = 1.0
"""Seconds for which it counts what a delivery took: meanwhile others may have come."""


class Waiting:
    """What waits, in bytes; `Sequencer`, which is made on top of it, counts what comes and goes."""

    def __init__(self, most: int) -> None:
        """``most`` is the bytes of memory that what waits may take (`Limits.uncommitted`)."""
        self._most = most
        self._least = min(2 * LEAST_WAITING, most)
        self.limit = self._least
        """Bytes of texts that may wait to be given out, before those are held up who have put in
        much."""
        self.waiting = 0
        """Bytes of memory that is taken by what waits, to be committed or to be given out."""
        self.texts = 0
        """Bytes of texts in it."""
        self.congested = False
        """Whether so much waits that those should be held up who have put in much."""
        self._bounded_at = 0.0
        """When `limit` was last measured by what a delivery took."""
        self._waiting_for_relief: list[Callable[[], None]] = []

    @property
    def is_full(self) -> bool:
        """Whether so much waits that no peer at all should be read from."""
        return self.waiting > self._most or self.texts >= 2 * self.limit

    def when_relieved(self, call: Callable[[], None]) -> None:
        """Call it once, when the house is no longer congested. It is to say nothing by itself."""
        self._waiting_for_relief.append(call)

    def _bound(self, texts: int, began: float, took: float) -> None:
        """Let no more wait than can be given out in `DELIVERY`, going by what so many bytes took
        that were given out from then on.

        Twice as much as before at the most: those to whom it was cheap to give nothing, since they
        are behind, are soon level again.
        """
        bound = texts * DELIVERY / took if took else self._most
        self.limit = min(max(round(bound), self._least), 2 * self.limit, self._most)
        self._bounded_at = began

    def _relieve(self) -> None:
        """If so little waits by now that it is congested no more, tell those who wait for that."""
        if self.texts < self.limit and self.waiting <= self._most:
            self.congested = False
            relieved, self._waiting_for_relief = self._waiting_for_relief, []
            for call in relieved:
                call()
