"""Room quotas: the fuller the house, the fewer rooms may have been made from one address.

A room in which something was said stays for good, so even a slow maker could else take all of
`Limits.rooms`. Of what is free an address may have made as large a part as is free of all: 382 of
1,000 rooms, and none but its first where the root of all is free. So one address leaves more than
half, two leave more than a third, and ``n`` of them one in ``n + 1``, give or take a room of each:
with m = f x f for what one takes, 1/f grows by less than one with each. (Where one might take half
of what is free, ten addresses took all.) After a start nobody has made any, but what there is
leaves fewer to be made, as it does to another address.
"""

from __future__ import annotations

from huddle.people.address_groups import AddressGroups
from huddle.people.identity import site
from huddle.protocol.errors import TooMany
from huddle.protocol.limits import SITE, Limits


class RoomQuotas:
    """The rooms that there are, by the address and the IPv6 /48 from which they were made."""

    def __init__(self, limits: Limits) -> None:
        self._shared = bool(limits.per_address and limits.rooms_made)
        self._places: dict[str, tuple[str, ...]] = {}
        self._groups: AddressGroups[str] = AddressGroups()

    def check(self, address: str, free: int, rooms: int) -> None:
        """See that one more may be made from there, where so many of all ``rooms`` are ``free``.

        Raises `TooMany` when too many were made from there, or three times as many from its /48.
        The empty address, an operator's, has no limit.
        """
        if not self._shared:
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
