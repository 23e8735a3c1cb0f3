"""So many accounts from one address in an hour."""

from __future__ import annotations

import pytest

from huddle.people.registrations import HOUR_MS, Registrations
from huddle.protocol.errors import TooMany

HERE, THERE = "10.0.0.1", "10.0.0.2"


def is_full(registrations: Registrations, address: str, now: int, limit: int = 2) -> bool:
    try:
        registrations.check(address, now, limit)
    except TooMany as error:
        assert (error.what, error.limit) == ("registrations", limit)
        return True
    return False


def test_as_many_as_the_limit_and_no_more() -> None:
    registrations = Registrations()
    for now in (0, 1):
        assert not is_full(registrations, HERE, now)
        registrations.count(HERE, now)
    assert is_full(registrations, HERE, 2)
    assert not is_full(registrations, THERE, 2)


def test_each_one_is_over_after_an_hour() -> None:
    registrations = Registrations()
    registrations.count(HERE, 0)
    registrations.count(HERE, 1000)
    assert is_full(registrations, HERE, HOUR_MS - 1)
    assert not is_full(registrations, HERE, HOUR_MS)
    registrations.count(HERE, HOUR_MS)
    assert is_full(registrations, HERE, HOUR_MS + 999)
    assert not is_full(registrations, HERE, HOUR_MS + 1000)


def test_to_ask_counts_nothing() -> None:
    registrations = Registrations()
    for _ in range(10):
        registrations.check(HERE, 0, 1)
    registrations.count(HERE, 0)
    with pytest.raises(TooMany):
        registrations.check(HERE, 0, 1)


def test_the_addresses_that_are_remembered_are_bounded_and_the_oldest_goes() -> None:
    registrations = Registrations()
    for number in range(5000):
        registrations.count(f"2001:db8:{number:x}::/64", number)
    registrations.count(HERE, 5000)
    assert not is_full(registrations, "2001:db8:0::/64", 5000, limit=1)
    assert is_full(registrations, "2001:db8:1387::/64", 5000, limit=1)
    assert len(registrations._times) == 4096
