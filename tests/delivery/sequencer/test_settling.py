"""Settling: who hears of what, in which order, and whom a failure keeps from it."""

from __future__ import annotations

from collections.abc import Sequence

from twisted.python.failure import Failure

from huddle.delivery.entries import Entry, Happening, Outcome, Saying, nothing
from huddle.delivery.sequencer.settling import settle_each
from huddle.protocol.errors import NotRecorded
from huddle.protocol.events import Draft, Kind
from tests.sample_messages import said

ONE, TWO, THREE = (Draft("huddle", 7, "ana", Kind.SAY, str(number)) for number in (1, 2, 3))


class Settled:
    def __init__(self) -> None:
        self.heard: list[object] = []

    def drafts(self, drafts: Sequence[Draft], ends: Sequence[Outcome]) -> None:
        self.heard.append([(draft.text, end) for draft, end in zip(drafts, ends, strict=True)])

    def happening(self, name: str) -> Happening:
        return Happening(tuple, lambda: self.heard.append(name))

    def of(self, *batch: Entry, ends: Sequence[Outcome]) -> list[object]:
        settle_each(self.drafts, batch, ends)
        return self.heard


def fails(*_: object) -> None:
    raise KeyError("in a test")


def test_drafts_in_a_row_are_settled_together_and_what_happens_in_its_place() -> None:
    settled = Settled()
    ends: list[Outcome] = [said(1), said(2), NotRecorded()]
    batch = (ONE, TWO, settled.happening("ana goes"), THREE)
    one, two, three = ends
    assert settled.of(*batch, ends=ends) == [[("1", one), ("2", two)], "ana goes", [("3", three)]]


def test_a_saying_has_one_end_with_its_copies_and_its_teller_hears_it() -> None:
    settled = Settled()
    saying = Saying(ONE, (TWO,), lambda end: settled.heard.append(("told", end)))
    own, copy, behind = said(1), said(1), said(2)
    told = settled.of(saying, THREE, ends=[own, copy, behind])
    assert told == [[("1", own)], ("told", own), [("3", behind)]]


def test_who_waits_for_a_saying_hears_of_it_behind_what_was_said_before() -> None:
    settled = Settled()
    saying = Saying(TWO, (), lambda end: settled.heard.append(("told", end)))
    before, own = said(1), said(2)
    told = settled.of(ONE, saying, ends=[before, own])
    assert told == [[("1", before), ("2", own)], ("told", own)]


def test_nothing_is_called_where_there_is_nothing_to_do_behind_it() -> None:
    settled = Settled()
    assert settled.of(Happening(tuple, nothing), ends=()) == []


def test_what_fails_keeps_nothing_behind_it(logged_failures: list[Failure]) -> None:
    settled = Settled()
    batch = (Happening(tuple, fails), Saying(ONE, (), fails), settled.happening("ana goes"))
    end = said(1)
    assert settled.of(*batch, ends=[end]) == [[("1", end)], "ana goes"]
    settle_each(fails, [TWO, settled.happening("bob goes")], [end])
    assert settled.heard[-1] == "bob goes"
    assert [failure.check(KeyError) for failure in logged_failures] == [KeyError] * 3
    logged_failures.clear()
