"""Behind a proxy: whom the house sees, and what becomes of those who send no header."""

from __future__ import annotations

from itertools import count

import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IAddress
from twisted.internet.tcp import Server

from huddle.doors.line import HuddleProtocol
from huddle.doors.proxy.proxied import SECONDS, WAITING, HeaderFirst, ProxiedFactory
from huddle.doors.proxy.trusted import Trusted
from huddle.protocol.limits import Limits
from tests.doors.proxy.test_header import BAD, ipv4, ipv6, tlv, v2
from tests.in_memory_tcp import MemorySocket
from tests.world import Peer, World

PROXY = IPv4Address("TCP", "10.0.0.250", 1)
V1 = b"PROXY TCP4 192.0.2.7 10.0.0.1 40000 55123\r\n"
_ports = count(50_000)


class Behind:
    """A world whose door is behind a proxy."""

    def __init__(self, *, alone: bool = False, limits: Limits | None = None) -> None:
        self.world = World(limits=limits)
        trusted = Trusted([PROXY.host, "unix"])
        self.door = ProxiedFactory(self.world.factory, trusted, alone, self.world.reactor)

    def connects(self, sent: bytes = b"", address: IAddress = PROXY) -> Peer:
        """Somebody connects from there, and has these bytes on the wire."""
        peer = Peer(self.world)
        protocol = self.door.buildProtocol(address)
        peer.wire = MemorySocket()
        self.transport = Server(
            peer.wire,  # type: ignore[arg-type]
            protocol,
            (PROXY.host, next(_ports)),
            None,  # type: ignore[arg-type]
            0,
            self.world.reactor,
        )
        protocol.makeConnection(self.transport)
        peer.sends(sent)
        self.world.settle()
        return peer

    def hosts(self) -> list[str]:
        """Where those come from who are here."""
        return [session.host for session in self.world.huddle.registry.sessions]

    def proxied(self) -> list[bool]:
        """Of those who are here, whether a proxy is at the other end."""
        return [connection.transport.proxied for connection in self.world.connections.here]


@pytest.mark.parametrize(
    ("header", "host"),
    [
        (V1, "192.0.2.7"),
        (b"PROXY TCP6 2001:db8::7 ::1 1 2\r\n", "2001:db8::7"),
        (b"PROXY UNKNOWN\r\n", PROXY.host),
        (ipv4(), "192.0.2.7"),
        (ipv6(), "2001:db8::7"),
        (v2(0x00, b"", 0x20), PROXY.host),
        (v2(0x31, bytes(216)), ""),
        (ipv4(more=tlv(0xE0, b"x")), "192.0.2.7"),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_who_comes_by_the_proxy_comes_from_where_it_says(
    header: bytes, host: str, at_once: bool
) -> None:
    behind = Behind()
    sent = header + b"ana\nhola\n"
    ana = behind.connects(sent if at_once else b"")
    if not at_once:
        for byte in sent:
            ana.sends(bytes([byte]))
            behind.world.settle()
    assert behind.hosts() == [host]
    assert behind.proxied() == [True]
    assert ana.reads()[0] == "Welcome to huddle. What is your nick?"


def test_the_house_hears_of_nobody_before_the_header() -> None:
    behind = Behind()
    ana = behind.connects()
    assert ana.reads() == [] and not behind.world.connections.here
    ana.sends(V1)
    behind.world.settle()
    ana.hears("Welcome to huddle. What is your nick?")


def test_the_transport_is_the_doors_own_from_then_on() -> None:
    behind = Behind()
    behind.connects(V1)
    assert type(behind.transport.protocol) is HuddleProtocol


def test_limits_are_of_those_who_come_by_the_proxy_and_not_of_the_proxy() -> None:
    behind = Behind(limits=Limits(per_address=1))
    ana, bob = behind.connects(V1), behind.connects(ipv6())
    for peer in (ana, bob):
        peer.hears("Welcome to huddle. What is your nick?")
    eve = behind.connects(V1)
    eve.hears("-- There are too many connections. Try again later.")
    ana.ends()
    behind.connects(V1).hears("Welcome to huddle. What is your nick?")


@pytest.mark.parametrize(
    ("header", "warned"),
    [
        (V1, True),
        (ipv4(), True),
        (ipv4(more=tlv(0x20, b"\x01\0\0\0\0")), False),
        (v2(0x31, bytes(216)), False),
    ],
)
def test_who_speaks_tls_with_the_proxy_is_not_told_that_others_can_read(
    header: bytes, warned: bool
) -> None:
    behind = Behind()
    ana = behind.connects(header + b"ana\n/register a-long-secret\n")
    assert any("is not encrypted" in line for line in ana.reads()) is warned


@pytest.mark.parametrize("data", BAD)
def test_who_sends_no_header_is_let_go_unheard(data: bytes) -> None:
    behind = Behind()
    eve = behind.connects(data)
    assert eve.gone and not eve.reads()
    assert not behind.world.connections.here


def test_who_sends_it_slowly_is_let_go_however_the_bytes_come() -> None:
    behind = Behind()
    slow, silent = behind.connects(V1[:1]), behind.connects()
    for byte in V1[1 : int(SECONDS)]:
        behind.world.passes(1)
        slow.sends(bytes([byte]))
        behind.world.settle()
    assert not slow.gone and not silent.gone
    behind.world.passes(1)
    assert slow.gone and silent.gone


def test_a_header_in_time_ends_the_waiting() -> None:
    behind = Behind()
    ana = behind.connects(V1)
    behind.world.passes(2 * SECONDS)
    assert not ana.gone


def test_who_goes_before_the_header_is_waited_for_no_more() -> None:
    behind = Behind()
    behind.connects(V1[:5]).cut()
    assert not [call for call in behind.world.reactor.getDelayedCalls() if "let_go" in str(call)]


def test_only_so_many_wait_and_the_oldest_is_let_go() -> None:
    behind = Behind()
    oldest, second = behind.connects(), behind.connects()
    for _ in range(WAITING - 2):
        behind.connects()
    assert not oldest.gone
    behind.connects()
    assert oldest.gone and not second.gone


STRANGER = IPv4Address("TCP", "10.0.0.66", 1)


def test_a_header_of_a_stranger_is_not_believed() -> None:
    behind = Behind()
    eve = behind.connects(V1 + b"eve\n", STRANGER)
    eve.reads()
    assert behind.hosts() != ["192.0.2.7"]
    assert behind.proxied() == [False]
    mia = behind.connects(b"mia\n", STRANGER)
    assert "-- Hello mia." in " ".join(mia.reads())


def test_where_a_door_is_for_proxies_alone_a_stranger_is_let_go() -> None:
    behind = Behind(alone=True)
    eve = behind.connects(V1 + b"eve\n", STRANGER)
    assert eve.gone and not eve.reads()
    assert behind.connects(V1).reads()


# -- who is trusted ----------------------------------------------------------------------------


def test_what_waits_is_a_connection_without_a_door() -> None:
    behind = Behind()
    behind.connects()
    assert isinstance(behind.transport.protocol, HeaderFirst)
