"""From where the rooms were made: one address is to leave others as many as it has taken.

A room in which something was said stays for good, so even a slow maker could else take all of
`Limits.rooms`. What counts is the process's memory: after a start nobody has made any, but what
there is leaves fewer to be made, so that no number of starts gives one address the last of them.
"""

from __future__ import annotations

from huddle.people.crowds import Crowds
from huddle.people.identity import site
from huddle.protocol.errors import TooMany
from huddle.protocol.limits import SITE, Limits


class Makers:
    """The rooms that there are, by the address and the IPv6 /48 from which they were made."""

    def __init__(self, limits: Limits) -> None:
        self._shared = bool(limits.per_address and limits.rooms_made)
        self._places: dict[str, tuple[str, ...]] = {}
        self._crowds: Crowds[str] = Crowds()

    def check(self, address: str, free: int) -> None:
        """See that one more may be made from there, where so many are ``free``.

        Raises `TooMany` when as many were made from there as are free, or three times as many from
        its /48. The empty address, an operator's, has no limit.
        """
        if not self._shared:
            return
        for place, times in zip(_places(address), (1, SITE["rooms_made"]), strict=False):
            made = len(self._crowds.at(place))
            if made >= times * free:
                raise TooMany("rooms_made", made)

    def note(self, name: str, address: str) -> None:
        """The room was made from there."""
        self.forget(name)
        self._places[name] = places = _places(address)
        for place in places:
            self._crowds.add(name, place)

    def forget(self, name: str) -> None:
        """The room is there no more. Harmless when it is not known from where it was made."""
        for place in self._places.pop(name, ()):
            self._crowds.discard(name, place)


def _places(address: str) -> tuple[str, ...]:
    wide = site(address)
    return (address, wide) if wide else (address,) if address else ()
