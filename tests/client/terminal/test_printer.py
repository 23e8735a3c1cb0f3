"""Lines are gathered, and given out in batches."""

from __future__ import annotations

from collections.abc import Sequence

from twisted.internet.task import Clock

from huddle.client.terminal.printer import BATCH, ENOUGH, GATHERING, Printer


class Desk:
    """What a printer is told to do, and what it tells."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.clock.advance(100)
        self.batches: list[Sequence[str]] = []
        self.told: list[str] = []
        self.printer = Printer(
            self.clock,
            self.batches.append,
            full=lambda: self.told.append("full"),
            drained=lambda: self.told.append("drained"),
        )


def test_a_line_after_a_silence_is_given_out_at_once() -> None:
    desk = Desk()
    desk.printer.add(["one"])
    assert desk.batches == []  # not within the call: what comes with it goes with it
    desk.clock.advance(0)
    assert desk.batches == [["one"]]
    assert desk.told == ["drained"]


def test_lines_that_follow_are_gathered() -> None:
    desk = Desk()
    desk.printer.add(["one"])
    desk.clock.advance(0)
    for text in ("two", "three"):
        desk.printer.add([text])
        desk.clock.advance(GATHERING / 4)
    assert desk.batches == [["one"]]
    desk.clock.advance(GATHERING)
    assert desk.batches == [["one"], ["two", "three"]]


def test_much_is_given_out_in_turns_and_the_rest_is_told_to_wait() -> None:
    desk = Desk()
    lines = ["x" * 1000] * (ENOUGH // 1000 + 2)
    desk.printer.add(lines)
    desk.printer.add(["y"])
    assert desk.told == ["full"]
    while "drained" not in desk.told:
        desk.clock.advance(GATHERING)
    assert [line for batch in desk.batches for line in batch] == [*lines, "y"]
    assert max(sum(map(len, batch)) for batch in desk.batches) < BATCH + 1001
    assert desk.told == ["full", "drained"]


def test_being_woken_tells_that_nothing_waits() -> None:
    desk = Desk()
    desk.printer.wake()
    desk.clock.advance(GATHERING)
    assert desk.told == ["drained"] and desk.batches == []


def test_the_end_gives_out_all_that_is_left() -> None:
    desk = Desk()
    desk.printer.add(["x" * BATCH, "last"])
    desk.printer.finish()
    assert desk.batches == [["x" * BATCH], ["last"]]
    assert desk.clock.getDelayedCalls() == []
    desk.printer.finish()
