"""When the clock is believed: `retention.Clock`."""

from __future__ import annotations

import pytest

from huddle.record.retention import DAY, HOUR, Clock

NOW = 1_800_000_000_000
MONTH = 30 * DAY


def believed(keep_ms: int, *times: int) -> list[bool]:
    """For each time, in order, whether it was believed; the clock was right at NOW."""
    clock = Clock(NOW)
    answers = []
    for time in times:
        clock = clock.told(time, keep_ms)
        answers.append(clock.believed == time)
    return answers


def test_a_clock_that_goes_on_is_believed() -> None:
    assert believed(MONTH, NOW + HOUR, NOW + 2 * HOUR, NOW + 2 * HOUR + DAY) == [True] * 3


def test_a_clock_that_goes_back_is_believed_and_from_then_on_it_counts() -> None:
    assert believed(MONTH, NOW - 400 * DAY, NOW) == [True, False]


def test_a_clock_that_jumped_is_believed_when_it_has_gone_on_for_a_stride() -> None:
    jumped = NOW + 60 * DAY
    assert believed(MONTH, jumped, jumped + DAY - 1, jumped + DAY) == [False, False, True]


def test_a_clock_that_was_set_right_in_time_has_done_no_harm() -> None:
    jumped = NOW + 60 * DAY
    assert believed(MONTH, jumped, jumped + HOUR, NOW + 2 * HOUR) == [False, False, True]


def test_a_second_jump_begins_the_doubt_anew() -> None:
    jumped = NOW + 60 * DAY
    again = jumped + 60 * DAY
    assert believed(MONTH, jumped, again, again + HOUR, again + DAY) == [
        False,
        False,
        False,
        True,
    ]


def test_a_jump_back_within_the_doubt_begins_it_anew() -> None:
    jumped = NOW + 60 * DAY
    earlier = jumped - 10 * DAY
    assert believed(MONTH, jumped, earlier, earlier + DAY - 1, earlier + DAY) == [
        False,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("keep_ms", "stride"), [(1000, HOUR), (HOUR, HOUR), (5 * HOUR, 5 * HOUR), (MONTH, DAY)]
)
def test_the_stride_is_how_long_messages_are_kept_between_an_hour_and_a_day(
    keep_ms: int, stride: int
) -> None:
    assert believed(keep_ms, NOW + stride) == [True]
    assert believed(keep_ms, NOW + stride + 1) == [False]
