"""The operators' code: good once, for an hour, and one at a time."""

from __future__ import annotations

import random

import pytest

from huddle.people.operator_code import GOOD_MS, InMemory, OperatorCode


class Clock:
    """The time of day, as the test sets it."""

    def __init__(self) -> None:
        self.now = 1_000_000_000_000

    def __call__(self) -> int:
        return self.now


class Given:
    """A code, what is kept of it, and who asks."""

    def __init__(self) -> None:
        self.clock, self.kept = Clock(), InMemory()
        self.codes = OperatorCode(self.kept, b"k" * 32, self.clock)
        self.code = self.codes.give(random.Random(1).choice)

    def takes(self, typed: str) -> bool:
        return self.codes.take(typed) is not None


@pytest.fixture
def given() -> Given:
    return Given()


def test_it_is_taken_once(given: Given) -> None:
    assert given.takes(given.code)
    assert not given.takes(given.code)
    assert given.kept.read() is None


def test_it_is_read_as_people_type_it(given: Given) -> None:
    assert given.takes(given.code.upper().replace("-", " "))


@pytest.mark.parametrize("typed", ["", "otter", "otter-41-lamp-river", "ñ" * 4096, "\ud800", "0 "])
def test_no_other_is_taken_and_it_stays_as_good_as_it_was(given: Given, typed: str) -> None:
    assert not given.takes(typed)
    assert given.takes(given.code)


@pytest.mark.parametrize(("ms", "good"), [(0, True), (GOOD_MS - 1, True), (GOOD_MS, False)])
def test_it_is_good_for_an_hour(given: Given, ms: int, good: bool) -> None:
    given.clock.now += ms
    assert given.takes(given.code) is good


def test_a_clock_that_was_set_back_makes_it_no_better(given: Given) -> None:
    given.clock.now -= 1
    assert not given.takes(given.code)


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (3599, True), (3600, False)])
@pytest.mark.parametrize("jump", [-GOOD_MS, GOOD_MS])
def test_its_hour_is_measured_by_a_clock_that_ticks_where_it_was_given_here(
    jump: int, seconds: int, good: bool
) -> None:
    clock, ticks = Clock(), [0.0]
    codes = OperatorCode(InMemory(), b"k" * 32, clock, lambda: ticks[0])
    code = codes.give(random.Random(1).choice)
    clock.now += jump
    ticks[0] += seconds
    assert (codes.take(code) is not None) is good


def test_a_newer_one_takes_its_place(given: Given) -> None:
    newer = given.codes.give(random.Random(2).choice)
    assert not given.takes(given.code)
    assert given.takes(newer)


def test_one_that_came_to_nothing_is_as_good_as_before(given: Given) -> None:
    give_back = given.codes.take(given.code)
    assert give_back is not None
    give_back()
    assert given.takes(given.code)


def test_where_none_was_given_none_is_right() -> None:
    codes = OperatorCode(InMemory(), b"k" * 32, Clock())
    assert codes.take("") is None


@pytest.mark.parametrize("kept", [b"", b" ", b"x y", b"9" * 200, b"\xff\xfe", b"9999999999999 "])
def test_what_is_kept_by_no_server_opens_nothing(given: Given, kept: bytes) -> None:
    given.kept.write(kept)
    assert not given.takes("")
    assert not given.takes(given.code)


def test_what_is_kept_tells_no_code_and_another_key_takes_none(given: Given) -> None:
    kept = given.kept.read() or b""
    assert given.code.encode() not in kept
    assert OperatorCode(given.kept, b"j" * 32, given.clock).take(given.code) is None
