"""How much waits to be committed or given out, and how much may.

What is said now comes behind all that waits. So no more is to wait than can be given out in a
hundredth of a second, going by what the last deliveries took; those who have put in much are held
up meanwhile, and beyond twice as much everybody is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

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


@dataclass(slots=True, eq=False, repr=False)
class Backlog:
    """What waits, in bytes. `Sequencer` counts what comes and goes in the fields themselves, since
    a call for each line is too much."""

    most: int
    """Bytes of memory that what waits may take (`Limits.uncommitted`)."""
    least: int = field(init=False)
    limit: int = field(init=False)
    """Bytes of texts that may wait to be given out, before those are held up who have put in
    much."""
    memory: int = 0
    """Bytes of memory that is taken by what waits, to be committed or to be given out."""
    texts: int = 0
    """Bytes of texts in it."""
    congested: bool = False
    """Whether so much waits that those should be held up who have put in much."""
    measured_at: float = 0.0
    """When `limit` was last measured by what a delivery took."""
    _waiting_for_relief: list[Callable[[], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.least = self.limit = min(2 * LEAST_WAITING, self.most)

    @property
    def is_full(self) -> bool:
        """Whether so much waits that no peer at all should be read from."""
        return self.memory > self.most or self.texts >= 2 * self.limit

    def when_relieved(self, call: Callable[[], None]) -> None:
        """Call it once, when the house is no longer congested. It is to say nothing by itself."""
        self._waiting_for_relief.append(call)

    def measure(self, texts: int, began: float, took: float) -> None:
        """Let no more wait than can be given out in `DELIVERY`, going by what so many bytes took
        that were given out from then on.

        Twice as much as before at the most: those to whom it was cheap to give nothing, since they
        are behind, are soon level again.
        """
        bound = texts * DELIVERY / took if took else self.most
        self.limit = min(max(round(bound), self.least), 2 * self.limit, self.most)
        self.measured_at = began

    def relieve(self) -> None:
        """If so little waits by now that it is congested no more, tell those who wait for that."""
        if self.texts < self.limit and self.memory <= self.most:
            self.congested = False
            relieved, self._waiting_for_relief = self._waiting_for_relief, []
            for call in relieved:
                call()
