"""The faults of the log in memory: each can be seen, and the promises hold nevertheless."""

from __future__ import annotations

from random import Random

import pytest
from twisted.internet.task import Clock

from huddle.cluster.log import Cause, Gap, NotAppended, OutcomeUnknown
from tests.cluster.memory_log import DEADLINE, Faults, MemoryEngine, MemoryLog
from tests.cluster.reader import Reader

SEEDS = range(20)


class Town:
    """An engine with two nodes at it."""

    def __init__(self, seed: int = 1, faults: Faults | None = None) -> None:
        self.clock = Clock()
        self.engine = MemoryEngine(self.clock, Random(seed), faults)
        self.here, self.there = self.engine.view(), self.engine.view()

    def wait(self, seconds: float = 1.0) -> None:
        self.clock.pump([0.01] * round(seconds * 100))

    def append(self, log: MemoryLog, *entries: bytes) -> list[int]:
        positions: list[int] = []
        for entry in entries:
            log.append(entry).addCallback(positions.append)
            self.wait(0.1)
        return positions


@pytest.mark.parametrize("seed", SEEDS)
def test_with_every_fault_at_once_nothing_is_lost_and_all_see_one_order(seed: int) -> None:
    town = Town(seed, Faults(0.5, lost_requests=0.2, lost_answers=0.2, late_requests=0.1))
    readers = [Reader(town.here), Reader(town.there)]
    waiting = [
        log.append(b"%d" % number) for number in range(50) for log in (town.here, town.there)
    ]
    town.wait(60)
    assert all(each.called for each in waiting)
    assert readers[0].delivered == readers[1].delivered
    assert {int(entry) for entry in readers[0].entries} == set(range(50))
    assert len(readers[0].delivered) > 100, "nothing came twice"


def test_a_lost_answer_makes_an_entry_come_twice() -> None:
    town = Town(faults=Faults(lost_answers=0.9))
    reader = Reader(town.there)
    done = town.here.append(b"a")
    while not done.called:
        town.wait(DEADLINE)
    town.wait()
    assert reader.entries[:2] == [b"a", b"a"] and set(reader.entries) == {b"a"}


def test_a_late_copy_comes_behind_what_was_appended_after_it() -> None:
    town = Town(3, Faults(late_requests=0.5))
    reader = Reader(town.there)
    for number in range(20):
        done = town.here.append(b"%d" % number)
        while not done.called:
            town.wait(0.1)
    town.wait(20)
    numbers = [int(entry) for entry in reader.entries]
    assert sorted(set(numbers)) == list(range(20))
    assert numbers != sorted(numbers)


def test_an_answer_and_the_entry_overtake_each_other() -> None:
    town = Town(faults=Faults(delay=0.5))
    told: list[str] = []
    for number in range(20):
        town.here.follow(town.engine.truncated, lambda *_: told.append("came"), lambda _: None)
        town.here.append(b"%d" % number).addCallback(lambda _: told.append("answered"))
        town.wait(2)
    assert told != sorted(told) and told != sorted(told, reverse=True)


def test_a_node_that_is_cut_off_hears_nothing_and_appends_nothing_until_it_heals() -> None:
    town = Town()
    here, there = Reader(town.here), Reader(town.there)
    town.append(town.here, b"a")
    town.there.cut_off = True
    mine = town.there.append(b"mine")
    town.append(town.here, b"b", b"c")
    town.wait(10)
    assert there.entries == [b"a"] and here.entries == [b"a", b"b", b"c"]
    assert not mine.called
    town.there.cut_off = False
    town.wait(DEADLINE + 1)
    assert mine.called
    assert there.entries == here.entries == [b"a", b"b", b"c", b"mine"]


def test_what_a_cut_off_node_gives_up_was_surely_not_appended() -> None:
    town = Town()
    town.there.cut_off = True
    waiting = town.there.append(b"a")
    town.wait(5)
    waiting.cancel()
    waiting.addErrback(lambda failure: failure.trap(NotAppended))
    assert waiting.result is NotAppended


def test_what_was_sent_once_may_land_after_it_was_given_up() -> None:
    town = Town(faults=Faults(delay=1.0))
    reader = Reader(town.here)
    waiting = town.here.append(b"a")
    waiting.cancel()
    waiting.addErrback(lambda failure: failure.trap(OutcomeUnknown))
    town.wait(5)
    assert waiting.result is OutcomeUnknown and reader.entries == [b"a"]


def test_an_entry_that_the_engine_lost_is_found_by_its_number() -> None:
    town = Town()
    positions = town.append(town.here, b"a", b"b", b"c", b"d")
    town.engine.lose(positions[2])
    reader = Reader(town.there)
    town.wait()
    assert reader.entries == [b"a", b"b"]
    assert reader.gaps == [Gap(Cause.LOST, positions[1])]


@pytest.mark.parametrize("others", [0, 1, 2])
def test_an_engine_that_went_back_is_told_to_those_who_were_ahead(others: int) -> None:
    town = Town()
    reader = Reader(town.here)
    positions = town.append(town.here, b"a", b"b", b"c")
    town.wait()
    town.engine.rewind(positions[1])
    for _ in range(others):
        town.engine.take(b"other")
    town.wait()
    assert reader.gaps == [Gap(Cause.REWOUND, positions[2])]
    assert reader.entries == [b"a", b"b", b"c"]


def test_one_seed_is_one_course_of_events() -> None:
    faults = Faults(0.5, 0.2, 0.2, 0.2)
    courses = []
    for seed in (5, 5, 6):
        town = Town(seed, faults)
        reader = Reader(town.there)
        for number in range(30):
            town.here.append(b"%d" % number)
        town.wait(30)
        courses.append(reader.delivered)
    assert courses[0] == courses[1] != courses[2]
