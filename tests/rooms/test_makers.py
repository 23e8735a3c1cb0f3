"""From where the rooms were made, and how many may be from there."""

from __future__ import annotations

import pytest

from huddle.protocol.errors import TooMany
from huddle.protocol.limits import Limits
from huddle.rooms.makers import Makers

NETWORK = "2001:db8:1:{:x}::/64"


def made(makers: Makers, *addresses: str, of: int) -> int:
    """How many of so many rooms are made, by these addresses in turn, before one is refused."""
    for number in range(of):
        address = addresses[number % len(addresses)]
        try:
            makers.check(address, of - number)
        except TooMany as refused:
            assert refused.what == "rooms_made"
            return number
        makers.note(f"r{number}", address)
    return of


def test_an_address_has_half_of_what_is_free() -> None:
    assert made(Makers(Limits()), "10.0.0.1", of=100) == 50


def test_an_ipv6_48_has_three_quarters() -> None:
    addresses = [NETWORK.format(number) for number in range(20)]
    assert made(Makers(Limits()), *addresses, of=100) == 75


def test_others_are_not_counted_with_it_and_have_half_of_the_rest() -> None:
    makers = Makers(Limits())
    assert made(makers, "10.0.0.1", of=100) == 50
    makers.check("10.0.0.2", 50)
    makers.check(NETWORK.format(1), 1)


@pytest.mark.parametrize("limits", [Limits(rooms_made=0), Limits(per_address=0)])
def test_where_there_are_no_shares_one_address_has_all(limits: Limits) -> None:
    assert made(Makers(limits), "10.0.0.1", of=10) == 10


def test_an_operator_has_all() -> None:
    assert made(Makers(Limits()), "", of=10) == 10


def test_a_room_that_is_there_no_more_does_not_count() -> None:
    makers = Makers(Limits())
    made(makers, "10.0.0.1", of=4)
    with pytest.raises(TooMany):
        makers.check("10.0.0.1", 2)
    makers.forget("r0")
    makers.forget("r0")
    makers.check("10.0.0.1", 2)
