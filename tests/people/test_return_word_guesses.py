"""How many guesses of return words are heard: so few that none is right in a year."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import pytest
from twisted.internet.task import Clock

from huddle.people import return_word_guesses
from huddle.people.rates import Guesses
from huddle.people.return_word_guesses import FREE, MARKED, ONCE, Guess, ReturnWordGuesses
from huddle.people.return_words import WORDS
from huddle.protocol.errors import BadUsage, TooManyTries

DAY = 86_400
YEAR = 365 * DAY
ALL = len(WORDS) * (len(WORDS) - 1) * (len(WORDS) - 2) * 90


@pytest.fixture(autouse=True)
def places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has a place of its own, as long as there are any; by chance some share one."""
    known: dict[Hashable, int] = {}

    def place(key: Hashable, places: int) -> int:
        return known.setdefault(key, len(known)) % places

    monkeypatch.setattr(return_word_guesses, "_place", place)


class House:
    """A house in which guesses are made, each on a connection of its own."""

    def __init__(self, nodes: int = 1) -> None:
        self.clock = Clock()
        guesses = Guesses()
        guesses.nodes = nodes
        self.guesses = ReturnWordGuesses(guesses, self.clock.seconds)
        self._connections = 0

    def begins(
        self,
        address: str,
        nick: str = "ana",
        targets: int = 1,
        at_home: bool = False,
        there: int = 0,
        who: str = "",
    ) -> Callable[[bool], None] | None:
        """Somebody there guesses; None: it is not heard."""
        self._connections += 1
        alone = not nick or targets > 1
        guess = Guess(address, who or self._connections, nick, targets, alone, there, at_home)
        try:
            return self.guesses.begin(guess)
        except (TooManyTries, BadUsage):
            return None

    def hears(self, *guess: Any, **more: Any) -> bool:
        """Tells whether a guess is heard, which is as it `begins`; it is wrong."""
        settle = self.begins(*guess, **more)
        if settle is not None:
            settle(False)
        return settle is not None


def v4(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def test_the_sum_of_a_year_is_less_than_one_in_ten_thousand() -> None:
    first = FREE * YEAR / MARKED
    at_nicks = ONCE * YEAR / MARKED
    others = 1000 + YEAR / 8
    assert (first + at_nicks + others) / ALL < 0.79e-4
    restarts = 5 * (FREE + ONCE + 1000)
    assert (first + at_nicks + others + restarts) / ALL < 1e-4


@pytest.mark.parametrize("nodes", [1, 2, 5])
def test_several_nodes_hear_no_more_together(nodes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(return_word_guesses, "_SLOTS", 1000)
    monkeypatch.setattr(return_word_guesses, "ONCE", 100)
    heard = 0
    for node in range(nodes):
        house = House(nodes)
        for number in range(4000):
            heard += house.hears(
                f"{node}.{v4(number)}", f"nick{number % 500}", there=number % 500 + 1
            )
    assert 1000 < heard <= 2 * 1000 + 100 + 1000


def guessed_dry(address: str) -> House:
    """A house that has heard as many wrong guesses from there as it hears, all at other nicks."""
    house = House()
    while house.hears(address, f"nick{house._connections}"):
        pass
    return house


def test_a_nick_that_nobody_has_guessed_at_is_heard_once_behind_any_address() -> None:
    house = guessed_dry("10.0.0.1")
    assert not house.hears("10.0.0.1", "bob")
    for _ in range(10):
        settle = house.begins("10.0.0.1", "bob", there=7)
        assert settle is not None
        settle(True)
    assert house.hears("10.0.0.1", "bob", there=7)
    assert not house.hears("10.0.0.1", "bob", there=7)
    assert not house.hears("10.0.0.1", "BOB's other spelling", there=7)
    assert house.hears("10.0.0.1", "carla", there=8)
    assert not house.hears("10.0.0.1", "", 2, there=9)
    house.clock.advance(MARKED)
    while house.hears("10.0.0.1", f"nick{house._connections}"):
        pass
    assert house.hears("10.0.0.1", "bob", there=7)


def test_who_guesses_at_one_nick_after_the_other_waits_for_that_alone() -> None:
    house = guessed_dry("10.0.0.1")
    heard = [
        house.hears("10.0.0.1", f"dan{number}", there=number + 10, who="m") for number in range(10)
    ]
    assert heard == [True] * 3 + [False] * 7
    assert house.hears("10.0.0.1", "dan9", there=19)


def test_what_is_heard_so_keeps_nobody_waiting_longer() -> None:
    house = guessed_dry("10.0.0.1")
    for number in range(1000):
        assert house.hears("10.0.0.1", f"dan{number}", there=number + 10)
    house.clock.advance(31)
    assert house.hears("10.0.0.1", "eve")


def test_so_many_made_at_once_are_one_at_a_nick() -> None:
    house = guessed_dry("10.0.0.1")
    begun = [house.begins("10.0.0.1", "bob", there=7) for _ in range(100)]
    assert sum(each is not None for each in begun) == 1


def test_an_address_without_failures_is_always_heard() -> None:
    house = House()
    for number in range(3000):
        house.hears(v4(number % 1000))
    assert not house.hears(v4(1))
    assert house.hears("192.0.2.7")
    assert house.hears("192.0.2.7")


def test_whoever_has_more_addresses_than_the_table_is_heard_so_often_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(return_word_guesses, "_SLOTS", 4096)
    house = House()
    heard = sum(house.hears(v4(number), f"nick{number % 5000}") for number in range(40_000))
    assert 4096 < heard <= 2 * 4096 + 1000


def test_then_the_house_hears_one_in_eight_seconds() -> None:
    house = House()
    for number in range(500):
        for _ in range(2):
            assert house.hears(v4(number), "")
    heard = sum(house.hears(v4(number % 500), f"nick{number}") for number in range(2000))
    assert heard == 1000
    house.clock.advance(800)
    assert sum(house.hears(v4(number), f"nick{number}") for number in range(200)) == 100


def test_a_nick_is_guessed_so_often_by_addresses_with_failures() -> None:
    house = House()
    for number in range(100):
        assert house.hears(v4(number), "bob") and house.hears(v4(number), "bob")
    assert not house.hears(v4(1), "bob")
    assert house.hears(v4(1), "carla")
    assert house.hears(v4(1), "bob", at_home=True)
    house.clock.advance(180 * 60)
    assert house.hears(v4(1), "bob")


def test_what_is_right_counts_nothing() -> None:
    house = House()
    for _ in range(5000):
        settle = house.begins("10.0.0.1", "ana", 64)
        assert settle is not None
        settle(True)
    assert house.hears("10.0.0.1")


def test_a_thousand_that_are_looked_up_at_once_are_a_thousand() -> None:
    house = House()
    for number in range(100):
        assert house.hears(v4(number), "") and house.hears(v4(number), "")
    begun = [house.begins(v4(number % 100), f"nick{number}") for number in range(3000)]
    assert sum(each is not None for each in begun) == 1000


def test_who_is_right_in_between_does_not_become_one_without_failures() -> None:
    house = House()
    first, second = house.begins("10.0.0.1"), house.begins("10.0.0.1")
    assert first is not None and second is not None
    assert house.hears("10.0.0.1") and house.hears("10.0.0.1")
    first(True)
    second(True)
    for number in range(1500):
        house.hears(v4(1000 + number % 500), f"nick{number}")
        house.hears(v4(1000 + number % 500), f"nick{number}")
    assert not house.hears("10.0.0.1", "dan")


def test_a_word_alone_counts_for_all_that_it_might_open() -> None:
    house = House()
    assert [house.hears("10.0.0.1", "", 64) for _ in range(4)] == [True, True, False, False]
    assert house.hears("10.0.0.1", "ana")
    house.clock.advance(64 * 30)
    assert house.hears("10.0.0.1", "", 64)


def test_a_word_alone_from_an_address_without_failures_is_heard_whatever_the_house_hears() -> None:
    house = House()
    for number in range(500):
        assert house.hears(v4(number), "") and house.hears(v4(number), "")
    while any([house.hears(v4(number), f"nick{number}") for number in range(500)]):
        pass
    for targets, heard in ((1, True), (2, False)):
        settle = house.begins(f"192.0.2.{targets}", "", targets)
        assert (settle is not None) is heard
        if settle is not None:
            settle(True)


def test_a_word_alone_that_is_not_heard_is_to_come_with_its_nick() -> None:
    house = House()
    with pytest.raises(BadUsage) as refused:
        for number in range(200):
            house.guesses.begin(Guess("10.0.0.1", number, "", 2, True))(False)
            house.clock.advance(1)
    assert refused.value.field.startswith("/back NICK WORD")


def test_an_ipv6_48_is_bounded_whatever_64_it_comes_from() -> None:
    house = House()
    heard = sum(house.hears(f"2001:db8:1:{number:x}::/64") for number in range(2000))
    assert heard == 512
    assert house.hears("2001:db8:2:1::/64")


def test_after_thirty_days_an_address_has_no_failures() -> None:
    house = House()
    for number in range(3000):
        house.hears(v4(number % 1000))
    assert not house.hears(v4(1))
    house.clock.advance(MARKED - 3600)
    for number in range(3000):
        house.hears(v4(number % 1000), "bob")
    assert not house.hears(v4(1), "bob")
    house.clock.advance(3600)
    assert house.hears(v4(1), "bob")
