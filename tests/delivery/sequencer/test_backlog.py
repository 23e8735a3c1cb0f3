"""How much waits to be committed or given out: who pours in much is held back, and nobody else."""

from __future__ import annotations

import pytest

from huddle.delivery.entries import ENTRY_OVERHEAD
from huddle.delivery.sequencer.backlog import BOUNDED_FOR, DELIVERY, LEAST_WAITING
from huddle.protocol.limits import Limits
from tests.delivery.sequenced import House


def test_it_is_congested_beyond_so_many_bytes_and_relieved_when_they_are_written() -> None:
    limit = 2 * (ENTRY_OVERHEAD + 100)
    house = House(Limits(uncommitted=limit))
    house.disk.slow = True
    sequencer = house.sequencer
    sequencer.backlog.when_relieved(lambda: house.notes.append("relieved"))
    house.says("a" * 100, "b" * 100)
    assert not sequencer.backlog.congested
    house.turns()
    house.says("c")
    assert sequencer.backlog.congested
    assert house.tells() == []
    house.disk.writes(1)
    assert not sequencer.backlog.congested
    assert house.tells()[-1] == "relieved"
    house.disk.writes()
    assert "relieved" not in house.tells()


@pytest.mark.parametrize(("text", "bytes_each"), [("x" * 1000, 1), ("x" * 999 + "👍", 4)])
@pytest.mark.parametrize("refused", [False, True])
def test_what_waits_is_counted_as_the_memory_that_its_letters_take(
    text: str, bytes_each: int, refused: bool
) -> None:
    house = House()
    house.disk.slow = True
    house.says(text, first=1)
    house.turns()
    house.says(text, first=2)
    assert 2000 * bytes_each <= house.sequencer.backlog.texts <= 2000 * bytes_each + 100
    house.disk.refuses() if refused else house.disk.writes()
    house.reactor.settle()
    house.disk.writes()
    assert (house.sequencer.backlog.texts, house.sequencer.backlog.memory) == (0, 0)


def test_it_is_not_relieved_as_long_as_too_much_waits() -> None:
    house = House(Limits(uncommitted=2 * ENTRY_OVERHEAD))
    house.disk.slow = True
    house.sequencer.backlog.when_relieved(lambda: house.notes.append("relieved"))
    house.says("a")
    house.turns()
    house.says("b", "c", "d")
    house.disk.writes(1)
    assert house.sequencer.backlog.congested
    assert "relieved" not in house.tells()
    house.disk.writes()
    assert "relieved" in house.tells()


def test_where_delivery_is_dear_less_may_wait_so_that_what_is_said_next_comes_soon() -> None:
    house = House()
    house.disk.slow = True
    house.takes = 2 * DELIVERY
    house.says("a" * 2 * LEAST_WAITING)
    house.turns()
    house.disk.writes(1)
    house.says("b" * LEAST_WAITING)
    assert not house.sequencer.backlog.congested
    house.says("c" * LEAST_WAITING)
    assert house.sequencer.backlog.congested


def test_where_delivery_is_cheap_again_as_much_may_wait_as_ever() -> None:
    house = House()
    house.disk.slow = True
    house.takes = 2 * DELIVERY
    house.says("a" * 2 * LEAST_WAITING)
    house.turns()
    house.disk.writes(1)
    house.takes = 0.0
    house.says("b" * LEAST_WAITING)
    house.turns()
    house.disk.writes(1)
    house.says("c" * 3 * LEAST_WAITING)
    assert not house.sequencer.backlog.congested


def test_the_first_to_pour_in_much_finds_no_more_room_than_is_surely_given_out_soon() -> None:
    house = House()
    house.disk.slow = True
    house.says("a" * 3 * LEAST_WAITING)
    assert house.sequencer.backlog.congested


def test_what_may_wait_doubles_with_each_cheap_batch_and_is_least_after_a_pause() -> None:
    house = House()
    limits = [house.sequencer.backlog.limit]
    for _ in range(3):
        house.says("a" * LEAST_WAITING)
        house.tells()
        limits.append(house.sequencer.backlog.limit)
    assert limits == [least := 2 * LEAST_WAITING, 2 * least, 4 * least, 8 * least]
    house.reactor.pass_by(BOUNDED_FOR + 0.1)
    house.says("b")
    house.tells()
    assert house.sequencer.backlog.limit == least


def test_what_is_refused_waits_no_longer() -> None:
    house = House(Limits(uncommitted=ENTRY_OVERHEAD + 1))
    house.disk.slow = True
    house.says("a", first=1)
    house.turns()
    house.says("b", first=2)
    assert house.sequencer.backlog.congested
    house.disk.refuses()
    assert not house.sequencer.backlog.congested
    house.says("c" * 2, session=2)
    assert house.sequencer.backlog.congested
    house.reactor.settle()
    house.disk.writes()
