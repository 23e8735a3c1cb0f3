"""Address quotas: who fills a memory without end has their own forgotten, not the others'.

Each address has a share, and each IPv6 /48. Where all is remembered that may be, the oldest goes of
the place with most.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

from huddle.people.address_groups import AddressGroups
from huddle.people.identity import site

K = TypeVar("K", bound=Hashable)


class AddressQuotas(Generic[K]):
    """Keys of what is remembered, the oldest first, and from where each is.

    ``most`` are remembered in all, ``each`` of one address, ``wide`` times as many of one IPv6 /48.
    The empty address has no share. Where ``each`` is 0 none has one, and the oldest of all goes.
    """

    def __init__(self, most: float, each: int, wide: int) -> None:
        self._most = most
        self._each = each
        self._wide = wide
        self._places: dict[K, tuple[str, str]] = {}
        self._groups: AddressGroups[K] = AddressGroups()

    def __len__(self) -> int:
        return len(self._places)

    def at(self, place: str) -> int:
        """How many keys there are from an address, or a /48."""
        return len(self._groups.at(place))

    def add(self, key: K, address: str) -> list[K]:
        """This one, from that address, is the newest from now on; returns those that are to be
        forgotten for it, and are known here no more."""
        self.discard(key)
        places = self._places[key] = address, site(address) or address
        for place in set(places):
            self._groups.add(key, place)
        gone: list[K] = []
        if address and self._each:
            for place, most in zip(places, (self._each, self._wide * self._each), strict=True):
                if len(self._groups.at(place)) > most:
                    gone.append(self._forget(self._groups.oldest(place)))
        if len(self._places) > self._most:
            one = self.one_of_most() if self._each else None
            gone.append(self._forget(next(iter(self._places)) if one is None else one))
        return gone

    def discard(self, key: K) -> None:
        """Forget the key; nothing happens where it was not remembered."""
        for place in set(self._places.pop(key, ())):
            self._groups.discard(key, place)

    def place(self, key: K) -> str:
        """Of a key that is remembered, the /48 of its address, or the address if it is in none."""
        return self._places[key][1]

    def one_of_most(self) -> K | None:
        """The oldest key of the place with most; None where each has one at most."""
        place = self._groups.largest()
        if place is None or len(self._groups.at(place)) == 1:
            return None
        return self._groups.oldest(place)

    def _forget(self, key: K) -> K:
        self.discard(key)
        return key
