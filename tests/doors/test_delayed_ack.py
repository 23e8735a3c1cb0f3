"""Delayed acknowledgement: when the kernel confirms what people say, and when that is its own."""

from __future__ import annotations

import socket
import struct
from typing import Any, cast

import pytest
from twisted.internet.protocol import Protocol
from twisted.internet.tcp import Server
from twisted.internet.unix import Server as UnixServer
from typing_extensions import override

from huddle.doors.delayed_ack import acknowledge
from huddle.doors.transports import BufferedTransport, DirectTransport, TwistedTransport
from tests.in_memory_tcp import MemoryReactor, MemorySocket
from tests.world import Peer, World


class Told(MemorySocket):
    """Keeps what was set of TCP_QUICKACK, as long as there is a connection."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[object] = []
        self.lost = False

    @override
    def setsockopt(self, level: int, option: int, value: object) -> None:
        if self.lost:
            raise OSError
        if (level, option) == (socket.IPPROTO_TCP, socket.TCP_QUICKACK):
            self.told.append(value)


def transport_of(
    wire: Any, kind: type[TwistedTransport] = DirectTransport, server: type[Server] = Server
) -> TwistedTransport:
    reactor, peer = MemoryReactor(), ("192.0.2.1", 4711)
    made: Any = wire, Protocol(), peer, None, 0, reactor
    return kind(server(*made), reactor, 5)


def unconfirmed(sender: socket.socket) -> int:
    """Packets that the other side has not confirmed: tcpi_unacked in linux/tcp.h."""
    (many,) = struct.unpack_from(
        "=I", sender.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 28), 24
    )
    return cast("int", many)


def test_in_a_quiet_house_each_read_is_confirmed_at_once_and_the_next_delayed() -> None:
    wire = Told()
    ours = transport_of(wire)
    assert not ours.delays_acks
    for _ in range(2):
        wire.told.clear()
        acknowledge(ours, False)
        assert wire.told == [1, 0]
        assert ours.delays_acks


def test_a_house_that_gets_busy_leaves_it_to_the_kernel_again_which_is_told_so_once() -> None:
    wire = Told()
    ours = transport_of(wire)
    acknowledge(ours, True)
    assert wire.told == []
    acknowledge(ours, False)
    wire.told.clear()
    for _ in range(3):
        acknowledge(ours, True)
        assert wire.told == [1]
        assert not ours.delays_acks


@pytest.mark.parametrize("busy", [False, True])
@pytest.mark.parametrize(
    ("kind", "server"), [(BufferedTransport, Server), (DirectTransport, UnixServer)]
)
def test_by_tls_and_by_a_unix_socket_nothing_is_set(
    kind: type[TwistedTransport], server: type[Server], busy: bool
) -> None:
    wire = Told()
    ours = transport_of(wire, kind, server)
    acknowledge(ours, busy)
    assert wire.told == []
    assert not ours.delays_acks


@pytest.mark.parametrize("busy", [False, True])
def test_a_connection_that_is_lost_is_nobodys_trouble(busy: bool) -> None:
    wire = Told()
    ours = transport_of(wire)
    acknowledge(ours, False)
    wire.lost = True
    acknowledge(ours, busy)
    assert wire.told == [1, 0]


@pytest.mark.parametrize("kind", [DirectTransport, BufferedTransport])
def test_the_kernel_does_so(kind: type[TwistedTransport]) -> None:
    """By TCP_QUICKACK it says whether it acknowledges by itself."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        peer, accepted = socket.create_connection(listening.getsockname()), listening.accept()[0]
    ours = transport_of(accepted, kind)
    with peer, accepted:
        for busy in (False, False, True, True, False, True):
            peer.send(b"hola\n")
            assert accepted.recv(100) == b"hola\n"
            acknowledge(ours, busy)
            by_itself = accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK)
            assert by_itself == (busy or kind is BufferedTransport)
            assert unconfirmed(peer) == 0
    acknowledge(ours, False)  # it is closed


def test_a_line_behind_another_is_not_held_back_by_the_kernel_that_sends_it() -> None:
    """As `nc` sends what is pasted: without TCP_NODELAY."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        peer, accepted = socket.create_connection(listening.getsockname()), listening.accept()[0]
    ours = transport_of(accepted)
    with peer, accepted:
        assert not peer.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        for _ in range(20):
            peer.send(b"hola\n")
            assert accepted.recv(100) == b"hola\n"
            acknowledge(ours, False)
            assert unconfirmed(peer) == 0  # for which Nagle's algorithm would wait


# -- what the door asks for --------------------------------------------------------------------


class Confirming(MemorySocket):
    """Notes what its room had read each time that the kernel was told to confirm what came."""

    def __init__(self, reader: Peer) -> None:
        super().__init__()
        self.reader = reader
        self.confirmed: list[bytes] = []

    @override
    def setsockopt(self, level: int, option: int, value: object) -> None:
        if (level, option, value) == (socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1):
            self.confirmed.append(bytes(self.reader.wire.taken))


def confirming(speaker: Peer, reader: Peer) -> Confirming:
    kernel: Any = Confirming(reader)
    speaker.protocol.connection.transport.connection = kernel
    return cast("Confirming", kernel)


def test_a_line_is_confirmed_when_all_have_it() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.reads(), bob.reads()
    kernel = confirming(ana, bob)
    ana.says("hola")
    ana.says("/quién")
    assert kernel.confirmed == [b"<ana> hola\n"] * 2


def test_what_is_no_line_yet_is_confirmed_too_or_its_rest_would_be_held_back() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    kernel = confirming(ana, bob)
    for told, part in enumerate((b"ho", b"\xff\xf1", b"la"), 1):
        ana.sends(part)
        world.settle()
        assert len(kernel.confirmed) == told


def test_in_a_busy_house_the_kernel_confirms_by_itself() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    kernel = confirming(ana, bob)
    for told in (1, 2, 2, 2):  # once by the door, and once that it is for the kernel again
        ana.sends(b"one\ntwo\n")
        world.settle()
        assert len(kernel.confirmed) == told
    for told in (2, 3, 4):
        ana.says("alone")
        assert len(kernel.confirmed) == told


def test_the_kernel_confirms_by_itself_what_a_program_says_since_that_is_answered() -> None:
    world = World()
    bob = world.person("bob")
    ana = world.program("ana")
    kernel = confirming(ana, bob)
    ana.says("hola")
    assert kernel.confirmed == []
    eva = world.connect()
    kernel = confirming(eva, bob)
    eva.sends(b'{"type":"hello","nick":"eva","v":1}\n')
    world.settle()
    assert kernel.confirmed == []


def test_it_is_left_to_the_kernel_again_when_a_program_is_known_by_its_second_read() -> None:
    world = World()
    bob, eva = world.person("bob"), world.connect()
    kernel = confirming(eva, bob)
    for told, part in enumerate(
        (b'{"type":"hello",', b'"nick":"eva","v":1}\n', b"{}\n", b"{}\n"), 1
    ):
        eva.sends(part)
        world.settle()
        assert len(kernel.confirmed) == min(told, 2)
    assert not eva.protocol.connection.transport.delays_acks


def test_a_private_message_and_its_copy_make_no_house_busy() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    kernel = confirming(ana, bob)
    for told, line in enumerate(("/msg bob hola", "hola", "/msg bob adiós", "adiós"), 1):
        ana.says(line)
        assert len(kernel.confirmed) == told
    assert not world.huddle.sequencer.is_busy
