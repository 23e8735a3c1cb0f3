"""Slow jobs are done one at a time, for one address after the other."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from huddle.delivery.fair_queue import FairQueue
from huddle.protocol.errors import TooMany

EACH = 3


def site(address: str) -> str:
    """Of the addresses x, y and z, which are in one /48."""
    return "wide" if address in "xyz" else ""


class Work:
    """Jobs by their names, each of which goes on until it is told to end."""

    def __init__(self, soon: Callable[[Callable[[], None]], object] = lambda call: call()) -> None:
        self.queue = FairQueue(EACH, lambda: TooMany("jobs", EACH), soon, site)
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.refused: list[str] = []
        self.working: Deferred[None] | None = None

    def asks(self, *names: str) -> list[Deferred[None]]:
        """Jobs whose names begin with the letter of their address."""
        return [self._ask(name) for name in names]

    def _ask(self, name: str) -> Deferred[None]:
        def start() -> Deferred[None]:
            assert self.working is None
            self.begun.append(name)
            self.working = Deferred()
            return self.working

        asked = self.queue.ask(name[0], start)
        asked.addCallback(lambda _: self.ended.append(name))
        asked.addErrback(self._refused, name)
        return asked

    def _refused(self, failure: Failure, name: str) -> None:
        failure.trap(TooMany)
        self.refused.append(name)

    def ends(self, count: int = 1) -> None:
        """The job that is being done ends, and so many altogether."""
        for _ in range(count):
            assert self.working is not None
            working, self.working = self.working, None
            working.callback(None)


def test_one_is_done_at_a_time_and_the_first_at_once() -> None:
    work = Work()
    work.asks("a1", "a2")
    assert (work.begun, work.ended) == (["a1"], [])
    work.ends()
    assert (work.begun, work.ended) == (["a1", "a2"], ["a1"])


def test_addresses_take_turns_and_within_one_the_first_come_are_served_first() -> None:
    work = Work()
    work.asks("a1", "a2", "a3", "b1", "b2", "c1")
    work.ends(6)
    assert work.ended == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_who_comes_last_waits_for_the_job_that_is_being_done_and_no_more() -> None:
    work = Work()
    work.asks("a1", "a2", "a3")
    work.ends()
    work.asks("b1")
    work.ends()
    assert work.begun == ["a1", "a2", "b1"]


def test_who_asks_again_and_again_goes_behind_the_others_each_time() -> None:
    work = Work()
    work.asks("a1", "b1")
    for number in range(2, 5):
        work.ends()
        work.asks(f"a{number}", f"b{number}")
        assert len(work.begun) == number
    work.ends()
    assert work.begun == ["a1", "b1", "a2", "b2", "a3"]


def test_all_addresses_of_a_48_have_one_turn_and_take_turns_in_it() -> None:
    work = Work()
    work.asks("x1", "x2", "y1", "z1", "a1", "a2", "b1")
    work.ends(7)
    assert work.ended == ["x1", "a1", "b1", "y1", "a2", "z1", "x2"]
    assert not work.queue._lines


def test_who_comes_last_waits_for_one_job_of_a_48_however_many_addresses_it_has() -> None:
    work = Work()
    work.asks("x1", "y1", "z1")
    work.ends()
    work.asks("a1", "x2")
    work.ends(2)
    assert work.begun == ["x1", "y1", "a1", "z1"]
    assert work.queue.waiting == 1
    work.queue.stop()
    assert work.refused == ["x2"]


def test_an_address_of_which_too_many_wait_is_refused_and_no_other() -> None:
    work = Work()
    work.asks("a0", "a1", "a2", "a3", "a4", "b1")
    assert work.refused == ["a4"]
    assert work.queue.waiting == EACH + 1
    work.ends()
    work.asks("a5")
    assert work.refused == ["a4", "a5"]  # it is b's turn
    work.ends()
    work.asks("a6")
    assert work.refused == ["a4", "a5"]


def test_what_is_cancelled_while_it_waits_is_never_begun_and_makes_room() -> None:
    work = Work()
    asked = work.asks("a0", "a1", "a2", "a3", "b1")
    cancelled: list[object] = []
    for each in (asked[2], asked[4]):
        each.addErrback(lambda failure: cancelled.append(failure.trap(CancelledError)))
        each.cancel()
    assert len(cancelled) == 2
    work.asks("a4")
    work.ends(4)
    assert work.ended == ["a0", "a1", "a3", "a4"]
    assert not work.queue.waiting


def test_what_has_begun_keeps_its_turn_though_it_is_cancelled() -> None:
    work = Work()
    [asked, _] = work.asks("a1", "b1")
    asked.addErrback(lambda failure: failure.trap(CancelledError))
    asked.cancel()
    assert work.begun == ["a1"]
    work.ends()
    assert work.begun == ["a1", "b1"]


def test_a_job_that_fails_or_cannot_begin_fails_alone() -> None:
    work = Work()
    failures: list[object] = []

    def broken() -> Deferred[None]:
        raise ZeroDivisionError

    work.asks("a1")
    asked = work.queue.ask("a", broken)
    asked.addErrback(lambda failure: failures.append(failure.trap(ZeroDivisionError)))
    work.asks("a2")
    assert work.working is not None
    working, work.working = work.working, None
    working.errback(TooMany("jobs", 1))
    assert work.refused == ["a1"]
    assert failures == [ZeroDivisionError]
    assert work.begun == ["a1", "a2"]


def test_the_reactor_has_its_turn_between_two_jobs() -> None:
    clock = Clock()
    work = Work(lambda call: clock.callLater(0, call))
    work.asks("a1", "b1")
    work.ends()
    assert work.ended == ["a1"]
    assert work.begun == ["a1"]
    clock.advance(0)
    assert work.begun == ["a1", "b1"]


def test_after_the_stop_nothing_is_begun_and_who_waits_is_told() -> None:
    work = Work()
    work.asks("a1", "a2", "b1")
    work.queue.stop()
    work.asks("c1")
    assert work.refused == ["a2", "b1", "c1"]
    work.ends()
    assert (work.begun, work.ended) == (["a1"], ["a1"])
    assert not work.queue.waiting
