"""A day as one writes it."""

from __future__ import annotations

from datetime import date

import pytest

from huddle.locale import translator
from huddle.locale.days import day_in_words


@pytest.mark.parametrize(
    ("day", "english", "spanish"),
    [
        (date(2026, 11, 20), "20 November 2026", "20 de noviembre de 2026"),
        (date(2024, 2, 29), "29 February 2024", "29 de febrero de 2024"),
        (date(1, 1, 1), "1 January 1", "1 de enero de 1"),
    ],
)
def test_it_reads(day: date, english: str, spanish: str) -> None:
    assert day_in_words(day, translator("en")) == english
    assert day_in_words(day, translator("es")) == spanish
