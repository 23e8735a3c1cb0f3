"""The entrance: counting by address, and the door where the unnamed stand."""

from __future__ import annotations

import pytest
from twisted.internet.task import Clock

from huddle.doors.connection_limits import Entrance, Manner, counted_address
from huddle.protocol.limits import Limits

SCHOOL = "192.0.2.7"


def entrance(per_address: int = 3, unnamed: int = 3) -> Entrance[str]:
    return Entrance(Limits(per_address=per_address, unnamed=unnamed), lambda: 0.0)


def attempts(door: Entrance[str], count: int, address: str = SCHOOL) -> list[Manner]:
    """How each is met of so many who come and go, one after the other."""
    manners = []
    for _ in range(count):
        manners.append(door.arrive(address))
        door.leave(address)
    return manners


def test_so_many_of_one_address_are_welcome_and_the_next_ones_are_too_many() -> None:
    door = entrance()
    manners = [door.arrive(SCHOOL) for _ in range(4)]
    assert manners == [Manner.WELCOME] * 3 + [Manner.TOO_MANY]


def test_past_twice_the_limit_it_is_a_storm() -> None:
    door = entrance()
    manners = [door.arrive(SCHOOL) for _ in range(7)]
    assert manners[5:] == [Manner.TOO_MANY, Manner.STORM]


def test_when_one_has_left_one_more_is_welcome() -> None:
    door = entrance()
    for _ in range(3):
        door.arrive(SCHOOL)
    door.leave(SCHOOL)
    assert door.arrive(SCHOOL) is Manner.WELCOME


def test_a_crowd_at_one_address_is_nothing_to_another() -> None:
    door = entrance()
    for _ in range(10):
        door.arrive(SCHOOL)
    assert door.arrive("198.51.100.1") is Manner.WELCOME


@pytest.mark.parametrize(("limit", "address"), [(0, SCHOOL), (3, "")])
def test_there_may_be_no_limit_and_an_address_without_one(limit: int, address: str) -> None:
    door = entrance(per_address=limit)
    assert {door.arrive(address) for _ in range(100)} == {Manner.WELCOME}


def test_so_many_come_and_go_at_once_and_then_so_many_a_second() -> None:
    clock = Clock()
    limits = Limits(attempts_rate=2, attempts_burst=5)
    door: Entrance[str] = Entrance(limits, clock.seconds)
    assert attempts(door, 7) == [Manner.WELCOME] * 5 + [Manner.STORM] * 2
    assert attempts(door, 1, "198.51.100.1") == [Manner.WELCOME]
    clock.advance(1)
    assert attempts(door, 3) == [Manner.WELCOME] * 2 + [Manner.STORM]
    clock.advance(60)
    assert attempts(door, 6) == [Manner.WELCOME] * 5 + [Manner.STORM]


def test_a_class_may_come_back_twice_at_once() -> None:
    door: Entrance[str] = Entrance(Limits(), lambda: 0.0)
    for _ in range(2):
        assert {door.arrive(SCHOOL) for _ in range(64)} == {Manner.WELCOME}
        for _ in range(64):
            door.leave(SCHOOL)


@pytest.mark.parametrize(("limit", "address"), [(0, SCHOOL), (64, "")])
def test_without_a_limit_or_an_address_nobody_comes_too_fast(limit: int, address: str) -> None:
    assert set(attempts(entrance(limit), 1000, address)) == {Manner.WELCOME}


def test_when_one_too_many_has_no_nick_the_one_who_stands_there_longest_goes() -> None:
    door = entrance()
    assert [door.stand(guest) for guest in "abc"] == [None] * 3
    assert door.stand("d") == "a"
    assert door.stand("e") == "b"


def test_who_has_a_nick_stands_at_the_door_no_more() -> None:
    door = entrance()
    for guest in "abc":
        door.stand(guest)
    door.pass_on("a")
    door.pass_on("a")
    assert door.stand("d") is None
    assert door.stand("e") == "b"


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("no address", "no address"),
    ],
)
def test_one_address_is_an_ipv4_address_or_an_ipv6_network_of_64_bits(
    host: str, counted: str
) -> None:
    assert counted_address(host) == counted
