"""Former nicks: whose a nick was that has been given up, for what was said to its owner.

A private message is kept with the nick it went to. Who answers it, or puts it right, means the
person who had that nick then.

`Limits.former` are remembered, `Limits.former_each` of those that were given up from one address,
three times as many from one IPv6 /48: who changes nicks without end has their own forgotten.
"""

from __future__ import annotations

from huddle.people.identity import site
from huddle.protocol.limits import SITE, Limits
from huddle.protocol.names import folded_key

_OWNERS = 4
"""Former owners of one nick that are known, the last ones."""

Owned = tuple[int, str]
"""The number of the session that had a nick, and the name of its inbox in those days."""

_GivenUp = tuple[str, Owned]
"""The key of the nick, and by whom."""


class FormerNicks:
    """Who had which nick before, since the server was started.

    Where addresses have no limit (`Limits.per_address`) they have no share either, and the one
    given up longest ago is forgotten.
    """

    def __init__(self, limits: Limits) -> None:
        self._most = limits.former
        self._each = limits.former_each if limits.per_address else 0
        self._owners: dict[str, dict[Owned, None]] = {}
        """Of each key, who gave it up longest ago comes first."""
        self._places: dict[_GivenUp, tuple[str, str]] = {}
        """From which address and place each was given up, the oldest first."""
        self._by_place: dict[str, dict[_GivenUp, None]] = {}

    def __len__(self) -> int:
        return len(self._places)

    def note(self, nick: str, session: int, inbox: str, address: str = "") -> None:
        """The session of that number, with that inbox, at that address if it is known, has another
        nick from now on."""
        given_up = key, owned = folded_key(nick), (session, inbox)
        self._forget(given_up)
        address = address or f"session:{session}"
        places = self._places[given_up] = address, site(address) or address
        for place in set(places):
            self._by_place.setdefault(place, {})[given_up] = None
        self._owners.setdefault(key, {})[owned] = None
        if len(self._owners[key]) > _OWNERS:
            self._forget((key, self._one_too_many(key)))
        if self._each:
            for place, share in zip(places, (1, SITE["former_each"]), strict=True):
                if len(self._by_place[place]) > share * self._each:
                    self._forget(next(iter(self._by_place[place])))
        if len(self._places) > self._most:
            self._forget(self._oldest_of_most() if self._each else next(iter(self._places)))

    def owners(self, nick: str) -> tuple[Owned, ...]:
        """Those who had it, in whatever case; who gave it up last comes first."""
        return tuple(reversed(self._owners.get(folded_key(nick), {})))

    def _one_too_many(self, key: str) -> Owned:
        """Who gave it up longest ago, of the place from which most of them did: nobody has the
        owner before forgotten by taking the nick again and again."""
        owners = self._owners[key]
        if not self._each:
            return next(iter(owners))
        wide = [self._places[key, owned][1] for owned in owners]
        return max(owners, key=lambda owned: wide.count(self._places[key, owned][1]))

    def _oldest_of_most(self) -> _GivenUp:
        most = max(self._by_place.values(), key=len)
        return next(iter(most))

    def _forget(self, given_up: _GivenUp) -> None:
        """Harmless when it is not remembered."""
        key, owned = given_up
        for place in set(self._places.pop(given_up, ())):
            those = self._by_place[place]
            del those[given_up]
            if not those:
                del self._by_place[place]
            self._owners[key].pop(owned, None)
        if not self._owners.get(key, True):
            del self._owners[key]
