"""Shutdown: in a moment everybody hears what was said, and that the house closes."""

from __future__ import annotations

import pytest

from huddle.doors.input.scheduler import InputScheduler
from huddle.protocol.limits import Limits
from tests.world import World

BYE = "-- The server is closing. Bye!"
FREELY = Limits(flood_rate=0)
ALL_THE_TIME = Limits().stopping


def closing(world: World) -> list[str]:
    """Close the house; the list has an entry once that is done."""
    done: list[str] = []
    world.connections.close().addCallback(lambda _: done.append("closed"))
    world.settle()
    return done


def test_an_empty_house_closes_at_once() -> None:
    world = World()
    assert closing(world)
    assert not world.reactor.getDelayedCalls()


def test_the_house_is_not_closed_before_it_is_noted_how_far_everybody_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who has gone is heard out a turn later, where others have taken the time of this one; then
    that was to be kept in a record that was closed, and they were shown too much again."""
    world = World()
    world.person("ana"), world.person("bob")
    monkeypatch.setattr(InputScheduler, "ask", InputScheduler.wait)
    away: list[bool] = []
    sessions = list(world.huddle.registry.sessions)
    world.connections.close().addCallback(lambda _: away.extend(each.away for each in sessions))
    world.settle()
    assert away == [True, True]


def test_everybody_is_told_and_when_all_are_gone_the_house_is_closed() -> None:
    world = World()
    ana, bob, door = world.person("ana"), world.person("bob", transport="buffered"), world.connect()
    bot = world.program("bot")
    for each in (ana, bob, door, bot):
        each.forgets()
    assert closing(world)
    ana.hears(BYE)
    bob.hears(BYE)
    door.hears(BYE)
    assert bot.gone


def test_what_was_said_at_the_last_moment_is_heard_before_the_farewell() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.sends(b"wait for me\n")
    world.reactor.turn()
    closing(world)
    bob.hears("<ana> wait for me", BYE)


def test_a_reader_who_is_behind_gets_everything_before_the_farewell() -> None:
    world = World(limits=FREELY)
    ana, bob = world.person("ana"), world.person("bob")
    bob.stops_reading()
    ana.says(*["x" * 1000] * 2000)
    done = closing(world)
    bob.reads_again()
    assert done
    *heard, last = bob.reads()
    assert (len(heard), last) == (2000, BYE)


def test_a_slow_reader_is_told_where_they_are_when_half_of_the_time_is_over() -> None:
    world = World(limits=FREELY)
    ana, bob = world.person("ana"), world.person("bob")
    bob.stops_reading()
    ana.says(*["x" * 1000] * 2000)
    closing(world)
    bob.takes(100_000)
    world.passes(ALL_THE_TIME / 2)
    bob.reads_again()
    *heard, last = bob.reads()
    assert 90 <= len(heard) < 200
    assert last == BYE


def test_who_does_not_read_at_all_is_let_go_without_a_reset_and_keeps_their_nick() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    bob.stops_reading()
    ana.says("hola")
    done = closing(world)
    world.passes(ALL_THE_TIME - 0.1)
    assert not done
    world.passes(0.1)
    assert done
    assert not bob.gone
    assert world.huddle.nicks.owner("bob") is not None


def test_nobody_is_said_to_have_left_when_the_house_closes() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    bob.stops_reading()
    closing(world)
    world.passes(ALL_THE_TIME)
    bob.reads_again()
    world.settle()
    left = [line for line in (*ana.reads(), *bob.reads()) if line.endswith(" left")]
    assert not left
