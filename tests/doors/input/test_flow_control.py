"""Flow control: how fast a peer is heard, and what its lines wait for."""

from __future__ import annotations

from huddle.doors.input.line_input import LINES_A_SLICE
from huddle.protocol.limits import KIB, Limits
from tests.doors.two_people import lines, said, two
from tests.late_record import LateRecord
from tests.world import World

FREELY = Limits(flood_rate=0)


def test_a_paste_of_sixty_lines_passes_at_once() -> None:
    _, ana, bob = two()
    ana.says(*lines(60))
    bob.hears(*said("ana", lines(59)))  # her nick was the first of the sixty


def test_after_the_burst_five_lines_pass_each_second_and_none_is_lost() -> None:
    world, ana, bob = two()
    ana.says(*lines(100))
    bob.hears(*said("ana", lines(59)))
    world.passes(1)
    bob.hears(*said("ana", lines(5, 59)))
    world.passes(7.2)
    bob.hears(*said("ana", lines(36, 64)))


def test_who_says_too_much_is_not_read_from() -> None:
    world, ana, _ = two()
    ana.says(*lines(70))
    ana.sends(b"and more\n")
    world.settle()
    assert ana.wire.incoming == b"and more\n"
    world.passes(3)
    assert not ana.wire.incoming


def test_nobody_else_waits_for_who_says_too_much() -> None:
    _, ana, bob = two()
    ana.says(*lines(100))
    bob.says("hola")
    ana.hears_at_last("<bob> hola")


def test_with_a_rate_of_zero_there_is_no_limit() -> None:
    _, ana, bob = two(FREELY)
    ana.says(*lines(5000))
    bob.hears(*said("ana", lines(5000)))


def test_somebody_with_thousands_of_lines_lets_others_have_their_turns() -> None:
    world = World(limits=FREELY)
    ana, bob, carla = (world.person(nick) for nick in ("ana", "bob", "carla"))
    ana.sends(b"x\n" * (32 * KIB))
    bob.says("hola")
    assert carla.reads().index("<bob> hola") <= 3 * LINES_A_SLICE


def test_lines_before_the_end_of_input_are_said_at_the_same_pace_and_then_one_leaves() -> None:
    world, ana, bob = two()
    ana.says(*lines(64))
    ana.ends()
    bob.hears(*said("ana", lines(59)))
    world.passes(1)
    bob.hears(*said("ana", lines(5, 59)))
    world.passes(0.2)
    bob.hears("-- ana left")
    assert ana.gone


def test_lines_read_from_a_connection_that_is_lost_are_still_said() -> None:
    world, ana, bob = two()
    ana.says(*lines(64))
    ana.cut()
    bob.hears(*said("ana", lines(59)))
    world.passes(1.2)
    bob.hears(*said("ana", lines(5, 59)))
    assert ana.gone
    bob.says("/who")
    bob.hears("-- 2 here: ana, bob. Away: ana.")


def test_a_ghost_that_still_speaks_counts_for_its_address() -> None:
    world = World(limits=Limits(per_address=2))
    bob = world.person("bob")
    ana = world.person("ana")
    ana.says(*lines(64))
    ana.connection.transport.abort()
    world.settle()
    assert ana.gone
    late = world.connect()
    late.hears_at_last("-- There are too many connections. Try again later.")
    world.passes(10)
    bob.forgets()
    world.person("dan")
    bob.hears("-- dan joined")


def test_when_too_much_waits_for_the_record_nobody_is_read_from() -> None:
    record = LateRecord(limits := Limits(flood_rate=0, uncommitted=10_000))
    world = World(record, limits=limits)
    ana, bob = world.person("ana"), world.person("bob")
    ana.says(*lines(100))
    ana.sends(b"the rest\n")
    world.settle()
    assert ana.wire.incoming == b"the rest\n"
    for _ in range(20):
        record.keeps()
        world.settle()
    bob.hears(*said("ana", [*lines(100), "the rest"]))


def test_who_does_not_read_the_answers_is_not_read_from_until_they_are_read() -> None:
    world, ana, bob = two(Limits(flood_rate=0, replies=5_000))
    ana.stops_reading()
    ana.says(*["/help"] * 50, "hola")
    assert not bob.reads()
    ana.sends(b"and more\n")
    world.settle()
    assert ana.wire.incoming
    ana.reads_again()
    world.settle()
    bob.hears("<ana> hola", "<ana> and more")
