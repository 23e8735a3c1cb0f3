"""Connection limits: counting by address."""

from __future__ import annotations

import pytest
from twisted.internet.task import Clock

from huddle.doors.connection_limits import ConnectionLimits, Verdict, counted_address
from huddle.protocol.limits import Limits

SCHOOL = "192.0.2.7"


def limited(per_address: int = 3) -> ConnectionLimits:
    return ConnectionLimits(Limits(per_address=per_address), lambda: 0.0)


def attempts(door: ConnectionLimits, count: int, address: str = SCHOOL) -> list[Verdict]:
    """How each is met of so many who come and go, one after the other."""
    verdicts = []
    for _ in range(count):
        verdicts.append(door.arrive(address))
        door.leave(address)
    return verdicts


def test_so_many_of_one_address_are_welcome_and_the_next_ones_are_too_many() -> None:
    door = limited()
    verdicts = [door.arrive(SCHOOL) for _ in range(4)]
    assert verdicts == [Verdict.WELCOME] * 3 + [Verdict.TOO_MANY]


def test_past_twice_the_limit_it_is_a_storm() -> None:
    door = limited()
    verdicts = [door.arrive(SCHOOL) for _ in range(7)]
    assert verdicts[5:] == [Verdict.TOO_MANY, Verdict.STORM]


def test_when_one_has_left_one_more_is_welcome() -> None:
    door = limited()
    for _ in range(3):
        door.arrive(SCHOOL)
    door.leave(SCHOOL)
    assert door.arrive(SCHOOL) is Verdict.WELCOME


def test_a_crowd_at_one_address_is_nothing_to_another() -> None:
    door = limited()
    for _ in range(10):
        door.arrive(SCHOOL)
    assert door.arrive("198.51.100.1") is Verdict.WELCOME


def test_an_ipv6_48_may_have_four_times_as_many_whatever_64_they_come_from() -> None:
    door = limited()
    addresses = [f"2001:db8:1:{number:x}::/64" for number in range(25)]
    verdicts = [door.arrive(address) for address in addresses]
    assert verdicts == [Verdict.WELCOME] * 12 + [Verdict.TOO_MANY] * 12 + [Verdict.STORM]
    assert door.arrive("2001:db8:2:1::/64") is Verdict.WELCOME
    for address in addresses:
        door.leave(address)
    assert door.arrive(addresses[0]) is Verdict.WELCOME


def test_an_ipv6_48_may_make_four_times_as_many_at_once() -> None:
    door = ConnectionLimits(Limits(), lambda: 0.0)
    verdicts = [attempts(door, 1, f"2001:db8:1:{number:x}::/64")[0] for number in range(1030)]
    assert verdicts == [Verdict.WELCOME] * 1024 + [Verdict.STORM] * 6


@pytest.mark.parametrize(("limit", "address"), [(0, SCHOOL), (3, "")])
def test_there_may_be_no_limit_and_an_address_without_one(limit: int, address: str) -> None:
    door = limited(per_address=limit)
    assert {door.arrive(address) for _ in range(100)} == {Verdict.WELCOME}


def test_so_many_come_and_go_at_once_and_then_so_many_a_second() -> None:
    clock = Clock()
    limits = Limits(attempts_rate=2, attempts_burst=5)
    door: ConnectionLimits = ConnectionLimits(limits, clock.seconds)
    assert attempts(door, 7) == [Verdict.WELCOME] * 5 + [Verdict.STORM] * 2
    assert attempts(door, 1, "198.51.100.1") == [Verdict.WELCOME]
    clock.advance(1)
    assert attempts(door, 3) == [Verdict.WELCOME] * 2 + [Verdict.STORM]
    clock.advance(60)
    assert attempts(door, 6) == [Verdict.WELCOME] * 5 + [Verdict.STORM]


def test_a_class_may_come_back_twice_at_once() -> None:
    door: ConnectionLimits = ConnectionLimits(Limits(), lambda: 0.0)
    for _ in range(2):
        assert {door.arrive(SCHOOL) for _ in range(64)} == {Verdict.WELCOME}
        for _ in range(64):
            door.leave(SCHOOL)


@pytest.mark.parametrize(("limit", "address"), [(0, SCHOOL), (64, "")])
def test_without_a_limit_or_an_address_nobody_comes_too_fast(limit: int, address: str) -> None:
    assert set(attempts(limited(limit), 1000, address)) == {Verdict.WELCOME}


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
