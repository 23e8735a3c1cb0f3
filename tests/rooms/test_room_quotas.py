"""From where the rooms were made, and how many may be from there."""

from __future__ import annotations

from itertools import cycle

import pytest

from huddle.protocol.errors import TooMany
from huddle.protocol.limits import Limits
from huddle.rooms.room_quotas import RoomQuotas

NETWORK = "2001:db8:1:{:x}::/64"


def made(quotas: RoomQuotas, *addresses: str, of: int) -> int:
    """How many of so many rooms are made, by these addresses in turn, before one is refused."""
    for number in range(of):
        address = addresses[number % len(addresses)]
        try:
            quotas.check(address, of - number, of)
        except TooMany as refused:
            assert refused.what == "rooms_made"
            return number
        quotas.add(f"r{number}", address)
    return of


def left(addresses: list[list[str]], of: int) -> int:
    """How many rooms are left when each of these in turn has made as many as it may."""
    quotas, there = RoomQuotas(Limits()), 0
    for each in addresses:
        try:
            for address in cycle(each):
                quotas.check(address, of - there, of)
                quotas.add(f"r{there}", address)
                there += 1
        except TooMany:
            continue
    return of - there


@pytest.mark.parametrize("rooms", [100, 1000, 5000])
def test_so_many_addresses_leave_one_in_one_more(rooms: int) -> None:
    for count in range(20):
        addresses = [[f"10.0.0.{number}"] for number in range(count)]
        assert left(addresses, rooms) > rooms / (count + 1) - max(count, 1)


def test_an_address_takes_382_of_a_thousand_and_ten_leave_a_tenth() -> None:
    addresses = [[f"10.0.0.{number}"] for number in range(62)]
    assert [left(addresses[:count], 1000) for count in (1, 2, 10, 50)] == [618, 431, 108, 10]
    assert left(addresses, 1000) == 0


def test_an_ipv6_48_takes_three_times_as_much_of_what_is_free() -> None:
    sites = [[f"2001:db8:{at:x}:{number:x}::/64" for number in range(20)] for at in range(10)]
    assert [left(sites[:count], 1000) for count in (1, 2, 10)] == [434, 248, 41]


def test_where_few_are_free_each_address_makes_its_first_room() -> None:
    quotas = RoomQuotas(Limits())
    quotas.add("r0", "10.0.0.1")
    with pytest.raises(TooMany):
        quotas.check("10.0.0.1", 31, 1000)
    quotas.check("10.0.0.2", 31, 1000)
    quotas.check("10.0.0.2", 1, 1000)


def test_others_are_not_counted_with_it() -> None:
    quotas = RoomQuotas(Limits())
    assert made(quotas, "10.0.0.1", of=100) == 39
    quotas.check("10.0.0.2", 61, 100)
    quotas.check(NETWORK.format(1), 1, 100)


@pytest.mark.parametrize("limits", [Limits(rooms_made=0), Limits(per_address=0)])
def test_where_there_are_no_shares_one_address_has_all(limits: Limits) -> None:
    assert made(RoomQuotas(limits), "10.0.0.1", of=10) == 10


def test_an_operator_has_all() -> None:
    assert made(RoomQuotas(Limits()), "", of=10) == 10


def test_a_room_that_is_there_no_more_does_not_count() -> None:
    quotas = RoomQuotas(Limits())
    made(quotas, "10.0.0.1", of=4)
    with pytest.raises(TooMany):
        quotas.check("10.0.0.1", 2, 4)
    quotas.discard("r0")
    quotas.discard("r0")
    quotas.check("10.0.0.1", 3, 4)
