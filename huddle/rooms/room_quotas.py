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

from math import inf

from huddle.people.address_quotas import AddressQuotas
from huddle.people.identity import site
from huddle.protocol.errors import TooMany
from huddle.protocol.limits import SITE, Limits


class RoomQuotas(AddressQuotas[str]):
    """The rooms that there are, by the address and the IPv6 /48 from which they were made."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(inf, 0, 0)
        self._is_limited = bool(limits.per_address and limits.rooms_made)

    def check(self, address: str, free: int, rooms: int) -> None:
        """See that one more may be made from there, where so many of all ``rooms`` are ``free``.

        Raises `TooMany` when too many were made from there, or three times as many from its /48.
        The empty address, an operator's, has no limit.
        """
        if not self._is_limited:
            return
        for place, times in ((address, 1), (site(address), SITE["rooms_made"])):
            made = self.at(place)
            if place and made * rooms >= times * free * free:
                raise TooMany("rooms_made", made)
