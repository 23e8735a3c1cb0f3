"""A toy door: another port, another framing, another dialect, and nothing of Huddle is changed.

It speaks netstrings, which have no ends of lines. What all doors share holds for it: limits,
keepalive, shutdown, and that a reader who stops loses nothing.
"""

from __future__ import annotations

import re
import struct
import sys
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.endpoints import TCP4ServerEndpoint
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IAddress, IHalfCloseableProtocol
from twisted.internet.protocol import Factory, connectionDone
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.protocols.basic import NetstringReceiver
from twisted.python.failure import Failure
from typing_extensions import override
from zope.interface import implementer

from huddle.doors.connection import Connection
from huddle.doors.connections import Connections
from huddle.doors.line import HuddleFactory
from huddle.doors.proxy.address import Source, source_of
from huddle.protocol.answers import Answer
from huddle.protocol.dialect import Dialect, Reader, Renderer, Traits
from huddle.protocol.events import RoomEvent, Said
from huddle.protocol.limits import Limits
from huddle.protocol.requests import Bye, Hello, Request, Say
from huddle.server.options import Options
from huddle.server.service import Door, HuddleService
from huddle.visits.house import House
from tests.in_memory_tcp import MemorySocket
from tests.world import Peer, World

HERE = IPv4Address("TCP", "127.0.0.1", 50_000)
FREELY = Limits(flood_rate=0)


# The door


def netstring(text: str) -> bytes:
    data = text.encode()
    return b"%d:%b," % (len(data), data)


class ToyRenderer(Renderer):
    """Tells of each thing by the name of its class, and of what is said in full."""

    audience = "toy"

    @override
    def live(self, events: Sequence[RoomEvent]) -> list[bytes]:
        return [netstring(self._told(event)) for event in events]

    @override
    def past(self, messages: Sequence[Said], previous: int | None) -> list[bytes]:
        return self.live(messages)

    @override
    def opening(self, time: int) -> bytes:
        return b""

    @override
    def answer(self, event: Answer) -> bytes:
        return netstring(self._told(event))

    def _told(self, event: object) -> str:
        if isinstance(event, Said):
            return f"{event.nick}={event.text}"
        return type(event).__name__


class ToyReader(Reader):
    """`i NAME` comes in, an exclamation mark leaves, everything else is said."""

    not_utf8 = False

    @override
    def read(self, line: bytes, named: bool) -> Request | None:
        text = line.decode()
        if text == "!":
            return Bye()
        return Say(text) if named else Hello(nick=text.removeprefix("i "))


class ToyDialect(Dialect):
    """Those who speak it are neither like people with `nc` nor like programs."""

    traits: Final = Traits(
        many_rooms=False,
        own_secret=False,
        brings_cursors=False,
        return_word=False,
        login_at_door=False,
        leaves_at_end=False,
        awaits_answers=False,
        types=False,
    )
    _renderer = ToyRenderer()

    @override
    def reader(self) -> ToyReader:
        return ToyReader()

    @override
    def renderer(self, language: str, times: bool, numbers: bool = False) -> ToyRenderer:
        return self._renderer


@implementer(IHalfCloseableProtocol)
class ToyProtocol(NetstringReceiver):
    """One connection by this door."""

    connection: Connection

    def __init__(self, house: House, connections: Connections, source: Source) -> None:
        self._shared = house, connections
        self._source = source

    @override
    def connectionMade(self) -> None:
        self.connection = Connection(*self._shared, self.transport, self._source, ToyDialect())
        self.connection.open()

    @override
    def stringReceived(self, string: bytes) -> None:
        self.connection.input.feed(string + b"\n")

    def readConnectionLost(self) -> None:
        self.connection.input_ended()

    def writeConnectionLost(self) -> None:
        self.connection.output_ended()

    @override
    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.connection.lost()


class ToyFactory(Factory[ToyProtocol]):
    """The door, made from the first one."""

    noisy = False

    def __init__(self, first: HuddleFactory) -> None:
        self._shared = first.house, first.connections

    @override
    def buildProtocol(self, addr: IAddress | None) -> ToyProtocol:
        return ToyProtocol(*self._shared, source_of(addr))


# Who comes by it


class Toy(Peer):
    """A peer that speaks netstrings."""

    @override
    def says(self, *lines: str) -> None:
        self.sends(b"".join(map(netstring, lines)))
        self.world.settle()

    @override
    def reads(self) -> list[str]:
        new = []
        while begun := re.match(rb"(\d+):", self.wire.taken):
            end = begun.end() + int(begun[1])
            if len(self.wire.taken) <= end:
                break
            new.append(self.wire.taken[begun.end() : end].decode())
            del self.wire.taken[: end + 1]
        return new


def knocks(world: World, address: str = "10.0.0.1") -> Toy:
    toy = Toy(world)
    world.attach(toy, address, door=ToyFactory(world.factory))
    world.settle()
    return toy


def enters(world: World, nick: str) -> Toy:
    toy = knocks(world)
    toy.says(f"i {nick}")
    toy.forgets()
    return toy


class Dead(MemorySocket):
    """A connection whose peer has acknowledged nothing for thirty seconds (`tcp_info`)."""

    @override
    def getsockopt(self, level: int, option: int, size: int = 0) -> bytes:
        info = bytearray(size)
        struct.pack_into("=BB", info, 2, 6, 0)
        struct.pack_into("=I", info, 56, 30_000)
        return bytes(info)


# What holds for it


def test_who_comes_by_it_talks_with_those_who_come_by_the_first_door() -> None:
    world = World()
    ana, bot = world.person("ana"), world.program("bot")
    toy = knocks(world)
    toy.hears("Greeting")
    toy.says("i toy")
    toy.hears("Welcome")
    ana.hears_at_last("-- toy joined")
    bot.forgets()
    ana.says("hola")
    toy.hears("ana=hola")
    toy.says("¿qué tal?", "nothing\nbut this")
    ana.hears("<toy> ¿qué tal?", "<toy> nothing", "<toy> but this")
    assert bot.said()[-2:] == ["nothing", "but this"]


def test_the_connections_of_one_address_are_counted_over_all_doors() -> None:
    world = World(limits=Limits(per_address=3))
    world.connect()
    knocks(world)
    world.connect()
    late = knocks(world)
    late.hears("Refused")
    assert late.gone
    knocks(world, "10.0.0.9").hears("Greeting")


def test_past_so_many_without_a_nick_the_oldest_goes_whatever_door_it_came_by() -> None:
    world = World(limits=Limits(unnamed=2))
    first, second, _ = knocks(world), world.connect(), knocks(world)
    first.hears("Greeting", "Refused")
    assert first.gone and not second.gone


def test_whoever_gives_no_nick_has_to_go_after_a_minute() -> None:
    world = World()
    silent, toy = knocks(world), enters(world, "toy")
    world.passes(60)
    silent.hears("Greeting", "Refused")
    assert silent.gone and not toy.gone


def test_a_peer_that_has_died_is_found_and_its_nick_is_held() -> None:
    world = World()
    toy = enters(world, "toy")
    toy.wire.__class__ = Dead
    world.beats()
    assert toy.gone
    assert world.huddle.nicks.owner("toy") is not None


def test_when_the_house_closes_they_hear_what_was_said_and_that_it_closes() -> None:
    world = World()
    ana, toy = world.person("ana"), enters(world, "toy")
    ana.sends(b"wait for me\n")
    world.reactor.turn()
    closed = world.connections.close()
    world.settle()
    toy.hears("ana=wait for me", "Closing")
    assert toy.gone and ana.gone and closed.called


def test_a_reader_who_has_stopped_gets_everything_later_and_once() -> None:
    world = World(limits=FREELY)
    ana, toy = world.person("ana"), enters(world, "toy")
    toy.stops_reading(100)
    texts = [f"{number} {'x' * 500}" for number in range(2000)]
    for start in range(0, len(texts), 100):
        ana.says(*texts[start : start + 100])
    assert toy.connection.outlet.waiting == 0
    toy.reads_again()
    toy.hears(*[f"ana={text}" for text in texts])
    ana.says("and on")
    toy.hears("ana=and on")


def test_who_says_too_much_too_fast_is_slowed_down() -> None:
    world = World(limits=Limits(flood_rate=5, flood_burst=10))
    ana, toy = world.person("ana"), enters(world, "toy")
    ana.forgets()
    toy.says(*map(str, range(20)))
    ana.hears(*[f"<toy> {number}" for number in range(9)])  # the name was the first of the ten
    world.passes(1.1)
    ana.hears(*[f"<toy> {number}" for number in range(9, 14)])


def test_what_its_end_of_input_means_is_what_its_dialect_says() -> None:
    world = World()
    ana, toy, other = world.person("ana"), enters(world, "toy"), enters(world, "other")
    ana.forgets()
    toy.ends()
    other.says("!")
    assert toy.gone and other.gone
    assert world.huddle.nicks.owner("toy") is not None
    assert world.huddle.nicks.owner("other") is None
    ana.hears("-- other left")


# At its own port


class Machine(MemoryReactorClock):
    """A machine on which nothing is real."""

    def callFromThread(self, call: Any, *arguments: object) -> None:  # noqa: N802
        self.callLater(0, call, *arguments)


@pytest.fixture
def interval() -> Iterator[None]:
    """What a server sets for the whole process is set back."""
    kept = sys.getswitchinterval()
    yield
    sys.setswitchinterval(kept)


def test_a_server_opens_it_at_a_port_of_its_own_and_closes_it(interval: None) -> None:
    machine, options = Machine(), Options()
    options.parseOptions(["--history", "none", "--lang", "en"])
    doors = [
        Door("people", TCP4ServerEndpoint(machine, 55123)),
        Door("toys", TCP4ServerEndpoint(machine, 7070), ToyFactory),
    ]
    service = HuddleService(options, doors, machine)  # type: ignore[arg-type]
    service.privilegedStartService()
    service.startService()
    [line_door, toy_door] = [factory for _port, factory, *_ in machine.tcpServers]
    assert [port for port, *_ in machine.tcpServers] == [55123, 7070]
    assert isinstance(line_door, HuddleFactory)
    person, toy = StringTransport(), StringTransport()
    protocols = [line_door.buildProtocol(HERE), toy_door.buildProtocol(HERE)]
    for protocol, transport in zip(protocols, (person, toy), strict=True):
        assert protocol is not None
        protocol.makeConnection(transport)
    stopped = service.stopService()
    assert person.value().endswith(b"-- The server is closing. Bye!\n")
    assert toy.value() == netstring("Greeting") + netstring("Closing")
    for protocol in protocols:
        assert protocol is not None
        protocol.connectionLost(Failure(ConnectionDone()))
    machine.advance(0)
    assert stopped.called
    machine.advance(options.limits.name_seconds)  # the timer of all that have no nick
    assert not machine.getDelayedCalls()
