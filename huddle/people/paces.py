"""Paces: how fast each address may do something that costs us room.

What is remembered is bounded: the address that did it longest ago is forgotten first.
"""

from __future__ import annotations

from collections import OrderedDict

from huddle.people.rates import Throttle

REMEMBERED = 4096
"""Addresses in one of these; whoever has more of them could begin anew with each anyway."""


class Paces:
    """Each address may do it ``burst`` times at once, then ``rate`` times a second; rate 0: freely.

    Times are seconds of one clock. An empty address, which everybody on this machine shares, has no
    pace.
    """

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._throttles: OrderedDict[str, Throttle] = OrderedDict()

    def __len__(self) -> int:
        return len(self._throttles)

    def take(self, address: str, now: float) -> float:
        """Count one more from there and return 0.0, or return the seconds until one may come."""
        if not address or not self._rate:
            return 0.0
        throttle = self._throttles.get(address)
        if throttle is None:
            throttle = self._throttles[address] = Throttle(self._rate, self._burst, now)
            if len(self._throttles) > REMEMBERED:
                self._throttles.popitem(last=False)
        self._throttles.move_to_end(address)
        return throttle.take(now)
