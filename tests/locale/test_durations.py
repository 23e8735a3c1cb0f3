"""A duration is read as people type it, and written as they would."""

from __future__ import annotations

import pytest

from huddle.locale.durations import LONGEST, brief, leading, looks_like_one, seconds_of


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
        ("1w", 604_800),
        ("1h30m", 5400),
        ("1h 30m", 5400),
        ("2 hours", 7200),
        ("2 Horas", 7200),
        ("10min", 600),
        ("3 días", 259_200),
        ("1 week, 2 days and 3 hours", 788_400),
        ("1 hora y 5 minutos", 3900),
        ("1d1h1m1s", 90_061),
    ],
)
def test_a_duration_is_a_number_and_perhaps_a_unit(typed: str, seconds: float) -> None:
    assert seconds_of(typed) == seconds


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "s",
        "-1",
        "+1",
        " 5",
        "5 x",
        "5y",
        "1h30",
        "1h1h",
        "30m1h",
        "1e3",
        "inf",
        "nan",
        "1_0",
        "٣",
        ".5",
        "5.",
        "9" * 13,
    ],
)
def test_what_is_no_duration_is_none(typed: str) -> None:
    assert seconds_of(typed) is None


def test_nothing_lasts_longer_than_a_hundred_years() -> None:
    assert seconds_of("36525d") == seconds_of("36526d") == seconds_of("9" * 12) == LONGEST


@pytest.mark.parametrize(
    ("text", "seconds", "rest"),
    [
        ("2h too loud", 7200, "too loud"),
        ("1h30m  3rd time", 5400, "3rd time"),
        ("2h 3 days late", 7200, "3 days late"),
        ("2 hours, as said", 7200, "as said"),
        ("10min", 600, ""),
        ("spam", None, "spam"),
        ("3 warnings", None, "3 warnings"),
        ("1h-ish", None, "1h-ish"),
        ("5", None, "5"),
        ("", None, ""),
    ],
)
def test_a_text_may_begin_with_a_duration(text: str, seconds: float | None, rest: str) -> None:
    assert leading(text) == (seconds, rest)


@pytest.mark.parametrize(
    "typed",
    [
        "5",
        "5x",
        "-1h",
        "+1",
        "½h",
        "٣",
        ".5h",
        "–5m",
        "＋5",
        "~5m",
        '"5m"',
        "«5m»",
        "(5m)",
        "¡5!",
        " 5",
    ],
)
def test_what_begins_with_a_digit_was_meant_for_one(typed: str) -> None:
    assert looks_like_one(typed)


@pytest.mark.parametrize("typed", ["", "spam", "too 5", ".", "h1", "(too loud)", "∞", "- spam"])
def test_what_begins_otherwise_was_not(typed: str) -> None:
    assert not looks_like_one(typed)


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


@pytest.mark.parametrize("far", ["about{}1 hour", "a{}few hours"])
def test_only_the_beginning_of_a_long_text_is_looked_at(far: str) -> None:
    """Where the digits were tried one by one, 12 KiB of them took a second."""
    assert looks_like_one(far.format(" " * 50))
    assert not looks_like_one(far.format(" " * 200))
    assert looks_like_one(f"about {'1' * 200} hours")
    assert leading(f"1h {'x' * 5000}") == (3600, "x" * 5000)
    assert leading(f"1h{' ' * 5000}too loud") == (3600, "too loud")
