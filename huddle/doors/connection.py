"""One connection, by whichever door: a transport and a visit joined.

What a door's protocol does with it::

    connectionMade        Connection(…), then `open`
    dataReceived          what comes, made into lines by `Connection.input`
    readConnectionLost    `input_ended`
    writeConnectionLost   `output_ended`
    connectionLost        `lost`
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from twisted.internet.interfaces import ISSLTransport

from huddle.delivery.outlet import Outlet
from huddle.doors.connection_limits import counted_address, is_this_machine
from huddle.doors.connections import Connections
from huddle.doors.handshakes import shake_hands_in_turn
from huddle.doors.input.buffers import InputBuffers
from huddle.doors.input.flow_control import FlowControl
from huddle.doors.input.line_input import Hearer, LineInput
from huddle.doors.input.scheduler import InputScheduler
from huddle.doors.proxy.address import Source
from huddle.doors.transports import TwistedTransport, transport_for
from huddle.people.identity import site
from huddle.protocol.dialect import Dialect
from huddle.visits.arrival import Origin
from huddle.visits.house import House
from huddle.visits.visit import Visit

MadeInput = Callable[
    [Visit, FlowControl, int, TwistedTransport, Hearer, "Connection", InputScheduler, InputBuffers],
    LineInput,
]
"""Makes the way in of a connection, as `LineInput` is made."""


class Connection:
    """What a connection has, whatever its door.

    ``source`` is where it comes from. ``hearer`` takes the lines, where it is not the visit that
    takes them all. ``made_input`` makes what lines are made by.
    """

    __slots__ = (
        "_connections",
        "_heard_out",
        "_lost",
        "_named",
        "address",
        "input",
        "outlet",
        "transport",
        "visit",
    )

    transport: TwistedTransport

    def __init__(
        self,
        house: House,
        connections: Connections,
        transport: Any,
        source: Source,
        dialect: Dialect,
        hearer: Hearer | None = None,
        *,
        made_input: MadeInput = LineInput,
    ) -> None:
        huddle, reactor = house.huddle, connections.reactor
        by_tls = bool(ISSLTransport.providedBy(transport))
        origin = _origin(source.host, source.secure or by_tls)
        self.address = origin.address
        self.transport = transport_for(transport, reactor, huddle.limits.closing)
        self.transport.proxied = source.proxied
        place = site(self.address) or self.address  # who catches up takes turns by the IPv6 /48
        self.outlet = Outlet(
            self.transport, dialect.renderer(house.language, False), huddle.round_robin, place
        )
        self.transport.outlet = self.outlet
        self.visit = Visit(house, dialect, self.outlet, origin, self)
        flow = FlowControl(
            huddle,
            self.visit.progress,
            self.outlet,
            reactor.seconds,
            connections.backlog_shares.of(self.address),
        )
        self.input = made_input(
            self.visit,
            flow,
            huddle.limits.line,
            self.transport,
            hearer or self.visit,
            self,
            connections.input_scheduler,
            connections.input_buffers,
        )
        self.outlet.relieves = self
        if by_tls:
            shake_hands_in_turn(
                transport,
                self.address,
                connections.input_scheduler,
                self.input.count_nothing,
                lambda: self.transport.reading,
            )
        self._connections = connections
        self._named = False
        self._lost = False
        self._heard_out = False
        """Whether all that the peer said is said."""

    def open(self) -> None:
        """Greet the peer, or turn it away where there are too many."""
        if self._connections.let_in(self):
            self.visit.greet()

    def go_on(self) -> None:
        """The visit is busy no more, or replies have gone out: go on with what the peer says."""
        if self._lost and self._heard_out:
            return
        if not self._named and self.visit.progress.named:
            self._named = True
            self._connections.has_name(self)
        if self.input.waits:  # most who come in have said nothing more yet
            self.input.go_on()

    # -- the end -------------------------------------------------------------------------------

    def input_ended(self, owed: bytes = b"") -> None:
        """The peer has ended its side, and may still listen; ``owed`` is what came last.

        If we had ended ours before, it only follows us: that is no leaving. Nor is it one where a
        send has failed: that takes a reset from the kernel, and reading finds a mere end.
        """
        self.transport.input_ended = True
        self.input.feed(owed)
        self.input.end(clean=not self.outlet.closed)
        if self.outlet.ended:
            self.transport.transport.loseConnection()

    def output_ended(self) -> None:
        """Our side is ended, as we wished. The connection ends when the peer's has ended too."""
        if self.transport.input_ended:
            self.transport.transport.loseConnection()

    def lost(self, *, reset: bool = False) -> None:
        """The connection is gone; ``reset``: it was broken off, and not by us."""
        if reset and not self.outlet.closed:
            self.transport.was_reset = True
        self.transport.input_ended = True
        self.transport.over()
        self.outlet.lost()
        self.input.end(clean=False)
        self._lost = True
        self._connections.let_out(self)
        self._end_when_over()

    def finished(self, clean: bool) -> None:
        """All that the peer said is said: who takes its lines is told that nothing more comes."""
        self._heard_out = True
        self.input.hearer.ended(clean)
        self._end_when_over()

    def _end_when_over(self) -> None:
        """Leave the address to others, and let go of what refers to this: a circle of thirty
        objects is there till Python looks for it, and longer if it has looked before that ended."""
        if self._lost and self._heard_out:
            del self.input, self.outlet, self.visit
            self._connections.over(self.address)


@lru_cache(maxsize=4096)
def _origin(host: str, encrypted: bool) -> Origin:
    """Where it comes from, shared by all who come from there.

    What is encrypted cannot be read on the way, nor what stays on this machine.
    """
    return Origin(host, counted_address(host), encrypted or is_this_machine(host))
