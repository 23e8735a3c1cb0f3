"""The pulse: at each beat a tenth of the connections is looked at, whether the peer still lives.

Only plain TCP is asked (`DirectPipe`); for the others the transport's own time limits hold. What is
asked and what it means stands in `huddle.liveness`.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from huddle.doors.pipes import DirectPipe
from huddle.liveness import Rounds, all_arrived, is_dead

if TYPE_CHECKING:
    from huddle.doors.line import HuddleProtocol

BEAT = 0.25
"""Seconds from one beat to the next: everybody is looked at every 2.5 seconds, so a peer that has
been dead for 20 seconds is gone within 25. Nine thousand cost 1 % of a core."""

_INFO_SIZE = 256


class Pulse:
    """Looks after the connections of a door."""

    def __init__(self) -> None:
        self._rounds: Rounds[HuddleProtocol] = Rounds()

    def add(self, connection: HuddleProtocol) -> None:
        """Look after this one, if its kernel can be asked."""
        if isinstance(connection.pipe, DirectPipe):
            self._rounds.add(connection)

    def discard(self, connection: HuddleProtocol) -> None:
        """Its connection has ended."""
        self._rounds.discard(connection)

    def beat(self) -> None:
        """Look at a tenth of them."""
        for connection in self._rounds.turn():
            info = connection.pipe.transport.getHandle().getsockopt(
                socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_SIZE
            )
            if is_dead(info):
                connection.pipe.abort()
            elif all_arrived(info):
                connection.outlet.confirm()
