"""The pipes: every byte arrives, in order, and little waits for a reader who has stopped."""

from __future__ import annotations

import random
import socket
from typing import Any, cast

import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.tcp import Port, Server
from twisted.internet.testing import StringTransport
from twisted.internet.unix import Server as UnixServer
from twisted.protocols.policies import ProtocolWrapper, WrappingFactory
from typing_extensions import override

from huddle.delivery.outlet import Outlet
from huddle.delivery.transport import FULL
from huddle.doors.lean_server import LeanServer
from huddle.doors.listening import ACCEPTS, accepts_at_once, tune_listening
from huddle.doors.transports import (
    NOT_SENT_LOW_WATER,
    OPTIONS,
    BufferedTransport,
    DirectTransport,
    send_at_once,
    transport_for,
)
from huddle.protocol.limits import KIB, Limits
from tests.in_memory_tcp import BufferedServer, MemoryReactor, MemorySocket
from tests.world import DIRECT, TRANSPORTS, UNIX, Peer, World

FREELY = Limits(flood_rate=0)
A_LOT = 2000
"""Lines of a kilobyte: more than the kernel, the transport and a slab have room for."""


def texts(count: int) -> list[str]:
    return [f"{number} {'x' * 1000}" for number in range(count)]


def heard_by(reader: Peer) -> list[str]:
    """What came, without the times of what came late."""
    return [line.removeprefix("12:00 ") for line in reader.reads()]


def as_heard(texts: list[str]) -> list[str]:
    return [f"<ana> {text}" for text in texts]


def a_stopped_reader(transport: str, room: int = 0) -> tuple[World, Peer, Peer]:
    world = World(limits=FREELY)
    ana, bob = world.person("ana"), world.person("bob", transport=transport)
    ana.forgets()
    bob.stops_reading(room)
    return world, ana, bob


@pytest.mark.parametrize("room", [0, 1, 1000, 100_000])
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_reader_who_had_stopped_gets_everything_when_they_read_on(
    transport: str, room: int
) -> None:
    _, ana, bob = a_stopped_reader(transport, room)
    ana.says(*texts(A_LOT))
    bob.reads_again()
    assert heard_by(bob) == as_heard(texts(A_LOT))


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_reader_who_takes_a_few_bytes_at_a_time_gets_everything(transport: str) -> None:
    _, ana, bob = a_stopped_reader(transport)
    ana.says(*texts(50))
    chance = random.Random(3)
    for _ in range(200):
        bob.takes(chance.randrange(1, 1500))
    bob.reads_again()
    assert heard_by(bob) == as_heard(texts(50))


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_reader_who_has_stopped_is_a_member_for_as_long_as_they_like(transport: str) -> None:
    world, ana, _ = a_stopped_reader(transport)
    ana.says(*texts(10))
    world.passes(3000)
    ana.says("/who")
    ana.hears("-- 2 here: ana, bob.")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_who_falls_off_the_ring_is_told_how_much_is_gone(transport: str) -> None:
    world = World(limits=Limits(flood_rate=0, ring_messages=300))
    ana, bob = world.person("ana"), world.person("bob", transport=transport)
    bob.stops_reading()
    ana.says(*texts(1000))
    bob.reads_again()
    heard = bob.reads()
    gone = next(number for number, line in enumerate(heard) if line.endswith("are gone --"))
    assert heard[gone] == f"-- {1000 - 300 - gone} messages are gone --"
    assert heard[gone + 1 :] == [f"12:00 <ana> {text}" for text in texts(1000)[700:]]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_what_waits_in_the_transport_for_a_stopped_reader_is_bounded(transport: str) -> None:
    _, ana, bob = a_stopped_reader(transport)
    ana.says(*texts(A_LOT))
    twisteds = bob.connection.transport.transport
    waiting = len(twisteds.dataBuffer) - twisteds.offset + twisteds._tempDataLen
    assert waiting <= {"direct": 2 * KIB, "buffered": 192 * KIB}[transport]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_last_words_reach_a_reader_who_takes_them_slowly(transport: str) -> None:
    _, ana, bob = a_stopped_reader(transport)
    ana.says("hola")
    bob.says("/salir")
    for _ in range(20):
        bob.takes(1)
    bob.reads_again()
    bob.hears_at_last("-- Bye!")
    assert bob.gone
    assert not bob.connection.transport.transport.producer


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_connection_lost_in_the_middle_of_a_line_leaves_nothing_behind(transport: str) -> None:
    world, ana, bob = a_stopped_reader(transport, 500)
    ana.says(*texts(5))
    bob.cut()
    assert bob.gone
    ana.says(*texts(5))
    ana.hears()
    assert len(world.connections.here) == 1


def refuses_everything(peer: Peer) -> None:
    """From now on each send to this live peer fails for good."""

    def refuse(data: bytes) -> int:
        raise BrokenPipeError

    outlet, ours = peer.connection.outlet, peer.connection.transport
    ours.send = refuse  # type: ignore[method-assign]
    audience = peer.world.huddle.room("huddle").audience(outlet.renderer)
    audience.discard(outlet)
    audience.add(outlet, ours.send)


@pytest.mark.parametrize("transport", [DIRECT, UNIX])
def test_one_whose_sends_fail_is_heard_out(transport: str) -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob", transport=transport)
    bob.says(*map(str, range(80)))
    ana.forgets()
    refuses_everything(bob)
    ana.says("hola")
    assert bob.connection.outlet.ended
    read = bob.connection.transport.read_before_reset()
    assert read == ({} if transport == DIRECT else None)  # and what else was sent is shown again
    assert not bob.gone
    world.passes(10)
    ana.hears(*[f"<bob> {number}" for number in range(59, 80)])
    assert bob.gone


def test_one_whose_sends_fail_while_they_leave_is_gone() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    refuses_everything(bob)
    ana.sends(b"one\ntwo\n")  # two lines wait for the next turn, in which bob's end has come
    bob.ends()
    assert bob.gone
    ana.hears("-- bob left")


# -- which transport ---------------------------------------------------------------------------


class Options(MemorySocket):
    """Keeps which options were set."""

    def __init__(self) -> None:
        super().__init__()
        self.set: list[tuple[int, int, object]] = []
        self.low_water = 0

    @override
    def setsockopt(self, level: int, option: int, value: object) -> None:
        self.set.append((level, option, value))

    @override
    def getsockopt(self, level: int, option: int, size: int = 0) -> Any:
        return self.low_water if option == socket.TCP_NOTSENT_LOWAT else b""


def server(kind: type[Server] = Server) -> tuple[Server, Options, MemoryReactor]:
    reactor, wire = MemoryReactor(), Options()
    peer = ("192.0.2.1", 4711)
    transport = kind(wire, Protocol(), peer, None, 0, reactor)  # type: ignore[arg-type]
    return transport, wire, reactor


def test_plain_tcp_is_sent_to_directly_and_tuned() -> None:
    transport, wire, reactor = server()
    assert isinstance(transport_for(transport, reactor, 5), DirectTransport)
    assert wire.set == list(OPTIONS)


def test_a_connection_has_its_options_from_what_listens_for_it() -> None:
    port = Port(0, Factory(), interface="127.0.0.1", reactor=MemoryReactor())
    port.startListening()
    tune_listening(port)
    with (
        socket.create_connection(("127.0.0.1", port.getHost().port)),
        port.socket.accept()[0] as it,
    ):
        assert [it.getsockopt(*option[:2]) for option in OPTIONS] == [row[2] for row in OPTIONS]
    port.socket.close()


def test_of_many_who_connect_at_once_few_are_let_in_before_the_reactor_sees_to_others() -> None:
    factory, reactor = Factory.forProtocol(Protocol), MemoryReactor()
    port = Port(0, factory, backlog=64, interface="127.0.0.1", reactor=reactor)
    port.startListening()
    tune_listening(port)
    place = "127.0.0.1", port.getHost().port
    many = [socket.create_connection(place) for _ in range(3 * ACCEPTS)]
    accepted = []
    for _ in range(4):
        port.doRead()
        accepted.append(port.sessionno)
    for each in (*many, *(reader.socket for reader in reactor._readers)):
        each.close()
    assert accepted == [ACCEPTS, 2 * ACCEPTS, 3 * ACCEPTS, 3 * ACCEPTS]


@pytest.mark.parametrize(("files", "most"), [(34, 1), (255, 1), (512, 4), (1024, 8), (-1, 8)])
def test_where_few_files_may_be_open_fewer_connections_are_taken_at_once(
    files: int, most: int
) -> None:
    assert accepts_at_once(files) == most


def test_what_listens_makes_lean_connections_which_are_sent_to_directly() -> None:
    port, wire = Port(0, Factory(), interface="127.0.0.1", reactor=MemoryReactor()), Options()
    port.startListening()
    tune_listening(port)
    port.socket.close()
    peer = ("192.0.2.1", 4711)
    came_in = port.transport(wire, Protocol(), peer, port, 0, MemoryReactor())  # type: ignore[arg-type]
    assert isinstance(came_in, LeanServer)
    assert isinstance(transport_for(came_in, MemoryReactor(), 5), DirectTransport)


def test_options_that_a_connection_has_are_not_set_again() -> None:
    transport, wire, reactor = server()
    wire.low_water = NOT_SENT_LOW_WATER
    transport_for(transport, reactor, 5)
    assert wire.set == []


def test_a_unix_socket_has_no_options_and_is_sent_to_directly_too() -> None:
    transport, wire, reactor = server(UnixServer)
    ours = transport_for(transport, reactor, 5)
    assert isinstance(ours, DirectTransport)
    assert ours.nearby is transport.getHandle()
    assert wire.set == []


def test_another_transport_is_written_to() -> None:
    transport, _, reactor = server(BufferedServer)
    assert isinstance(transport_for(transport, reactor, 5), BufferedTransport)


def test_under_a_wrapper_such_as_tls_the_socket_is_tuned_too() -> None:
    transport, wire, reactor = server()
    wrapper = ProtocolWrapper(WrappingFactory(Factory.forProtocol(Protocol)), Protocol())
    wrapper.makeConnection(transport)
    ours = transport_for(wrapper, reactor, 5)
    assert isinstance(ours, BufferedTransport)
    assert wire.set == list(OPTIONS)
    assert ours.connection is transport.getHandle()
    assert send_at_once(wrapper, b"in clear") == 0
    assert wire.taken == b""


def test_what_is_no_connection_of_the_kernel_has_no_tcp_socket() -> None:
    memory = StringTransport(peerAddress=IPv4Address("TCP", "192.0.2.1", 1))
    assert transport_for(memory, MemoryReactor(), 5).connection is None


class Told:
    """An outlet that only counts how often it is told."""

    def __init__(self) -> None:
        self.drains: list[bool] = []

    def drained(self) -> None:
        self.drains.append(True)


def test_a_buffered_pipe_takes_nothing_while_it_is_told_to_wait() -> None:
    reactor = MemoryReactor()
    transport = StringTransport()
    ours = BufferedTransport(transport, reactor, 5)
    outlet = Told()
    ours.outlet = cast(Outlet, outlet)
    assert ours.send(b"hola") == 4
    ours.pauseProducing()
    ours.pauseProducing()
    assert ours.send(b"more") == 0
    ours.finish(b"more")
    reactor.settle()
    assert not outlet.drains
    ours.resumeProducing()
    ours.resumeProducing()
    reactor.settle()
    assert outlet.drains == [True]
    assert transport.value() == b"holamore"


def test_a_buffered_pipe_that_is_told_to_wait_within_a_write_has_taken_it() -> None:
    class Small(StringTransport):
        @override
        def write(self, data: bytes) -> None:
            super().write(data)
            ours.pauseProducing()

    ours = BufferedTransport(Small(), MemoryReactor(), 5)
    assert ours.send(b"hola") == FULL
