"""Disk quotas: how much of the record's disk those at one address may fill in an hour.

What is said is counted by its bytes, and `ROW_BYTES` for each message; what is said to one person
is kept twice, in both inboxes. An address has `Limits.written` an hour, an IPv6 /48 four times as
much. The house has sixteen times as much for those who have used a sixteenth of their share; past
it whoever has written little goes on. A session adds up what it says (`Session.uncharged`) and has
it charged from `CHARGED_FROM` bytes on, so that a short line costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from huddle.people.rates import AddressRates, Throttle
from huddle.people.sessions import Session
from huddle.protocol.errors import TooFast
from huddle.protocol.limits import SITE, Limits

ROW_BYTES = 200
"""Bytes that are counted for a message beside its text."""

CHARGED_FROM = 4096
"""Bytes of a session that are charged together."""

HOUR = 3600.0

HOUSE = 16
"""How many times the share of one address all have together who have used more than a little."""

LITTLE = 1 / 16


class DiskQuotas:
    """Of the whole house. ``seconds`` is a monotonic clock.

    There is no limit where addresses or the pace of speaking have none (`Limits.per_address`,
    `Limits.flood_rate`): whoever runs the house so trusts all who come.
    """

    def __init__(self, limits: Limits, seconds: Callable[[], float]) -> None:
        most = limits.written
        self.is_limited = bool(most and limits.per_address and limits.flood_rate)
        self._seconds = seconds
        self._addresses = AddressRates(most / HOUR, most, SITE["written"])
        self._house = Throttle(HOUSE * most / HOUR, max(HOUSE * most, 1), seconds())

    def charge(self, session: Session) -> None:
        """Charge what the session has written and is about to say to its address.

        Raises `TooFast`: it is not said then, and what is said next is asked for at once.
        """
        count, session.uncharged = session.uncharged, CHARGED_FROM
        now, address = self._seconds(), session.address
        wait = self._addresses.wait(address, now)
        if self._addresses.used(address, now) > LITTLE:
            wait = max(wait, self._house.wait(now))
        if wait:
            raise TooFast(wait)
        self._addresses.spend(address, now, count)
        self._house.spend(now, count)
        session.uncharged = 0
