"""Handshakes by TLS take turns: with each other, with lines, and by address."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate
from OpenSSL import SSL
from twisted.internet.address import IPv4Address
from twisted.internet.ssl import CertificateOptions
from twisted.internet.tcp import Server
from twisted.protocols.tls import TLSMemoryBIOFactory, TLSMemoryBIOProtocol

from huddle.doors.handshakes import Handshake
from huddle.doors.input.scheduler import TURN
from huddle.doors.proxy.proxied import ProxiedFactory
from huddle.doors.proxy.trusted import Trusted
from huddle.doors.web.door import PAUSE, READS
from huddle.tools.self_signed import key_and_certificate
from tests.doors.test_toy_door import ToyFactory
from tests.doors.web.browser import WebWorld
from tests.in_memory_tcp import MemorySocket

pytestmark = pytest.mark.filterwarnings(r"ignore:.*\bdeprecated\b:DeprecationWarning")

TAKES = 0.001
"""Seconds that a handshake's message takes, as one with an RSA key does."""

HEADER = b"PROXY TCP4 %s 10.0.0.9 50000 55123\r\n"


@cache
def options() -> CertificateOptions:
    pem, _ = key_and_certificate(["chat.lan"], 10)
    return CertificateOptions(
        load_pem_private_key(pem, None),  # type: ignore[arg-type]
        load_pem_x509_certificate(pem[pem.index(b"-----BEGIN CERTIFICATE") :]),  # type: ignore[arg-type]
    )


UPGRADE = (
    b"GET /talk HTTP/1.1\r\nHost: chat.lan\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


class Client:
    """A TLS client, with a socket of its own."""

    def __init__(self, world: WebWorld, door: Any, address: str, before: bytes = b"") -> None:
        self.world, self.address = world, address
        self.tls = SSL.Connection(SSL.Context(SSL.TLS_CLIENT_METHOD))
        self.tls.set_connect_state()
        self.wire = MemorySocket()
        host = "10.0.0.9" if before else address
        protocol = door.buildProtocol(IPv4Address("TCP", host, 1))
        self.transport = Server(
            self.wire,  # type: ignore[arg-type]
            protocol,
            (host, 1),
            None,  # type: ignore[arg-type]
            0,
            world.reactor,
        )
        protocol.makeConnection(self.transport)
        self.wire.incoming += before
        self.goes_on()

    def goes_on(self) -> None:
        """Speak, as far as what has come allows."""
        if self.wire.taken:
            self.tls.bio_write(bytes(self.wire.taken))
            self.wire.taken.clear()
        for speak in (self.tls.do_handshake, lambda: self._have(self.tls.recv(1 << 15))):
            with contextlib.suppress(SSL.WantReadError):
                speak()
        with contextlib.suppress(SSL.WantReadError):
            self.wire.incoming += self.tls.bio_read(1 << 15)

    heard = b""

    def _have(self, data: bytes) -> None:
        self.heard += data

    def says(self, data: bytes) -> None:
        self.tls.send(data)
        self.goes_on()

    @property
    def waits(self) -> bool:
        """Whether the server has not taken its hello yet."""
        return not self.wire.taken


def by_line(world: WebWorld) -> Any:
    return TLSMemoryBIOFactory(options(), False, world.factory, world.reactor)


def by_web(world: WebWorld) -> Any:
    return TLSMemoryBIOFactory(options(), False, world.web, world.reactor)


def by_toy(world: WebWorld) -> Any:
    """A door of whose code nothing is about TLS."""
    return TLSMemoryBIOFactory(options(), False, ToyFactory(world.factory), world.reactor)


def by_proxy(world: WebWorld) -> Any:
    trusted = Trusted(["10.0.0.9"])
    return ProxiedFactory(by_line(world), trusted, True, world.reactor)


DOORS = pytest.mark.parametrize("door", [by_line, by_web, by_proxy, by_toy])

SAYS: dict[Callable[[WebWorld], Any], tuple[bytes, bytes]] = {
    by_line: (b"ana\n", b"Hello ana"),
    by_web: (UPGRADE, b"101 Switching Protocols"),
    by_proxy: (b"ana\n", b"Hello ana"),
    by_toy: (b"5:i ana,", b"Welcome"),
}
"""What one says first by each door, and what is in the answer."""


@pytest.fixture
def dear(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """Each message of a handshake lets the clock of its world go on; counts them."""
    counts: Counter[str] = Counter()
    usual = TLSMemoryBIOProtocol.dataReceived

    def takes_long(self: Any, data: bytes) -> None:
        counts["messages"] += 1
        usual(self, data)
        if not self.getHandle().get_peer_finished():
            reactor = self.transport.reactor
            reactor.rightNow += TAKES

    monkeypatch.setattr(TLSMemoryBIOProtocol, "dataReceived", takes_long)
    yield counts


def clients(
    world: WebWorld, door: Callable[[WebWorld], Any], number: int, address: str
) -> list[Client]:
    factory = door(world)
    before = HEADER % address.encode() if door is by_proxy else b""
    return [Client(world, factory, address, before) for _ in range(number)]


@DOORS
def test_a_turn_takes_no_more_handshakes_than_it_has_time(
    door: Callable[[WebWorld], Any], dear: Counter[str]
) -> None:
    world = WebWorld()
    many = clients(world, door, 30, "10.0.0.1")
    one = clients(world, door, 1, "10.0.0.2")[0]
    turns = 0
    while any(client.waits for client in [one, *many]):
        before = dear["messages"]
        world.reactor.turn()
        turns += 1
        assert dear["messages"] - before <= 2 * TURN / TAKES
        if not one.waits:
            assert turns > 3 or sum(not client.waits for client in many) < 15
        assert turns < 100
    assert turns > 10


@DOORS
def test_a_handshake_that_is_done_leaves_nothing_in_the_way(
    door: Callable[[WebWorld], Any],
) -> None:
    world = WebWorld()
    [client] = clients(world, door, 1, "10.0.0.1")
    for _ in range(3):
        world.settle()
        assert isinstance(client.transport.protocol, TLSMemoryBIOProtocol | Handshake)
        client.goes_on()
    world.settle()
    assert isinstance(client.transport.protocol, TLSMemoryBIOProtocol)
    says, hears = SAYS[door]
    client.says(says)
    world.settle()
    client.goes_on()
    assert hears in client.heard


@DOORS
def test_who_goes_while_its_hello_waits_is_gone(
    door: Callable[[WebWorld], Any], dear: Counter[str]
) -> None:
    world = WebWorld()
    many = clients(world, door, 10, "10.0.0.1")
    world.reactor.turn()
    for client in many:
        client.wire.break_off(reset=True)
    world.settle()
    assert not world.connections.here


def test_who_goes_while_the_next_read_of_a_head_waits_is_gone() -> None:
    world = WebWorld()
    [client] = clients(world, by_web, 1, "10.0.0.1")
    for _ in range(3):
        world.settle()
        client.goes_on()
    for _ in range(2 * READS):
        client.says(b"G")
        world.settle()
    assert client.wire.incoming  # is read on only later
    client.wire.break_off(reset=True)
    world.passes(2 * PAUSE)
    assert client.wire.closed and not list(world.web.waiting)


@DOORS
def test_what_is_no_hello_ends_the_connection(door: Callable[[WebWorld], Any]) -> None:
    world = WebWorld()
    [client] = clients(world, door, 1, "10.0.0.1")
    client.wire.incoming[:] = bytes(client.wire.incoming).split(b"\x16\x03")[0] + b"hola\n" * 20
    world.settle()
    world.passes(60)
    assert client.wire.closed and not world.connections.here


def test_the_lines_of_many_records_that_are_read_at_once_go_out_together() -> None:
    """Each record is a read of its own to whoever hears it: fifty lines were fifty batches."""
    world = WebWorld()
    world.person("bob")
    ana = clients(world, by_line, 1, "10.0.0.1")[0]
    for _ in range(4):
        world.settle()
        ana.goes_on()
    ana.says(b"ana\n")
    world.settle()
    before = world.huddle.sequencer.batches
    for number in range(50):
        ana.tls.send(b"%d\n" % number)
    ana.goes_on()
    world.settle()
    assert world.huddle.sequencer.batches - before == 2
