"""Alarms: one timer for all that is done unless something else comes first."""

from __future__ import annotations

from functools import partial

from twisted.internet.task import Clock

from huddle.cluster.etcd.alarms import Alarms


class Set:
    """Alarms over a clock, and what they have called."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.alarms = Alarms(self.clock)
        self.called: list[str] = []

    def set(self, seconds: float, name: str) -> partial[None]:
        call = partial(self.called.append, name)
        self.alarms.set(seconds, call)
        return call


def test_each_is_called_when_its_time_has_come() -> None:
    given = Set()
    given.set(2.0, "deadline")
    given.set(0.3, "silent")
    given.clock.advance(0.29)
    assert given.called == []
    given.clock.advance(0.02)
    assert given.called == ["silent"]
    given.clock.advance(1.7)
    assert given.called == ["silent", "deadline"]
    assert not given.clock.getDelayedCalls()


def test_what_is_taken_back_is_not_called() -> None:
    given = Set()
    call = given.set(0.3, "silent")
    assert given.alarms.take_back(call)
    assert not given.alarms.take_back(call)
    given.clock.advance(0.3)
    assert given.called == []


def test_a_process_that_stood_still_calls_them_in_the_order_of_their_times() -> None:
    given = Set()
    given.set(2.0, "deadline")
    given.set(0.3, "silent")
    given.clock.advance(60)
    assert given.called == ["silent", "deadline"]


def test_one_may_take_another_back_and_set_it_anew() -> None:
    given = Set()
    later = partial(given.called.append, "later")

    def first() -> None:
        assert given.alarms.take_back(later)
        given.alarms.set(1.0, later)

    given.alarms.set(0.3, first)
    given.alarms.set(0.3, later)
    given.clock.advance(0.3)
    assert given.called == []
    given.clock.advance(1.0)
    assert given.called == ["later"]


def test_many_that_are_taken_back_take_one_timer() -> None:
    given = Set()
    for _ in range(100):
        for seconds in (2.0, 0.3):
            given.alarms.take_back(given.set(seconds, "never"))
        given.clock.advance(0.001)
        assert len(given.clock.getDelayedCalls()) == 1
    given.clock.advance(2.0)
    assert not given.called and not given.clock.getDelayedCalls()


def test_none_is_called_behind_the_end() -> None:
    given = Set()
    given.set(2.0, "deadline")
    given.alarms.end()
    assert not given.clock.getDelayedCalls()
