"""A hall: rooms over a disk, and readers who take what they are given as the test says."""

from __future__ import annotations

from typing_extensions import override

from huddle.delivery.history import History, Pages
from huddle.delivery.outlet import Outlet
from huddle.delivery.round_robin import RoundRobin
from huddle.delivery.transport import FULL
from huddle.people.sessions import Session
from huddle.protocol.dialect import Renderer
from huddle.protocol.events import Draft, Kind, RoomEvent, Said
from huddle.protocol.limits import Limits
from huddle.rooms.room import Room
from tests.in_memory_tcp import MemoryReactor
from tests.sample_messages import NOON, MemoryTransport, renderer
from tests.slow_record import SlowRecord

LIMITS = Limits(block=4)
ANA, BOB = 1, 2


class FullTransport(MemoryTransport):
    """Takes everything; as long as it is ``full`` it wants no more after that."""

    def __init__(self) -> None:
        super().__init__()
        self.full = False

    @override
    def send(self, data: bytes) -> int:
        taken = super().send(data)
        return FULL if self.full else taken

    @override
    def drain(self, outlet: Outlet) -> None:
        self.full = False
        super().drain(outlet)


class Reader:
    """An outlet, and what comes out of it."""

    def __init__(self, hall: Hall, shown: Renderer, transport: MemoryTransport) -> None:
        self.hall = hall
        self.transport = transport
        self.outlet = Outlet(transport, shown, hall.round_robin)
        self.outlet.session = ANA
        self.relieved = 0
        self.outlet.relieves = self

    def go_on(self) -> None:
        self.relieved += 1

    def subscribes(
        self, after: int | None = None, name: str = "huddle", own_until: int = 0
    ) -> None:
        room = self.hall.room(name)
        self.outlet.subscribe(room, room.published if after is None else after, own_until)

    def stops(self, room: int = 0) -> None:
        """Take so many bytes more."""
        self.transport.room = room

    def takes(self, room: int) -> None:
        """Take what was begun, and so many bytes more."""
        assert self.transport.rest is not None
        self.transport.data, self.transport.rest = self.transport.data + self.transport.rest, None
        self.stops(room)
        self.outlet.drained()
        self.hall.reactor.settle()

    def goes_on(self) -> None:
        """Take everything again, and be given it."""
        self.transport.drain(self.outlet)
        self.hall.reactor.settle()

    def hears(self) -> list[str]:
        self.hall.reactor.settle()
        return self.transport.reads()

    def texts(self) -> list[str]:
        """The last words of the lines it hears."""
        return [line.rpartition(" ")[2] for line in self.hears()]


class Hall:
    """Rooms over a disk. What was written before a room is opened has to be read from it."""

    def __init__(self, written: int = 0, limits: Limits = LIMITS) -> None:
        self.reactor = MemoryReactor()
        self.round_robin = RoundRobin(self.reactor.callLater)
        self.limits = limits
        self.disk = SlowRecord(limits)
        self.rooms: dict[str, Room] = {}
        for number in range(1, written + 1):
            self.write(str(number))

    def room(self, name: str = "huddle") -> Room:
        if name not in self.rooms:
            history = History(name, self.disk, Pages(self.limits.pages), self.limits)
            self.rooms[name] = Room(name, history, self.reactor.callLater, self.limits)
        return self.rooms[name]

    def write(self, text: str, session: int = BOB, name: str = "huddle", time: int = NOON) -> Said:
        written: list[Said] = []
        draft = Draft(name, session, "ana" if session == ANA else "bob", Kind.SAY, text)
        self.disk.append([draft], time).addCallback(written.extend)
        return written[0]

    def says(self, *texts: str, session: int = BOB, name: str = "huddle") -> None:
        """One batch."""
        room = self.room(name)
        room.publish([self.write(text, session, name) for text in texts])

    def tells(self, *events: RoomEvent) -> None:
        self.room().publish(list(events))

    def member(self, nick: str, number: int) -> None:
        """Somebody comes into the room, and is away."""
        self.room().add(Session(number, nick))

    def reader(
        self, shown: Renderer | None = None, transport: MemoryTransport | None = None
    ) -> Reader:
        """Somebody who subscribes to nothing yet."""
        return Reader(self, shown or renderer(), transport or MemoryTransport())

    def member_reader(self, nick: str = "ana") -> Reader:
        """A member of the room who is level with it."""
        reader = self.reader()
        session = Session(ANA, nick)
        session.outlet = reader.outlet
        self.room().add(session)
        reader.subscribes()
        self.reactor.settle()
        return reader

    def live_reader(self, transport: MemoryTransport | None = None) -> Reader:
        """Somebody who is level with the room."""
        reader = self.reader(transport=transport)
        reader.subscribes()
        self.reactor.settle()
        assert reader.outlet.live
        return reader


def numbers(first: int, last: int) -> list[str]:
    return [str(number) for number in range(first, last + 1)]


def ring(kept: int) -> Limits:
    """Of a record that keeps so many messages."""
    return Limits(block=4, ring_messages=kept)
