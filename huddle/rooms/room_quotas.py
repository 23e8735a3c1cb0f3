"""Room quotas: how many of the rooms may have been made from one address, the fewer the fuller.

A room in which something was said stays for good, so even who makes them slowly could take all of
`Limits.rooms`. So where ``free`` of all ``rooms`` are left, an address makes another one only while
it has made less than ``free * free / rooms``: alone it comes to 382 of 1,000, and where the square
root of all is left, to its first one at most. However many addresses do as much as they can, ``n``
of them leave one room in ``n + 1``, give or take a room of each. (If an address might have half of
what is free, ten addresses would take all.) From where a room was made is not known after a start;
what there is leaves fewer to be made all the same.
"""

from __future__ import annotations

from huddle.people.address_groups import AddressGroups
from huddle.people.identity import site
from huddle.protocol.errors import TooMany
from huddle.protocol.limits import SITE, Limits


class RoomQuotas:
    """The rooms that there are, by the address and the IPv6 /48 from which they were made."""

    def __init__(self, limits: Limits) -> None:
        self._is_limited = bool(limits.per_address and limits.rooms_made)
        self._places: dict[str, tuple[str, ...]] = {}
        self._groups: AddressGroups[str] = AddressGroups()

    def check(self, address: str, free: int, rooms: int) -> None:
        """See that one more may be made from there, where so many of all ``rooms`` are ``free``.

        Raises `TooMany` when too many were made from there, or three times as many from its /48.
        The empty address, an operator's, has no limit.
        """
        if not self._is_limited:
            return
        for place, times in zip(_places(address), (1, SITE["rooms_made"]), strict=False):
            made = len(self._groups.at(place))
            if made * rooms >= times * free * free:
                raise TooMany("rooms_made", made)

    def note(self, name: str, address: str) -> None:
        """The room was made from there."""
        self.forget(name)
        self._places[name] = places = _places(address)
        for place in places:
            self._groups.add(name, place)

    def forget(self, name: str) -> None:
        """The room is there no more. Harmless when it is not known from where it was made."""
        for place in self._places.pop(name, ()):
            self._groups.discard(name, place)


def _places(address: str) -> tuple[str, ...]:
    wide = site(address)
    return (address, wide) if wide else (address,) if address else ()
