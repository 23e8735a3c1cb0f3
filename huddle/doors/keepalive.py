"""Keepalive: at each beat some of the connections are looked at, whether the peer still lives.

All TCP connections are asked, under TLS or not; at the other end of a UNIX socket is this machine.
What is asked and what it means stands in `huddle.doors.tcp_info`. Of a UNIX socket is known whether
it has taken what was given, and no more: a person behind one who is not level has, as far as that
goes, what they had when they came.

Under TLS some of what an outlet has given may still wait in the transport, unknown to the kernel.
So there the watermark that is looked for is the one of the look before: what was given then is in
the kernel by now, if the kernel has nothing that waits to be sent.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Hashable
from typing import Protocol

from twisted.internet.defer import Deferred

from huddle.delivery.outlet import Outlet
from huddle.doors import tcp_info
from huddle.doors.transports import DirectTransport, TwistedTransport, Watermark
from huddle.visits.visit import Visit

BEAT = 0.1
"""Seconds from one beat to the next."""

BEATS_A_ROUND = 25
"""Everybody is looked at every 2.5 seconds, so a peer that has been dead for 20 seconds is gone
within 25. With nine thousand a beat takes 2 ms."""

LAG = 5.0
"""Seconds without progress after which the record is told how far a person has got: two looks."""

_INFO_SIZE = 256


class Monitored(Hashable, Protocol):
    """A connection, as far as keepalive is concerned: what it has of it and may end."""

    transport: TwistedTransport
    outlet: Outlet
    visit: Visit


class Keepalive:
    """Looks after the connections of a server. ``give_up`` is `Limits.give_up`."""

    def __init__(self, seconds: Callable[[], float], give_up: float) -> None:
        self._seconds = seconds
        self._give_up = give_up
        self._rounds: tcp_info.Rounds[Monitored] = tcp_info.Rounds(BEATS_A_ROUND)
        self._earlier: dict[Monitored, Watermark | None] = {}
        self._first: Deferred[None] | None = None

    def add(self, connection: Monitored) -> None:
        """Look after this one from now on, whatever kind of connection it is."""
        self._rounds.add(connection)
        if self._first is not None:
            first, self._first = self._first, None
            first.callback(None)

    def discard(self, connection: Monitored) -> None:
        """Ask no more after this one: its connection has ended."""
        self._rounds.discard(connection)
        self._earlier.pop(connection, None)

    def beat(self) -> Deferred[None] | None:
        """Look at a part of them, in turn: one that is dead is aborted; of others it is noted how
        far the peer has got. To be called every `BEAT` seconds; where there are none, not before
        this fires: ten times a second for nothing was half of what a server took that nobody was
        on."""
        turn = self._rounds.turn()
        if not turn:
            self._first = self._first or Deferred()
            return self._first
        now = self._seconds()
        for connection in turn:
            if connection.transport.connection is None:
                outlet = connection.outlet
                connection.visit.lags(None if outlet.live else outlet.confirmed())
                continue
            try:
                info = _ask(connection)
            except OSError:
                connection.transport.abort()
                continue
            if tcp_info.is_dead(info):
                connection.transport.abort()
            else:
                self._look(connection, info, now)
        return None

    def _look(self, connection: Monitored, info: bytes, now: float) -> None:
        outlet, arrivals = connection.outlet, connection.transport.arrivals
        arrived = arrivals.look(info, self._watermark(connection, info), now)
        if arrived is not None:
            outlet.confirm(arrived)
        stuck = arrivals.stuck_for(now)
        behind = stuck > LAG or not outlet.live
        connection.visit.lags(outlet.confirmed() if behind else None)
        if stuck > self._give_up:
            connection.transport.abort()

    def _watermark(self, connection: Monitored, info: bytes) -> Watermark | None:
        """What the kernel was surely given by now."""
        watermark = connection.outlet.watermark()
        if isinstance(connection.transport, DirectTransport):
            return watermark
        earlier = self._earlier.get(connection)
        self._earlier[connection] = watermark
        return None if tcp_info.TcpInfo.parse(info).not_sent else earlier


def _ask(connection: Monitored) -> bytes:
    """The kernel's ``struct tcp_info``. Raises `OSError`."""
    asked = connection.transport.connection
    assert asked is not None
    return asked.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_SIZE)
