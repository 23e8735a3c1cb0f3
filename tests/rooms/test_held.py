"""Nicks are held for those who have lost their connection, in shares."""

from __future__ import annotations

import pytest

from huddle.protocol.limits import Limits
from tests.slow_record import SlowRecord
from tests.world import World


def nicks(world: World) -> list[str]:
    return [session.nick for session in world.huddle.registry.sessions]


def lost(world: World, *people: str, address: str) -> None:
    for nick in people:
        world.person(nick, address=address).cut()


def test_an_address_holds_so_many_and_then_its_oldest_has_left() -> None:
    world = World(limits=Limits(held_each=3))
    ana = world.person("ana", address="192.0.2.1")
    lost(world, "bob", address="192.0.2.2")
    lost(world, *"abc", address="10.0.0.1")
    ana.forgets()
    lost(world, "d", address="10.0.0.1")
    ana.hears("-- d joined", "-- a left")
    assert nicks(world) == ["ana", "bob", "b", "c", "d"]


def test_who_comes_back_is_held_anew() -> None:
    world = World(limits=Limits(held_each=2))
    a = world.person("a")
    a.cut()
    lost(world, "b", address="10.0.0.1")
    again = world.connect()
    again.says(f"/back {a.word}")
    again.cut()
    lost(world, "c", address="10.0.0.1")
    assert nicks(world) == ["a", "c"]


def test_so_does_an_ipv6_48() -> None:
    world = World(limits=Limits(held_each=1))
    for number in range(4):
        lost(world, f"n{number}", address=f"2001:db8:1:{number}::1")
    assert nicks(world) == ["n1", "n2", "n3"]


@pytest.mark.parametrize("restart", [False, True])
def test_in_a_full_house_the_place_with_most_makes_room(restart: bool) -> None:
    world = World(SlowRecord(), limits=Limits(sessions=4))
    lost(world, "ana", address="192.0.2.1")
    lost(world, *"abc", address="10.0.0.1")
    world = world.crashes() if restart else world
    newcomer = world.connect("192.0.2.2")
    newcomer.says("eva")
    assert "Hello eva" in newcomer.reads()[1]
    gone = "ana" if restart else "a"
    assert gone not in nicks(world) and len(nicks(world)) == 4


def test_a_house_that_is_full_of_people_is_full() -> None:
    world = World(limits=Limits(sessions=2))
    for nick in "ab":
        world.person(nick)
    newcomer = world.connect()
    newcomer.says("c")
    newcomer.hears_at_last("-- There are too many connections. Try again later.")
    assert nicks(world) == ["a", "b"]


def test_twenty_thousand_held_nicks_of_others_keep_nobody_out() -> None:
    world = World(limits=Limits(sessions=50, held_each=10))
    for number in range(60):
        lost(world, f"n{number}", address=f"10.0.0.{number % 7}")
    assert len(nicks(world)) == 50
    for number in range(20):
        assert world.person(
            f"p{number}", address=f"192.0.2.{number}"
        ).connection.visit.progress.named
    assert len(nicks(world)) == 50


def test_who_has_lost_their_nick_so_takes_it_back_by_their_word() -> None:
    world = World(limits=Limits(held_each=1))
    a = world.person("a")
    a.cut()
    lost(world, "b", address="10.0.0.1")
    assert nicks(world) == ["b"]
    again = world.connect()
    again.says(f"/back {a.word}")
    assert "Hello a" in again.reads()[1]


def test_where_addresses_have_no_limit_they_have_no_share() -> None:
    world = World(limits=Limits(held_each=1, per_address=0))
    lost(world, *"abc", address="10.0.0.1")
    assert nicks(world) == ["a", "b", "c"]
