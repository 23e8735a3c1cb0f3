"""Each address has its own pace, and only so many are remembered."""

from __future__ import annotations

from huddle.people.paces import REMEMBERED, Paces


def test_so_many_come_at_once_and_then_so_many_a_second() -> None:
    paces = Paces(2, 3)
    assert [paces.take("a", 0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert paces.take("b", 0) == 0
    assert paces.take("a", 0.5) == 0


def test_without_an_address_or_a_rate_there_is_no_pace() -> None:
    assert {Paces(2, 3).take("", 0) for _ in range(100)} == {0}
    assert {Paces(0, 3).take("a", 0) for _ in range(100)} == {0}


def test_the_address_that_came_longest_ago_is_forgotten_first() -> None:
    paces = Paces(1, 1)
    paces.take("first", 0)
    paces.take("second", 0)
    paces.take("first", 0)
    for number in range(REMEMBERED - 1):
        paces.take(str(number), 0)
    assert len(paces) == REMEMBERED
    assert paces.take("first", 0) > 0
    assert paces.take("second", 0) == 0
