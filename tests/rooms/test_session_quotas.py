"""Nicks are held for those who have lost their connection, in shares."""

from __future__ import annotations

import pytest

from huddle.people.address_quotas import AddressQuotas
from huddle.people.sessions import Session
from huddle.protocol.limits import Limits
from huddle.rooms.session_quotas import held_sessions
from tests.cluster.test_apply import steps_of
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


def full_of_held(count: int) -> AddressQuotas[Session]:
    """Two are held of each address."""
    held = held_sessions(Limits())
    for number in range(count):
        held.add(Session(number, f"n{number}"), f"10.{number % (count // 2)}")
    return held


def test_who_makes_room_is_found_by_as_few_steps_where_twenty_thousand_are_held() -> None:
    steps = [steps_of(full_of_held(count).one_of_most) for count in (200, 20_000)]
    assert steps[0] == steps[1]


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


# -- those who have left -----------------------------------------------------------------------


def goes(world: World, nick: str, address: str) -> str:
    """Somebody comes in, and leaves; returns their return word."""
    person = world.person(nick, address=address)
    person.says("/salir")
    return person.word


def forgotten(world: World, most: int) -> int:
    """How many the record forgets where it has no more than that many who have left."""
    count: list[int] = []
    world.record.forget_sessions(0, most).addCallback(count.append)
    return count[0]


def comes_back(world: World, nick: str, word: str) -> bool:
    person = world.connect(address="192.0.2.99")
    person.says(f"/back {nick} {word}")
    return any(f"Hello {nick}" in line for line in person.reads())


def test_one_address_that_comes_and_goes_without_end_has_nobody_else_forgotten() -> None:
    world = World(limits=Limits(left_each=3))
    word = goes(world, "ana", "192.0.2.1")
    for number in range(20):
        goes(world, f"n{number}", "10.0.0.1")
    assert forgotten(world, 4) == 17
    assert comes_back(world, "ana", word)


def test_it_has_its_share_anew_after_a_day_and_an_ipv6_48_has_three() -> None:
    world = World(limits=Limits(left_each=1))
    words = {f"n{n}": goes(world, f"n{n}", f"2001:db8:0:{n}::1") for n in range(5)}
    words |= {nick: goes(world, nick, "10.0.0.1") for nick in ("late", "later")}
    world.passes(86_400)
    words["last"] = goes(world, "last", "10.0.0.1")
    assert forgotten(world, 5) == 3
    back = [nick for nick, word in words.items() if comes_back(world, nick, word)]
    assert back == ["n0", "n1", "n2", "late", "last"]


def test_where_addresses_have_no_limit_who_left_first_is_forgotten_first() -> None:
    world = World(limits=Limits(left_each=1, per_address=0))
    words = {nick: goes(world, nick, "10.0.0.1") for nick in ("a", "b", "c")}
    assert forgotten(world, 2) == 1
    assert [nick for nick, word in words.items() if comes_back(world, nick, word)] == ["b", "c"]
