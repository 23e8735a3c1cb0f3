"""A time is told as each language does, by the house's clock."""

from __future__ import annotations

from datetime import date

import pytest

from huddle.dialects.plain.timestamps import Timestamps
from huddle.locale import LANGUAGES, translator
from tests.sample_messages import CLOCK, DAY, HOUR, NOON

ENGLISH, SPANISH = (Timestamps(translator(language), CLOCK) for language in ("en", "es"))


def test_a_day_is_written_as_each_language_does() -> None:
    assert ENGLISH.day(date(2026, 11, 19)) == "19 November 2026"
    assert SPANISH.day(date(2026, 1, 1)) == "1 de enero de 2026"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_months_are_twelve(language: str) -> None:
    timestamps = Timestamps(translator(language), CLOCK)
    assert len({timestamps.day(date(2026, month, 1)) for month in range(1, 13)}) == 12


def test_a_moment_of_another_day_says_which() -> None:
    assert ENGLISH.at(NOON + HOUR) == "13:00 today"
    assert SPANISH.at(NOON + HOUR) == "las 13:00 de hoy"
    assert ENGLISH.at(NOON + DAY) == "12:00 on 20 November 2026"
    assert SPANISH.at(NOON - DAY) == "las 12:00 del 18 de noviembre de 2026"


def test_in_figures_it_is_the_same_everywhere() -> None:
    assert ENGLISH.noted(NOON) == SPANISH.noted(NOON) == "12:00"
    assert ENGLISH.noted(NOON - DAY) == SPANISH.noted(NOON - DAY) == "2026-11-18 12:00"
