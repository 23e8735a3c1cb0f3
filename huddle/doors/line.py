"""The door for lines over a stream: people with `nc` and `telnet`, programs with JSON.

What is read goes to `LineInput`, through `TelnetFilter` where it must. The first line of a
connection comes back to `HuddleProtocol.line`, all others go to `Visit.line`; their whole way is
drawn in `huddle`.

`LineReceiver` would copy its whole buffer for each line (64 KiB of bare newlines: 40 ms, in which
everybody waits), so what was read is split by `LineInput`, which also says when the next line's
time has come.
"""

from __future__ import annotations

from codecs import BOM_UTF8

from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import IAddress, IHalfCloseableProtocol
from twisted.internet.protocol import ServerFactory, connectionDone
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure
from typing_extensions import override
from zope.interface import implementer

from huddle.dialects.first_line import TLS_HANDSHAKE, Peer, http_answer, recognise
from huddle.dialects.plain.telnet import CR, IAC, TelnetFilter
from huddle.doors.connection import Connection
from huddle.doors.connection_limits import is_this_machine
from huddle.doors.connections import Connections
from huddle.doors.delayed_ack import acknowledge, leave_to_kernel
from huddle.doors.proxy.address import Source, source_of
from huddle.huddle import Huddle
from huddle.protocol.answers import Refused
from huddle.protocol.dialect import Dialect
from huddle.protocol.errors import WrongDoor
from huddle.visits.house import House

TELNET_READ, TELNET_COMMAND = 256, 64
"""Bytes that a read with commands of Telnet counts as, and each command in it: nobody types
them, and to find 4,000 of them in one read takes as long as twenty lines."""

GREETS_AFTER = 0.1
"""Seconds for which the greeting waits for a first line. A browser takes for an answer what comes
first, and shows nothing of it where that is no HTTP. What it asks follows its handshake at once: it
is here by then, where the way to and fro is shorter than this."""


_PROGRAM = Peer.PROGRAM  # to ask the class for it, at each read, takes as long as ten steps


@implementer(IHalfCloseableProtocol)
class HuddleProtocol(LineReceiver):
    """One connection by this door: its first line tells whether a person or a program is there."""

    __slots__ = ("_entered", "_known", "_source", "_telnet", "connection")

    delimiter = b"\n"
    factory: HuddleFactory
    connection: Connection

    def __init__(self, source: Source) -> None:
        self._source = source
        self._telnet: TelnetFilter | None = None
        """What takes Telnet's commands out, from the first read on in which there may be some."""
        self._known: Peer | None = None
        self._entered = False
        """Whether the last read was a line's end, of which more may come."""

    @override
    def connectionMade(self) -> None:
        door = self.factory
        self.connection = Connection(
            door.house,
            door.connections,
            self.transport,
            self._source,
            door.plain,
            self,
        )
        if not door.greets_after:
            self.connection.open()
        elif door.connections.let_in(self.connection):
            door.greetings.set(self, door.greets_after)

    def greet(self) -> None:
        """Give the greeting now, which waits for a first line."""
        self.factory.greetings.due.pop(self, None)
        visit = self.connection.visit
        if not visit.progress.over:
            visit.greet()

    def greet_unless_a_line_waits(self) -> None:
        """No first line was heard in time. Where many come at once one may be here that waits for
        its turn: the greeting goes out with the answer to that, and a browser is given its page."""
        if self.connection.input.has_line:
            self.factory.greetings.set(self, self.factory.greets_after)
        else:
            self.greet()

    @override
    def dataReceived(self, data: bytes) -> None:
        is_program = self._known is _PROGRAM
        if not is_program and (self._entered or data == b"\r"):
            data = self._entering(data)
        if is_program or not (IAC in data or CR in data or (self._telnet and self._telnet.keeps)):
            self.connection.input.feed(data)
        else:
            self._telnet = self._telnet or TelnetFilter()
            self._receive_telnet(data, self._telnet)
        connection = self.connection
        if self._known is not _PROGRAM:  # to whose lines there is an answer, which acknowledges
            acknowledge(connection.transport, connection.input.flow.share.sequencer.is_busy)
        elif connection.transport.delays_acks:
            leave_to_kernel(connection.transport)
        if self._known is None and self.connection.input.begins_with(TLS_HANDSHAKE):
            self._meet(TLS_HANDSHAKE)

    def _entering(self, data: bytes) -> bytes:
        """The key Enter came by itself, as from a terminal that sends every key: a CR alone is the
        line's end then, and what may belong to it and comes later is dropped."""
        if self._entered and data[:1] in (b"\n", b"\0"):
            data = data[1:]
        self._entered = data == b"\r"
        return b"\n" if self._entered else data

    def _receive_telnet(self, data: bytes, telnet: TelnetFilter) -> None:
        has_commands = IAC in data
        data, interrupted = self._without_telnet(data, telnet)
        if telnet.is_asked:
            self.connection.outlet.reply(telnet.answer())
        self.connection.input.feed(data)
        if has_commands:
            self.connection.input.go_on()  # what they cost may be more than is read on now
        if interrupted:
            self.connection.input.end(clean=True)

    def _without_telnet(self, data: bytes, telnet: TelnetFilter) -> tuple[bytes, bool]:
        """What is left of it, and whether the peer interrupts; commands cost what they take."""
        if commands := data.count(IAC):
            self.connection.input.flow.count_bytes(TELNET_READ + TELNET_COMMAND * commands)
        worked = self.factory.connections.processor_seconds
        began = worked()
        try:
            return telnet.feed(data)
        finally:
            self.connection.input.count_time(worked() - began)

    @override
    def lineReceived(self, line: bytes) -> None:
        """Take the first line, as the `Hearer` of this connection's input; the visit takes all that
        follow."""
        while line.startswith(BOM_UTF8):  # as programs on Windows begin, some with a line of it
            line = line.removeprefix(BOM_UTF8)
            if not line.strip():
                return
        if self._meet(line):
            visit, outlet = self.connection.visit, self.connection.outlet
            visit.line(line)
            if not visit.progress.busy:
                outlet.reply(b"")  # the greeting, where nothing was answered

    line = lineReceived

    def ended(self, clean: bool) -> None:
        """Nothing more comes, and no line has come that says something: who has not been greeted is
        greeted now."""
        if self in self.factory.greetings.due:
            self.greet()
        self.connection.visit.ended(clean)

    def _meet(self, line: bytes) -> bool:
        """Find out who this is by the first line; tells whether they are let speak."""
        visit = self.connection.visit
        self._known = recognise(line)
        self.connection.input.hearer = visit
        told = self.factory.greetings.due.pop(self, None) is None
        if not told and self._known is not Peer.BROWSER:
            visit.greet_with_answer()
        match self._known:
            case Peer.PROGRAM:
                visit.switch(self.factory.json)
            case Peer.BROWSER:
                try:
                    answer = http_answer(self._page(), self.factory.house.language)
                    self.connection.outlet.reply(answer)
                finally:  # or what it sends behind that were heard
                    visit.dismiss()
            case Peer.TLS_CLIENT:
                visit.dismiss(Refused(WrongDoor()))
        return not visit.progress.over

    def _page(self) -> str:
        """The address of the page for who is where this peer is; empty where there is none."""
        told = self.factory.house.invitation("")
        here = told.local if is_this_machine(self._source.host) else ()
        return told.page or next((row for row in here if row.startswith("http")), "")

    def readConnectionLost(self) -> None:
        """The peer has ended its side: it may still listen."""
        self.connection.input_ended(self._telnet.owed() if self._telnet else b"")

    def writeConnectionLost(self) -> None:
        """Our side is ended, as we wished: all that was to be said is out."""
        self.connection.output_ended()

    @override
    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.factory.greetings.due.pop(self, None)
        self.connection.lost(reset=reason.type is ConnectionLost)  # not aborted by us


class HuddleFactory(ServerFactory["HuddleProtocol"]):
    """Owns the Huddle, and with it the nick registry; makes a protocol for each connection.

    ``connections`` are those of all doors. The dialects are what people and programs speak.
    """

    noisy = False

    def __init__(
        self, house: House, connections: Connections, plain: Dialect, json: Dialect
    ) -> None:
        self.house = house
        self.connections = connections
        self.plain = plain
        self.json = json
        self.greets_after = GREETS_AFTER
        """Seconds for which a greeting waits (`GREETS_AFTER`); 0: for nothing, and whoever comes by
        a browser is shown nothing."""
        self.greetings = connections.deadlines(HuddleProtocol.greet_unless_a_line_waits)
        """Those who have not been greeted yet."""

    @property
    def huddle(self) -> Huddle:
        """The conversation that goes on behind this door."""
        return self.house.huddle

    @override
    def buildProtocol(self, addr: IAddress | None) -> HuddleProtocol:
        protocol = HuddleProtocol(source_of(addr))
        protocol.factory = self
        return protocol
