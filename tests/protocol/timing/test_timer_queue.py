"""The timer queue: one timer for all that is done unless something else comes first."""

from __future__ import annotations

import pytest
from twisted.internet.task import Clock
from typing_extensions import override

from huddle.protocol.timing.timer_queue import TimerQueue


class Watched:
    """A queue over a clock, and what was overdue in it."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.overdue: list[str] = []
        self.queue: TimerQueue[str] = TimerQueue(self.clock, self.overdue.append)
        self.passes = self.clock.advance

    @property
    def timers(self) -> int:
        return len(self.clock.getDelayedCalls())


def test_each_is_overdue_when_its_time_has_come() -> None:
    given = Watched()
    given.queue.set("answer", 2.0)
    given.queue.set("silent", 0.3)
    given.passes(0.29)
    assert given.overdue == []
    given.passes(0.02)
    assert given.overdue == ["silent"]
    given.passes(1.7)
    assert given.overdue == ["silent", "answer"]
    assert not given.timers


def test_what_is_taken_back_is_not_overdue() -> None:
    given = Watched()
    given.queue.set("silent", 0.3)
    assert given.queue.due.pop("silent") == 0.3
    given.passes(0.3)
    assert given.overdue == []


def test_what_is_given_more_time_has_it_from_then_on() -> None:
    given = Watched()
    given.queue.set("nick", 60.0)
    given.passes(50.0)
    given.queue.set("nick", 60.0)
    given.passes(59.9)
    assert given.overdue == []
    given.passes(0.1)
    assert given.overdue == ["nick"]


def test_a_process_that_stood_still_tells_them_in_the_order_of_their_times() -> None:
    given = Watched()
    for name, seconds in (("last", 3.0), ("second", 2.0), ("first", 0.3), ("third", 2.0)):
        given.queue.set(name, seconds)
    given.passes(60)
    assert given.overdue == ["first", "second", "third", "last"]


def test_one_that_is_overdue_may_take_another_back_and_set_it_anew() -> None:
    clock, overdue = Clock(), []

    def tell(name: str) -> None:
        overdue.append(name)
        if name == "first":
            del queue.due["other"]
            queue.set("other", 1.0)

    queue: TimerQueue[str] = TimerQueue(clock, tell)
    queue.set("first", 0.3)
    queue.set("other", 0.3)
    clock.advance(0.3)
    assert overdue == ["first"]
    clock.advance(1.0)
    assert overdue == ["first", "other"]


def test_where_one_fails_the_others_are_told_all_the_same() -> None:
    clock, overdue = Clock(), []

    def tell(name: str) -> None:
        overdue.append(name)
        if name == "fails":
            raise RuntimeError(name)

    queue: TimerQueue[str] = TimerQueue(clock, tell)
    for name in ("fails", "at the same time"):
        queue.set(name, 0.3)
    queue.set("later", 2.0)
    with pytest.raises(RuntimeError):
        clock.advance(0.3)
    clock.advance(0)
    assert overdue == ["fails", "at the same time"]
    clock.advance(1.7)
    assert overdue == ["fails", "at the same time", "later"]


def test_many_that_are_taken_back_take_one_timer() -> None:
    given = Watched()
    for number in range(100):
        for seconds in (2.0, 0.3):
            given.queue.set(f"{number}", seconds)
            del given.queue.due[f"{number}"]
        given.passes(0.001)
        assert given.timers == 1
    given.passes(2.0)
    assert not given.overdue and not given.timers


def test_those_that_have_one_are_there_in_the_order_in_which_they_were_given_it() -> None:
    given = Watched()
    for name in "abca":
        given.queue.set(name, 1.0)
    assert list(given.queue.due) == ["b", "c", "a"]


def test_none_is_overdue_when_all_are_taken_back_at_the_end() -> None:
    given = Watched()
    given.queue.set("answer", 2.0)
    given.queue.clear()
    assert not given.timers
    given.queue.clear()


class Counted(float):
    """Seconds, and deadlines made of them, whose comparisons are counted."""

    looks = 0

    @override
    def __radd__(self, other: float) -> Counted:
        return Counted(other + float(self))

    @override
    def __le__(self, other: float) -> bool:
        Counted.looks += 1
        return float(self) <= other

    @override
    def __lt__(self, other: float) -> bool:
        Counted.looks += 1
        return float(self) < other


def test_a_thousand_that_were_set_one_by_one_end_one_by_one_without_a_look_at_all_each_time() -> (
    None
):
    given = Watched()
    for number in range(1000):
        given.queue.set(f"{number}", Counted(600.0))
        given.passes(0.5)
    Counted.looks = 0
    given.passes(99.75)
    for _ in range(1000):
        given.passes(0.5)
    assert given.overdue == [f"{number}" for number in range(1000)]
    assert Counted.looks < 10_000


def test_one_of_less_time_among_them_is_overdue_before_them() -> None:
    given = Watched()
    given.queue.set("first", 2.0)
    given.queue.set("soon", 1.0)
    given.queue.set("last", 3.0)
    for told in (["soon"], ["soon", "first"], ["soon", "first", "last"]):
        given.passes(1.0)
        assert given.overdue == told
