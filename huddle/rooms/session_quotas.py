"""Session quotas: how many nicks are held for those at one address who lost their connection.

`Limits.held_each` sessions of one address are held, three times as many of one IPv6 /48; beyond it
the hold of its oldest ends. When the house is full (`Limits.sessions`), whoever comes has a hold
end: the oldest of the place with most of them, where that has more than one. So those who connect,
lose their connection and connect again fill their own share with that, and not the house.

Those who have left are known to the record for some time still, so as to come back; that has
shares, too.
"""

from __future__ import annotations

from huddle.people.address_groups import AddressGroups
from huddle.people.identity import site
from huddle.people.rates import AddressRates
from huddle.people.sessions import Session
from huddle.protocol.limits import SITE, Limits

_DAY = 86_400.0


class HeldSessions:
    """The sessions that are held, by the address and the place that each was at, oldest first.

    Where addresses have no limit (`Limits.per_address`) they have no share either. Those who have
    not been here since the server's start have the empty address, which has no share.
    """

    def __init__(self, limits: Limits) -> None:
        self._each = limits.held_each if limits.per_address else 0
        self._places: dict[int, tuple[str, str]] = {}
        self._groups: AddressGroups[Session] = AddressGroups()

    def add(self, session: Session) -> Session | None:
        """Hold this one, the newest from now on; returns the one whose hold ends for it."""
        self.discard(session)
        address = session.address
        wide = site(address) or address
        self._places[session.number] = address, wide
        for place in {address, wide}:
            self._groups.add(session, place)
        if not address or not self._each:
            return None
        if len(self._groups.at(address)) > self._each:
            return self._groups.oldest(address)
        beyond = len(self._groups.at(wide)) > SITE["held_each"] * self._each
        return self._groups.oldest(wide) if beyond else None

    def discard(self, session: Session) -> None:
        """It is held no more: it is here, or has left. Harmless when it was not held."""
        for place in set(self._places.pop(session.number, ())):
            self._groups.discard(session, place)

    def one_of_most(self) -> Session | None:
        """The oldest of the place with most; None when each has one at most."""
        place = self._groups.largest()
        if place is None or len(self._groups.at(place)) == 1:
            return None
        return self._groups.oldest(place)


class LeaveRates:
    """Who of those that leave have their turn when the record has too many of them, by address.

    `Limits.left_each` of one address in a day do, three times as many of an IPv6 /48. The others
    are the first to be forgotten, or one who comes and goes without end would have all forgotten
    who may still come back.
    """

    def __init__(self, limits: Limits) -> None:
        each = limits.left_each if limits.per_address else 0
        self._rates = AddressRates(each / _DAY, max(each, 1))
        wide = SITE["left_each"] * each
        self._site_rates = AddressRates(wide / _DAY, max(wide, 1))

    def has_room(self, session: Session, now: float) -> bool:
        """Count one that leaves; False: it is to be forgotten first. ``now`` is monotonic."""
        address = session.address
        return not (self._rates.take(address, now) or self._site_rates.take(site(address), now))
