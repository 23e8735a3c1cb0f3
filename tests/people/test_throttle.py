"""A burst passes at once, and what follows at its pace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.people.rates import Throttle


def passed(throttle: Throttle, now: float) -> int:
    """How many pass now, up to a hundred."""
    return sum(throttle.take(now) == 0.0 for _ in range(100))


def test_sixty_lines_pass_at_once() -> None:
    throttle = Throttle(5, 60, 1000.0)
    assert passed(throttle, 1000.0) == 60


def test_then_five_a_second_pass() -> None:
    throttle = Throttle(5, 60, 0.0)
    passed(throttle, 0.0)
    assert throttle.take(0.0) == pytest.approx(0.2)
    assert throttle.take(0.1) == pytest.approx(0.1)
    assert throttle.take(0.2) == 0.0
    assert passed(throttle, 1.2) == 5


def test_a_line_that_waits_is_not_counted() -> None:
    throttle = Throttle(5, 1, 0.0)
    throttle.take(0.0)
    assert [throttle.take(0.0) for _ in range(9)] == [pytest.approx(0.2)] * 9


def test_silence_gives_the_burst_back_and_no_more() -> None:
    throttle = Throttle(5, 60, 0.0)
    passed(throttle, 0.0)
    assert passed(throttle, 6.0) == 30
    assert passed(throttle, 3600.0) == 60


def test_a_rate_of_nothing_is_no_limit() -> None:
    throttle = Throttle(0, 1, 0.0)
    assert all(throttle.take(0.0) == 0.0 for _ in range(100_000))


def test_one_can_ask_without_taking() -> None:
    throttle = Throttle(5, 1, 0.0)
    assert throttle.wait(0.0) == throttle.wait(0.0) == 0.0
    throttle.take(0.0)
    assert throttle.wait(0.0) == pytest.approx(0.2)


def test_what_passed_anyway_is_waited_for() -> None:
    throttle = Throttle(5, 1, 0.0)
    for _ in range(3):
        throttle.spend(0.0)
    assert throttle.wait(0.0) == pytest.approx(0.6)


@given(
    st.floats(0.001, 10_000),
    st.integers(1, 1000),
    st.floats(0, 1e9),
    st.lists(st.floats(0, 100), max_size=50),
)
def test_after_the_wait_it_was_told_a_line_passes(
    rate: float, burst: int, now: float, pauses: list[float]
) -> None:
    throttle = Throttle(rate, burst, now)
    for pause in pauses:
        now += pause
        wait = throttle.take(now)
        if wait:
            now += wait
            assert throttle.take(now) == 0.0


@given(st.integers(1, 50), st.lists(st.floats(0, 1), min_size=1, max_size=300))
def test_never_more_pass_than_the_burst_and_the_rate_allow(burst: int, pauses: list[float]) -> None:
    throttle = Throttle(5, burst, 0.0)
    now = 0.0
    lines = 0
    for pause in pauses:
        now += pause
        lines += throttle.take(now) == 0.0
        assert lines <= burst + 5 * now + 1e-3
