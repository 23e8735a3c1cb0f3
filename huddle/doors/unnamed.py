"""The unnamed: connections that have not given a nick yet, the oldest first.

There may be `Limits.unnamed` of them; past that one has to go: the oldest from where most of them
come, so that a slow typist is not put out by eighty addresses that only connect. An IPv6 /48
is one place, and in it the /64 with most. And each may be one for `Limits.name_seconds`. All have
the same time, so that it is the oldest whose time is over first: one delayed call does for all.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from huddle.people.identity import site
from huddle.protocol.limits import Limits

Connection = TypeVar("Connection", bound=Hashable)


class Unnamed(Generic[Connection]):
    """Remembers who has no nick. ``too_late`` is called with each whose time is over."""

    def __init__(
        self, limits: Limits, reactor: IReactorTime, too_late: Callable[[Connection], None]
    ) -> None:
        self._limits = limits
        self._reactor = reactor
        self._too_late = too_late
        self._until: OrderedDict[Connection, float] = OrderedDict()
        self._origins: dict[Connection, tuple[str, str]] = {}
        """The place and the address of each."""
        self._places: dict[str, dict[Connection, None]] = {}
        """Those from each place, the oldest first."""
        self._next: IDelayedCall | None = None

    def stand(self, connection: Connection, address: str = "") -> Connection | None:
        """A connection without a nick; returns the one that has to go for it, if one has to."""
        place = site(address) or address
        self._origins[connection] = place, address
        self._places.setdefault(place, {})[connection] = None
        self._until[connection] = self._reactor.seconds() + self._limits.name_seconds
        if self._next is None:
            self._wait()
        if len(self._until) > self._limits.unnamed:
            one = self._one_of_most()
            self.pass_on(one)
            return one
        return None

    def _one_of_most(self) -> Connection:
        most = max(map(len, self._places.values()))
        places = (place for place in self._places.values() if len(place) == most)
        place = min(places, key=lambda place: self._until[next(iter(place))])
        counts = Counter(self._origins[connection] for connection in place)
        return max(place, key=lambda connection: counts[self._origins[connection]])

    def pass_on(self, connection: Connection) -> None:
        """It stands at the door no more: it has a nick, or is gone. Harmless when it never did."""
        if self._until.pop(connection, None) is None:
            return
        place, _ = self._origins.pop(connection)
        del self._places[place][connection]
        if not self._places[place]:
            del self._places[place]
        if not self._until and self._next:
            self._next.cancel()
            self._next = None

    def __iter__(self) -> Iterator[Connection]:
        return iter(self._until)

    def _wait(self) -> None:
        if self._next is None and self._until:
            first = next(iter(self._until.values()))
            wait = max(first - self._reactor.seconds(), 0.0)
            self._next = self._reactor.callLater(wait, self._time_is_over)

    def _time_is_over(self) -> None:
        self._next = None
        now = self._reactor.seconds()
        late = [connection for connection, until in self._until.items() if until <= now]
        for connection in late:
            self.pass_on(connection)
        self._wait()
        for connection in late:
            self._too_late(connection)
