"""Line input: what is heard of what was read, when, and what at the end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from huddle.doors.input.scheduler import InputScheduler
from huddle.doors.transports import READ
from huddle.protocol.events import FIRST_ROOM
from huddle.protocol.limits import KIB, Limits
from tests.doors.two_people import lines, said, two
from tests.world import BUFFERED, TRANSPORTS, Peer, World

FREELY = Limits(flood_rate=0)


def watch_sends(world: World, member: Peer, seen: Callable[[bytes], None]) -> None:
    """Call this with whatever the first room gives the member from now on."""
    outlet, send = member.connection.outlet, member.connection.transport.send

    def watched(data: bytes) -> int:
        seen(data)
        return send(data)

    audience = world.huddle.room(FIRST_ROOM).audience(outlet.renderer)
    audience.discard(outlet)
    audience.add(outlet, watched)


def test_a_last_line_without_an_end_is_said_if_the_peer_ended_its_side() -> None:
    _, ana, bob = two()
    ana.sends(b"hola")
    ana.ends()
    bob.hears("<ana> hola", "-- ana left")


def test_half_a_line_of_a_lost_connection_is_not_said() -> None:
    world, ana, bob = two()
    ana.sends(b"hola\nrm -rf /")
    world.settle()
    ana.cut()
    bob.hears("<ana> hola")


def test_to_give_a_line_out_costs_its_author_nothing() -> None:
    world, ana, bob = two(FREELY)
    ana.says("one")
    costs = ana.connection.input.in_debt_until

    def slowly(data: bytes) -> None:
        world.reactor.advance(0.05)

    watch_sends(world, bob, slowly)
    bob.forgets()
    for text in ("two", "three"):
        ana.protocol.dataReceived(f"{text}\n".encode())
    assert bob.reads() == ["<ana> two", "<ana> three"]
    assert ana.connection.input.in_debt_until <= max(costs, world.reactor.seconds())


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_line_alone_is_given_out_before_the_reactor_turns(transport: str) -> None:
    world = World(limits=FREELY, transport=transport)
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("one")
    sends: list[bytes] = []
    watch_sends(world, bob, sends.append)
    ana.protocol.dataReceived(b"two\n")
    assert sends == [b"<ana> two\n"]


def test_by_tls_what_else_comes_in_that_turn_goes_out_together() -> None:
    """Each record of it is read by itself."""
    world = World(limits=FREELY, transport=BUFFERED)
    ana, bob = world.person("ana"), world.person("bob")
    sends: list[bytes] = []
    watch_sends(world, bob, sends.append)
    for record in (b"one\n", b"two\n", b"three\n"):
        ana.protocol.dataReceived(record)
    world.settle()
    assert sends == [b"<ana> one\n", b"<ana> two\n<ana> three\n"]


def test_lines_of_several_who_waited_for_their_turn_go_out_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(limits=FREELY)
    ana, bob, carla = (world.person(nick) for nick in ("ana", "bob", "carla"))
    sends: list[bytes] = []
    watch_sends(world, bob, sends.append)
    monkeypatch.setattr(InputScheduler, "ask", InputScheduler.wait)  # as in a crowd
    ana.sends(b"one\n")
    carla.sends(b"two\n")
    world.settle()
    assert sends == [b"<ana> one\n<carla> two\n"]


def test_a_line_with_more_behind_it_goes_out_with_that() -> None:
    world, ana, bob = two(FREELY)
    ana.says("one")
    sends: list[bytes] = []
    watch_sends(world, bob, sends.append)
    ana.sends(b"two\nthree\nfour\n")
    world.settle()
    assert sends == [b"<ana> two\n<ana> three\n<ana> four\n"]
    ana.sends(b"five\n")
    world.settle()
    assert sends[1:] == [b"<ana> five\n"]


def test_while_its_turn_does_not_come_no_more_than_a_line_is_read_from_a_peer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world, ana, bob = two(FREELY)
    bob.forgets()
    turns = world.connections.input_scheduler
    with monkeypatch.context() as lighter_ones:
        lighter_ones.setattr(turns, "ask", lambda speaker: None)  # are heard first, all the time
        ana.sends(b"".join(b"line %d\n" % number for number in range(100_000)))
        world.settle()
        assert not ana.connection.transport.reading
        assert len(ana.connection.input._read) <= 64 * KIB + 2 * READ
    turns.wait(ana.connection.input)
    world.settle()
    assert bob.reads() == said("ana", lines(100_000))


def test_what_comes_behind_the_leaving_is_read_and_thrown_away() -> None:
    world, ana, bob = two()
    ana.sends(b"adi\xc3\xb3s\n/salir\n" + b"ignored\n" * 1000)
    world.settle()
    assert not ana.wire.incoming
    bob.hears("<ana> adiós", "-- ana left")


def test_what_comes_behind_an_interrupt_is_thrown_away_and_what_came_before_is_said() -> None:
    world, ana, bob = two()
    ana.sends(b"".join(b"line %d\n" % number for number in range(64)) + b"\xff\xf4ignored\n")
    world.settle()
    ana.sends(b"ignored\n")
    world.passes(1.2)
    bob.hears(*said("ana", lines(64)), "-- ana left")
    assert ana.gone


def test_lines_that_wait_when_the_house_closes_are_said_before_the_farewell() -> None:
    world, ana, bob = two()
    ana.says(*lines(100))
    bob.forgets()
    world.closes()
    bob.hears(*said("ana", lines(41, 59)), "-- The server is closing. Bye!")


def test_nothing_is_heard_once_the_house_closes() -> None:
    world, ana, bob = two(Limits(flood_rate=0))
    bob.wire.lingers = True
    ana.stops_reading()
    ana.forgets()
    world.closes()
    bob.says("too late")
    assert not bob.wire.incoming
    ana.reads_again()
    ana.hears("-- The server is closing. Bye!")
