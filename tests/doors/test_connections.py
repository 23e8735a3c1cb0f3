"""Connections: who is let in and who is not, who is still counted, and what closing leaves."""

from __future__ import annotations

from huddle.delivery.tally import TALLY
from huddle.doors.connections import TOLD
from huddle.protocol.limits import Limits
from tests.world import Peer, World

WELCOME = "Welcome to huddle. What is your nick?"
FULL = "-- There are too many connections. Try again later."
CLOSING = "-- The server is closing. Bye!"


def test_beyond_those_that_may_be_here_some_are_told_and_the_others_are_closed_unheard() -> None:
    world = World(limits=Limits(per_address=0))
    world.connections.most = 2
    here = [world.connect() for _ in range(2)]
    late = [Peer(world) for _ in range(TOLD + 2)]
    for each in late:  # at once: none of them has gone when the next one comes
        world.attach(each)
    world.settle()
    assert [each.reads() for each in late] == [[FULL]] * TOLD + [[]] * 2
    assert all(each.gone for each in late) and not any(each.gone for each in here)


def test_when_one_of_so_many_goes_another_may_come() -> None:
    world = World()
    world.connections.most = 1
    ana = world.connect()
    ana.cut()
    bob = world.connect()
    bob.hears(WELCOME)
    assert not bob.gone


def test_each_who_is_turned_away_is_counted_by_the_reason() -> None:
    world = World(limits=Limits(per_address=1))
    before = dict(TALLY.turned_away)
    for _ in range(3):
        world.attach(Peer(world))
    assert TALLY.turned_away["too_many"] - before.get("too_many", 0) == 1
    assert TALLY.turned_away["storm"] - before.get("storm", 0) == 1


def test_who_goes_counts_for_their_address_until_all_that_they_typed_is_said() -> None:
    world = World(limits=Limits(per_address=1, flood_rate=1, flood_burst=2))
    eva = world.person("eva", address="10.0.0.9")
    ana = world.person("ana")
    ana.says("one", "two", "three")
    ana.ends()
    eva.hears_at_last("<ana> one")
    world.connect().hears(FULL)
    world.passes(3)
    eva.hears("<ana> two", "<ana> three", "-- ana left")
    world.connect().hears(WELCOME)


def test_who_has_a_nick_is_not_sent_away_for_want_of_one() -> None:
    world = World(limits=Limits(name_seconds=60))
    ana, nobody = world.person("ana"), world.connect()
    world.passes(61)
    assert nobody.gone and not ana.gone


def test_a_house_that_closes_lets_nobody_in_and_says_so() -> None:
    world = World()
    ana = world.person("ana")
    ana.stops_reading()
    world.connections.close()
    assert world.connections.closing
    late = world.connect()
    late.hears_at_last(CLOSING)
    assert late.gone


def test_of_a_house_that_has_closed_no_timer_is_left_of_whatever_door() -> None:
    world = World()
    overdue: list[str] = []
    own = world.connections.deadlines(overdue.append)
    own.set("a door's", 5)
    world.connect()
    closed = world.connections.close()
    world.settle()
    assert closed.called
    world.passes(600)
    assert overdue == []
