"""Keepalive: at each beat some of the connections are looked at, whether the peer still lives.

All TCP connections are asked, under TLS or not. What is asked and what it means stands in
`huddle.doors.tcp_info`.

At the other end of a UNIX socket is a program of this machine. What was sent there counts against
our buffer until that program itself has read it (a part that is read counts wholly until all of
that send is): where nothing counts, all that was given has been read. Where that is a proxy, as its
header tells, it says nothing of the person, and nothing is confirmed: when the connection ends they
are taken to have what they had when they came.

Under TLS some of what an outlet has given may still wait in the transport, unknown to the kernel.
So there the watermark that is looked for is the one of the look before: what was given then is in
the kernel by now, if the kernel has nothing that waits.
"""

from __future__ import annotations

import socket
import struct
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

_SO_MEMINFO = 55
"""Of asm-generic/socket.h (Linux 4.12); what it gives stands in linux/sock_diag.h."""

_UNREAD = struct.Struct("=8xI")
"""Its third number: bytes of our buffer that are taken, by what the peer has not read."""


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
            try:
                info = _ask(connection)
            except OSError:
                connection.transport.abort()
                continue
            if info is not None and tcp_info.is_dead(info):
                connection.transport.abort()
            else:
                self._look(connection, info, now)
        return None

    def _look(self, connection: Monitored, info: bytes | None, now: float) -> None:
        outlet, arrivals = connection.outlet, connection.transport.arrivals
        watermark = self._given(connection)
        if info is None:
            arrived = self._read(connection, watermark, now)
        else:
            if watermark is not None and not isinstance(connection.transport, DirectTransport):
                watermark = None if tcp_info.not_sent(info) else watermark
            arrived = arrivals.look(info, watermark, now)
        if arrived is not None:
            outlet.confirm(arrived)
        stuck = arrivals.stuck_for(now)
        behind = stuck > LAG or not outlet.live
        connection.visit.lags(outlet.confirmed() if behind else None)
        if stuck > self._give_up and info is not None:  # a slow reader nearby seems to stand still
            connection.transport.abort()

    def _read(
        self, connection: Monitored, watermark: Watermark | None, now: float
    ) -> Watermark | None:
        """The watermark, if all before it has been read behind a UNIX socket."""
        nearby = connection.transport.nearby
        if nearby is None or not has_read_all(nearby):
            return None
        connection.transport.arrivals.has_all(now)
        return None if connection.transport.proxied else watermark

    def _given(self, connection: Monitored) -> Watermark | None:
        """How far what was sent has surely reached the kernel; None: that is not known yet."""
        watermark = connection.outlet.watermark()
        if isinstance(connection.transport, DirectTransport):
            return watermark
        earlier = self._earlier.get(connection)
        self._earlier[connection] = watermark
        return earlier


def has_read_all(nearby: socket.socket) -> bool:
    """Whether the program at the other end of a UNIX socket has read all that it was sent.

    What it has not read is thrown away when it ends, and counts no more. So where nothing counts it
    is asked, by sending nothing, whether there is still somebody: that takes no error from the
    socket by which the end is found.
    """
    try:
        (unread,) = _UNREAD.unpack_from(
            nearby.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _UNREAD.size)
        )
        return not unread and nearby.send(b"") == 0
    except (OSError, struct.error):  # it is gone, or the kernel is too old to tell
        return False


def _ask(connection: Monitored) -> bytes | None:
    """The kernel's ``struct tcp_info``, if it is a connection of TCP. Raises `OSError`."""
    asked = connection.transport.connection
    if asked is None:
        return None
    return asked.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_SIZE)
