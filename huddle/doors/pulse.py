"""The pulse: at each beat a tenth of the connections is looked at, whether the peer still lives.

Only plain TCP is asked (`DirectPipe`); for the others the transport's own time limits hold. What is
asked and what it means stands in `huddle.liveness`.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from huddle.doors.pipes import DirectPipe
from huddle.liveness import Arrivals, Rounds, is_dead

if TYPE_CHECKING:
    from huddle.doors.line import HuddleProtocol

BEAT = 0.25
"""Seconds from one beat to the next: everybody is looked at every 2.5 seconds, so a peer that has
been dead for 20 seconds is gone within 25. Nine thousand cost 1 % of a core."""

LAG = 5.0
"""Seconds without progress after which the record is told how far a person has got: two looks."""

_INFO_SIZE = 256


class Pulse:
    """Looks after the connections of a door. ``give_up`` is `Limits.give_up`."""

    def __init__(self, seconds: Callable[[], float], give_up: float) -> None:
        self._seconds = seconds
        self._give_up = give_up
        self._rounds: Rounds[HuddleProtocol] = Rounds()
        self._arrivals: dict[HuddleProtocol, Arrivals[dict[str, int]]] = {}

    def add(self, connection: HuddleProtocol) -> None:
        """Look after this one, if its kernel can be asked."""
        if isinstance(connection.pipe, DirectPipe):
            self._rounds.add(connection)
            self._arrivals[connection] = Arrivals(self._seconds())

    def discard(self, connection: HuddleProtocol) -> None:
        """Its connection has ended."""
        self._rounds.discard(connection)
        self._arrivals.pop(connection, None)

    def beat(self) -> None:
        """Look at a tenth of them."""
        now = self._seconds()
        for connection in self._rounds.turn():
            info = connection.pipe.transport.getHandle().getsockopt(
                socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_SIZE
            )
            if is_dead(info):
                connection.pipe.abort()
            else:
                self._look(connection, info, now)

    def _look(self, connection: HuddleProtocol, info: bytes, now: float) -> None:
        outlet, arrivals = connection.outlet, self._arrivals[connection]
        arrived = arrivals.look(info, outlet.mark(), now)
        if arrived is not None:
            outlet.confirm(arrived)
        stuck = arrivals.stuck_for(now)
        behind = stuck > LAG or not outlet.live
        connection.visit.lags(outlet.confirmed() if behind else None)
        if stuck > self._give_up:
            connection.pipe.abort()
