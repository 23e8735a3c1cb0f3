"""The unnamed: connections that have not given a nick yet, the oldest first.

There may be `Limits.unnamed` of them; past that one has to go: the oldest from where most of them
come, so that a slow typist is not put out by eighty addresses that only connect. An IPv6 /48
is one place, and in it the /64 with most. And each may be one for `Limits.name_seconds`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

from huddle.people.identity import site
from huddle.protocol.limits import Limits
from huddle.protocol.timing import Clock
from huddle.protocol.timing.timer_queue import TimerQueue

Connection = TypeVar("Connection", bound=Hashable)


class Unnamed(Generic[Connection]):
    """Remembers who has no nick. ``too_late`` is called with each whose time is over."""

    def __init__(
        self, limits: Limits, clock: Clock, too_late: Callable[[Connection], object]
    ) -> None:
        self._limits = limits
        self._too_late = too_late
        self._deadlines: TimerQueue[Connection] = TimerQueue(clock, self._time_is_over)
        self._origins: dict[Connection, tuple[str, str]] = {}
        """The place and the address of each."""
        self._places: dict[str, dict[Connection, None]] = {}
        """Those from each place, the oldest first."""

    def stand(self, connection: Connection, address: str = "") -> Connection | None:
        """Note a connection without a nick; returns the one that has to go for it, if one has
        to."""
        place = site(address) or address
        self._origins[connection] = place, address
        self._places.setdefault(place, {})[connection] = None
        self._deadlines.set(connection, self._limits.name_seconds)
        if len(self._origins) > self._limits.unnamed:
            one = self._one_of_most()
            self.pass_on(one)
            return one
        return None

    def _one_of_most(self) -> Connection:
        most = max(map(len, self._places.values()))
        places = (self._places[self._origins[connection][0]] for connection in self)
        place = next(place for place in places if len(place) == most)
        counts = Counter(self._origins[connection] for connection in place)
        return max(place, key=lambda connection: counts[self._origins[connection]])

    def pass_on(self, connection: Connection) -> None:
        """The connection has a nick by now, or is gone. Harmless when it was not noted."""
        place, _ = self._origins.pop(connection, (None, ""))
        if place is None:
            return
        self._deadlines.due.pop(connection, None)
        del self._places[place][connection]
        if not self._places[place]:
            del self._places[place]

    def clear(self) -> None:
        """The house has closed: nobody's time is counted any more."""
        self._deadlines.clear()

    def __iter__(self) -> Iterator[Connection]:
        return iter(self._origins)

    def _time_is_over(self, connection: Connection) -> None:
        self.pass_on(connection)
        self._too_late(connection)
