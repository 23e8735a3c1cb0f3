"""A duration is read as people type it, and written as they would."""

from __future__ import annotations

import pytest

from huddle.locale.durations import LONGEST, brief, has_unit, seconds_of


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("0", 0),
        ("90", 90),
        ("1.5", 1.5),
        ("90s", 90),
        ("5m", 300),
        ("2H", 7200),
        ("30d", 2_592_000),
        ("0.5h", 1800),
    ],
)
def test_a_duration_is_a_number_and_perhaps_a_unit(typed: str, seconds: float) -> None:
    assert seconds_of(typed) == seconds


@pytest.mark.parametrize(
    "typed",
    ["", "s", "-1", "+1", " 5", "5 m", "5w", "1e3", "inf", "nan", "1_0", "٣", ".5", "5.", "9" * 13],
)
def test_what_is_no_duration_is_none(typed: str) -> None:
    assert seconds_of(typed) is None


def test_nothing_lasts_longer_than_a_hundred_years() -> None:
    assert seconds_of("36525d") == seconds_of("36526d") == seconds_of("9" * 12) == LONGEST


def test_a_number_with_a_unit_says_that_it_is_a_duration() -> None:
    assert has_unit("5m") and has_unit("2D")
    assert not has_unit("5") and not has_unit("")


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "0s"),
        (0.5, "0.5s"),
        (5.0, "5s"),
        (90, "90s"),
        (120, "2m"),
        (5400, "90m"),
        (86_400, "1d"),
    ],
)
def test_a_duration_is_written_in_its_largest_whole_unit(seconds: float, written: str) -> None:
    assert brief(seconds) == written
    assert seconds_of(written) == seconds
