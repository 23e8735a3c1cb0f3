"""A port is open from the start, and nobody is served before the node is level."""

from __future__ import annotations

from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IProtocolFactory
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.tcp import Server
from twisted.internet.testing import StringTransportWithDisconnection
from typing_extensions import override

from huddle.doors.line import HuddleFactory
from huddle.doors.listening import SentAway
from huddle.server.node.readiness import ReadyLater
from tests.in_memory_tcp import MemorySocket
from tests.world import Peer, World

HERE = IPv4Address("TCP", "10.0.0.1", 40_000)


class Counted(Factory):
    """A door that says when it was opened and closed."""

    protocol = Protocol
    noisy = False

    def __init__(self) -> None:
        self.turns: list[str] = []

    @override
    def startFactory(self) -> None:
        self.turns.append("opened")

    @override
    def stopFactory(self) -> None:
        self.turns.append("closed")


class Entrance:
    """A world whose door is ready later."""

    def __init__(self) -> None:
        self.world = World()
        self.ready_later = ReadyLater(lambda first: first)

    def connects(self) -> Peer:
        peer = Peer(self.world)
        protocol = self.ready_later.buildProtocol(HERE)
        peer.wire = MemorySocket()
        server = Server(
            peer.wire,  # type: ignore[arg-type]
            protocol,
            (HERE.host, HERE.port),
            None,  # type: ignore[arg-type]
            0,
            self.world.reactor,
        )
        protocol.makeConnection(server)
        self.world.settle()
        return peer


def test_who_comes_too_early_is_sent_away_and_may_come_again() -> None:
    entrance = Entrance()
    early = entrance.connects()
    early.sends(b"ana\nhola\n")
    entrance.world.settle()
    assert early.reads() == [] and early.closed
    assert not entrance.world.connections.here
    entrance.ready_later.open(entrance.world.factory)
    ana = entrance.connects()
    ana.hears("Welcome to huddle. What is your nick?")
    ana.says("ana")
    assert [session.nick for session in entrance.world.huddle.registry.sessions] == ["ana"]


def test_who_is_sent_away_is_told_nothing() -> None:
    away, transport = SentAway(), StringTransportWithDisconnection()
    transport.protocol = away
    away.makeConnection(transport)
    assert not transport.connected and transport.value() == b""


def test_the_door_behind_it_is_made_when_it_is_opened_and_of_the_first_door() -> None:
    made: list[HuddleFactory] = []

    def made_from(first: HuddleFactory) -> IProtocolFactory:
        made.append(first)
        return door

    door, first = Counted(), World().factory
    ready_later = ReadyLater(made_from)
    ready_later.doStart()
    assert isinstance(ready_later.buildProtocol(HERE), SentAway)
    assert not made and door.turns == []
    ready_later.open(first)
    assert made == [first] and door.turns == ["opened"]
    assert type(ready_later.buildProtocol(HERE)) is Protocol
    ready_later.doStop()
    assert door.turns == ["opened", "closed"]


def test_one_that_was_never_opened_is_closed_all_the_same() -> None:
    ready_later = ReadyLater(lambda first: first)
    ready_later.doStart()
    ready_later.doStop()
