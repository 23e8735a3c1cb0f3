"""What the process gives back of the machine's memory, and how often everybody waits for that."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from huddle.server.operation.memory import RARELY, GivingBack, glibc_trim
from tests.needs import leave_out

PAGE = resource.getpagesize()


def taken() -> int:
    """Bytes of the machine's memory that this process has."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * PAGE


class House:
    """Where trimming takes a while, of a clock that goes by it alone."""

    def __init__(self, takes: float) -> None:
        self.now, self.takes = 100.0, takes
        self.trimmed: list[int] = []
        self.forgotten = 0
        self.memory = GivingBack(self.forget, self.trim, lambda: self.now)

    def forget(self) -> None:
        assert len(self.trimmed) <= self.forgotten  # before it, or that would stay
        self.forgotten += 1

    def trim(self, kept: int) -> int:
        self.trimmed.append(kept)
        self.now += self.takes
        return 1

    def beat(self, behind: float) -> None:
        self.now += behind
        self.memory.beat()


def test_what_is_free_between_what_is_used_is_given_back() -> None:
    trim = glibc_trim()
    if trim is None:
        leave_out("no glibc")
    kept = [bytearray(20_000) for _ in range(2000)]
    full = taken()
    del kept[::2]
    held = taken()
    GivingBack(lambda: None, trim).beat()
    assert full - held < 2_000_000 and held - taken() > 10_000_000
    assert len(kept) == 1000


def test_it_is_given_back_at_each_beat_behind_what_is_forgotten() -> None:
    house = House(takes=0.0001)
    for _ in range(5):
        house.beat(behind=3)
    assert house.trimmed == [0] * 5 and house.forgotten == 5


def test_where_that_takes_long_it_is_done_rarely() -> None:
    house = House(takes=0.02)
    for _ in range(40):
        house.beat(behind=3)
    waited = (house.now - 100) / (RARELY * house.takes)
    assert len(house.trimmed) == pytest.approx(waited, abs=1) and house.forgotten == 40


def test_where_there_is_no_glibc_it_is_only_forgotten() -> None:
    house = House(takes=1)
    memory = GivingBack(house.forget, None)
    memory.beat()
    assert house.forgotten == 1 and not house.trimmed
