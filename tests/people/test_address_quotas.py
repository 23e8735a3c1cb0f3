"""Who fills what is remembered without end has their own forgotten, and not that of others."""

from __future__ import annotations

from huddle.people.address_quotas import AddressQuotas

ELSEWHERE = "198.51.100.7"


def test_an_address_that_has_its_share_loses_its_own_oldest() -> None:
    quotas: AddressQuotas[int] = AddressQuotas(100, 3, 2)
    assert quotas.add(0, ELSEWHERE) == []
    gone = [quotas.add(number, "192.0.2.1") for number in range(1, 7)]
    assert gone == [[], [], [], [1], [2], [3]]
    assert len(quotas) == 4


def test_so_does_an_ipv6_48_that_has_its_own() -> None:
    quotas: AddressQuotas[int] = AddressQuotas(100, 3, 2)
    gone = [quotas.add(number, f"2001:db8:7:{number:x}::/64") for number in range(8)]
    assert gone == [[]] * 6 + [[0], [1]]
    assert quotas.place(7) == "2001:db8:7::/48"


def test_where_no_more_may_be_remembered_the_place_with_most_loses_its_oldest() -> None:
    quotas: AddressQuotas[int] = AddressQuotas(4, 3, 2)
    for number, address in enumerate((ELSEWHERE, "192.0.2.1", "192.0.2.1", "192.0.2.2")):
        assert quotas.add(number, address) == []
    assert quotas.add(4, "192.0.2.3") == [1]
    assert quotas.add(2, "192.0.2.1") == []
    assert len(quotas) == 4


def test_without_shares_the_oldest_of_all_goes() -> None:
    quotas: AddressQuotas[int] = AddressQuotas(3, 0, 2)
    gone = [quotas.add(number, "192.0.2.1" if number else ELSEWHERE) for number in range(5)]
    assert gone == [[], [], [], [0], [1]]


def test_the_empty_address_has_no_share() -> None:
    quotas: AddressQuotas[int] = AddressQuotas(3, 1, 2)
    gone = [quotas.add(number, "") for number in range(4)]
    assert gone == [[], [], [], [0]]


def test_one_of_most_is_the_oldest_of_the_place_with_most_where_that_has_several() -> None:
    quotas: AddressQuotas[int] = AddressQuotas(100, 3, 2)
    assert quotas.one_of_most() is None
    for number, address in enumerate((ELSEWHERE, "192.0.2.1")):
        quotas.add(number, address)
    assert quotas.one_of_most() is None
    quotas.add(2, "192.0.2.1")
    assert (quotas.one_of_most(), len(quotas)) == (1, 3)


def test_what_is_noted_again_is_the_newest_and_may_come_from_elsewhere() -> None:
    quotas: AddressQuotas[int] = AddressQuotas(100, 2, 2)
    quotas.add(1, "192.0.2.1")
    quotas.add(2, "192.0.2.1")
    assert quotas.add(1, ELSEWHERE) == quotas.add(3, "192.0.2.1") == []
    assert quotas.add(4, "192.0.2.1") == [2]


def test_nothing_is_left_of_what_is_forgotten() -> None:
    quotas: AddressQuotas[int] = AddressQuotas(100, 2, 2)
    for number in range(6):
        quotas.add(number, f"2001:db8:7:{number:x}::/64")
    for number in range(7):
        quotas.discard(number)
    assert len(quotas) == len(quotas._groups._by_place) == 0
