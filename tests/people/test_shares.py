"""Who fills what is remembered without end has their own forgotten, and not that of others."""

from __future__ import annotations

from huddle.people.shares import Shares

ELSEWHERE = "198.51.100.7"


def test_an_address_that_has_its_share_loses_its_own_oldest() -> None:
    shares: Shares[int] = Shares(100, 3, 2)
    assert shares.add(0, ELSEWHERE) == []
    gone = [shares.add(number, "192.0.2.1") for number in range(1, 7)]
    assert gone == [[], [], [], [1], [2], [3]]
    assert len(shares) == 4


def test_so_does_an_ipv6_48_that_has_its_own() -> None:
    shares: Shares[int] = Shares(100, 3, 2)
    gone = [shares.add(number, f"2001:db8:7:{number:x}::/64") for number in range(8)]
    assert gone == [[]] * 6 + [[0], [1]]
    assert shares.place(7) == "2001:db8:7::/48"


def test_where_no_more_may_be_remembered_the_place_with_most_loses_its_oldest() -> None:
    shares: Shares[int] = Shares(4, 3, 2)
    for number, address in enumerate((ELSEWHERE, "192.0.2.1", "192.0.2.1", "192.0.2.2")):
        assert shares.add(number, address) == []
    assert shares.add(4, "192.0.2.3") == [1]
    assert shares.add(2, "192.0.2.1") == []
    assert len(shares) == 4


def test_without_shares_the_oldest_of_all_goes() -> None:
    shares: Shares[int] = Shares(3, 0, 2)
    gone = [shares.add(number, "192.0.2.1" if number else ELSEWHERE) for number in range(5)]
    assert gone == [[], [], [], [0], [1]]


def test_what_is_noted_again_is_the_newest_and_may_come_from_elsewhere() -> None:
    shares: Shares[int] = Shares(100, 2, 2)
    shares.add(1, "192.0.2.1")
    shares.add(2, "192.0.2.1")
    assert shares.add(1, ELSEWHERE) == shares.add(3, "192.0.2.1") == []
    assert shares.add(4, "192.0.2.1") == [2]


def test_nothing_is_left_of_what_is_forgotten() -> None:
    shares: Shares[int] = Shares(100, 2, 2)
    for number in range(6):
        shares.add(number, f"2001:db8:7:{number:x}::/64")
    for number in range(7):
        shares.discard(number)
    assert len(shares) == len(shares._crowds) == 0
