"""Address groups: from where most keys are is found at once, however many places there are.

Who fills what all share is to lose their own for it: so the one to go is the oldest of the place
with most. That is asked for each who comes when there is no room, and twenty thousand places must
not be looked through for it.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class AddressGroups(Generic[K]):
    """Those that are at each place, the oldest first, and the places by how many are there."""

    def __init__(self) -> None:
        self._by_place: dict[str, dict[K, None]] = {}
        self._by_size: dict[int, dict[str, None]] = {}
        """Of one size, the place that has had it for longest comes first."""
        self._most = 0

    def at(self, place: str) -> Collection[K]:
        """Those at a place, the oldest first."""
        return self._by_place.get(place, {})

    def add(self, key: K, place: str) -> None:
        """Note that the key is at that place, too, as the newest; it must not be there already."""
        there = self._by_place.setdefault(place, {})
        there[key] = None
        size = len(there)
        self._list(place, size - 1, size)
        self._most = max(self._most, size)

    def discard(self, key: K, place: str) -> None:
        """Note that the key is at that place no more, where it must have been."""
        there = self._by_place[place]
        del there[key]
        size = len(there)
        if not size:
            del self._by_place[place]
        self._list(place, size + 1, size)
        if self._most not in self._by_size:
            self._most -= 1  # this place has so many now

    def oldest(self, place: str) -> K:
        """Who is there for longest. Raises `KeyError` where nobody is."""
        return next(iter(self._by_place[place]))

    def largest(self) -> str | None:
        """The place with most, which has had so many for longest; None where nobody is anywhere."""
        return next(iter(self._by_size[self._most])) if self._most else None

    def _list(self, place: str, before: int, size: int) -> None:
        if before:
            alike = self._by_size[before]
            del alike[place]
            if not alike:
                del self._by_size[before]
        if size:
            self._by_size.setdefault(size, {})[place] = None
