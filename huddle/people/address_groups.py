"""Address groups: keys by the address, or the IPv6 /48, that they are from.

Who fills what all share is to lose their own for it: the oldest key of the place with most goes.
That place is asked for whenever one comes too many, so it is found without looking through all
places, of which there may be twenty thousand.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class AddressGroups(Generic[K]):
    """The keys from each place, the oldest first, and the places by how many keys are from each.

    A key may be in several places: an address, and the /48 around it."""

    def __init__(self) -> None:
        self._by_place: dict[str, dict[K, None]] = {}
        self._by_size: dict[int, dict[str, None]] = {}
        """Of one size, the place that has had it for longest comes first."""
        self._most = 0

    def at(self, place: str) -> Collection[K]:
        """The keys from a place, the oldest first."""
        return self._by_place.get(place, {})

    def add(self, key: K, place: str) -> None:
        """Note that the key is from that place, too, as its newest; it must not be noted there."""
        there = self._by_place.setdefault(place, {})
        there[key] = None
        size = len(there)
        self._list(place, size - 1, size)
        self._most = max(self._most, size)

    def discard(self, key: K, place: str) -> None:
        """Forget that the key is from that place, as it must have been."""
        there = self._by_place[place]
        del there[key]
        size = len(there)
        if not size:
            del self._by_place[place]
        self._list(place, size + 1, size)
        if self._most not in self._by_size:
            self._most -= 1  # the place from which it was forgotten has so many now

    def oldest(self, place: str) -> K:
        """The oldest key from the place. Raises `KeyError` where there is none."""
        return next(iter(self._by_place[place]))

    def largest(self) -> str | None:
        """The place with most keys; of several, the one that has had so many for longest. None
        where there is no key at all."""
        return next(iter(self._by_size[self._most])) if self._most else None

    def _list(self, place: str, before: int, size: int) -> None:
        if before:
            alike = self._by_size[before]
            del alike[place]
            if not alike:
                del self._by_size[before]
        if size:
            self._by_size.setdefault(size, {})[place] = None
