"""The door for lines over a stream: people with `nc` and `telnet`, programs with JSON.

Here a transport meets a visit, and that is all: the way of a line is ::

    dataReceived -> TelnetFilter -> Intake -> lineReceived -> Visit.line -> Huddle.say
        -> Sequencer -> Record.append -> Room.publish -> Audience -> Outlet -> Pipe

`LineReceiver` would copy its whole buffer for each line (64 KiB of bare newlines: 40 ms, in which
everybody waits), so what was read is split by `Intake`, which also says when the next line's time
has come.
"""

from __future__ import annotations

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import (
    IAddress,
    IDelayedCall,
    IHalfCloseableProtocol,
    IReactorTime,
    ISSLTransport,
)
from twisted.internet.protocol import ServerFactory, connectionDone
from twisted.logger import Logger
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure
from typing_extensions import override
from zope.interface import implementer

from huddle.delivery.outlet import Outlet
from huddle.dialects.first_line import HTTP_ANSWER, TLS_HANDSHAKE, Peer, recognise
from huddle.dialects.plain.telnet import TelnetFilter
from huddle.doors.connection_limits import Entrance, Manner, counted_address, is_this_machine
from huddle.doors.keepalive import Pulse
from huddle.doors.line_input import Intake
from huddle.doors.shutdown import Farewell
from huddle.doors.transports import BufferedPipe, DirectPipe, pipe_for
from huddle.huddle import Huddle
from huddle.people.rates import Throttle
from huddle.protocol.answers import Closing, Refused
from huddle.protocol.dialect import Dialect
from huddle.protocol.errors import ServerFull, WrongDoor
from huddle.visits.arrival import Origin
from huddle.visits.visit import Visit
from huddle.visits.welcome import House


@implementer(IHalfCloseableProtocol)
class HuddleProtocol(LineReceiver):
    """One connection. Its factory has all that connections share."""

    delimiter = b"\n"
    factory: HuddleFactory
    pipe: DirectPipe | BufferedPipe
    outlet: Outlet
    visit: Visit

    _log = Logger()

    def __init__(self, host: str) -> None:
        self.host = host
        self.address = counted_address(host)
        self._telnet = TelnetFilter()
        self._known: Peer | None = None
        self._lost = False
        self._heard_out = False
        self._reading = True
        self._name_deadline: IDelayedCall | None = None

    @override
    def connectionMade(self) -> None:
        house, limits = self.factory.house, self.factory.huddle.limits
        reactor = self.factory.reactor
        self.pipe = pipe_for(self.transport, reactor, limits.closing)
        face = self.factory.plain.face(house.language, False)
        self.outlet = Outlet(self.pipe, face, house.huddle.turns)
        self.pipe.drained = self.outlet.drained
        origin = Origin(self.host, self.address, self._is_secure())
        self.visit = Visit(house, self.factory.plain, self.outlet, origin, self._ready)
        self._intake = Intake(
            house.huddle,
            self,
            self.visit,
            self.outlet,
            self.lineReceived,
            self._finished,
            self._pace(),
            reactor.seconds,
        )
        self.outlet.on_relief = self._intake.go_on
        if self.factory.let_in(self):
            self._name_deadline = reactor.callLater(limits.name_seconds, self._no_name)
            self.visit.greet()

    def _is_secure(self) -> bool:
        """Whether nobody on the way can read it: TLS, this machine, or a UNIX socket."""
        return ISSLTransport.providedBy(self.transport) or is_this_machine(self.host)

    def _pace(self) -> Throttle | None:
        limits = self.factory.huddle.limits
        if not limits.flood_rate:
            return None
        return Throttle(limits.flood_rate, limits.flood_burst, self.factory.reactor.seconds())

    # -- what comes ----------------------------------------------------------------------------

    @override
    def dataReceived(self, data: bytes) -> None:
        interrupted = False
        if self._known is not Peer.PROGRAM:
            data, interrupted = self._telnet.feed(data)
            self.outlet.reply(self._telnet.answer())
        self._intake.feed(data)
        if self._known is None and self._intake.begins_with(TLS_HANDSHAKE):
            self._meet(TLS_HANDSHAKE)
        if interrupted:
            self._intake.end(clean=True)

    @override
    def lineReceived(self, line: bytes) -> None:
        if self._known is None and not self._meet(line):
            return
        self.visit.line(line)

    def _meet(self, line: bytes) -> bool:
        """Find out who this is by the first line; tells whether they are let speak."""
        self._known = recognise(line)
        match self._known:
            case Peer.PROGRAM:
                self.visit.switch(self.factory.json)
            case Peer.BROWSER:
                self.outlet.reply(HTTP_ANSWER)
                self.visit.dismiss()
            case Peer.TLS_CLIENT:
                self.visit.dismiss(Refused(WrongDoor()))
        return not self.visit.over

    def _ready(self) -> None:
        if self.visit.named and self._name_deadline is not None:
            self._stop_name_deadline()
            self.factory.entrance.pass_on(self)
        self._intake.go_on()

    def _stop_name_deadline(self) -> None:
        if self._name_deadline is not None:
            self._name_deadline.cancel()
            self._name_deadline = None

    def _no_name(self) -> None:
        self._name_deadline = None
        self.visit.took_too_long()

    # -- the end -------------------------------------------------------------------------------

    def readConnectionLost(self) -> None:
        """The peer has ended its side: it may still listen.

        If we had ended ours before, it only follows us: that is no leaving.
        """
        self.pipe.input_ended = True
        self._intake.feed(self._telnet.owed())
        self._intake.end(clean=not self.outlet.closed)
        if self.outlet.ended:
            self.pipe.transport.loseConnection()

    def writeConnectionLost(self) -> None:
        """Our side is ended, as we wished."""
        if self.pipe.input_ended:
            self.pipe.transport.loseConnection()

    @override
    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.pipe.input_ended = self._lost = True
        self._stop_name_deadline()
        self.pipe.over()
        self.outlet.lost()
        self._leave_address()
        self._intake.end(clean=False)
        self.factory.let_out(self)  # the last of all: the record may be closed when it is told

    def _finished(self, clean: bool) -> None:
        """All that the peer said is said."""
        self._heard_out = True
        self.visit.ended(clean)
        self._leave_address()

    def _leave_address(self) -> None:
        if self._lost and self._heard_out:
            self.factory.entrance.leave(self.address)

    # -- huddle.doors.shutdown.Guest -----------------------------------------------------------

    def hear_no_more(self) -> None:
        """Have what was read said; from now on nothing is heard."""
        self._intake.close()

    def say_goodbye(self) -> None:
        """Tell that the house closes once everything before has been told, and end."""
        self.outlet.close_when_level(Closing())

    def cut_short(self) -> None:
        """Tell at once that the house closes."""
        self.outlet.close(Closing())

    def let_go(self) -> None:
        """Be done with it."""
        self.outlet.lost()
        self._intake.end(clean=False)

    # -- huddle.doors.line_input.Source ------------------------------------------------------------

    def pause(self) -> None:
        """Read no more."""
        if self._reading and not self.pipe.input_ended:
            self._reading = False
            self.pipe.transport.pauseProducing()

    def resume(self) -> None:
        """Read again."""
        if not self._reading and not self.pipe.input_ended:
            self._reading = True
            self.pipe.transport.resumeProducing()


class HuddleFactory(ServerFactory["HuddleProtocol"]):
    """Owns the Huddle, and with it the nick registry; makes a protocol for each connection."""

    noisy = False

    def __init__(self, house: House, plain: Dialect, json: Dialect, reactor: IReactorTime) -> None:
        self.house = house
        self.plain = plain
        self.json = json
        self.reactor = reactor
        self.entrance: Entrance[HuddleProtocol] = Entrance(house.huddle.limits, reactor.seconds)
        self.connections: set[HuddleProtocol] = set()
        self.pulse = Pulse(reactor.seconds, house.huddle.limits.give_up)
        self._farewell: Farewell | None = None

    @property
    def huddle(self) -> Huddle:
        """The conversation that goes on behind this door."""
        return self.house.huddle

    @override
    def buildProtocol(self, addr: IAddress | None) -> HuddleProtocol:
        connection = HuddleProtocol(getattr(addr, "host", ""))
        connection.factory = self
        return connection

    def let_in(self, connection: HuddleProtocol) -> bool:
        """Count a new connection, or turn it away."""
        self.connections.add(connection)
        self.pulse.add(connection)
        match self.entrance.arrive(connection.address):
            case Manner.WELCOME if self._farewell is None:
                self._have_stand(connection)
                return True
            case Manner.STORM:
                connection.pipe.abort()
            case Manner.WELCOME:
                connection.visit.dismiss(Closing())
            case Manner.TOO_MANY:
                connection.visit.dismiss(Refused(ServerFull()))
        return False

    def _have_stand(self, connection: HuddleProtocol) -> None:
        too_much = self.entrance.stand(connection)
        if too_much is not None:
            too_much.visit.dismiss(Refused(ServerFull()))

    def let_out(self, connection: HuddleProtocol) -> None:
        """The connection has ended."""
        self.connections.discard(connection)
        self.pulse.discard(connection)
        self.entrance.pass_on(connection)
        if self._farewell is not None:
            self._farewell.one_is_gone()

    def close(self) -> Deferred[None]:
        """Tell everybody that the house closes; fires when all are gone or time is over."""
        for connection in list(self.connections):
            connection.hear_no_more()
        self._farewell = Farewell(self.connections, self.reactor, self.huddle.limits.stopping)
        return self._farewell.begin(self.huddle.sequencer.when_idle())
