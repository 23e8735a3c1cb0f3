"""Keepalive: the dead are found, and those who have only stopped are left alone."""

from __future__ import annotations

import socket
import struct

import pytest
from typing_extensions import override

from huddle.doors.keepalive import BEAT, has_read_all
from huddle.doors.tcp_info import HIDDEN
from huddle.protocol.limits import Limits
from tests.in_memory_tcp import TCP_CLOSE, TCP_ESTABLISHED, MemorySocket
from tests.world import TRANSPORTS, UNIX, Peer, World


class Kernel(MemorySocket):
    """A connection whose kernel says what it is told to (`huddle.doors.tcp_info` has the
    offsets)."""

    retransmits = 0
    probes = 0
    last_ack = 0
    given = 0
    acked = 0
    broken_kernel = False

    @override
    def getsockopt(self, level: int, option: int, size: int = 0) -> bytes:
        if self.broken_kernel:
            raise OSError("no such connection")
        info = bytearray(max(size, 256))
        info[0] = TCP_CLOSE if self.reset else TCP_ESTABLISHED
        struct.pack_into("=BB", info, 2, self.retransmits, self.probes)
        struct.pack_into("=I", info, 56, self.last_ack)
        struct.pack_into("=Q", info, 120, self.acked)
        struct.pack_into("=I", info, 144, 0)
        struct.pack_into("=Q", info, 200, self.given)
        struct.pack_into("=I", info, 228, 65_536)
        return bytes(info)


@pytest.fixture(params=TRANSPORTS)
def kernel(request: pytest.FixtureRequest) -> tuple[World, Peer, Kernel]:
    world = World(limits=Limits(give_up=100))
    ana = world.person("ana", transport=request.param)
    ana.wire.__class__ = Kernel
    assert isinstance(ana.wire, Kernel)
    return world, ana, ana.wire


def beats_for(world: World, seconds: float) -> None:
    for _ in range(round(seconds / BEAT)):
        world.connections.beat()
        world.passes(BEAT)


def test_who_acknowledges_nothing_for_twenty_seconds_is_dead(
    kernel: tuple[World, Peer, Kernel],
) -> None:
    world, ana, wire = kernel
    wire.retransmits, wire.last_ack = 6, 20_100
    world.beats()
    assert ana.gone


def test_a_window_that_is_closed_and_answered_is_a_reader_who_has_stopped(
    kernel: tuple[World, Peer, Kernel],
) -> None:
    world, ana, wire = kernel
    wire.last_ack = 90_000
    world.beats()
    assert not ana.gone


def test_who_takes_nothing_at_all_for_very_long_is_given_up(
    kernel: tuple[World, Peer, Kernel],
) -> None:
    world, ana, wire = kernel
    wire.given = 5000
    beats_for(world, 99)
    assert not ana.gone
    beats_for(world, 5)
    assert ana.gone


def test_who_takes_a_little_now_and_then_is_not_given_up(
    kernel: tuple[World, Peer, Kernel],
) -> None:
    world, ana, wire = kernel
    wire.given = 5000
    for _ in range(4):
        beats_for(world, 90)
        wire.acked += 1
    assert not ana.gone


def test_a_connection_that_cannot_be_asked_is_ended_and_the_others_are_still_looked_at(
    kernel: tuple[World, Peer, Kernel],
) -> None:
    world, ana, wire = kernel
    bob = world.person("bob")
    bob.wire.__class__ = Kernel
    wire.broken_kernel = True
    assert isinstance(bob.wire, Kernel)
    bob.wire.probes, bob.wire.last_ack = 3, 30_000
    world.beats()
    assert ana.gone and bob.gone


def test_what_the_peers_machine_has_is_not_shown_again_after_a_loss(
    kernel: tuple[World, Peer, Kernel],
) -> None:
    world, ana, wire = kernel
    bob = world.person("bob")
    ana.forgets()
    wire.given = wire.acked = 1000
    bob.says("one")
    beats_for(world, 10)
    bob.says("two")
    wire.given = 1100
    beats_for(world, 10)
    ana.forgets()
    wire.retransmits, wire.last_ack = 6, 20_100
    beats_for(world, 5)
    assert ana.gone
    assert _shown_again(world, ana) == ["12:00 <bob> two"]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_what_was_on_its_way_is_shown_again_also_where_the_loss_is_noticed_late(
    transport: str,
) -> None:
    world = World()
    ana, bob = world.person("ana", transport=transport), world.person("bob")
    ana.stops_reading(1000)
    bob.says("one")
    beats_for(world, 10)
    ana.wire.break_off()
    world.connections.beat()
    world.connections.beat()
    assert _shown_again(world, ana) == ["12:00 <bob> one"]


@pytest.mark.parametrize("noticed", ["by reading", "by a send", "not yet"])
def test_what_the_peers_machine_may_have_thrown_away_is_shown_again_after_a_reset(
    kernel: tuple[World, Peer, Kernel], noticed: str
) -> None:
    world, ana, wire = kernel
    bob = world.person("bob")
    ana.forgets()
    for text in ("one", "two"):
        bob.says(text)
        wire.given += 100
        wire.acked = wire.given
        beats_for(world, 10)
    wire.unnoticed = noticed != "by reading"
    ana.resets()
    if noticed == "by a send":
        world.person("carla")
        wire.unnoticed = False
        world.settle()
    assert _shown_again(world, ana) == ["12:00 <bob> one", "12:00 <bob> two"]


def test_what_was_read_long_before_a_reset_is_not_shown_again(
    kernel: tuple[World, Peer, Kernel],
) -> None:
    world, ana, wire = kernel
    bob = world.person("bob")
    ana.forgets()
    for text, size in (("one", HIDDEN), ("two", HIDDEN), ("three", 100)):
        bob.says(text)
        wire.given += size
        wire.acked = wire.given
        beats_for(world, 10)
    ana.resets()
    assert _shown_again(world, ana) == ["12:00 <bob> two", "12:00 <bob> three"]


# UNIX sockets


def test_behind_a_unix_socket_it_is_shown_again_what_was_not_read_and_nothing_else() -> None:
    world, ana, bob = _at_a_unix_socket("read")
    ana.stops_reading(1 << 20)
    for text in ("one", "two", "three"):
        bob.says(text)
        beats_for(world, 10)
    ana.resets()
    assert _shown_again(world, ana) == [f"12:00 <bob> {each}" for each in ("one", "two", "three")]


def test_what_was_thrown_away_behind_a_unix_socket_has_not_been_read_also_if_noticed_late() -> None:
    world, ana, bob = _at_a_unix_socket("read")
    ana.stops_reading(1 << 20)
    bob.says("unread")
    ana.wire.unnoticed = True
    ana.wire.break_off(reset=True)
    beats_for(world, 10)
    assert _shown_again(world, ana) == ["12:00 <bob> unread"]


def test_who_does_not_read_behind_a_unix_socket_is_not_given_up() -> None:
    """It is not seen there that somebody reads slowly."""
    world, ana, bob = _at_a_unix_socket("read")
    ana.stops_reading(1 << 20)
    bob.says("unread")
    beats_for(world, 200)
    assert not ana.gone


def test_what_a_proxy_has_read_behind_a_unix_socket_has_not_reached_a_person_for_that() -> None:
    world, ana, bob = _at_a_unix_socket()
    ana.connection.transport.proxied = True
    bob.says("one")
    beats_for(world, 10)
    ana.ends()
    assert _shown_again(world, ana) == ["12:00 <bob> one"]


def _at_a_unix_socket(*texts: str) -> tuple[World, Peer, Peer]:
    """ana, who has long read what bob said."""
    world = World(limits=Limits(give_up=100))
    ana, bob = world.person("ana", transport=UNIX), world.person("bob")
    bob.says(*texts)
    beats_for(world, 10)
    ana.forgets()
    return world, ana, bob


@pytest.mark.parametrize("size", [1, 100, 100_000])
def test_the_kernel_counts_what_was_sent_until_the_other_program_has_read_all(size: int) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert has_read_all(ours)
        ours.setblocking(False)
        given = ours.send(bytes(size)) + ours.send(b"more")
        while given:
            assert not has_read_all(ours)
            given -= len(theirs.recv(min(given, 1 + size // 3)))
        assert has_read_all(ours)


def test_the_kernel_says_of_what_was_thrown_away_that_nobody_is_there_and_still_how_it_ended() -> (
    None
):
    ours, theirs = socket.socketpair()
    with ours:
        ours.send(b"unread")
        theirs.close()
        assert not has_read_all(ours)
        with pytest.raises(ConnectionResetError):
            ours.recv(1)


def _shown_again(world: World, peer: Peer) -> list[str]:
    again = world.connect()
    again.says(f"/back {_word(peer)}")
    return [line for line in again.reads() if "<bob>" in line]


def _word(peer: Peer) -> str:
    peer.reads()
    return peer.word


def test_the_next_look_waits_until_somebody_is_there() -> None:
    world = World()
    look = world.connections.beat()
    assert look is not None
    assert not look.called
    ana = world.person("ana")
    assert look.called
    assert world.connections.beat() is None
    ana.cut()
    assert world.connections.beat() is not None
