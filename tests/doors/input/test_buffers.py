"""What has been read and is not heard yet is bounded: by address, by IPv6 /48, and in all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from typing_extensions import override
from websockets.frames import Opcode

from huddle.doors.input.buffers import LEAST, InputBuffers
from huddle.doors.input.line_input import LineInput
from huddle.doors.web.frame_input import FrameInput
from huddle.protocol.limits import KIB, MIB, Limits
from tests.cluster.test_apply import calls_of
from tests.doors.web.browser import WebWorld, masked
from tests.world import Peer

LIMITS = Limits(unheard=128 * KIB, unheard_each=48 * KIB)
SIZE = 20_000


def kept(peer: Peer) -> int:
    """Bytes that the server has read of this peer and keeps."""
    if peer.gone:
        return 0
    way: LineInput = peer.connection.input
    more = len(way._raw) + len(way._message) if isinstance(way, FrameInput) else 0
    return len(way._read) + sum(map(len, way._pieces)) + more


def line(world: WebWorld, number: int, address: str) -> Peer:
    peer = world.person(f"line{number}", address=address)
    peer.sends(b"x" * SIZE)
    return peer


def first_line(world: WebWorld, number: int, address: str) -> Peer:
    peer = world.connect(address)
    peer.sends(b"x" * SIZE)
    return peer


def object_of_a_program(world: WebWorld, number: int, address: str) -> Peer:
    peer = world.connect(address)
    peer.sends(b'{"type": "hello", "nick": "' + b"x" * SIZE)
    return peer


def small_pieces(world: WebWorld, number: int, address: str) -> Peer:
    peer = world.person(f"pieces{number}", address=address)
    for _ in range(SIZE // 100):
        peer.sends(b"x" * 100)
        world.settle()
    return peer


def lines_that_wait(world: WebWorld, number: int, address: str) -> Peer:
    """They have said so much that the next one waits, which is a long one."""
    peer = world.person(f"wait{number}", address=address)
    peer.says(*["/times"] * 70)
    for _ in range(2):
        peer.sends(b"x" * (SIZE // 2))
        world.settle()
    peer.sends(b"\n")
    return peer


def commands_of_telnet(world: WebWorld, number: int, address: str) -> Peer:
    peer = world.person(f"telnet{number}", address=address)
    peer.sends(b"\xff\xf1x" * SIZE)
    return peer


def frame(world: WebWorld, number: int, address: str) -> Peer:
    peer = world.browser(f"frame{number}", address=address)
    peer.sends_raw(masked(Opcode.TEXT, b"x" * SIZE)[:-1])
    return peer


def fragments(world: WebWorld, number: int, address: str) -> Peer:
    peer = world.browser(f"parts{number}", address=address)
    peer.sends_frame(Opcode.TEXT, b"x" * (SIZE // 2), fin=False)
    peer.sends_frame(Opcode.CONT, b"x" * (SIZE // 2), fin=False)
    return peer


KINDS: list[Callable[[WebWorld, int, str], Peer]] = [
    line,
    first_line,
    object_of_a_program,
    small_pieces,
    lines_that_wait,
    commands_of_telnet,
    frame,
    fragments,
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("addresses", [1, 10])
def test_whatever_is_begun_and_not_ended_has_a_bound(
    kind: Callable[[WebWorld, int, str], Peer], addresses: int
) -> None:
    world = WebWorld(limits=LIMITS)
    slow = world.person("slow", address="192.0.2.1")
    slow.sends(b"a line that is " + b"o" * 2000)
    world.settle()
    peers = []
    bound = LIMITS.unheard_each if addresses == 1 else LIMITS.unheard
    for number in range(20):
        peers.append(kind(world, number, f"10.0.0.{number % addresses}"))
        world.settle()
        small = (number + 2) * LEAST
        assert sum(map(kept, [slow, *peers])) <= bound * 5 / 4 + small + 2000
        assert world.connections.input_buffers.all <= bound + 2100
    slow.says("ng")
    assert slow.connection.visit.progress.named and not slow.closed
    peers[-1].forgets()
    other = world.person("other", address="192.0.2.2")
    other.says("/history 1")
    assert any(text.endswith("oong") for text in other.reads())


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_counted_of_those_who_have_gone(
    kind: Callable[[WebWorld, int, str], Peer],
) -> None:
    world = WebWorld(limits=Limits())
    peers = [kind(world, number, "10.0.0.1") for number in range(3)]
    world.settle()
    for peer in peers:
        peer.cut()
    world.passes(60)
    assert world.connections.input_buffers.all == 0


def test_a_line_that_has_to_go_is_refused_once_and_its_peer_goes_on_speaking() -> None:
    world = WebWorld(limits=LIMITS)
    ana, bob = world.person("ana", address="10.0.0.1"), world.person("bob", address="10.0.0.1")
    ana.forgets()
    ana.sends(b"x" * 40_000)
    world.settle()
    bob.sends(b"y" * 22_000)
    world.settle()
    [told] = ana.reads()
    assert told.startswith("-- ") and "40000 bytes" in told
    ana.says("the rest of it", "hola")
    assert ana.reads() == []
    bob.hears("<ana> hola")


def test_what_is_heard_at_once_is_never_weighed() -> None:
    world = WebWorld()
    ana, bob = world.person("ana"), world.person("bob")
    world.connections.input_buffers.count = pytest.fail  # type: ignore[assignment, method-assign]
    ana.sends(b"one line\nand another\nand some of a third")
    world.settle()
    ana.says("")
    bob.hears("<ana> one line", "<ana> and another", "<ana> and some of a third")


class Toy:
    """The way in of a connection that keeps what it is told to."""

    def __init__(self, buffers: InputBuffers, address: str) -> None:
        self.buffers, self.address, self.size = buffers, address, 0

    def holds(self, size: int) -> None:
        self.size = size
        self.buffers.count(self, size)

    def discard(self) -> None:
        self.holds(0)


def test_the_one_with_most_of_its_address_gives_up() -> None:
    buffers = InputBuffers(Limits(unheard_each=10))
    one, two, other = (Toy(buffers, address) for address in ("a", "a", "b"))
    other.holds(9)
    one.holds(6)
    two.holds(5)
    assert (one.size, two.size, other.size) == (0, 5, 9)


def test_an_ipv6_48_has_four_shares() -> None:
    buffers = InputBuffers(Limits(unheard_each=10))
    toys = [Toy(buffers, f"2001:db8:0:{number}::/64") for number in range(5)]
    for number, toy in enumerate(toys):
        toy.holds(10 - number)
    assert [toy.size for toy in toys] == [10, 9, 8, 7, 6]
    toys[4].holds(7)
    assert [toy.size for toy in toys] == [0, 9, 8, 7, 7]


def test_where_all_have_too_much_it_is_one_of_the_place_with_most() -> None:
    buffers = InputBuffers(Limits(unheard=100))
    slow = Toy(buffers, "192.0.2.1")
    slow.holds(30)
    many = [Toy(buffers, f"10.0.0.{number % 2}") for number in range(8)]
    for number, toy in enumerate(many):
        toy.holds(11 + number)
    assert slow.size == 30 and buffers.all <= 100


class Address(str):
    """One that is looked up by a call of Python, which can be counted."""

    __slots__ = ()

    @override
    def __hash__(self) -> int:
        return super().__hash__()


def test_who_is_to_give_up_is_found_by_as_few_looks_among_twenty_thousand_addresses() -> None:
    calls = []
    for count in (200, 20_000):
        buffers = InputBuffers(Limits(unheard=10 * count))
        toys = [Toy(buffers, Address(f"10.0.{number}")) for number in range(count)]
        for toy in toys:
            toy.holds(10)
        last = Toy(buffers, Address("192.0.2.1"))
        calls.append(calls_of(partial(last.holds, 9)).count("Address.__hash__"))
        assert (last.size, buffers.all) == (9, 10 * count - 1)
    assert calls[0] == calls[1] > 0


def test_the_bound_of_the_house_is_more_than_a_class_can_paste() -> None:
    limits = Limits()
    assert limits.per_address * limits.line <= limits.unheard_each
    assert limits.unheard < 20_000 * limits.line / 16 and limits.unheard == 64 * MIB


def test_without_shares_of_addresses_the_house_has_its_bound_all_the_same() -> None:
    buffers = InputBuffers(Limits(per_address=0, unheard=100, unheard_each=10))
    one, two = Toy(buffers, "a"), Toy(buffers, "a")
    one.holds(90)
    assert one.size == 90
    two.holds(20)
    assert (one.size, two.size) == (0, 20)
